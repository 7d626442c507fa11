"""Faces and rows of features by the numbers: what the tests of gaze put in."""

import math

import msgspec
import numpy as np

from vybor.gaze.faces.face import EYE_COLUMNS, EYE_ROWS, EYES, Face, Floats
from vybor.gaze.faces.features import NAMES, SCALES, SHAPES
from vybor.gaze.signs.movement import ASIDE, BROWS, CORNERS, JAW

EYE_WIDTH = 50.0
CENTRES = ((200.0, 200.0), (320.0, 200.0))
IRIS_X, IRIS_Y, LID = (NAMES.index(name) for name in ("iris_x_left", "iris_y_left", "upper_lid_left"))


def face(
    iris: tuple[float, float] = (0.0, 0.0),
    opening: tuple[float, float] = (0.3, 0.3),
    blink: float = 0.05,
    turned: float = 0.0,
    scale: float = 1.0,
    yaw: float = 0.0,
) -> Face:
    """A face whose irises and lids are given in widths of the eye; `turned` rolls the picture, in radians."""
    points = np.zeros((478, 3), np.float32)
    for marks, (x, y), height in zip(EYES, CENTRES, opening, strict=True):
        half = EYE_WIDTH / 2
        points[marks.corners[0], :2] = (x - half, y)
        points[marks.corners[1], :2] = (x + half, y)
        points[list(marks.upper), :2] = (x, y - EYE_WIDTH * height * 2 / 3)
        points[list(marks.lower), :2] = (x, y + EYE_WIDTH * height / 3)
        points[list(marks.iris), :2] = (x + iris[0] * EYE_WIDTH, y + iris[1] * EYE_WIDTH)
    turn = np.array([[math.cos(turned), -math.sin(turned)], [math.sin(turned), math.cos(turned)]])
    points[:, :2] = scale * points[:, :2] @ turn.T
    shapes = dict.fromkeys((*SHAPES, *BROWS), 0.1) | dict.fromkeys((*CORNERS, *ASIDE, JAW), 0.0)
    shapes |= {"eyeBlinkLeft": blink, "eyeBlinkRight": blink}
    return Face(
        points=points,
        blendshapes=shapes,
        pose=pose(yaw),
        eyes=np.zeros((2, EYE_ROWS, EYE_COLUMNS), np.float32),
        light=np.full(2, 120.0, np.float32),
        contrast=np.full(2, 40.0, np.float32),
        size=(640, 480),
    )


def mien(*, brows: float = 0.1, smile: float = 0.0, jaw: float = 0.0, tilt: float = 0.0, yaw: float = 0.0) -> Face:
    """A face that raises its brows, draws a cheek, opens its mouth, tilts or turns its head."""
    rests = face()
    drawn = {"mouthSmileLeft": smile, "mouthSmileRight": smile / 2, JAW: jaw}
    shapes = {**rests.blendshapes, **dict.fromkeys(BROWS, brows), **drawn}
    return msgspec.structs.replace(rests, blendshapes=shapes, pose=pose(yaw, tilt))


def pose(yaw: float, tilt: float = 0.0, pitch: float = 0.0) -> Floats:
    """A head turned about its own axis, nodding, and tilted to a shoulder, 50 cm away."""
    matrix = np.eye(4, dtype=np.float32)
    matrix[0, 0] = matrix[2, 2] = math.cos(yaw)
    matrix[0, 2], matrix[2, 0] = math.sin(yaw), -math.sin(yaw)
    tilted = np.eye(4, dtype=np.float32)
    tilted[:2, :2] = [[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]]
    nods = np.eye(4, dtype=np.float32)
    nods[1:3, 1:3] = [[math.cos(pitch), -math.sin(pitch)], [math.sin(pitch), math.cos(pitch)]]
    matrix = tilted @ matrix @ nods
    matrix[2, 3] = -50.0
    return matrix


def rows_at(x: float, y: float, random: np.random.Generator, samples: int = 12, day: float = 0.0) -> np.ndarray:
    """What an eye at (x, y) might give: the iris follows across, the lid follows down, the rest is noise."""
    rows = random.normal(0.0, 0.02, (samples, len(NAMES))) * SCALES
    rows[:, IRIS_X] += -0.3 * (x - 0.5) + day
    rows[:, IRIS_Y] += 0.1 * (y - 0.5)
    rows[:, LID] += 0.08 * (y - 0.5)
    return rows
