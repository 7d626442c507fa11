"""The eyes as small pictures: upright wherever the head is, the same in any light, and never out of the frame."""

import cv2
import numpy as np
import pytest

from unit.gaze_faces import face
from vybor.gaze.faces.face import EYE_COLUMNS, EYE_ROWS, EYES
from vybor.gaze.faces.patches import patches
from world.camera.face import Face as Drawn
from world.camera.person import Pose

WIDTH, HEIGHT = 640, 480


def drawn(iris: float, around: tuple[float, float] = (260.0, 200.0)) -> tuple[np.ndarray, np.ndarray]:
    """Two eyes with dark irises, and the landmarks of their corners."""
    picture = np.full((HEIGHT, WIDTH, 3), 190, np.uint8)
    points = face(iris=(iris, 0.0)).points.copy()
    points[:, :2] += np.array(around, np.float32) - np.array([260.0, 200.0], np.float32)
    for marks in EYES:
        x, y = points[list(marks.iris), :2].mean(axis=0)
        cv2.circle(picture, (round(float(x)), round(float(y))), 9, (60, 40, 20), -1, cv2.LINE_AA)
    return picture, points


def darkest(patch: np.ndarray) -> float:
    """The mean column of what is dark, in columns."""
    dark = np.clip(-patch, 0, None)
    return float((dark.sum(axis=0) @ np.arange(EYE_COLUMNS)) / dark.sum())


def test_each_is_of_one_size_and_even() -> None:
    seen = patches(*drawn(0.0))
    assert seen.shape == (2, EYE_ROWS, EYE_COLUMNS)
    assert seen.dtype == np.float32
    assert np.allclose(seen.mean(axis=(1, 2)), 0, atol=1e-5)
    assert np.allclose(seen.std(axis=(1, 2)), 1, atol=1e-4)


@pytest.mark.parametrize("iris", [-0.2, 0.0, 0.2])
def test_an_iris_is_where_it_is(iris: float) -> None:
    for patch in patches(*drawn(iris)):
        middle = (EYE_COLUMNS - 1) / 2 + iris * EYE_COLUMNS / 1.2
        assert darkest(patch) == pytest.approx(middle, abs=0.6)


@pytest.mark.parametrize(("degrees", "scale"), [(0, 1.0), (25, 1.0), (-40, 0.8), (10, 1.6), (0, 3.0)])
def test_rolling_and_nearing_the_head_change_little(degrees: float, scale: float) -> None:
    picture, points = drawn(0.15)
    turn = cv2.getRotationMatrix2D((260, 200), degrees, scale)
    turned = cv2.warpAffine(picture, turn, (WIDTH, HEIGHT), borderValue=(190, 190, 190))
    moved = points.copy()
    moved[:, :2] = points[:, :2] @ turn[:, :2].T + turn[:, 2]
    assert np.abs(patches(turned, moved) - patches(picture, points)).mean() < 0.15


def test_light_and_contrast_change_nothing() -> None:
    picture, points = drawn(0.1)
    dim = (picture * 0.4 + 20).astype(np.uint8)
    assert np.abs(patches(dim, points) - patches(picture, points)).max() < 0.1


def test_darkness_is_nothing_and_not_noise() -> None:
    _, points = drawn(0.0)
    dark = np.random.default_rng(1).integers(0, 2, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    assert np.abs(patches(dark, points)).max() < 1


@pytest.mark.parametrize("around", [(0.0, 0.0), (639.0, 479.0), (-300.0, 900.0)])
def test_a_face_at_the_edge_is_cut_off_there(around: tuple[float, float]) -> None:
    picture, points = drawn(0.0, around)
    assert np.isfinite(patches(picture, points)).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 640), (480, 1)])
def test_the_smallest_frame_will_do(size: tuple[int, int]) -> None:
    _, points = drawn(0.0)
    assert np.isfinite(patches(np.zeros((*size, 3), np.uint8), points)).all()


def test_eyes_without_width_show_one_colour() -> None:
    picture, points = drawn(0.0)
    assert np.isfinite(patches(picture, np.zeros_like(points))).all()


def test_a_persons_look_is_seen_in_it() -> None:
    """On the drawn portrait: left, right and down look different, and the same look looks the same."""
    portrait = Drawn(WIDTH, HEIGHT)
    points = face().points
    scale = WIDTH * 0.42 / 90
    origin = (226.0 - WIDTH / scale / 2, 122.0 - HEIGHT / scale / 2)
    corners = (((195.0, 101.5), (213.8, 103.6)), ((236.0, 105.0), (255.6, 103.8)))
    for marks, eye in zip(EYES, corners, strict=True):
        for corner, (x, y) in zip(marks.corners, eye, strict=True):
            points[corner, :2] = ((x - origin[0]) * scale, (y - origin[1]) * scale)
    left, right, again = (patches(portrait.frame(Pose(x, 0.5, 0.0)), points) for x in (0.1, 0.9, 0.1))
    assert np.abs(left - right).mean() > 5 * np.abs(left - again).mean()
    assert np.abs(left - right).mean() > 0.2
