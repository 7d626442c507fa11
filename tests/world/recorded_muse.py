"""A stand-in Muse on somebody's head: it streams what a real one recorded, as a table of microvolts has it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from world.muse_device import SAMPLES, Muse

BEGINS_S, LASTS_S = 30.0, 40.0
"""Of the recordings, a stretch with blinks in it."""


def recorded(recording: Path) -> NDArray[np.int64]:
    """What the converter said: 4 x samples, 0 to 4095. Columns: time, the four electrodes, more."""
    table = np.genfromtxt(recording, delimiter=",", skip_header=1, usecols=(1, 2, 3, 4))
    first, count = round(BEGINS_S * 256), round(LASTS_S * 256)
    return np.asarray(np.clip(np.round(table[first : first + count].T / 125 * 256) + 2048, 0, 4095), np.int64)


class RecordedMuse(Muse):
    """It begins the stretch each time it is told to stream, and rests after it."""

    def __init__(self, address: str, name: str, recording: Path) -> None:
        super().__init__(address, name)
        self._felt = recorded(recording)

    def _codes(self, place: int, first: int) -> NDArray[np.int64]:
        felt = self._felt[place, first : first + SAMPLES]
        return np.pad(felt, (0, SAMPLES - len(felt)), constant_values=2048)
