"""One frame at a time: what is published about the eyes, and when a frame is worth looking at."""

import numpy as np
import pytest

from unit.gaze_faces import face
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.features import LANDMARKS, NAMES, is_of_head
from vybor.gaze.points import seeing as s
from vybor.gaze.points.fixation import Noise
from vybor.gaze.points.likeness import Likeness
from vybor.gaze.points.model import GazeModel, Lines

FRAME_NS = seconds(1 / 15)
SHUT = face(opening=(0.04, 0.04), blink=0.6)


def model() -> GazeModel:
    """Half a screen to each 0.1 of the left iris."""
    weights = np.zeros((LANDMARKS, 2))
    weights[NAMES.index("iris_x_left"), 0] = 5.0
    weights[NAMES.index("iris_y_left"), 1] = 5.0
    quiet, lines = Noise(0.01, 0.01), Lines(weights, np.array([0.5, 0.5]))
    return GazeModel(
        alone=lines,
        beside=lines,
        known=Likeness(np.zeros((1, len(NAMES)))),
        alike=np.zeros((1, 2)),
        first=np.zeros(2),
        last=np.ones(2),
        bias=quiet,
        noise=quiet,
        spread=quiet,
    )


def watch(faces: list[Face | None], known: GazeModel | None) -> tuple[s.Seeing, list[s.Sight]]:
    seeing, sights = s.Seeing(), []
    for number, one in enumerate(faces):
        gaze = m.Gaze(at_ns=(number + 1) * FRAME_NS, at_sd_ns=7, eyes=m.Eyes.ABSENT, landmark_ns=11)
        seeing, sight = s.step(seeing, one, gaze, known)
        sights.append(sight)
    return seeing, sights


def test_open_eyes_have_a_point_with_its_error_and_its_times() -> None:
    _, sights = watch([face(iris=(0.04, -0.02))] * 3, model())
    gaze = sights[-1].gaze
    assert gaze.eyes is m.Eyes.OPEN
    assert gaze.point is not None
    assert (gaze.point.x, gaze.point.y) == pytest.approx((0.7, 0.4), abs=1e-4)
    assert 0.01 < gaze.point.sd_x < 0.02
    assert (gaze.at_ns, gaze.at_sd_ns, gaze.landmark_ns) == (3 * FRAME_NS, 7, 11)


def test_without_a_model_there_is_no_point_but_features_for_the_calibration() -> None:
    _, sights = watch([face()] * 2, None)
    assert sights[-1].gaze.eyes is m.Eyes.OPEN
    assert sights[-1].gaze.point is None
    assert sights[-1].row is not None


def test_shut_eyes_and_flanks_have_neither_point_nor_features() -> None:
    half = face(opening=(0.18, 0.18), blink=0.3)
    _, sights = watch([face()] * 5 + [half, SHUT, SHUT, face(), face(), face()], model())
    assert [sight.gaze.eyes.value for sight in sights[5:]] == ["open", "closed", "closed", "open", "open", "open"]
    assert [sight.gaze.point is not None for sight in sights[4:]] == [True] + [False] * 5 + [True]
    assert all((sight.row is None) == (sight.gaze.point is None) for sight in sights)


def test_nobody_is_absent_and_a_while_later_that_is_a_trouble() -> None:
    seeing, sights = watch([face(), None], model())
    assert (sights[-1].gaze.eyes, sights[-1].gaze.point) == (m.Eyes.ABSENT, None)
    assert not s.nobody(seeing, 2 * FRAME_NS + s.NOBODY_AFTER_NS - 1)
    assert s.nobody(seeing, 2 * FRAME_NS + s.NOBODY_AFTER_NS)
    back, _ = watch([face(), None, face()], model())
    assert not s.nobody(back, seconds(60))


def test_two_frames_a_second_are_enough_for_an_empty_chair() -> None:
    empty, _ = watch([None], model())
    times = [FRAME_NS + n * FRAME_NS for n in range(1, 16)]
    assert [s.due(empty, at_ns) for at_ns in times].index(True) == 7
    somebody, _ = watch([face()], model())
    assert all(s.due(somebody, at_ns) for at_ns in times)
    assert s.due(s.Seeing(), 0)


def test_blinks_do_not_interrupt_being_at_ease_but_leaving_does() -> None:
    blinked, _ = watch([face(), SHUT, face()], None)
    assert blinked.open_ns == FRAME_NS
    left, _ = watch([face(), None, face()], None)
    assert left.open_ns == 3 * FRAME_NS


def test_a_tile_that_was_taken_moves_later_looks_until_another_model_is_fitted() -> None:
    known = model()
    seeing, sights = watch([face(iris=(0.04, -0.02))] * 15, known)
    fell = sights[-1].gaze.point
    assert fell is not None
    words = m.Area(left=fell.x - 0.15, top=fell.y - 0.13, right=fell.x + 0.05, bottom=fell.y + 0.07)
    told = m.LookedAt(at_ns=16 * FRAME_NS, area=words, from_ns=FRAME_NS, until_ns=15 * FRAME_NS)
    gaze = m.Gaze(at_ns=17 * FRAME_NS, at_sd_ns=7, eyes=m.Eyes.ABSENT)
    kept, sight = s.step(s.without_camera(s.looked(seeing, told)), face(iris=(0.04, -0.02)), gaze, known)
    moved = sight.gaze.point
    assert moved is not None
    assert fell.x - 0.05 < moved.x < fell.x
    assert fell.y - 0.03 < moved.y < fell.y
    _, fresh = s.step(kept, face(iris=(0.04, -0.02)), gaze, model())
    assert fresh.gaze.point is not None
    assert (fresh.gaze.point.x, fresh.gaze.point.y) == pytest.approx((fell.x, fell.y), abs=1e-4)


def test_without_a_model_a_tile_that_was_taken_teaches_nothing() -> None:
    words = m.Area(left=0.1, top=0.1, right=0.3, bottom=0.3)
    told = m.LookedAt(at_ns=2, area=words, from_ns=0, until_ns=1)
    assert s.looked(s.Seeing(), told) == s.Seeing()


def test_where_the_head_points_eyes_tell_nothing_but_that_they_are_open_or_closed() -> None:
    def rows(iris: float, yaw: float) -> list[np.ndarray | None]:
        seeing, seen = s.without_camera(s.Seeing(by_head=True)), []
        for number, one in enumerate([face(iris=(iris, 0.0), yaw=yaw), SHUT]):
            gaze = m.Gaze(at_ns=(number + 1) * FRAME_NS, at_sd_ns=0, eyes=m.Eyes.ABSENT)
            seeing, sight = s.step(seeing, one, gaze, None)
            seen.append(sight.row)
        return seen

    (ahead, shut), (aside, _), (turned, _) = rows(0.0, 0.1), rows(0.1, 0.1), rows(0.0, 0.3)
    assert shut is None
    np.testing.assert_array_equal(ahead, aside)
    assert ahead is not None
    assert turned is not None
    assert is_of_head(ahead)
    assert turned[NAMES.index("yaw")] - ahead[NAMES.index("yaw")] == pytest.approx(0.2, abs=1e-4)
