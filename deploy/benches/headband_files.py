"""Recordings for the bench of the headband, read as the kit's playback reads them; none is played in real time."""

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.headband.boards import Board
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole

Microvolts = NDArray[np.float32]
MUSE = "muse_2016"
"""Which Muse it was, where a file does not say: that of the recordings which the bench is run on."""


class Recording(msgspec.Struct, frozen=True):
    """What a headband felt."""

    board: Board
    microvolts: Microvolts
    """Channels x samples; not a number where samples were lost."""

    @property
    def minutes(self) -> float:
        """How long it lasts."""
        return int(self.microvolts.shape[1]) / self.board.hz / 60


def read(path: Path) -> Recording:
    """Whatever playback reads: XDF, BrainFlow's CSV, OpenBCI's text, a Muse's CSV. Raises HeadbandMissing."""
    recorded = opened(path, MUSE)
    return Recording(recorded.board, whole(recorded))
