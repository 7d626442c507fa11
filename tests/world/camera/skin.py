"""Skin that muscles draw along: brows that rise, corners of the mouth that go up and aside."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]


class Muscle(NamedTuple):
    """What it draws, in pixels of the portrait."""

    centre: tuple[float, float]
    reach: tuple[float, float]
    """Where its pull ends, to the side and up."""
    pull: tuple[float, float]
    """How far it draws its centre, right and down."""


BROWS = (
    Muscle(centre=(199.7, 85.7), reach=(23.5, 18.1), pull=(0.0, -5.4)),
    Muscle(centre=(252.8, 88.6), reach=(23.5, 18.1), pull=(0.0, -5.4)),
)
CORNERS = (
    Muscle(centre=(202.5, 139.5), reach=(19.9, 18.1), pull=(-5.4, -2.7)),
    Muscle(centre=(244.9, 141.0), reach=(19.9, 18.1), pull=(5.4, -2.7)),
)


class Patch:
    """The part of the picture that one muscle moves."""

    def __init__(self, muscle: Muscle, scale: float, origin: tuple[float, float]) -> None:
        (x, y), (across, down) = muscle.centre, muscle.reach
        self._left, self._top = (
            round((at - far - from_) * scale) for at, far, from_ in ((x, across, origin[0]), (y, down, origin[1]))
        )
        width, height = round(2 * across * scale), round(2 * down * scale)
        self._rows, self._columns = np.mgrid[0:height, 0:width].astype(np.float32)
        away = (self._columns / width * 2 - 1) ** 2 + (self._rows / height * 2 - 1) ** 2
        self._share = np.clip(1 - away, 0, 1).astype(np.float32) ** 2
        self._pull = (muscle.pull[0] * scale, muscle.pull[1] * scale)

    def draw(self, picture: Image, tension: float) -> None:
        """Move it; 0: at rest, 1: as far as it goes."""
        height, width = self._share.shape
        part = picture[self._top : self._top + height, self._left : self._left + width]
        right, down = (np.float32(tension * each) * self._share for each in self._pull)
        part[:] = cv2.remap(part.copy(), self._columns - right, self._rows - down, cv2.INTER_LINEAR)
