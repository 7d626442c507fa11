"""What looks are worth after the dots, as whoever asked for them is told. Pure."""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.settings import DisplaySettings
from vybor.gaze.faces.features import NAMES
from vybor.gaze.points.mending import Checked
from vybor.gaze.points.model import GazeModel, Look

AWAY = NAMES.index("away_cm")


def told(model: GazeModel, now: Sequence[Look], kept: Sequence[Look], checked: Checked | None) -> m.Calibrated:
    """Of the looks at the dots just now, among all that are kept; `request` is still to be filled in."""
    away_cm = float(np.median(np.abs(np.concatenate([look.rows[:, AWAY] for look in now]))))
    return m.Calibrated(
        request="",
        dots=len(now),
        error_x=model.bias.x,
        error_y=model.bias.y,
        noise_x=model.noise.x,
        noise_y=model.noise.y,
        calibrations=len({look.calibration for look in kept}),
        away_cm=away_cm if np.isfinite(away_cm) and away_cm > 0 else None,
        checked=_checked(checked) if checked else None,
    )


def sized(reply: m.Calibrated | m.Refused, display: DisplaySettings) -> m.Calibrated | m.Refused:
    """With the size of the screen, so that it can be told in degrees."""
    if isinstance(reply, m.Refused):
        return reply
    return msgspec.structs.replace(reply, width_cm=display.width_cm, height_cm=display.height_cm)


def _checked(found: Checked) -> m.Checked:
    return m.Checked(
        beside_x=found.beside.x,
        beside_y=found.beside.y,
        left_x=found.left.x,
        left_y=found.left.y,
        promised_x=found.promised.x,
        promised_y=found.promised.y,
    )
