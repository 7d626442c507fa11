"""A face whose eyes can be moved: NASA's portrait of Eileen Collins (public domain, in scikit-image's wheel).

The irises are redrawn where the eyes look and clipped by the lids; the lids follow the look and can shut. All
shapes stand in pixels of the portrait and are scaled to the frame, so that any frame size shows the same person.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import skimage.data

from world.camera.person import Pose
from world.camera.skin import BROWS, CORNERS, Patch

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

FACE_CENTRE = (226.0, 122.0)
FACE_WIDTH = 90.0
FACE_SHARE = 0.42
"""Of the frame's width."""
IRIS_RADIUS = 4.1
EYEBALL_RADIUS = IRIS_RADIUS * 12 / 5.85  # millimetres of an adult's eyeball and iris
HALF_SCREEN_RADIANS = (np.radians(22.0), np.radians(14.0))
"""From the middle of the screen to its side and to its top: a small display, close by."""
UPPER_LID_FOLLOWS = 0.9
LOWER_LID_FOLLOWS = 0.4
LASHES = 2.2
"""This much of the lid above its edge moves without being stretched."""
ABOVE, BELOW, BESIDE = 4.6, 6.0, 3.0
"""How far around the opening the skin moves with the lids."""

SCLERA = np.array([206, 194, 190], np.float32)
BROWN = np.array([74, 50, 24], np.float32)
DARK = np.array([20, 12, 8], np.float32)


class Opening(NamedTuple):
    """The opening between the lids of one eye, as it stands in the portrait."""

    upper: tuple[tuple[float, float], ...]
    lower: tuple[tuple[float, float], ...]
    iris: tuple[float, float]


OPENINGS = (
    Opening(
        upper=(
            (195.0, 100.6),
            (197.2, 99.0),
            (199.2, 98.2),
            (202.6, 97.7),
            (206.1, 98.3),
            (209.7, 100.0),
            (213.8, 103.6),
        ),
        lower=(
            (195.0, 100.6),
            (198.3, 102.9),
            (200.7, 103.8),
            (204.2, 104.4),
            (207.6, 104.2),
            (210.8, 104.0),
            (213.8, 103.6),
        ),
        iris=(203.8, 101.2),
    ),
    Opening(
        upper=(
            (236.0, 105.0),
            (240.6, 101.6),
            (244.3, 100.2),
            (248.1, 100.1),
            (251.4, 101.0),
            (253.5, 102.1),
            (255.6, 103.8),
        ),
        lower=(
            (236.0, 105.0),
            (239.2, 105.5),
            (242.3, 106.2),
            (245.9, 106.8),
            (249.4, 106.6),
            (252.0, 105.9),
            (255.6, 103.8),
        ),
        iris=(246.3, 103.5),
    ),
)


