"""Which channels of a stream of looks are what, and what a sample says. Pure."""

import math
import re
from collections.abc import Sequence

import msgspec

from vybor.eyetracker.sources import plain
from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.points.source import Place

PUPIL = r"(?:left|right)?(?:pupil|pupilsize|pupildiameter|diameter)"
OPEN = r"open"
"""As the kit's own stream has it: 1 open, 0 not."""
PIXELS = {"pixel", "pixels", "px"}
FRACTIONS = {"normalized", "normalised", "normal", "fraction", "fractions"}


class Unfit(ValueError):
    """Its text says what of a stream does not fit, and what would."""


class Channels(msgspec.Struct, frozen=True):
    """Places of what is needed in a sample; None: it is not there."""

    x: int
    y: int
    valid: int | None = None
    confidence: int | None = None
    pupil: int | None = None
    is_pixels: bool | None = None
    """By its units; None: they do not say."""


def channels_of(labels: Sequence[str], kinds: Sequence[str], units: Sequence[str], count: int) -> Channels:
    """By their names, else by their types (ScreenX, ScreenY), else the first two. Raises Unfit."""
    if count < 2:
        raise Unfit("has one channel, and a look needs x and y")
    x, y = _find(labels, plain.X), _find(labels, plain.Y)
    if x is None or y is None:
        x, y = _find(kinds, "screenx"), _find(kinds, "screeny")
    if x is None or y is None:
        if any(labels):
            raise Unfit(f"calls its channels {', '.join(labels[:8])}; have it call two of them x and y")
        x, y = 0, 1
    valid = _find(labels, plain.VALID)
    return Channels(
        x,
        y,
        valid if valid is not None else _find(labels, OPEN),
        _find(labels, plain.CONFIDENCE),
        _find(labels, PUPIL),
        _is_pixels(units, x),
    )


def place_of(channels: Channels, sample: Sequence[float], settings: EyetrackerSettings) -> Place | None:
    """Where a sample looks; None if it says that no eyes are seen: no number, not valid, doubted, no pupil."""
    x, y = sample[channels.x], sample[channels.y]
    least = ((channels.valid, 0.0), (channels.pupil, 0.0))
    if not all(place is None or sample[place] > above for place, above in least):
        return None
    if channels.confidence is not None and not sample[channels.confidence] >= plain.LEAST_CONFIDENCE:
        return None
    if channels.is_pixels is False:
        return (x, y) if math.isfinite(x) and math.isfinite(y) else None
    return plain.on_screen(x, y, settings)


def _find(names: Sequence[str], pattern: str) -> int | None:
    for place, name in enumerate(names):
        if re.fullmatch(pattern, re.sub(r"[^a-z0-9]", "", name.lower())):
            return place
    return None


def _is_pixels(units: Sequence[str], place: int) -> bool | None:
    unit = units[place].strip().lower() if place < len(units) else ""
    return True if unit in PIXELS else False if unit in FRACTIONS else None
