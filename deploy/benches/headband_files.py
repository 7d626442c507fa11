"""Recordings for the bench of the headband, read as the kit's playback reads them; none is played in real time."""

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.headband.boards import Board
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole

Microvolts = NDArray[np.float32]
BOARD = "muse_2016"
"""Of those that a file may be of, the one that is meant if nobody says so: the recordings of the mixtures are."""


class Recording(msgspec.Struct, frozen=True):
    """What a headband felt."""

    board: Board
    microvolts: Microvolts
    """Channels x samples; not a number where samples were lost."""

    @property
    def minutes(self) -> float:
        """How long it lasts."""
        return int(self.microvolts.shape[1]) / self.board.hz / 60


def read(path: Path, board: str = BOARD) -> Recording:
    """Whatever playback reads: XDF, BrainFlow's CSV, OpenBCI's text, a Muse's CSV.

    `board` goes first where several fit.

    Raises HeadbandMissing.
    """
    recorded = opened(path, board)
    return Recording(recorded.board, whole(recorded))
