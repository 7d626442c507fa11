"""Bites: a clench stands alone; bursts of muscle that follow each other as in chewing are none. Pure, causal.

Here the stronger jaw counts, for who chews bites now with one and now with both. A clench therefore waits until
the next bite of a row would have begun, as two blinks wait for a third.
"""

import msgspec

from vybor.headband.detecting.clench import LOUD, QUIET, Burst

NEAREST_S = 0.35
"""From bite to bite, onset to onset. People chew .8 to 2.5 times a second, a sixth more or less…"""
FARTHEST_S = 1.5
"""…at one time or another."""
LEAST_LIKENESS = 0.5
"""A bite's strength over that of the clench beside it: words and swallows are fainter."""
ALONE_S = 0.9
"""A clench is told no sooner after its onset: by then rows of 1.2 bites a second and more have gone on."""
REMEMBERED_S = 4.0
"""Longer than a clench lasts and the farthest bite lies before it."""


class Bite(msgspec.Struct, frozen=True):
    """A loud time of either jaw, by its first sample; its strength over the usual level so far."""

    onset: int
    strength: float


class Mouth(msgspec.Struct, frozen=True):
    """All that is known of bites."""

    bites: tuple[Bite, ...] = ()
    is_loud: bool = False
    """Whether the last one goes on."""
    deaf: int | None = None
    """The last sample at which nothing could be heard: a bite may have been there."""
    waiting: tuple[Burst, ...] = ()
    """Clenches of which it is not known yet whether they stand alone."""


class Judged(msgspec.Struct, frozen=True):
    """A clench, and whether it stands alone."""

    burst: Burst
    is_alone: bool


def sample(mouth: Mouth, index: int, strength: float, hz: float) -> Mouth:
    """Take in how loud the stronger jaw is at one sample, in multiples of its usual level."""
    if not mouth.is_loud:
        if strength < LOUD:
            return mouth
        recent = tuple(bite for bite in mouth.bites if index - bite.onset <= REMEMBERED_S * hz)
        return msgspec.structs.replace(mouth, bites=(*recent, Bite(index, strength)), is_loud=True)
    if strength < QUIET:
        return msgspec.structs.replace(mouth, is_loud=False)
    last = mouth.bites[-1]
    if strength <= last.strength:
        return mouth
    return msgspec.structs.replace(mouth, bites=(*mouth.bites[:-1], Bite(last.onset, strength)))


def deafened(mouth: Mouth, index: int) -> Mouth:
    """Nothing can be heard, or other electrodes are listened to: what waits is never told."""
    return msgspec.structs.replace(mouth, is_loud=False, deaf=index, waiting=())


def clenched(mouth: Mouth, burst: Burst) -> Mouth:
    """A clench is over."""
    return msgspec.structs.replace(mouth, waiting=(*mouth.waiting, burst))


def judged(mouth: Mouth, index: int, hz: float) -> tuple[Mouth, tuple[Judged, ...]]:
    """The clenches of which it is known at a sample whether they stand alone."""
    told: list[Judged] = []
    left: list[Burst] = []
    for burst in mouth.waiting:
        is_alone = _stands_alone(mouth, burst, hz)
        if is_alone and index - burst.onset < ALONE_S * hz:
            left.append(burst)
        else:
            told.append(Judged(burst, is_alone))
    return msgspec.structs.replace(mouth, waiting=tuple(left)), tuple(told)


def _stands_alone(mouth: Mouth, burst: Burst, hz: float) -> bool:
    """Whether no bite lies where one of a row would, and none can have gone unheard before."""
    if mouth.deaf is not None and burst.onset - mouth.deaf <= FARTHEST_S * hz:
        return False
    least = LEAST_LIKENESS * burst.margin * LOUD
    return not any(
        NEAREST_S * hz <= abs(bite.onset - burst.onset) <= FARTHEST_S * hz and bite.strength >= least
        for bite in mouth.bites
    )
