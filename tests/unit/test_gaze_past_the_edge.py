"""A choice is confirmed at the edge of the screen: looks past the last dot go on, and come from it at once."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from unit.test_gaze_seeing import model as a_model
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.gaze.faces.features import features
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.looks.calibration import DOTS
from vybor.gaze.points import model
from vybor.gaze.points.model import Look, fit, predict
from vybor.gaze.sources.frames import Frame
from world.camera.face import Face
from world.camera.person import Body, Pose, Wish

LANDMARKER = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "nowhere")) / "face_landmarker.task"
needs_landmarker = pytest.mark.skipif(
    not LANDMARKER.is_file(), reason="needs the landmarker in $VYBOR_SHARE_FOR_TESTS"
)
FRAME_NS = seconds(1 / 15)
SETTLES, SAMPLES = 4, 6
LAST, EDGE, PAST = 0.94, 1.0, 1.1


class Sitter:
    """A drawn face before the landmarker, that has looked at the dots."""

    def __init__(self) -> None:
        self.drawn, self.finder, self.at_ns = Face(640, 480), Landmarker(LANDMARKER), 0
        self.body: Body | None = None
        self.model = fit([Look(x=x, y=y, rows=self.rows(x, y), calibration=1) for x, y in DOTS])

    def film(self, frames: int, x: float, y: float, *, eyes_open: bool = True) -> np.ndarray:
        found = []
        for _ in range(frames):
            self.at_ns += FRAME_NS
            wish = Wish(x=x, y=y, eyes_open=eyes_open)
            pose = self.body.pose(wish, self.at_ns / SECOND_NS) if self.body else Pose(x, y, 0.0)
            seen = self.finder.find(Frame(np.ascontiguousarray(self.drawn.frame(pose)), self.at_ns, 0))
            assert seen is not None
            found.append(features(seen))
        return np.array(found)

    def rows(self, x: float, y: float) -> np.ndarray:
        return self.film(SETTLES + SAMPLES, x, y)[SETTLES:]


@pytest.fixture(scope="module")
def sitter() -> Iterator[Sitter]:
    made = Sitter()
    yield made
    made.finder.close()


@needs_landmarker
def test_looks_past_the_last_dot_go_on(sitter: Sitter) -> None:
    right = [float(predict(sitter.model, sitter.rows(x, 0.5)).mean(axis=0)[0]) for x in (LAST, EDGE, PAST)]
    left = [float(predict(sitter.model, sitter.rows(1 - x, 0.5)).mean(axis=0)[0]) for x in (LAST, EDGE, PAST)]
    assert right[1] > right[0] + 0.015  # with pictures that weigh four times as much: .012
    assert right[2] > right[0] + 0.03  # .014
    assert left[1] < left[0] - 0.04
    assert left[2] < left[0] - 0.15


@needs_landmarker
def test_a_look_behind_a_blink_is_where_it_is_at_once(sitter: Sitter) -> None:
    """With MediaPipe's smoothing of landmarks it came there after more than a second, of a head that sways."""
    x, from_y, to_y = 0.375, -0.1, 0.23
    sitter.body = Body(3)
    sitter.film(20, x, from_y)
    sitter.film(2, x, from_y, eyes_open=False)
    sitter.film(3, x, from_y)
    downward = predict(sitter.model, sitter.film(30, x, to_y))[:, 1]
    assert downward[1:4].mean() == pytest.approx(downward[15:].mean(), abs=0.07)


def test_where_the_landmarks_are_farther_in_they_carry_nothing_back() -> None:
    known, alone = np.array([[1.02, -0.02]]), np.array([[0.7, 0.3]])
    assert (model._onward(a_model(), known, alone) == known).all()
    assert (np.abs(model._onward(a_model(), known, 2 * known - 0.5) - 0.5) > np.abs(known - 0.5)).all()
