"""A face as the landmarker sees it: plain arrays, so that everything behind it is pure."""

from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """One face in one frame."""

    points: Floats
    """478 x 3 landmarks of MediaPipe's face mesh, in pixels of the frame: right, down, away from the camera."""
    blendshapes: Mapping[str, float]
    """ARKit's names (`eyeBlinkLeft`, …) with scores from 0 to 1; left is the person's."""
    pose: Floats
    """4 x 4: from the canonical face to the camera, in centimetres."""
