"""The index of a sample, from the headband's own counter where it has one: lost samples leave a gap."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

Run = tuple[int, int, int]


class Counting(msgspec.Struct, frozen=True):
    """Where the count stands."""

    hz: float
    modulo: int
    """The counter starts again at this; 0: there is none."""
    next: int = 0
    """Index that the next sample has, if none is lost."""
    counter: int | None = None
    """The last sample's counter."""
    at_ns: int = 0
    """When the last samples came."""


def count(counting: Counting, counters: Sequence[int], now_ns: int) -> tuple[Counting, tuple[Run, ...]]:
    """Number new samples: runs of (index of the first, from, to) over `counters`, whole where nothing was lost."""
    if not counters:
        return counting, ()
    if not counting.modulo:
        run = (counting.next, 0, len(counters))
        return msgspec.structs.replace(counting, next=counting.next + len(counters), at_ns=now_ns), (run,)
    before = counters[0] - 1 if counting.counter is None else counting.counter
    lost = [(this - last - 1) % counting.modulo for last, this in pairwise([before, *counters])]
    gap = next((place for place, missing in enumerate(lost) if missing), 0)
    lost[gap] += _whole_turns(counting, len(counters) + sum(lost), now_ns)
    runs: list[Run] = []
    index, start = counting.next, 0
    for place, missing in enumerate(lost):
        if missing and place > start:
            runs.append((index - (place - start), start, place))
            start = place
        index += missing + 1
    runs.append((index - (len(counters) - start), start, len(counters)))
    return msgspec.structs.replace(counting, next=index, counter=counters[-1], at_ns=now_ns), tuple(runs)


def _whole_turns(counting: Counting, counted: int, now_ns: int) -> int:
    """Samples of whole turns of the counter, lost unseen in a long silence: the clock tells how many."""
    if counting.counter is None:
        return 0
    elapsed = (now_ns - counting.at_ns) / 1e9 * counting.hz
    return max(0, round((elapsed - counted) / counting.modulo)) * counting.modulo
