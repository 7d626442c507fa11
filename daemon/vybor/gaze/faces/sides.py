"""Which eyes count, and a row of features as if both were like the one that does. Pure.

Of two eyes one may be blind, covered, shut or turned: then the other stands for both. Its columns are put in the
place of the other's, so that all behind it, a fit, likeness, what is usual, stays as it is with two.
"""

import numpy as np
import numpy.typing as npt

from vybor.foundation.gaze_settings import WhichEyes
from vybor.gaze.faces.features import NAMES, SHAPES, SIDES

Numbers = npt.NDArray[np.floating]
Sides = tuple[int, ...]
"""0 is the left eye in the picture, which is the person's right one."""

BOTH: Sides = (0, 1)
PERSONS = ("Right", "Left")
"""How blendshapes name the eyes of `Sides`."""
WANTED: dict[WhichEyes, tuple[Sides, ...]] = {
    WhichEyes.BOTH: (BOTH,),
    WhichEyes.LEFT: ((1,),),
    WhichEyes.RIGHT: ((0,),),
    WhichEyes.AUTO: (BOTH, (0,), (1,)),
}
"""What a setting leaves to choose from, the usual first."""


def seen_by(rows: Numbers, sides: Sides) -> Numbers:
    """Rows of features with what these eyes say in the place of what the others do."""
    return rows if sides == BOTH else rows[..., _TAKEN[sides[0]]]


def _from(name: str, side: int) -> str:
    """The column that stands for a column."""
    if name in SHAPES:
        return name.removesuffix("Left").removesuffix("Right") + PERSONS[side]
    return name.replace(f"_{SIDES[1 - side]}", f"_{SIDES[side]}")


_TAKEN = [[NAMES.index(_from(name, side)) for name in NAMES] for side in BOTH]
