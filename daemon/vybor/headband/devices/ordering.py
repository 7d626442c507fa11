"""Which samples are in their place by their counter: not what comes again, late, or under a wrong number. Pure.

A counter with a wrong bit would move all that follows by a whole turn of it, and so would a repeated sample.
"""

from collections.abc import Sequence

import msgspec


class Passed(msgspec.Struct, frozen=True):
    """What was decided of some samples."""

    places: tuple[int, ...]
    """Of those that are in their place."""
    last: int | None
    """The counter of the last of them, or of the last before."""
    waits: bool
    """Whether the newest is still to be decided: its counter jumped, and the next tells whether that is true."""


def passed(last: int | None, counters: Sequence[int], modulo: int) -> Passed:
    """Decide of samples in the order in which they came, one that waited before them the first."""
    places: list[int] = []
    for place, counter in enumerate(counters):
        follows = last is not None and (counter - last) % modulo == 1
        if not follows and place + 1 == len(counters):
            return Passed(tuple(places), last, counter != last)
        if follows or _fits(last, counter, counters[place + 1], modulo):
            places.append(place)
            last = counter
    return Passed(tuple(places), last, waits=False)


def _fits(last: int | None, counter: int, following: int, modulo: int) -> bool:
    """Whether a counter that jumped lies between its neighbours: then samples were lost, else it is wrong."""
    after = (following - counter) % modulo
    if last is None:
        return after == 1
    ahead = (counter - last) % modulo
    return ahead > 0 and 0 < after < modulo - ahead
