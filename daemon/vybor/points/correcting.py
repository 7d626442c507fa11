"""From raw looks to corrected ones: the last looks, and what tiles that were taken said of their error. Pure."""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.points import error_field
from vybor.points.error_field import ErrorField, Known
from vybor.points.fixation import Fixation, Noise

KEPT_NS = seconds(15)
"""A choice is known to hold when the next one is made; a look at its words may be so old then."""
WITHIN_TILE = 0.2
"""Where on a tile its words are looked at: a standard deviation, in widths and heights of the tile."""
LEAST_LOOKS = 3
ALIKE_NS = seconds(0.2)
"""Looks closer together than this have the same noise: more of them say no more."""


class Raw(msgspec.Struct, frozen=True):
    """One look as the gaze model has it."""

    at_ns: int
    x: float
    y: float


class Correcting(msgspec.Struct, frozen=True):
    """What is known of the error of the gaze model at hand, and the looks that the next choice may speak of."""

    field: ErrorField
    noise: Noise
    raw: tuple[Raw, ...] = ()


def begin(bias: Noise, noise: Noise) -> Correcting:
    """Nothing is known but how large the error of a fresh gaze model is, and its noise from look to look."""
    return Correcting(ErrorField(bias), noise)


def saw(known: Correcting, at_ns: int, x: float, y: float) -> Correcting:
    """Keep a look; those of long ago are forgotten."""
    kept = tuple(look for look in known.raw if at_ns - look.at_ns <= KEPT_NS)
    return msgspec.structs.replace(known, raw=(*kept, Raw(at_ns, x, y)))


def looked(known: Correcting, told: m.LookedAt) -> Correcting:
    """Learn from the looks at a tile that was taken."""
    area, looks = told.area, [look for look in known.raw if told.from_ns <= look.at_ns <= told.until_ns]
    width, height = area.right - area.left, area.bottom - area.top
    if len(looks) < LEAST_LOOKS or not (width > 0 and height > 0):
        return known
    free = 1 + (looks[-1].at_ns - looks[0].at_ns) / ALIKE_NS
    x, y = (area.left + area.right) / 2, (area.top + area.bottom) / 2
    place = Known(
        at_ns=told.until_ns,
        x=x,
        y=y,
        error_x=_middle([look.x for look in looks]) - x,
        error_y=_middle([look.y for look in looks]) - y,
        sd_x=float(np.hypot(WITHIN_TILE * width, known.noise.x / free**0.5)),
        sd_y=float(np.hypot(WITHIN_TILE * height, known.noise.y / free**0.5)),
    )
    return msgspec.structs.replace(known, field=error_field.looked(known.field, place))


def point(known: Correcting, rests: Fixation, at_ns: int) -> m.GazePoint:
    """Where the eyes rest: the error that is known is taken off, what is left of it stays, the noise shrinks."""
    place = error_field.corrected(known.field, rests.x, rests.y, at_ns)
    return m.GazePoint(
        x=place.x,
        y=place.y,
        sd_x=(place.bias.x**2 + known.noise.x**2 / rests.looks) ** 0.5,
        sd_y=(place.bias.y**2 + known.noise.y**2 / rests.looks) ** 0.5,
        standing_x=place.bias.x,
        standing_y=place.bias.y,
    )


def _middle(values: Sequence[float]) -> float:
    """The mean of the middle half: a look on the way there or away counts for nothing."""
    aside = len(values) // 4
    return float(np.mean(np.sort(values)[aside : len(values) - aside]))