class Eye:
    """One eye's part of the picture: everything that does not change is computed once."""

    def __init__(self, opening: Opening, portrait: Image, scale: float, origin: tuple[float, float]) -> None:
        across = [point[0] for point in opening.upper]
        top = min(point[1] for point in opening.upper) - ABOVE
        bottom = max(point[1] for point in opening.lower) + BELOW
        self._scale = scale
        self.left = round((across[0] - BESIDE - origin[0]) * scale)
        self.top = round((top - origin[1]) * scale)
        width = round((across[-1] - across[0] + 2 * BESIDE) * scale)
        height = round((bottom - top) * scale)
        self._skin = portrait[self.top : self.top + height, self.left : self.left + width].copy()
        # Where each pixel's middle lies in the portrait.
        self._x = ((np.arange(width, dtype=np.float32) + self.left + 0.5) / scale + origin[0])[None, :]
        self._y = ((np.arange(height, dtype=np.float32) + self.top + 0.5) / scale + origin[1])[:, None]
        self._upper = np.interp(self._x, *np.array(opening.upper).T).astype(np.float32)
        self._lower = np.interp(self._x, *np.array(opening.lower).T).astype(np.float32)
        middle = np.clip((self._x - across[0]) / (across[-1] - across[0]), 0, 1)
        self._bulge = (4 * middle * (1 - middle)) ** 0.7
        self._corner = (1 - (4 * middle * (1 - middle)) ** 0.5).astype(np.float32)
        self._rest = opening.iris
        self._edges = (np.float32(self._y[0, 0]), np.float32(self._y[-1, 0]))

    def draw(self, picture: Image, pose: Pose) -> None:
        """Paint this eye into the upright picture."""
        right, down = turned(pose)
        lower = self._lower + self._bulge * np.float32(LOWER_LID_FOLLOWS * down)
        follows = self._upper + self._bulge * np.float32(UPPER_LID_FOLLOWS * down)
        upper = np.minimum(follows, lower)
        upper = upper + np.float32(pose.lids) * (lower - upper)
        skin = self._stretched(upper, lower)
        inside = _soft((self._y - upper) * self._scale) * _soft((lower - self._y) * self._scale)
        ball = self._ball(right, down, upper)
        mixed = skin + inside[..., None] * (ball - skin)
        height, width = mixed.shape[:2]
        picture[self.top : self.top + height, self.left : self.left + width] = mixed.astype(np.uint8)

    def _stretched(self, upper: Plane, lower: Plane) -> Plane:
        """The skin around the opening, drawn along by the lids."""
        top, bottom = self._edges
        y = np.broadcast_to(self._y, (self._y.shape[0], self._x.shape[1]))
        above = top + (y - top) * (self._upper - LASHES - top) / (upper - LASHES - top)
        lid = y + self._upper - upper
        below = bottom - (bottom - y) * (bottom - self._lower) / (bottom - lower)
        source = np.where(
            y < upper - LASHES, above, np.where(y < (upper + lower) / 2, np.minimum(lid, self._upper), below)
        )
        rows = ((source - top) * self._scale).astype(np.float32)
        columns = np.broadcast_to(np.arange(rows.shape[1], dtype=np.float32)[None, :], rows.shape)
        moved = cv2.remap(self._skin, np.ascontiguousarray(columns), rows, cv2.INTER_LINEAR)
        return np.asarray(moved, np.float32)

    def _ball(self, right: float, down: float, upper: Plane) -> Plane:
        """The eyeball: white, iris, pupil, two reflections, and the shadow of the lid."""
        x = self._x - np.float32(self._rest[0] + right)
        y = self._y - np.float32(self._rest[1] + down)
        across = np.sqrt(1 - (right / EYEBALL_RADIUS) ** 2)
        along = np.sqrt(1 - (down / EYEBALL_RADIUS) ** 2)
        radius = np.sqrt((x / np.float32(across)) ** 2 + (y / np.float32(along)) ** 2)
        per_pixel = np.float32(self._scale)
        iris = _soft((IRIS_RADIUS - radius) * per_pixel * 0.7)
        pupil = _soft((0.42 * IRIS_RADIUS - radius) * per_pixel * 0.7)
        rim = np.clip((radius / IRIS_RADIUS - 0.7) / 0.3, 0, 1) * iris
        lit = 1 - 0.35 * np.clip(1 - (self._y - upper) / 3.0, 0, 1) - 0.35 * self._corner
        white = SCLERA * lit[..., None]
        brown = BROWN * (1 + 0.3 * np.clip(y / IRIS_RADIUS, -1, 1))[..., None]
        ball = white + iris[..., None] * (brown - white)
        ball += (0.6 * rim + 0.95 * pupil)[..., None].clip(0, 1) * (DARK - ball)
        for glint_x, glint_y, size, strength in ((-0.5, -0.6, 0.9, 0.9), (2.2, 0.4, 0.8, 0.5)):
            # A reflection on the cornea moves about half as far as the iris.
            away = np.hypot(x - glint_x + right / 2, y - glint_y + down / 2)
            ball += (strength * iris * _soft((size - away) * per_pixel * 0.6))[..., None] * (235 - ball)
        return np.asarray(ball, np.float32)


