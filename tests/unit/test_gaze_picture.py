"""Pictures that say nothing: dark, bright, torn, of no shape, without numbers; each by its own name."""

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import face
from unit.gaze_lens import ROOM
from vybor.contracts.messages import Trouble
from vybor.gaze.faces import picture
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.sides import BOTH
from world.camera.face import Face as Drawn
from world.camera.person import Pose

WIDTH, HEIGHT = 320, 240


def drawn(gain: float = 1.0, more: float = 0.0) -> np.ndarray:
    """The person before the camera, in other light."""
    lit = Drawn(WIDTH, HEIGHT).frame(Pose(0.5, 0.5, 0.0)).astype(np.float32) * gain + more
    return np.clip(lit, 0, 255).astype(np.uint8)


def torn(grey: int) -> np.ndarray:
    """The lower half never came."""
    rgb = drawn()
    rgb[HEIGHT // 2 :] = grey
    return rgb


def without_eyes(**changes: object) -> Face:
    return msgspec.structs.replace(face(), **changes)


@pytest.mark.parametrize(
    ("rgb", "named"),
    [
        (drawn(), None),
        (ROOM, None),
        (drawn(gain=0.3), None),
        (drawn(gain=0.08), Trouble.PICTURE_DARK),
        (np.zeros((HEIGHT, WIDTH, 3), np.uint8), Trouble.PICTURE_DARK),
        (drawn(gain=6.0), Trouble.PICTURE_BRIGHT),
        (drawn(gain=0.05, more=240), Trouble.PICTURE_BRIGHT),
        (np.full((HEIGHT, WIDTH, 3), 255, np.uint8), Trouble.PICTURE_BRIGHT),
        (torn(128), Trouble.PICTURE_BROKEN),
        (np.full((HEIGHT, WIDTH, 3), 128, np.uint8), Trouble.PICTURE_BROKEN),
        (np.zeros((HEIGHT, WIDTH), np.uint8), Trouble.PICTURE_BROKEN),
        (np.zeros((HEIGHT, WIDTH, 4), np.uint8), Trouble.PICTURE_BROKEN),
        (np.full((HEIGHT, WIDTH, 3), np.nan), Trouble.PICTURE_BROKEN),
        (np.zeros((0, 0, 3), np.uint8), Trouble.PICTURE_BROKEN),
    ],
)
def test_what_is_wrong_is_named(rgb: np.ndarray, named: Trouble | None) -> None:
    assert picture.fault(rgb) == named


def test_black_bars_of_a_telephones_camera_tear_nothing() -> None:
    rgb = drawn()
    rgb[: HEIGHT // 4] = rgb[-HEIGHT // 4 :] = 0
    assert picture.fault(rgb) is None


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (face(), None),
        (face(scale=0.25), Trouble.EYES_SMALL),
        (face(scale=3.0), Trouble.NOBODY_SEEN),
        (without_eyes(contrast=np.array([40.0, 2.0]), light=np.array([120.0, 12.0])), Trouble.PICTURE_DARK),
        (without_eyes(contrast=np.array([2.0, 40.0]), light=np.array([250.0, 120.0])), Trouble.PICTURE_BRIGHT),
        (without_eyes(light=np.array([120.0, 230.0])), Trouble.PICTURE_BRIGHT),
        (without_eyes(contrast=np.array([2.0, 40.0])), Trouble.PICTURE_BROKEN),
    ],
)
def test_eyes_that_cannot_be_seen_are_no_eyes(seen: Face, named: Trouble | None) -> None:
    assert picture.unseen(seen, BOTH, closed=False) == named


def test_an_eye_that_does_not_count_may_be_covered() -> None:
    covered = without_eyes(contrast=np.array([2.0, 40.0]))
    assert picture.unseen(covered, (1,), closed=False) is None
    assert picture.unseen(covered, (0,), closed=False) is Trouble.PICTURE_BROKEN


def test_closed_lids_are_even_and_no_fault_of_the_picture() -> None:
    even = without_eyes(contrast=np.array([2.0, 2.0]))
    assert picture.unseen(even, BOTH, closed=True) is None
    dark = without_eyes(contrast=np.array([2.0, 2.0]), light=np.array([9.0, 9.0]))
    assert picture.unseen(dark, BOTH, closed=True) is Trouble.PICTURE_DARK


@pytest.mark.parametrize("part", ["points", "pose", "eyes"])
def test_a_face_of_no_numbers_is_none(part: str) -> None:
    assert picture.is_whole(face())
    broken = getattr(face(), part).copy()
    broken[-1, -1] = np.nan
    assert not picture.is_whole(msgspec.structs.replace(face(), **{part: broken}))


def test_a_shape_of_no_number_is_none() -> None:
    shapes = {**face().blendshapes, "eyeBlinkLeft": float("nan")}
    assert not picture.is_whole(msgspec.structs.replace(face(), blendshapes=shapes))


def test_every_fault_has_its_remedy() -> None:
    named = {Trouble.NOBODY_SEEN, Trouble.PICTURE_DARK, Trouble.PICTURE_BRIGHT, Trouble.PICTURE_BROKEN}
    assert named | {Trouble.EYES_SMALL, Trouble.PHOTOGRAPH, Trouble.SOMEBODY_ELSE} == set(picture.REMEDIES)
