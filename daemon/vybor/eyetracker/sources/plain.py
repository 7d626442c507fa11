"""A recording of looks as GazeRecorder and others keep it: a time, x and y a line, by names as they come. Pure."""

import math
import re
from collections.abc import Sequence

from vybor.eyetracker.sources.rows import UNITS_S, Columns, Meaning, Told, number
from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.points.source import Place, TrackerMissing

TIME = r"(?:t|time|timestamp|systemtime|systemtimestamp|devicetimestamp|recordingtime)(s|ms|us|ns)?"
OF_A_LOOK = r"(?:gaze|gazepoint|point|screen|pos|bpog|fpog|eye)?"
X, Y = (f"{OF_A_LOOK}{axis}(?:px|pixel|pixels|pos|position|coordinate|norm)?" for axis in "xy")
VALID = r"(?:valid|validity|success|bpogv|fpogv)"
CONFIDENCE = r"confidence"
LEAST_CONFIDENCE = 0.5
"""Below it what gives looks doubts them itself."""


def meaning(columns: Columns, told: str, settings: EyetrackerSettings) -> Meaning:
    """What the columns are. Raises TrackerMissing if there is no time, x or y."""
    time, x, y = (columns.place_of(pattern) for pattern in (TIME, X, Y))
    if time is None or x is None or y is None:
        wanting = [name for name, place in (("time", time), ("x", x), ("y", y)) if place is None]
        raise TrackerMissing(
            f"{told} has no column for {' and '.join(wanting)}, but {', '.join(columns.names[:8])}; "
            "call them time, x and y"
        )
    valid, confidence = columns.place_of(VALID), columns.place_of(CONFIDENCE)

    def of(cells: Sequence[str]) -> Told | None:
        at, across, down = (number(cells[place]) for place in (time, x, y))
        sure = 1.0 if valid is None else number(cells[valid])
        confident = 1.0 if confidence is None else number(cells[confidence])
        if at is None or across is None or down is None or sure is None or confident is None:
            return None
        seen = sure > 0 and confident >= LEAST_CONFIDENCE
        return Told(at, on_screen(across, down, settings) if seen else None)

    return Meaning(of, _unit_s(columns.names[time]))


def on_screen(x: float, y: float, settings: EyetrackerSettings) -> Place | None:
    """A place in fractions of the screen; what is no number says that no eyes are seen."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    if settings.width_px and settings.height_px:
        return x / settings.width_px, y / settings.height_px
    return x, y


def _unit_s(name: str) -> float | None:
    """The unit that a name tells: `time_ms`, `t [s]`."""
    told = re.fullmatch(r".*?[^a-z](s|ms|us|ns)[^a-z]*", name.lower())
    return UNITS_S[told.group(1)] if told else None
