"""From the planes that the Pi's cameras give to the pixels that the landmarker takes."""

import cv2
import numpy as np

from vybor.gaze.sources.frames import Pixels


def size_of(height: int, stride: int) -> int:
    """Bytes of a YUV420 picture whose rows, padding included, are `stride` bytes long."""
    return stride * height * 3 // 2


def rgb_of(planes: bytearray, width: int, height: int, stride: int) -> Pixels:
    """Full-range BT.601 planes Y, U, V to RGB; the padding of the rows is left out."""
    flat = np.frombuffer(planes, np.uint8)
    light = flat[: stride * height].reshape(height, stride)[:, :width]
    chroma = flat[stride * height :].reshape(2, height // 2, stride // 2)[:, :, : width // 2]
    blue, red = (cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR) for plane in chroma)
    return np.asarray(cv2.cvtColor(cv2.merge([light, red, blue]), cv2.COLOR_YCrCb2RGB), np.uint8)
