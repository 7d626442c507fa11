"""Double blinks: exactly two blinks with quiet around them. A train of three is none. Pure."""

import msgspec

from vybor.headband.detecting.blink import Deflection

QUIET_AFTER_S = 0.28
"""After the second blink has half opened, at least so long…"""
QUIET_PER_GAP = 1.45
"""…and longer than the gap, by this factor: a third blink would keep the rhythm of the two, within 30 %."""
BEGUN_S = 0.04
"""So long after its onset a blink can be told from noise. One that begins later after the second than blinks of a
train may is no third of it."""
SHORTEST_PAIR_S = 0.18
"""Onset to onset. Lids flutter faster than anyone blinks twice on purpose."""
LEAST_LIKENESS = 0.4
"""The weaker blink's share of the stronger one's height."""


class Patience(msgspec.Struct, frozen=True):
    """How long two blinks wait for a third."""

    after_s: float = QUIET_AFTER_S
    per_gap: float = QUIET_PER_GAP


USUAL = Patience()


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


def closed(
    train: Train, index: int, hz: float, longest: float, patience: Patience = USUAL
) -> tuple[Train, Pair | None]:
    """At sample `index`, with the lids at rest: whether the train has become a double blink.

    `longest` as for `joined`.
    """
    if train.spoiled or len(train.blinks) != 2:
        return train, None
    first, second = train.blinks
    gap = max(0, second.onset - first.end)
    rhythm_kept = second.end + max(patience.after_s * hz, patience.per_gap * gap)
    of_this_train = max(second.onset + longest + BEGUN_S * hz, second.end + patience.after_s * hz)
    if index < min(rhythm_kept, of_this_train):
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
