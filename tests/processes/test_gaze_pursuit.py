"""Drawn eyes before MediaPipe: what they follow calibrates them, as dots do. Virtual time, every frame real."""

import msgspec
import numpy as np
import pytest

from processes.test_gaze import landmarker
from vybor.contracts import messages as m
from vybor.contracts import pursuit
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import CalibrateBy
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.looks.calibrating import Calibrating
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points import seeing as s
from vybor.gaze.sources.frames import Frame
from world.camera.face import Face
from world.camera.person import Body, Wish

HZ = 15
LATE_S = 0.1
"""Of eyes behind the dot."""
WIDTH, HEIGHT = 640, 480
WORDS = [(x, y) for x in (0.125, 0.375, 0.625, 0.875) for y in (0.2, 0.8)]


class Watched:
    """A drawn person, the landmarker and the calibration, frame by frame."""

    def __init__(self, looks: Looks, by: CalibrateBy) -> None:
        self.calibrating = Calibrating(looks, calibrate_by=by)
        self._body, self._drawn = Body(seed=1), Face(WIDTH, HEIGHT)
        self._finder = Landmarker(landmarker().parent / "face_landmarker.task")
        self._seeing = s.Seeing()
        self.now_ns = seconds(100)

    def frame(self, x: float, y: float, *, is_open: bool = True) -> m.Gaze:
        self.now_ns += seconds(1 / HZ)
        pose = self._body.pose(Wish(x=x, y=y, eyes_open=is_open), self.now_ns / 1e9)
        face = self._finder.find(Frame(self._drawn.frame(pose), self.now_ns, 0))
        gaze = m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.ABSENT)
        self._seeing, sight = s.step(self._seeing, face, gaze, self.calibrating.model)
        self.calibrating.saw(sight.gaze, self.now_ns)
        if sight.row is not None:
            self.calibrating.sampled(sight.row, self.now_ns, self.now_ns)
        self.calibrating.tend(self.now_ns)
        return sight.gaze

    def calibrate(self) -> float:
        """Do what the display says; returns how many seconds that took."""
        began_ns = self.now_ns
        self.calibrating.offer(self.now_ns)
        shown = self.calibrating.target(self.now_ns)
        while (target := self.calibrating.target(self.now_ns)).dot is not None:
            if msgspec.structs.replace(target, at_ns=0, progress=0) != msgspec.structs.replace(
                shown, at_ns=0, progress=0
            ):
                shown = target
            self.calibrating.shown(m.Shown(at_ns=self.now_ns, screen=None, target=shown), self.now_ns)
            place = (target.x, target.y)
            if target.moves_ns is not None:
                place = pursuit.place(self.now_ns - seconds(LATE_S) - target.moves_ns)
            self.frame(*place)
        return (self.now_ns - began_ns) / 1e9

    def error(self) -> float:
        """The mean distance from a tile's words to where the looks fall."""
        away = []
        for place in WORDS:
            points = [self.frame(*place).point for _ in range(8)][3:]
            away += [np.hypot(p.x - place[0], p.y - place[1]) for p in points if p]
        return float(np.mean(away))

    def close(self) -> None:
        self._finder.close()


@pytest.mark.parametrize("by", list(CalibrateBy))
def test_drawn_eyes_are_calibrated_by_what_they_look_at(
    tmp_path_factory: pytest.TempPathFactory, by: CalibrateBy
) -> None:
    watched = Watched(Looks(tmp_path_factory.mktemp(by)), by)
    try:
        took_s = watched.calibrate()
        assert watched.calibrating.troubles() == ()
        error = watched.error()
        assert took_s < 60
        assert error < 0.06
    finally:
        watched.close()


def test_drawn_eyes_that_close_end_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    watched = Watched(Looks(tmp_path_factory.mktemp("looks")), CalibrateBy.PURSUIT)
    try:
        watched.calibrating.offer(watched.now_ns)
        for _ in range(HZ):
            watched.frame(0.5, 0.5)
        shut = [watched.frame(0.5, 0.5, is_open=False) for _ in range(3 * HZ)]
        assert sum(gaze.eyes is m.Eyes.CLOSED and gaze.is_shut for gaze in shut) > 0.8 * len(shut)
        assert watched.calibrating.target(watched.now_ns).dot is None
    finally:
        watched.close()
