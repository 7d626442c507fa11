"""How late the kit's own part of a choice is. Pure.

That is from the camera's picture to the screen that lights the tile, and from the choice to the screen with the
next tiles; what lies between is the person's. Every choice has next tiles, in a new offer: core makes one after
whatever was chosen, rest and the end of a sentence too.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

SLOW_MS = 2000.0
"""Who waits so long for the next tiles thinks that the kit hangs."""


class Flip(msgspec.Struct, frozen=True):
    """A picture that stood on the screen."""

    at_ns: int
    offer: int
    light: tuple[int | None, bool]
    """Which tile was lit, and whether it could be confirmed."""
    captured_ns: int
    """Of the camera's picture that lit it; 0: none did."""


class Chosen(msgspec.Struct, frozen=True):
    """A choice: when it was made, and of which offer."""

    at_ns: int
    offer: int


def lit_ms(flips: Sequence[Flip]) -> list[tuple[int, float]]:
    """When a tile lit up, and how long after its picture was taken."""
    return [
        (now.at_ns, (now.at_ns - now.captured_ns) / 1e6)
        for before, now in pairwise(flips)
        if now.captured_ns and now.light != before.light and now.light[0] is not None
    ]


def offered_ms(flips: Sequence[Flip], choices: Sequence[Chosen], end_ns: int) -> list[tuple[int, float]]:
    """When something was chosen, and how long after that the next tiles stood there; both in the order of time.

    A choice whose next tiles had not come at the end has waited until then. Of one that was made so late that it
    could not have waited long nobody knows, and it is left out.
    """
    found: list[tuple[int, float]] = []
    later = iter(flips)
    flip = next(later, None)
    for chosen in choices:
        while flip and (flip.at_ns <= chosen.at_ns or flip.offer <= chosen.offer):
            flip = next(later, None)
        ms = ((flip.at_ns if flip else end_ns) - chosen.at_ns) / 1e6
        if flip or ms >= SLOW_MS:
            found.append((chosen.at_ns, ms))
    return found
