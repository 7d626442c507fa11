"""What a face says about where its eyes look: a row of numbers. Pure.

Everything is measured in the eye's own frame (origin between its corners, unit its width), so that moving or
turning the head in the picture changes little; what it does change is left to the pose.
"""

import numpy as np
import numpy.typing as npt

from vybor.gaze.faces.face import EYE_COLUMNS, EYE_ROWS, EYES, Face, Floats

# How far each column usually spreads, over looks at a whole screen. A column that hardly moved while the person
# calibrated (a head at rest) then gets hardly any weight; scaled by its own spread it would get a wild one: on the
# scripted face 3 cm and 0.1 rad more in the pose moved the point by 1.5 screens, with these scales by 0.02.
EYE_SCALES = {"iris_x": 0.1, "iris_y": 0.05, "upper_lid": 0.05, "lower_lid": 0.05, "opening": 0.05}
POSE_SCALES = {"yaw": 0.15, "pitch": 0.15, "roll": 0.15, "right_cm": 3.0, "down_cm": 3.0, "away_cm": 3.0}
SHAPE_SCALE = 0.4
SHAPES = tuple(
    f"eye{shape}{side}"
    for shape in ("LookIn", "LookOut", "LookUp", "LookDown", "Blink", "Squint", "Wide")
    for side in ("Left", "Right")
)
SIDES = ("left", "right")
LID_COLUMNS = tuple(f"{name}_{side}" for side in SIDES for name in EYE_SCALES)
PATCH_COLUMNS = tuple(
    f"patch_{side}_{row}_{column}" for side in SIDES for row in range(EYE_ROWS) for column in range(EYE_COLUMNS)
)
NAMES = (*LID_COLUMNS, *POSE_SCALES, *SHAPES, *PATCH_COLUMNS)
"""One name a column, sides as in the picture. Kept with the looks: those of another version are not mixed in."""
LANDMARKS = len(NAMES) - len(PATCH_COLUMNS)
"""So many columns come from the landmarks, and are the first; the rest are points of the eyes' pictures."""
SCALES = np.array(
    [
        *EYE_SCALES.values(),
        *EYE_SCALES.values(),
        *POSE_SCALES.values(),
        *[SHAPE_SCALE] * len(SHAPES),
        *[1.0] * len(PATCH_COLUMNS),
    ]
)
WILDEST = 300.0
"""A column beyond so many of its scales is of no face: an iris 15 eyes away, a head at 9 m. One such sample would
be all that a fit hears, or leave it without a solution."""
IRIS_COLUMNS = [NAMES.index(f"iris_{axis}_{side}") for side in SIDES for axis in ("x", "y")]
POSE_COLUMNS = [NAMES.index(name) for name in POSE_SCALES]
POINTING_COLUMNS = [NAMES.index(name) for name in ("yaw", "pitch")]
"""Where a head points, across and down."""


def features(face: Face) -> Floats:
    """One row, float32, in the order of `NAMES`."""
    shapes = [face.blendshapes[shape] for shape in SHAPES]
    return np.concatenate([eyes_of(face), _pose(face.pose), shapes, face.eyes.ravel()]).astype(np.float32)


def eyes_of(face: Face) -> Floats:
    """Irises and lids of both eyes, in the order of `LID_COLUMNS`."""
    return _eyes(face.points).ravel()


def of_head(rows: Floats) -> Floats:
    """Rows that say where the head is and points, and nothing of the eyes."""
    alone = np.zeros_like(rows)
    alone[..., POSE_COLUMNS] = rows[..., POSE_COLUMNS]
    return alone


def is_of_head(rows: npt.NDArray[np.floating]) -> bool:
    """Whether these are such rows. A face that the landmarker has found has eyes that are somewhere."""
    return not np.delete(rows, POSE_COLUMNS, axis=-1).any()


def are_of_a_face(rows: npt.NDArray[np.floating]) -> bool:
    """Whether a face can look so: every column is a number, and within reason."""
    return bool((np.abs(rows) <= WILDEST * SCALES).all())


def openings(face: Face) -> tuple[float, float]:
    """Opening between the lids, in widths of the eye: of the left eye in the picture, then of the right."""
    left, right = _eyes(face.points)[:, 4]
    return float(left), float(right)


def turn_of(pose: Floats) -> tuple[float, float, float]:
    """Yaw, pitch and roll of the head, in radians."""
    turn = pose[:3, :3]
    yaw = np.arctan2(-turn[2, 0], np.hypot(turn[2, 1], turn[2, 2]))
    pitch = np.arctan2(turn[2, 1], turn[2, 2])
    roll = np.arctan2(turn[1, 0], turn[0, 0])
    return float(yaw), float(pitch), float(roll)


def _eyes(points: Floats) -> Floats:
    """Iris and lids of each eye, in widths of the eye: right along its corners, down across them. Eyes x 5."""
    seen = points[_MARKS, :2]
    left, right = seen[:, 0], seen[:, 1]
    along = right - left
    width = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-6)[:, None]
    axis = along / width
    parts = np.stack([seen[:, part].mean(axis=1) for part in _PARTS], axis=1) - ((left + right) / 2)[:, None]
    x = (parts[..., 0] * axis[:, :1] + parts[..., 1] * axis[:, 1:]) / width
    y = (parts[..., 1] * axis[:, :1] - parts[..., 0] * axis[:, 1:]) / width
    iris, upper, lower = range(3)
    rows = (x[:, iris], y[:, iris], y[:, upper], y[:, lower], y[:, lower] - y[:, upper])
    return np.stack(rows, axis=1).astype(np.float32)


def _pose(pose: Floats) -> Floats:
    """Turn and place of the head: radians and centimetres."""
    return np.array([*turn_of(pose), *pose[:3, 3]], np.float32)


_MARKS = np.array([[*marks.corners, *marks.iris, *marks.upper, *marks.lower] for marks in EYES])
_PARTS = (slice(2, 7), slice(7, 10), slice(10, 13))
"""Of these the iris, the upper and the lower lid: one gathering for all, since each costs as much as the sum."""
