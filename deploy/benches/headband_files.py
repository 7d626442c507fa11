"""Recordings for the bench of the headband, as samples of a board; none of it is played in real time."""

import csv
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.errors import Missing
from vybor.headband.boards import BOARDS, BY_NAME, Board

Microvolts = NDArray[np.float32]
OPENBCI_MARK = "%OpenBCI"
OPENBCI_CHANNELS = 8
MUSE_COLUMNS = ("TP9", "AF7", "AF8", "TP10")
BRAINFLOW_CHANNELS = {"cyton": 8, "ganglion": 4, "synthetic": 16}


class Recording(msgspec.Struct, frozen=True):
    """What a headband felt."""

    board: Board
    microvolts: Microvolts
    """Channels x samples."""

    @property
    def minutes(self) -> float:
        """How long it lasts."""
        return int(self.microvolts.shape[1]) / self.board.hz / 60


def read(path: Path) -> Recording:
    """OpenBCI's text, a CSV with the columns of a Muse by name, or BrainFlow's CSV. Raises Missing."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"the recording {path} cannot be read ({error}); name another one") from None
    first = text[: text.find("\n")].strip()
    try:
        if first.startswith(OPENBCI_MARK):
            return Recording(BY_NAME["cyton"], _openbci(text))
        if first.startswith("timestamps,"):
            return Recording(BY_NAME["muse_2016"], _by_name(text, first.split(",")))
        return _brainflow(text, len(first.split("\t")))
    except ValueError as error:
        raise Missing(
            f"{path} is no recording that this bench knows ({error}); use OpenBCI's text, a CSV with the "
            f"columns {', '.join(MUSE_COLUMNS)}, or BrainFlow's CSV"
        ) from None


def _openbci(text: str) -> Microvolts:
    rate = next((line for line in text.splitlines()[:10] if "Sample Rate" in line), "")
    if "250" not in rate:
        raise ValueError(f"{rate or 'no rate'} where 250 Hz is expected")
    lines = [line.split(",") for line in text.splitlines() if line[:1].isdigit()]
    return _rows([fields[1 : 1 + OPENBCI_CHANNELS] for fields in lines])


def _by_name(text: str, names: list[str]) -> Microvolts:
    places = [names.index(name) for name in MUSE_COLUMNS]
    return _rows([[fields[place] for place in places] for fields in list(csv.reader(text.splitlines()))[1:]])


def _brainflow(text: str, columns: int) -> Recording:
    board = next((board for board in BOARDS if board.columns == columns), None)
    if board is None:
        raise ValueError(f"{columns} columns")
    channels = BRAINFLOW_CHANNELS.get(board.name, 4)
    return Recording(board, _rows([line.split("\t")[1 : 1 + channels] for line in text.splitlines()]))


def _rows(fields: list[list[str]]) -> Microvolts:
    if not fields:
        raise ValueError("no samples")
    rows = np.array(fields, dtype=np.float32)
    return np.ascontiguousarray(rows.T)
