"""A choice is confirmed at the edge of the screen: looks past the last dot must go on, and not end at it."""

import os
from pathlib import Path

import numpy as np
import pytest

from unit.test_gaze_seeing import model as a_model
from vybor.gaze.faces.features import features
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.looks.calibration import DOTS
from vybor.gaze.points import model
from vybor.gaze.points.model import Look, fit, predict
from vybor.gaze.sources.frames import Frame
from world.camera.face import Face
from world.camera.person import Pose

LANDMARKER = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "nowhere")) / "face_landmarker.task"
FRAME_NS = 33_000_000
SETTLES, SAMPLES = 4, 6
LAST, EDGE, PAST = 0.94, 1.0, 1.1


@pytest.mark.skipif(not LANDMARKER.is_file(), reason="needs the landmarker in $VYBOR_SHARE_FOR_TESTS")
def test_looks_past_the_last_dot_go_on() -> None:
    face, finder, at_ns = Face(640, 480), Landmarker(LANDMARKER), 0

    def rows(x: float, y: float) -> np.ndarray:
        nonlocal at_ns
        found = []
        for _ in range(SETTLES + SAMPLES):
            at_ns += FRAME_NS
            seen = finder.find(Frame(np.ascontiguousarray(face.frame(Pose(x, y, 0.0))), at_ns, 0))
            assert seen is not None
            found.append(features(seen))
        return np.array(found[SETTLES:])

    try:
        model = fit([Look(x=x, y=y, rows=rows(x, y), calibration=1) for x, y in DOTS])
        right = [float(predict(model, rows(x, 0.5)).mean(axis=0)[0]) for x in (LAST, EDGE, PAST)]
        left = [float(predict(model, rows(1 - x, 0.5)).mean(axis=0)[0]) for x in (LAST, EDGE, PAST)]
    finally:
        finder.close()
    assert right[1] > right[0] + 0.015  # with pictures that weigh four times as much: .012
    assert right[2] > right[0] + 0.03  # .014
    assert left[1] < left[0] - 0.04
    assert left[2] < left[0] - 0.15


def test_where_the_landmarks_are_farther_in_they_carry_nothing_back() -> None:
    known, alone = np.array([[1.02, -0.02]]), np.array([[0.7, 0.3]])
    assert (model._onward(a_model(), known, alone) == known).all()
    assert (np.abs(model._onward(a_model(), known, 2 * known - 0.5) - 0.5) > np.abs(known - 0.5)).all()
