"""Fits the gaze model to both eyes, or to the one that tells better where they rest. Pure.

Each eye is fitted by itself, and leaving looks out says how far each is beside. Two eyes are better than one while
both look at the same thing; a blind or turned one is noise, and a shut or covered one is not asked.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.foundation.gaze_settings import WhichEyes
from vybor.gaze.faces.features import NAMES, PATCH_COLUMNS, SIDES
from vybor.gaze.faces.sides import BOTH, PERSONS, WANTED, Sides, seen_by
from vybor.gaze.points.model import GazeModel, Look, fit, follows

WORSE = 3.0
"""An eye that alone is beside by so many times as much as the other looks elsewhere. On simulated eyes it was 4 to
13 times for one that does, and at most 2.2 for one of two good ones, after nine dots…"""
AS_GOOD = 1.15
"""…while the other alone is about as good as both: a ridge hardly listens to what does not follow."""
SHUT_BLINK, SHUT_SHARE = 0.6, 0.5
"""An eye whose blink scores more is shut; one that is shut or not seen in so many samples is left out."""


def fit_eyes(looks: Sequence[Look], wanted: WhichEyes) -> GazeModel:
    """Fit to all looks, by the eyes that are wanted. Raises ValueError for too few, as `fit` does."""
    first, *alone = [_fit(looks, sides) for sides in _asked(looks, wanted)]
    if not alone:
        return first
    better, worse = sorted(alone, key=_beside)
    looks_elsewhere = _beside(worse) > WORSE * _beside(better) and _beside(better) < AS_GOOD * _beside(first)
    return better if looks_elsewhere else first


def follow(looks: Sequence[Look], wanted: WhichEyes, known: GazeModel | None = None) -> bool:
    """Whether the eyes, or one that may stand alone, followed the dots at all."""
    if known is not None:
        return follows(looks, known)
    return any(follows(_seen(looks, sides)) for sides in _asked(looks, wanted))


def _asked(looks: Sequence[Look], wanted: WhichEyes) -> tuple[Sides, ...]:
    """The eyes that come into question; of two that are not seen both, for there is nothing else."""
    tried = WANTED[wanted]
    if len(tried) == 1:
        return tried
    there = tuple(side for side in BOTH if not _is_away(looks, side))
    return (there,) if len(there) == 1 else tried


def _is_away(looks: Sequence[Look], side: int) -> bool:
    """Whether an eye was shut or not seen at most of the newest dots."""
    newest = max(look.calibration for look in looks)
    rows = np.vstack([look.rows for look in looks if look.calibration == newest])
    shut = rows[:, _BLINKS[side]] > SHUT_BLINK
    unseen = (rows[:, _PATCHES[side]] == 0).all(axis=1)
    return bool((shut | unseen).mean() > SHUT_SHARE)


def _fit(looks: Sequence[Look], sides: Sides) -> GazeModel:
    return msgspec.structs.replace(fit(_seen(looks, sides)), sides=sides)


def _seen(looks: Sequence[Look], sides: Sides) -> list[Look]:
    return [msgspec.structs.replace(look, rows=seen_by(look.rows, sides)) for look in looks]


def _beside(model: GazeModel) -> float:
    """How far a long look falls beside, in fractions of the screen."""
    return float(np.hypot(model.bias.x, model.bias.y))


_BLINKS = [NAMES.index(f"eyeBlink{PERSONS[side]}") for side in BOTH]
_PATCHES = [[NAMES.index(name) for name in PATCH_COLUMNS if f"_{SIDES[side]}_" in name] for side in BOTH]
