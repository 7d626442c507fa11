"""One frame at a time: what is published about the eyes, and when a frame is worth looking at."""

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import face
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.features import LANDMARKS, NAMES, is_of_head
from vybor.gaze.points import seeing as s
from vybor.gaze.points.likeness import Likeness
from vybor.gaze.points.model import GazeModel, Lines
from vybor.points.fixation import Noise

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


DARK = msgspec.structs.replace(face(), contrast=np.array([1.0, 1.0]), light=np.array([9.0, 9.0]))
NAN = msgspec.structs.replace(face(), points=np.full((478, 3), np.nan, np.float32))


@pytest.mark.parametrize(
    ("seen", "named"),
    [(DARK, m.Trouble.PICTURE_DARK), (NAN, m.Trouble.NOBODY_SEEN), (None, m.Trouble.NOBODY_SEEN)],
)
def test_what_cannot_be_seen_is_no_look_and_no_sample(seen: Face | None, named: m.Trouble) -> None:
    for known in (model(), None):
        seeing, sights = watch([*[face()] * 3, *[seen] * 60], known)
        assert sights[2].row is not None
        assert {sight.gaze.eyes for sight in sights[3:]} == {m.Eyes.ABSENT}
        assert {(sight.gaze.point, sight.row) for sight in sights[3:]} == {(None, None)}
        assert s.nobody(seeing, 63 * FRAME_NS)
        assert seeing.why is named


def test_a_fault_that_comes_and_goes_is_one() -> None:
    seeing, named = s.Seeing(), []
    for number in range(30):
        gaze = m.Gaze(at_ns=(number + 1) * FRAME_NS, at_sd_ns=0, eyes=m.Eyes.ABSENT)
        seeing, _ = s.step(seeing, None, gaze, None, m.Trouble.PICTURE_DARK if number % 5 == 0 else None)
        named.append(seeing.why)
    assert set(named) == {m.Trouble.PICTURE_DARK}
    gaze = m.Gaze(at_ns=30 * FRAME_NS + s.WHY_NS, at_sd_ns=0, eyes=m.Eyes.ABSENT)
    assert s.step(seeing, None, gaze, None)[0].why is m.Trouble.NOBODY_SEEN


def test_after_a_torn_picture_the_next_one_is_looked_at_at_once() -> None:
    seeing, _ = watch([face(), None], model())
    assert s.due(seeing, 3 * FRAME_NS)
    assert not s.due(watch([None], model())[0], 2 * FRAME_NS)
    gone, _ = watch([face(), *[None] * 20], model())
    assert not s.due(gone, 22 * FRAME_NS)


def test_a_photograph_is_nobody_until_it_blinks() -> None:
    stands = 15 * 31
    seeing, sights = watch([face()] * (stands + 50), model())
    assert sights[440].gaze.point is not None
    assert (sights[-1].gaze.eyes, sights[-1].gaze.point, sights[-1].row) == (m.Eyes.ABSENT, None, None)
    assert s.nobody(seeing, (stands + 50) * FRAME_NS)
    assert seeing.why is m.Trouble.PHOTOGRAPH
    assert s.due(seeing, (stands + 50) * FRAME_NS + 1)  # a blink is short: every frame is looked at
    _, healed = watch([face()] * (stands + 50) + [SHUT] + [face()] * 4, model())
    assert healed[stands + 50].gaze.eyes is m.Eyes.CLOSED
    assert healed[-1].gaze.point is not None


def test_an_eye_that_was_covered_since_gives_no_look_and_serves_the_next_dots() -> None:
    covered = msgspec.structs.replace(face(), contrast=np.array([40.0, 1.0]), light=np.array([120.0, 20.0]))
    seeing, sights = watch([*[face()] * 3, *[covered] * 3], model())
    assert (sights[-1].gaze.eyes, sights[-1].gaze.point) == (m.Eyes.ABSENT, None)
    assert sights[-1].row is not None
    assert seeing.why is m.Trouble.PICTURE_DARK
    _, sights = watch([covered] * 3, None)
    assert sights[-1].gaze.eyes is m.Eyes.OPEN
    assert sights[-1].row is not None


def test_with_one_eye_the_other_may_be_covered_and_tells_nothing() -> None:
    """The left eye in the picture, by which this model goes, is the person's right one."""
    alone = msgspec.structs.replace(model(), sides=(0,))
    one = face(iris=(0.04, 0.0))
    covered = msgspec.structs.replace(one, contrast=np.array([40.0, 1.0]))
    _, sights = watch([covered] * 3, alone)
    assert sights[-1].gaze.point is not None
    assert sights[-1].gaze.point.x == pytest.approx(0.7, abs=1e-4)
    _, sights = watch([covered] * 3, model())
    assert sights[-1].gaze.point is None
    _, sights = watch([msgspec.structs.replace(one, contrast=np.array([1.0, 40.0]))] * 3, alone)
    assert sights[-1].gaze.point is None
    winks = face(opening=(0.03, 0.3))
    _, sights = watch([one] * 5 + [winks], alone)
    assert sights[-1].gaze.eyes is m.Eyes.CLOSED
    _, sights = watch([one] * 5 + [winks], model())
    assert sights[-1].gaze.eyes is m.Eyes.OPEN


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
