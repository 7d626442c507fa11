"""The index of a sample, from the headband's own counter where it has one: lost samples leave a gap."""

from collections.abc import Sequence

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
    runs: list[Run] = []
    index, last, start = counting.next, counting.counter, 0
    for place, counter in enumerate(counters):
        lost = 0 if last is None else (counter - last - 1) % counting.modulo
        if place == 0:
            lost += _whole_turns(counting, len(counters) + lost, now_ns)
        if lost and place > start:
            runs.append((index - (place - start), start, place))
            start = place
        index += lost + 1
        last = counter
    runs.append((index - (len(counters) - start), start, len(counters)))
    return msgspec.structs.replace(counting, next=index, counter=last, at_ns=now_ns), tuple(runs)


def _whole_turns(counting: Counting, counted: int, now_ns: int) -> int:
    """Samples of whole turns of the counter, lost unseen in a long silence: the clock tells how many."""
    if counting.counter is None:
        return 0
    elapsed = (now_ns - counting.at_ns) / 1e9 * counting.hz
    return max(0, round((elapsed - counted) / counting.modulo)) * counting.modulo
