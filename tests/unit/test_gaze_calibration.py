"""Nine dots: only what was seen while the dot was shown counts, and a bad dot is shown again by itself."""

import msgspec
import numpy as np
import pytest

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import WhichEyes
from vybor.gaze.faces.features import IRIS_COLUMNS, NAMES
from vybor.gaze.looks import calibration as c

FRAME_NS = seconds(1 / 15)
AFTER_SETTLING = seconds(0.5)


class Sitting:
    """A person, a display and a calibration, frame by frame."""

    def __init__(self, eyes: WhichEyes = WhichEyes.BOTH) -> None:
        self.now_ns = seconds(100)
        self.state = c.begin(self.now_ns, eyes=eyes)
        self.wanders: list[int] = []
        self.random = np.random.default_rng(1)
        self.shown = m.Shown(at_ns=0, screen=None)

    def show(self, **changes: int | None) -> None:
        """The display shows the dot asked for, unless told otherwise, and says so."""
        target = msgspec.structs.replace(c.target(self.state, self.now_ns), **changes)
        self.shown = m.Shown(at_ns=self.now_ns, screen=None, target=target)
        self.state = c.shown(self.state, self.shown, self.now_ns)

    def row(self, spread: float = 0.001) -> np.ndarray:
        row = np.zeros(len(NAMES), np.float32)
        row[IRIS_COLUMNS] = self.random.normal(0.0, spread, len(IRIS_COLUMNS))
        row[self.wanders] += self.random.uniform(-0.2, 0.2, len(self.wanders))
        return row

    def frames(self, count: int, spread: float = 0.001, *, display_speaks: bool = True) -> None:
        for _ in range(count):
            self.now_ns += FRAME_NS
            if display_speaks:
                self.state = c.shown(self.state, self.shown, self.now_ns)
            self.state = c.sampled(self.state, self.row(spread), self.now_ns, self.now_ns)

    def dot(self, spread: float = 0.001) -> None:
        """Show the dot, let the eye settle, take enough samples."""
        self.show()
        self.now_ns += AFTER_SETTLING
        self.frames(c.SAMPLES, spread)


def test_nine_calm_dots_make_a_calibration() -> None:
    sitting = Sitting()
    for _ in c.DOTS:
        sitting.dot()
    assert sitting.state.finished
    looks = c.looks(sitting.state, number=7)
    assert [(look.x, look.y) for look in looks] == list(c.DOTS)
    assert {len(look.rows) for look in looks} == {c.SAMPLES}
    assert {look.calibration for look in looks} == {7}
    assert c.target(sitting.state, 0).dot is None


def test_no_sample_counts_before_the_display_shows_the_dot() -> None:
    sitting = Sitting()
    sitting.frames(40)
    sitting.show(dot=3)
    sitting.frames(40)
    assert sitting.state.rows == ()


def test_no_sample_counts_while_the_eye_is_on_its_way() -> None:
    sitting = Sitting()
    sitting.show()
    sitting.frames(5)
    assert sitting.state.rows == ()
    sitting.frames(3)
    assert len(sitting.state.rows) == 3


def test_a_frame_captured_before_the_dot_came_does_not_count() -> None:
    sitting = Sitting()
    early_ns = sitting.now_ns - 1
    sitting.show()
    sitting.now_ns += AFTER_SETTLING
    sitting.state = c.sampled(sitting.state, sitting.row(), early_ns, sitting.now_ns)
    assert sitting.state.rows == ()


def test_no_sample_counts_when_the_display_falls_silent_or_shows_something_else() -> None:
    sitting = Sitting()
    sitting.show()
    sitting.now_ns += c.DISPLAY_SILENT_NS
    sitting.frames(5, display_speaks=False)
    assert sitting.state.rows == ()
    sitting.show()
    sitting.frames(3)
    assert len(sitting.state.rows) == 3
    sitting.show(dot=None)
    sitting.frames(3)
    assert len(sitting.state.rows) == 3


def test_a_restless_dot_is_shown_again_by_itself_and_then_counts() -> None:
    sitting = Sitting()
    sitting.dot(spread=0.1)
    assert (sitting.state.dot, sitting.state.tries, sitting.state.rows) == (0, 2, ())
    sitting.dot()
    assert sitting.state.dot == 1
    assert [dot for dot, _ in sitting.state.good] == [0]


def test_the_eye_settles_anew_for_the_second_try() -> None:
    sitting = Sitting()
    sitting.dot(spread=0.1)
    sitting.show()
    sitting.frames(5)
    assert sitting.state.rows == ()


