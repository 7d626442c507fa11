"""A face as the landmarker sees it: plain arrays, so that everything behind it is pure."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Place = tuple[float, float]
"""In the picture, in pixels: across and down."""

EYE_ROWS, EYE_COLUMNS = 7, 12
"""Of an eye's small picture."""


class Marks(NamedTuple):
    """Landmarks of one eye in MediaPipe's face mesh."""

    corners: tuple[int, int]
    """The left and the right one in the picture."""
    upper: tuple[int, ...]
    lower: tuple[int, ...]
    iris: tuple[int, ...]


EYES = (
    Marks(corners=(33, 133), upper=(160, 159, 158), lower=(144, 145, 153), iris=(468, 469, 470, 471, 472)),
    Marks(corners=(362, 263), upper=(385, 386, 387), lower=(380, 374, 373), iris=(473, 474, 475, 476, 477)),
)


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """One face in one frame."""

    points: Floats
    """478 x 3 landmarks of MediaPipe's face mesh, in pixels of the frame: right, down, away from the camera."""
    blendshapes: Mapping[str, float]
    """ARKit's names (`eyeBlinkLeft`, …) with scores from 0 to 1; left is the person's."""
    pose: Floats
    """4 x 4: from the canonical face to the camera, in centimetres."""
    eyes: Floats
    """2 x EYE_ROWS x EYE_COLUMNS: the eyes as small pictures (patches.py)."""
    light: Floats
    """Of each eye's picture, 0 to 255: the mean of its grey…"""
    contrast: Floats
    """…and the standard deviation."""
    size: tuple[int, int]
    """Width and height of the frame, in pixels."""
