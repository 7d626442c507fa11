"""What a recording is once it is read: samples with their index, lost ones left out. It opens nothing itself."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import SECOND_NS
from vybor.headband.boards import Board
from vybor.headband.port import Chunk, HeadbandMissing, Microvolts

GAP_S = 0.5
"""Without a counter, rows further apart than this have lost samples between them: hosts stamp them in heaps."""
LONGEST_S = 3600.0
"""A clock that goes back, or on by more, was set: it says nothing of what is lost."""
TURN = 0.9
"""So much of a whole turn of the counter must have passed unseen before it counts as lost."""


ANEW_S = 0.25
"""A counter that is so far from what the clock says began anew meanwhile."""


class Rows(msgspec.Struct, frozen=True):
    """Some samples, as the file has them."""

    counters: NDArray[np.int64]
    """The package numbers, in steps of one; empty where there are none."""
    at_s: NDArray[np.float64]
    """By the file's own clock."""
    microvolts: Microvolts
    """Channels x samples; not a number where the file has none."""


class Recorded(msgspec.Struct, frozen=True):
    """A recording that can be read, again and again."""

    path: Path
    kind: str
    """What file it is, with its article."""
    board: Board
    rows: Callable[[], Iterator[Rows]]
    """Read it from its beginning. Raises HeadbandMissing."""
    has_counters: bool = False
    gap_s: float = GAP_S


class Place(msgspec.Struct, frozen=True):
    """Where the last row stood."""

    index: int = -1
    counter: int | None = None
    at_s: float = 0.0


def chunks(recorded: Recorded) -> Iterator[Chunk]:
    """The whole recording, with the times of a perfect clock that began at 0."""
    period_ns = SECOND_NS / recorded.board.hz
    place = Place()
    for rows in recorded.rows():
        place, indices = numbered(place, rows, recorded)
        breaks = [0, *(np.flatnonzero(np.diff(indices) != 1) + 1).tolist(), len(indices)]
        for start, end in pairwise(breaks):
            if end > start:
                first = int(indices[start])
                yield Chunk(
                    first=first,
                    microvolts=rows.microvolts[:, start:end],
                    at_ns=round(first * period_ns),
                    period_ns=period_ns,
                    at_sd_ns=round(period_ns / 2),
                )


def whole(recorded: Recorded) -> Microvolts:
    """All of it, channels x samples, not a number where samples were lost."""
    found = list(chunks(recorded))
    if not found:
        raise HeadbandMissing(f"the recording {recorded.path} holds no samples")
    everything = np.full((recorded.board.channels, found[-1].end), np.nan, np.float32)
    for chunk in found:
        everything[:, chunk.first : chunk.end] = chunk.microvolts
    return everything


def numbered(place: Place, rows: Rows, recorded: Recorded) -> tuple[Place, NDArray[np.int64]]:
    """The index of each row, which counts lost samples too."""
    count = rows.microvolts.shape[1]
    if not count:
        return place, np.zeros(0, np.int64)
    with np.errstate(all="ignore"):  # times of a damaged file may be as large as numbers can be
        lost = _lost(place, rows, recorded)
    if place.index < 0:
        lost[0] = 0
    indices = place.index + np.cumsum(lost + 1)
    counter = int(rows.counters[-1]) if recorded.has_counters else None
    return Place(int(indices[-1]), counter, float(rows.at_s[-1])), indices


def _lost(place: Place, rows: Rows, recorded: Recorded) -> NDArray[np.int64]:
    """How many samples are missing before each row."""
    hz = recorded.board.hz
    passed = np.diff(rows.at_s, prepend=place.at_s) * hz
    was_set = (passed < 0) | (passed > LONGEST_S * hz)
    if not recorded.has_counters:
        is_gap = (passed > recorded.gap_s * hz) & ~was_set
        return np.where(is_gap, np.rint(np.where(is_gap, passed, 1.0)) - 1, 0).astype(np.int64)
    modulo = recorded.board.counter_modulo // recorded.board.counter_step
    before = int(rows.counters[0]) - 1 if place.counter is None else place.counter
    lost = (np.diff(rows.counters, prepend=before) - 1) % modulo
    unseen = np.where(was_set, 0.0, passed - 1 - lost)
    # a counter that says more than the clock does is wrong itself; one that says less has gone round unseen
    lost = np.where(unseen < -GAP_S * hz, 0, lost)
    turns = np.where(unseen > TURN * modulo, np.rint(unseen / modulo), 0)
    began_anew = (turns > 0) & (np.abs(unseen - turns * modulo) > ANEW_S * hz)
    return np.where(began_anew, np.rint(passed) - 1, lost + turns * modulo).astype(np.int64)
