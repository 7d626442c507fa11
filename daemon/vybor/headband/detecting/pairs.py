"""Double blinks: exactly two blinks with quiet around them. A train of three is none. Pure."""

import msgspec

from vybor.headband.detecting.blink import Deflection

QUIET_AFTER_S = 0.28
"""After the second blink has half opened, at least so long…"""
QUIET_PER_GAP = 1.45
"""…and longer than the gap, by this factor: a third blink would keep the rhythm of the two, within 30 %."""
SHORTEST_PAIR_S = 0.18
"""Onset to onset. Lids flutter faster than anyone blinks twice on purpose."""
LEAST_LIKENESS = 0.4
"""The weaker blink's share of the stronger one's height."""


class Train(msgspec.Struct, frozen=True):
    """Deflections that follow each other closely: the last ones, and whether they can still be a double blink."""

    blinks: tuple[Deflection, ...] = ()
    last_onset: int | None = None
    spoiled: bool = False


class Pair(msgspec.Struct, frozen=True):
    """A double blink."""

    first: Deflection
    second: Deflection


def joined(train: Train, deflection: Deflection, longest: float) -> Train:
    """One more deflection; `longest` is the most samples between the onsets of blinks of one train."""
    goes_on = train.last_onset is not None and deflection.onset - train.last_onset <= longest
    blinks = train.blinks if goes_on else ()
    is_spoiled = (goes_on and train.spoiled) or not deflection.is_blink or len(blinks) >= 2
    return Train((*blinks, deflection)[-3:], deflection.onset, is_spoiled)


def spoiled(train: Train, index: int) -> Train:
    """Something else happened, or nothing could be seen, at `index`: what follows closely is no double blink."""
    return msgspec.structs.replace(train, spoiled=True, last_onset=max(index, train.last_onset or index))


def closed(train: Train, index: int, hz: float) -> tuple[Train, Pair | None]:
    """At sample `index`, with the lids at rest: whether the train has become a double blink."""
    if train.spoiled or len(train.blinks) != 2:
        return train, None
    first, second = train.blinks
    gap = max(0, second.onset - first.end)
    if index - second.end < max(QUIET_AFTER_S * hz, QUIET_PER_GAP * gap):
        return train, None
    pair = Pair(first, second) if _alike(first, second, hz) else None
    return spoiled(train, second.onset), pair


def _alike(first: Deflection, second: Deflection, hz: float) -> bool:
    weaker, stronger = sorted((first.microvolts, second.microvolts), key=abs)
    same_way = first.microvolts * second.microvolts > 0
    return (
        same_way
        and abs(weaker) >= LEAST_LIKENESS * abs(stronger)
        and second.onset - first.onset >= SHORTEST_PAIR_S * hz
    )
