"""From the planes that the Pi's cameras give to the pixels that the landmarker takes."""

import cv2
import numpy as np

from vybor.gaze.sources.frames import Pixels

LEVELS = np.arange(256)
LIGHT = (16 + LEVELS * 219 / 255).round().astype(np.uint8)
CHROMA = (128 + (LEVELS - 128) * 224 / 255).round().astype(np.uint8)
"""Full range to what television's planes hold. OpenCV reads only those in one go, in a sixth to two thirds of the
time that planes take which are enlarged first; a pixel is .7 of 255 beside, .5 so."""


def size_of(height: int, stride: int) -> int:
    """Bytes of a YUV420 picture whose rows, padding included, are `stride` bytes long."""
    return stride * height * 3 // 2


def rgb_of(planes: bytearray, width: int, height: int, stride: int) -> Pixels:
    """Full-range BT.601 planes Y, U, V to RGB; the padding of the rows is left out."""
    flat = np.frombuffer(planes, np.uint8)
    light = flat[: stride * height].reshape(height, stride)[:, :width]
    chroma = flat[stride * height :].reshape(height, stride // 2)[:, : width // 2]
    narrow = np.empty((height * 3 // 2, width), np.uint8)
    cv2.LUT(light, LIGHT, narrow[:height])
    cv2.LUT(chroma, CHROMA, narrow[height:].reshape(height, width // 2))
    return np.asarray(cv2.cvtColor(narrow, cv2.COLOR_YUV2RGB_I420), np.uint8)