class Face:
    """Renders frames of one size."""

    def __init__(self, width: int, height: int, seed: int = 1) -> None:
        self._size = (width, height)
        self._scale = FACE_SHARE * width / FACE_WIDTH
        half = (width / self._scale / 2, height / self._scale / 2)
        margin = 6.0
        self._origin = (FACE_CENTRE[0] - half[0] - margin, FACE_CENTRE[1] - half[1] - margin)
        self._picture = self._enlarged(margin)
        self._eyes = [Eye(opening, self._picture, self._scale, self._origin) for opening in OPENINGS]
        self._brows, self._corners = (
            [Patch(muscle, self._scale, self._origin) for muscle in muscles] for muscles in (BROWS, CORNERS)
        )
        self._random = np.random.default_rng(seed)
        self._noise = self._random.normal(0.0, 2.0, (4, height + 64, width + 64)).astype(np.int8)
        self._wall = np.full((height, width, 3), (196, 186, 184), np.uint8)

    def frame(self, pose: Pose | None) -> Image:
        """Height x width x 3 RGB; without a pose, the room without the person."""
        if pose is None:
            return self._noisy(self._wall)
        for eye in self._eyes:
            eye.draw(self._picture, pose)
        whole = self._pulled(pose)
        width, height = self._size
        shift_x, shift_y, roll, growth = pose.head
        cosine, sine = (1 + growth) * np.cos(roll), (1 + growth) * np.sin(roll)
        turned_by = np.array([[cosine, sine], [-sine, cosine]])
        middle = np.array(whole.shape[1::-1]) / 2
        moved_by = np.array([shift_x, shift_y]) * FACE_WIDTH * self._scale
        turn = np.column_stack([turned_by, np.array([width, height]) / 2 - turned_by @ middle + moved_by])
        moved = cv2.warpAffine(whole, turn, self._size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return self._noisy(np.asarray(moved, np.uint8))

    def _pulled(self, pose: Pose) -> Image:
        """The upright picture with the skin where muscles have drawn it; the picture itself stays at rest."""
        if not pose.brows and not pose.cheeks:
            return self._picture
        whole = self._picture.copy()
        for patches, tension in ((self._brows, pose.brows), (self._corners, pose.cheeks)):
            for patch in patches:
                patch.draw(whole, tension)
        return whole

    def _noisy(self, picture: Image) -> Image:
        """Sensor noise, the same in all colours: most of it is in the light, and one plane is cheap."""
        bank = int(self._random.integers(len(self._noise)))
        down, right = (int(value) for value in self._random.integers(0, 64, 2))
        height, width = picture.shape[:2]
        grain = self._noise[bank, down : down + height, right : right + width]
        return np.asarray(cv2.add(picture, cv2.merge([grain, grain, grain]), dtype=cv2.CV_8U), np.uint8)

    def _enlarged(self, margin: float) -> Image:
        """The part of the portrait that a frame shows, with a margin for a moving head, at the frame's scale."""
        width, height = (round(size + 2 * margin * self._scale) for size in self._size)
        # warpAffine maps pixel middles: portrait = (frame + 0.5) / scale + origin - 0.5.
        offset = 0.5 / self._scale - 0.5
        matrix = np.array(
            [[1 / self._scale, 0, self._origin[0] + offset], [0, 1 / self._scale, self._origin[1] + offset]]
        )
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        portrait = skimage.data.astronaut()  # type: ignore[no-untyped-call]
        enlarged = cv2.warpAffine(portrait, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(enlarged, np.uint8)


def turned(pose: Pose) -> tuple[float, float]:
    """How far the iris moves in the picture, right and down, in pixels of the portrait.

    The camera faces the person, so eyes that go to the left of the screen go to the right of the picture.
    """
    right = -EYEBALL_RADIUS * np.sin((pose.x - 0.5) * 2 * HALF_SCREEN_RADIANS[0])
    down = EYEBALL_RADIUS * np.sin((pose.y - 0.5) * 2 * HALF_SCREEN_RADIANS[1])
    return float(right), float(down)


def _soft(pixels: npt.NDArray[np.floating]) -> Plane:
    """An edge that is one pixel wide: 0 outside, 1 inside."""
    return np.asarray(np.clip(pixels + 0.5, 0, 1), np.float32)
