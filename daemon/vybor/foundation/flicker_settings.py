"""`[flicker]`: tiles that flicker, each in a rhythm of its own, so that a headband sees which is looked at."""

from enum import StrEnum
from typing import Annotated

import msgspec

LOWEST, HIGHEST = 0.02, 0.09
"""Of contrast. What changes by less than a tenth of the screen's greatest luminance is no flash (WCAG 2.3.1)."""


class Seizures(StrEnum):
    """An answer."""

    UNANSWERED = ""
    NO = "no"
    YES = "yes"


class FlickerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[flicker]`."""

    on: bool = False
    """Whether words may flicker. Not enough by itself: vybor headband flicker says what else it takes."""
    seizures: Seizures = Seizures.UNANSWERED
    """Whether the wearer ever had a seizure, or somebody of their family one from flicker; unless it is no,
    nothing flickers."""
    contrast: Annotated[float, msgspec.Meta(ge=LOWEST, le=HIGHEST)] = 0.05
    """How much brighter a tile becomes, in parts of the screen's greatest luminance; a tenth would be a flash."""
    idle_s: Annotated[float, msgspec.Meta(ge=5, le=600)] = 60.0
    """So long after the last choice the flicker ends by itself, until the next one."""
    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7
    """On so many days of use the result of the trial holds; then it is tried again."""
