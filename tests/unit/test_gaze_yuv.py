"""Planes of a Pi's camera to pixels: full range, rows padded or not."""

import cv2
import numpy as np
import pytest

from vybor.gaze.sources import yuv
from world.camera.face import Face
from world.camera.person import Pose


def planes_of(rgb: np.ndarray, stride: int) -> bytearray:
    """YUV420 of full range with rows of so many bytes, as `rpicam-vid` writes them."""
    height, width = rgb.shape[:2]
    light, red, blue = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    padded = np.full((height * 3 // 2, stride), 77, np.uint8)
    padded[:height, :width] = light
    half = (width // 2, height // 2)
    for plane, first in ((blue, 0), (red, height // 2)):
        rows = padded[height:].reshape(height, stride // 2)[first : first + height // 2]
        rows[:, : width // 2] = cv2.resize(plane, half, interpolation=cv2.INTER_AREA)
    return bytearray(padded.tobytes())


@pytest.mark.parametrize("stride", [400, 448])
def test_a_face_comes_out_as_it_went_in(stride: int) -> None:
    rgb = np.ascontiguousarray(Face(400, 300).frame(Pose(0.3, 0.6, 0.0)))
    seen = yuv.rgb_of(planes_of(rgb, stride), 400, 300, stride)
    assert seen.shape == rgb.shape
    apart = np.abs(seen.astype(int) - rgb)
    assert apart.mean() < 1
    assert np.percentile(apart, 99) <= 4


def test_dark_and_bright_are_told_apart_to_the_end_of_the_range() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :], 4, axis=0)
    seen = yuv.rgb_of(planes_of(np.repeat(ramp[..., None], 3, axis=2), 256), 256, 4, 256)
    assert np.abs(seen[0].astype(int) - ramp[0][:, None]).max() <= 2
