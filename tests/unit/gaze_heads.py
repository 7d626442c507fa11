"""Heads of different people by the numbers: meshes of one form, moved and turned."""

import math

import msgspec
import numpy as np

from unit.gaze_faces import face
from vybor.gaze.faces.face import Face, Floats

MESH = 478


def head(
    who: int, at: tuple[float, float] = (320.0, 240.0), span: float = 100.0, tilt: float = 0.0, strays: float = 0.0
) -> Floats:
    """Landmarks of a person's head; each has a form of its own, and strays from it a little."""
    points = np.random.default_rng(who).uniform(-0.8, 0.8, (MESH, 3))
    points[33], points[263] = (-0.5, 0.0, 0.0), (0.5, 0.0, 0.0)
    if strays:
        points += np.random.default_rng().normal(0.0, strays, points.shape)
    turn = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
    points[:, :2] = points[:, :2] @ turn.T
    return (points * span + (*at, 0.0)).astype(np.float32)


def face_of(points: Floats) -> Face:
    return msgspec.structs.replace(face(), points=points)
