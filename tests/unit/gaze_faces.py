"""Faces by the numbers: landmarks where the tests of gaze want them."""

import math

import numpy as np

from vybor.gaze.face import Face, Floats
from vybor.gaze.features import EYES, SHAPES

EYE_WIDTH = 50.0
CENTRES = ((200.0, 200.0), (320.0, 200.0))


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
    shapes = dict.fromkeys(SHAPES, 0.1) | {"eyeBlinkLeft": blink, "eyeBlinkRight": blink}
    return Face(points=points, blendshapes=shapes, pose=pose(yaw))


def pose(yaw: float) -> Floats:
    """A head turned about its own axis, 50 cm away."""
    matrix = np.eye(4, dtype=np.float32)
    matrix[0, 0] = matrix[2, 2] = math.cos(yaw)
    matrix[0, 2], matrix[2, 0] = math.sin(yaw), -math.sin(yaw)
    matrix[2, 3] = -50.0
    return matrix
