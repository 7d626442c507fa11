"""Tiles that were taken, as looks for later fits: whose features belong to one, and how many count. Pure.

Where the eyes were is concluded, not asked for. So such a look weighs less than a dot, less still where the looks
themselves were in doubt; no part of the screen has more than its share; and all of them together are believed only
if the newest dots, which were asked for, bear them out: if with tiles these would have been foreseen as well as
without. A model that learned from its own mistakes would make more of them: that ends here.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.gaze_settings import WhichEyes
from vybor.gaze.faces.face import Floats
from vybor.gaze.points.eyes import fit_eyes
from vybor.gaze.points.model import GazeModel, Look, predict
from vybor.points.correcting import KEPT_NS, LEAST_LOOKS

WEIGHT = 0.5
"""Of a tile that was taken for sure, against a dot of the same age. Measured, flat from .25 to 1: decision 67."""
COLUMNS, ROWS = 4, 3
MOST = 30
"""Looks of a twelfth of the screen that count, the newest; they weigh as much as three of today's dots."""

JUDGES = 3
"""Of calibrations the newest so many judge tiles; five dots alone tell too little."""
BORNE_OUT = 1.05
"""So much worse is chance. One tile in five taken by mistake: 1.3."""


class Seen(NamedTuple):
    """The features of one frame with steady, open eyes."""

    at_ns: int
    row: Floats


def saw(seen: tuple[Seen, ...], at_ns: int, row: Floats) -> tuple[Seen, ...]:
    """Remember a frame for as long as the next choice may speak of it."""
    return (*(one for one in seen if at_ns - one.at_ns <= KEPT_NS), Seen(at_ns, row))


def look(seen: Iterable[Seen], told: m.LookedAt, calibration: int) -> Look | None:
    """The look at a tile that was taken: its middle, and the mean of what the eyes were like.

    None where nothing may be kept of it, or too little was seen. `calibration`: after which it was.
    """
    area = told.area
    rows = [one.row for one in seen if told.from_ns <= one.at_ns <= told.until_ns]
    weight = WEIGHT * (2 * min(told.certainty, 1.0) - 1)
    has_place = area.right > area.left and area.bottom > area.top
    if told.is_private or len(rows) < LEAST_LOOKS or not has_place or not weight > 0:
        return None
    return Look(
        x=(area.left + area.right) / 2,
        y=(area.top + area.bottom) / 2,
        rows=np.array(rows).mean(axis=0, keepdims=True).astype(np.float32),
        calibration=calibration,
        weight=weight,
        of_tile=True,
    )


def capped(looks: Sequence[Look]) -> list[Look]:
    """The newest of each part of the screen, in the order in which they came; oldest first."""
    kept: list[Look] = []
    counts: dict[tuple[int, int], int] = {}
    for one in reversed(looks):
        region = min(int(max(one.x, 0) * COLUMNS), COLUMNS - 1), min(int(max(one.y, 0) * ROWS), ROWS - 1)
        counts[region] = counts.get(region, 0) + 1
        if counts[region] <= MOST:
            kept.append(one)
    return kept[::-1]


def fitted(dots: Sequence[Look], tiles: Sequence[Look], eyes: WhichEyes = WhichEyes.BOTH) -> GazeModel:
    """The model of the dots, and of the tiles if dots bear them out. Raises ValueError, as `fit` does."""
    counted = capped(tiles)
    return fit_eyes([*dots, *counted] if counted and _are_borne_out(counted, dots, eyes) else dots, eyes)


def _are_borne_out(tiles: Sequence[Look], dots: Sequence[Look], eyes: WhichEyes) -> bool:
    """Whether the newest dots would have been foreseen from all before as well with tiles as without."""
    numbers = sorted({look.calibration for look in dots})
    judging = numbers[1:][-JUDGES:]
    judges = [look for look in dots if look.calibration in judging]
    before = [look for look in dots if look.calibration not in judging]
    if not judges:
        return False
    return _error(fit_eyes([*before, *tiles], eyes), judges) <= BORNE_OUT * _error(fit_eyes(before, eyes), judges)


def _error(model: GazeModel, dots: Sequence[Look]) -> float:
    """Root of the mean square of the distance from dots to where looks at them fall."""
    away = np.array([predict(model, look.rows).mean(axis=0) - (look.x, look.y) for look in dots])
    return float(np.sqrt((away**2).sum(axis=1).mean()))