def test_after_three_tries_the_dot_is_left_out() -> None:
    sitting = Sitting()
    for _ in range(c.TRIES):
        sitting.dot(spread=0.1)
    assert (sitting.state.dot, sitting.state.good) == (1, ())
    for _ in c.DOTS[1:]:
        sitting.dot()
    assert [look.x for look in c.looks(sitting.state, 1)] == [x for x, _ in c.DOTS[1:]]


def test_too_few_good_dots_are_no_calibration() -> None:
    sitting = Sitting()
    for number in range(len(c.DOTS)):
        for _ in range(c.TRIES if number < 3 else 1):
            sitting.dot(spread=0.1 if number < 3 else 0.001)
    assert sitting.state.finished
    assert c.looks(sitting.state, 1) == []


def test_one_wild_sample_is_dropped() -> None:
    rows = np.array([Sitting().row() for _ in range(12)])
    rows[4, IRIS_COLUMNS] += 0.2
    kept = c.agreeing(rows)
    assert kept is not None
    assert len(kept) == 11


def test_two_places_in_one_dot_are_a_bad_dot() -> None:
    rows = np.array([Sitting().row() for _ in range(12)])
    rows[6:, IRIS_COLUMNS[0]] += 0.15
    rows[6:, IRIS_COLUMNS[2]] += 0.15
    assert c.agreeing(rows) is None


def test_it_is_given_up_when_nobody_looks() -> None:
    sitting = Sitting()
    sitting.dot()
    patient = c.waited(sitting.state, sitting.now_ns + c.PATIENCE_NS)
    assert not patient.given_up
    left = c.waited(sitting.state, sitting.now_ns + c.PATIENCE_NS + 1)
    assert left.given_up
    assert c.target(left, 0).dot is None
    assert c.looks(left, 1) == []


@pytest.mark.parametrize("count", [0, 3, 11])
def test_progress_is_the_share_of_samples(count: int) -> None:
    sitting = Sitting()
    sitting.show()
    sitting.now_ns += AFTER_SETTLING
    sitting.frames(count)
    target = c.target(sitting.state, sitting.now_ns)
    assert (target.dot, target.dots, target.x, target.y) == (0, 9, 0.5, 0.5)
    assert target.progress == pytest.approx(count / c.SAMPLES)


@pytest.mark.parametrize(("eyes", "good"), [(WhichEyes.BOTH, 0), (WhichEyes.RIGHT, 0), (WhichEyes.LEFT, 9)])
def test_an_eye_that_wanders_spoils_no_dot_where_the_other_counts(eyes: WhichEyes, good: int) -> None:
    sitting = Sitting(eyes)
    sitting.wanders = [column for column in IRIS_COLUMNS if NAMES[column].endswith("_left")]
    for _ in range(len(c.DOTS) * c.TRIES):
        if not sitting.state.finished:
            sitting.dot()
    assert sitting.state.finished
    assert len(sitting.state.good) == good


def test_where_either_may_stand_alone_one_that_is_calm_is_enough() -> None:
    sitting = Sitting(WhichEyes.AUTO)
    sitting.wanders = [column for column in IRIS_COLUMNS if NAMES[column].endswith("_right")]
    for _ in c.DOTS:
        sitting.dot()
    assert len(sitting.state.good) == len(c.DOTS)
    sitting = Sitting(WhichEyes.AUTO)
    sitting.wanders = IRIS_COLUMNS
    sitting.dot()
    assert sitting.state.good == ()


def test_a_dot_of_this_number_in_another_place_is_another_dot() -> None:
    """A display that is late shows that of the calibration before."""
    sitting = Sitting()
    sitting.show(x=0.2, y=0.2)
    sitting.now_ns += AFTER_SETTLING
    sitting.frames(c.SAMPLES)
    assert sitting.state.dot == 0
    assert sitting.state.rows == ()
    sitting.dot()
    assert sitting.state.dot == 1


def test_what_the_display_showed_before_this_dot_began_does_not_settle_the_eye() -> None:
    sitting = Sitting()
    sitting.shown = m.Shown(at_ns=sitting.now_ns - seconds(9), screen=None, target=c.target(sitting.state, 0))
    sitting.frames(5)
    assert sitting.state.rows == ()


def test_a_dot_needs_eight_samples_that_agree() -> None:
    rows = np.zeros((c.SAMPLES, len(NAMES)), np.float32)
    rows[: c.SAMPLES - c.LEAST_GOOD, IRIS_COLUMNS[0]] = 0.3
    kept = c.agreeing(rows)
    assert kept is not None
    assert len(kept) == c.LEAST_GOOD
    rows[c.SAMPLES - c.LEAST_GOOD, IRIS_COLUMNS[0]] = 0.3
    assert c.agreeing(rows) is None
