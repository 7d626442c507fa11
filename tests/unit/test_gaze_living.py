"""A face that neither blinks nor moves its eyes is a photograph; one that hardly does is a person."""

import math
from collections.abc import Iterable

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import EYE_WIDTH, face
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.living import GAP_NS, MOVED, STANDS_NS, SWAYS_NS, Life, step, watched

FRAME_NS = seconds(1 / 15)
STILL = round(STANDS_NS / FRAME_NS) + 8
HELD = round(SWAYS_NS / FRAME_NS) + 8


def noisy(count: int, seed: int = 1) -> list[Face]:
    """What the landmarker makes of a still picture."""
    random = np.random.default_rng(seed)
    irises = random.normal(0.0, MOVED / 10, (count, 2))
    lids = 0.3 + random.normal(0.0, MOVED / 10, count)
    return [
        face(iris=(float(x), float(y)), opening=(float(high), float(high)))
        for (x, y), high in zip(irises, lids, strict=True)
    ]


def after(faces: Iterable[Face], life: Life | None = None, *, closed: bool = False) -> Life:
    life = life or Life()
    for one in faces:
        life = step(life, one, life.at_ns + FRAME_NS, closed=closed)
    return life


def test_a_still_picture_is_one_after_half_a_minute_and_not_before() -> None:
    assert not after(noisy(STILL - 8)).is_still
    assert after(noisy(STILL)).is_still
    assert after(noisy(20 * STILL)).is_still


def test_a_blink_of_a_single_frame_heals_at_once() -> None:
    still = after(noisy(2 * STILL))
    assert not after([face(opening=(0.1, 0.1), blink=0.5)], still).is_still
    assert not after([face(opening=(0.1, 0.1), blink=0.5), *noisy(STILL // 2)], still).is_still


@pytest.mark.parametrize(
    "moved",
    [
        face(iris=(2 * MOVED, 0.0)),
        face(iris=(0.0, -2 * MOVED)),
        face(opening=(0.3 + 2 * MOVED, 0.3)),
    ],
)
def test_eyes_that_moved_a_little_live(moved: Face) -> None:
    assert not after([*noisy(STILL - 20), *[moved] * 6, *noisy(STILL - 20)]).is_still


@pytest.mark.parametrize(("eye_pixels", "is_picture"), [(20.0, True), (50.0, False)])
def test_places_of_small_eyes_stray_by_more_on_a_picture(eye_pixels: float, is_picture: bool) -> None:
    seen = [face(iris=(x, 0.0), scale=eye_pixels / EYE_WIDTH) for x in (0.0, 0.06) for _ in range(STILL // 2 + 4)]
    assert after(seen).is_still is is_picture


def test_who_stares_and_drifts_slowly_lives() -> None:
    """No blink in two minutes, and eyes that wander by a 25th of their width in half a minute."""
    drifting = [face(iris=(0.04 * number / STILL, 0.0)) for number in range(4 * STILL)]
    life = Life()
    for one in drifting:
        life = step(life, one, life.at_ns + FRAME_NS, closed=False)
        assert not life.is_still


def swaying(count: int) -> list[Face]:
    """A picture in somebody's hand, or a head that breathes."""
    moved = []
    for number, one in enumerate(noisy(count)):
        away = np.array([3 * math.sin(number / 20), 2 * math.cos(number / 25), 0.0], np.float32)
        moved.append(msgspec.structs.replace(one, points=one.points + away))
    return moved


def test_a_face_that_sways_has_two_minutes() -> None:
    """It may be a head whose eyes stare."""
    assert not after(swaying(HELD - 20)).is_still
    assert after(swaying(HELD)).is_still


def test_a_picture_that_is_pushed_stays_one() -> None:
    still = after(noisy(STILL))
    assert after(swaying(40), still).is_still


def test_who_sleeps_is_no_photograph() -> None:
    assert not after(noisy(3 * STILL), closed=True).is_still


def test_a_photograph_is_watched_while_it_is_there() -> None:
    still = after(noisy(STILL))
    assert watched(still, still.at_ns + FRAME_NS)
    assert not watched(still, still.at_ns + GAP_NS + FRAME_NS)
    assert not watched(after(noisy(20)), 21 * FRAME_NS)


def test_who_comes_back_has_half_a_minute_again() -> None:
    still = after(noisy(STILL))
    came = step(still, face(), still.at_ns + GAP_NS + FRAME_NS, closed=False)
    assert not came.is_still
    assert after(noisy(STILL), came).is_still


def test_what_never_lived_is_a_portrait_and_who_did_stares() -> None:
    assert not after(noisy(STILL)).lived
    for sign in ([face(opening=(0.1, 0.1), blink=0.5)], [face(iris=(2 * MOVED, 0.0))] * 6):
        stares = after([*noisy(20), *sign, *noisy(2 * STILL)])
        assert (stares.is_still, stares.lived) == (True, True)
    slept = after(noisy(STILL), after([face()], after([face()]), closed=True))
    assert (slept.is_still, slept.lived) == (True, True)


def test_another_portrait_is_no_life_of_the_first() -> None:
    away = np.array([200.0, 0.0, 0.0], np.float32)
    other = [face(iris=(4 * MOVED, 0.0), opening=(0.2, 0.2))] * 40
    other = [msgspec.structs.replace(one, points=one.points + away) for one in other]
    after_it = after(other, after(noisy(STILL)))
    assert (after_it.is_still, after_it.lived) == (True, False)
    assert not after([msgspec.structs.replace(one, points=one.points + away) for one in noisy(1)], after_it).lived
