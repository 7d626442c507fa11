"""OpenFace's angles as places, by plain geometry. Pure.

Of OpenFace's FeatureExtraction (its wiki, Output Format): `timestamp` in seconds; `success` and `confidence` of
the face; `pose_T*` where the head is from the camera, in millimetres, x to the picture's right, y down, z away;
`gaze_angle_x` and `gaze_angle_y` in radians, in the camera's axes: atan2 of the gaze's x and y by its -z. The
person's left is the picture's right, so who looks from left to right has a `gaze_angle_x` that falls.

The screen is taken to be upright, in the camera's own plane, with the camera above its middle. How far a real one
is turned, how far eyes look beside their own axes, and how OpenFace errs is left to what choices teach.
"""

import math
from collections.abc import Sequence

from vybor.eyetracker.sources.plain import LEAST_CONFIDENCE
from vybor.eyetracker.sources.rows import Columns, Meaning, Told, number
from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.points.source import Place, TrackerMissing

NAMES = (
    *("timestamp", "confidence", "success", "gaze_angle_x", "gaze_angle_y"),
    *("pose_Tx", "pose_Ty", "pose_Tz"),
)
WIDEST = math.radians(75)
"""Nobody looks at a screen by a larger angle; beyond a right one its tangent would be a place on it again."""
NEAREST_MM, FURTHEST_MM = 100.0, 3000.0


def meaning(columns: Columns, told: str, settings: EyetrackerSettings) -> Meaning:
    """What the columns are. Raises TrackerMissing if one that is needed is not there."""
    lacking = [name for name in NAMES if name not in columns.names]
    if lacking:
        raise TrackerMissing(
            f"{told} has no {' nor '.join(lacking)}; have OpenFace's FeatureExtraction write it with -pose -gaze"
        )
    places = [columns.names.index(name) for name in NAMES]

    def of(cells: Sequence[str]) -> Told | None:
        numbers = [value for place in places if (value := number(cells[place])) is not None]
        if len(numbers) < len(places):
            return None
        time, confidence, success, *angles_and_head = numbers
        if not (success > 0 and confidence >= LEAST_CONFIDENCE):
            return Told(time, None)
        return _looked(time, angles_and_head, settings)

    return Meaning(of, 1.0)


def _looked(time: float, numbers: Sequence[float], settings: EyetrackerSettings) -> Told | None:
    angle_x, angle_y, x, y, z = numbers
    if not all(math.isfinite(value) for value in numbers):
        return Told(time, None)
    if abs(angle_x) > WIDEST or abs(angle_y) > WIDEST or not NEAREST_MM <= z <= FURTHEST_MM:
        return None
    return Told(time, place(angle_x, angle_y, (x, y, z), settings))


def place(
    angle_x: float, angle_y: float, head_mm: tuple[float, float, float], settings: EyetrackerSettings
) -> Place:
    """Where the line of sight meets the screen.

    OpenFace guesses the lens, and with it how far the head is: a distance that is known scales all of it.
    """
    scale = settings.distance_mm / head_mm[2] if settings.distance_mm else 1.0
    x, y, z = (scale * value for value in head_mm)
    right_mm, down_mm = x + z * math.tan(angle_x), y + z * math.tan(angle_y)
    return 0.5 - right_mm / settings.width_mm, (down_mm - settings.camera_above_mm) / settings.height_mm
