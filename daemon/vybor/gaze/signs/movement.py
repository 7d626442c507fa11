"""What of a face a sign is made with, as a few numbers: brows, the corners of the mouth, the head, the jaw. Pure.

Tried on MediaPipe's landmarker: `cheekPuff`, `cheekSquint` and `noseSneer` were 0 in all of 600 pictures of a
person at work and on a face whose cheeks were drawn; `mouthPucker` wandered from 0 to .8 by itself. A cheek that
is drawn up shows in the corner of the mouth: .3 to .8 in the shapes below, which at rest stay within .03 in nine
pictures of ten.
"""

import numpy as np

from vybor.gaze.faces.face import Face
from vybor.gaze.faces.features import turn_of
from vybor.gaze.signs.rest import Place

BROWS = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight")
CORNERS = tuple(
    f"mouth{shape}{side}" for shape in ("Smile", "Stretch", "Dimple", "UpperUp") for side in ("Left", "Right")
)
ASIDE = ("mouthLeft", "mouthRight")
JAW = "jawOpen"
YAW_COUNTS = 0.5
"""Looking about turns the head: from look to look of that person by .07 rad, where nods and tilts were .02."""


def brow(face: Face) -> Place:
    """How far both brows are raised, 0 to 1."""
    return (sum(face.blendshapes[shape] for shape in BROWS) / len(BROWS),)


def cheek(face: Face) -> Place:
    """Where the corners of the mouth are drawn to, each shape 0 to 1."""
    return tuple(face.blendshapes[shape] for shape in (*CORNERS, *ASIDE))


def jaw(face: Face) -> Place:
    """How far the mouth is open, 0 to 1."""
    return (face.blendshapes[JAW],)


def head(face: Face) -> Place:
    """Turn, nod and tilt in degrees; a turn counts for half."""
    yaw, pitch, roll = (float(np.degrees(angle)) for angle in turn_of(face.pose))
    return (YAW_COUNTS * yaw, pitch, roll)
