"""What a face says about where its eyes look: a row of numbers. Pure.

Everything is measured in the eye's own frame (origin between its corners, unit its width), so that moving or turning
the head in the picture changes little; what it does change is left to the pose.
"""

import numpy as np

from vybor.gaze.face import Face, Floats

# Landmarks of MediaPipe's face mesh: corners from the left of the picture, lids from that corner inwards, iris.
EYES = (
    {"corners": (33, 133), "upper": (160, 159, 158), "lower": (144, 145, 153), "iris": (468, 469, 470, 471, 472)},
    {"corners": (362, 263), "upper": (385, 386, 387), "lower": (380, 374, 373), "iris": (473, 474, 475, 476, 477)},
)
SHAPES = tuple(
    f"eye{shape}{side}" for shape in ("LookIn", "LookOut", "LookUp", "LookDown", "Blink", "Squint", "Wide")
    for side in ("Left", "Right")
)
PER_EYE = ("iris_x", "iris_y", "upper_lid", "lower_lid", "opening")
POSE = ("yaw", "pitch", "roll", "right_cm", "down_cm", "away_cm")
NAMES = tuple(f"{name}_{side}" for side in ("picture_left", "picture_right") for name in PER_EYE) + POSE + SHAPES
"""One name a column: kept with every look, so that looks of another version are not mixed in."""


def features(face: Face) -> Floats:
    """One row, float32, in the order of `NAMES`."""
    eyes = [_eye(face.points, marks) for marks in EYES]
    shapes = [face.blendshapes[shape] for shape in SHAPES]
    return np.concatenate([*eyes, _pose(face.pose), shapes]).astype(np.float32)


def _eye(points: Floats, marks: dict[str, tuple[int, ...]]) -> Floats:
    """Iris and lids of one eye, in widths of the eye: right along its corners, down across them."""
    left, right = points[list(marks["corners"]), :2]
    along = right - left
    width = float(np.hypot(*along))
    axis = along / width
    frame = np.array([axis, [-axis[1], axis[0]]]) / width

    def seen(name: str) -> Floats:
        middle: Floats = frame @ (points[list(marks[name]), :2].mean(axis=0) - (left + right) / 2)
        return middle

    iris, upper, lower = seen("iris"), seen("upper"), seen("lower")
    return np.array([iris[0], iris[1], upper[1], lower[1], lower[1] - upper[1]], np.float32)


def _pose(pose: Floats) -> Floats:
    """Turn and place of the head: radians and centimetres."""
    turn, place = pose[:3, :3], pose[:3, 3]
    yaw = np.arctan2(-turn[2, 0], np.hypot(turn[2, 1], turn[2, 2]))
    pitch = np.arctan2(turn[2, 1], turn[2, 2])
    roll = np.arctan2(turn[1, 0], turn[0, 0])
    return np.array([yaw, pitch, roll, *place], np.float32)
