"""The process `gaze` from the camera's program to the bus: stand-in rpicam-vid, pipe, MediaPipe, dots, looks.

The test plays the display, and the scripted person looks where it is told to.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from processes.stage import Kit
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.gaze.faces import landmarker_file
from vybor.selector.belief import density
from world.camera import ADDRESS, Camera, install

SACCADE_AND_FRAME_NS = seconds(0.3)
LOOKS = 4


def landmarker() -> Path:
    """The landmarker's file where `deploy/prepare` put it, or where it was fetched to."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "vybor"
    share = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", cache / "share"))
    for path in (share, cache / "materials" / landmarker_file.SHA256):
        if (path / "face_landmarker.task").is_file():
            return path / "face_landmarker.task"
    pytest.skip("the face landmarker is not there; deploy/prepare fetches it")


class Stage:
    """A real gaze process, a scripted person, and a display played by the test."""

    def __init__(self, folder: Path, more_settings: str = "") -> None:
        share = folder / "share"
        share.mkdir()
        shutil.copy(landmarker(), share)
        self._wire = f"ipc://{folder / 'camera'}"
        self.camera = Camera(self._wire)
        settings = f'[gaze]\ncamera = "rpicam"\nrpicam_program = "{install(folder)}"\n{more_settings}'
        self.kit = Kit(folder, share, settings)
        self.clock = SystemClock()
        self.bus = Bus("display", self.kit.runtime, self.clock, [m.Gaze, m.CalibrationTarget, m.Health, m.Gesture])
        self.gazes: list[m.Gaze] = []
        self.gestures: list[m.Gesture] = []
        self.dots: list[int] = []
        self.answers: list[m.AnyReply] = []
        self.health: m.Health | None = None
        self._follow = True
        self._shown = m.Shown(at_ns=self.clock.now_ns(), screen=None)

    def start(self) -> None:
        self.gazes, self.dots, self.health = [], [], None
        self.kit.start("gaze", **{ADDRESS: self._wire})

    def close(self) -> None:
        self.kit.stop()
        self.camera.close()
        self.bus.close()

    def until(self, holds: Callable[[], bool], limit_s: float = 30.0) -> None:
        deadline = time.perf_counter() + limit_s
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.health} {self.kit.log('gaze')}"
            self.bus.publish(self._shown)
            for arrival in self.bus.receive(0.05):
                if isinstance(arrival, Answered):
                    self.answers.append(arrival.reply)
                elif isinstance(arrival, Heard):
                    self._hear(arrival.message)
            self.bus.tend()

    def _hear(self, message: m.AnyMessage) -> None:
        match message:
            case m.Gaze():
                self.gazes.append(message)
            case m.Gesture():
                self.gestures.append(message)
            case m.Health():
                self.health = message
            case m.CalibrationTarget():
                self._shown = m.Shown(at_ns=self.clock.now_ns(), screen=None, target=message)
                if message.dot is not None and message.dot not in self.dots:
                    self.dots.append(message.dot)
                    self.camera.look(message.x, message.y)

    def troubles(self) -> set[m.Trouble] | None:
        return {notice.trouble for notice in self.health.troubles} if self.health else None

    def calibrated(self) -> bool:
        return self.troubles() == set() and any(gaze.point for gaze in self.gazes)

    def looks_at(self, x: float, y: float) -> list[m.GazePoint]:
        """Look there, and see what gaze makes of the first calm frames."""
        self.camera.look(x, y)
        since_ns = self.clock.now_ns() + SACCADE_AND_FRAME_NS

        def points() -> list[m.GazePoint]:
            return [gaze.point for gaze in self.gazes if gaze.point and gaze.at_ns > since_ns]

        self.until(lambda: len(points()) >= LOOKS)
        return points()[:LOOKS]

    def sees(self, eyes: m.Eyes) -> bool:
        return bool(self.gazes) and self.gazes[-1].eyes is eyes


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A gaze process whose person has just looked at the dots, unasked."""
    played = Stage(tmp_path_factory.mktemp("gaze"))
    try:
        played.start()
        played.until(played.calibrated, limit_s=60)
        assert played.dots == list(range(9))
        yield played
    finally:
        played.close()


def test_ten_looks_are_told_apart_in_two_rows_of_four_and_beside_the_text(stage: Stage) -> None:
    decided = []
    for zone in TEN.zones:
        middle = ((zone.visible.left + zone.visible.right) / 2, (zone.visible.top + zone.visible.bottom) / 2)
        points = stage.looks_at(*middle)
        support = [sum(np.log(max(density(p, z.area), 1e-9)) for p in points) for z in TEN.zones]
        decided.append(int(np.argmax(support)))
    assert decided == list(range(10))


def test_a_tile_and_its_edge_are_told_apart(stage: Stage) -> None:
    for zone in TEN.zones[1], TEN.zones[6]:
        x = (zone.visible.left + zone.visible.right) / 2
        upper = zone.pad.top < 0
        body = float(np.median([point.y for point in stage.looks_at(x, 0.2 if upper else 0.8)]))
        edge = float(np.median([point.y for point in stage.looks_at(x, 0.0 if upper else 1.0)]))
        assert (body - edge if upper else edge - body) > 0.1


def test_the_error_is_as_small_as_it_says(stage: Stage) -> None:
    places = [(0.2, 0.3), (0.8, 0.25), (0.35, 0.75), (0.7, 0.6), (0.1, 0.9)]
    points = [(place, stage.looks_at(*place)[-1]) for place in places]
    off = np.array([(p.x - x, p.y - y) for (x, y), p in points])
    said = np.array([(p.sd_x, p.sd_y) for _, p in points]).mean(axis=0)
    found = np.sqrt((off**2).mean(axis=0))
    assert (found < (0.05, 0.075)).all()
    assert (found < 2 * said).all()


def test_shut_eyes_are_said_to_be_shut_and_have_no_point(stage: Stage) -> None:
    stage.camera.close_eyes()
    stage.until(lambda: stage.sees(m.Eyes.CLOSED))
    assert stage.gazes[-1].point is None
    stage.camera.open_eyes()
    stage.until(lambda: stage.sees(m.Eyes.OPEN) and stage.gazes[-1].point is not None)


def test_an_empty_chair_is_noticed_and_so_is_the_return(stage: Stage) -> None:
    stage.camera.leave()
    stage.until(lambda: stage.troubles() == {m.Trouble.NOBODY_SEEN})
    assert stage.sees(m.Eyes.ABSENT)
    stage.camera.come()
    stage.until(stage.calibrated)
    stage.until(lambda: stage.sees(m.Eyes.OPEN))


@pytest.mark.parametrize(
    ("light", "named"), [(0.03, m.Trouble.PICTURE_DARK), (4.0, m.Trouble.PICTURE_BRIGHT)], ids=["dark", "burnt"]
)
def test_light_that_shows_nothing_is_named_and_no_look_comes_of_it(
    stage: Stage, light: float, named: m.Trouble
) -> None:
    stage.camera.shine(light)
    stage.until(lambda: stage.troubles() == {named})
    stage.gazes.clear()
    stage.until(lambda: len(stage.gazes) > 1)
    assert {(gaze.eyes, gaze.point) for gaze in stage.gazes} == {(m.Eyes.ABSENT, None)}
    stage.camera.shine(1.0)
    stage.until(stage.calibrated)
    stage.until(lambda: stage.sees(m.Eyes.OPEN))


@pytest.mark.parametrize("act", ["stall", "crash"])
def test_a_camera_that_stops_is_said_once_and_comes_back_by_itself(stage: Stage, act: str) -> None:
    stage.until(lambda: stage.sees(m.Eyes.OPEN))
    getattr(stage.camera, act)()
    stage.until(lambda: stage.troubles() == {m.Trouble.CAMERA_STOPPED})
    stage.until(lambda: stage.sees(m.Eyes.ABSENT))
    stage.gazes.clear()
    stage.until(lambda: stage.troubles() == set())
    stage.until(lambda: stage.sees(m.Eyes.OPEN))
    assert not any(gaze.eyes is m.Eyes.ABSENT for gaze in stage.gazes)


def test_without_its_cable_the_camera_is_missing_until_it_is_back(stage: Stage) -> None:
    stage.camera.unplug()
    stage.until(lambda: stage.troubles() == {m.Trouble.CAMERA_MISSING})
    stage.camera.plug()
    stage.until(lambda: stage.troubles() == set())


def test_a_second_start_needs_no_dots_and_one_more_calibration_can_be_asked_for(stage: Stage) -> None:
    stage.kit.kill("gaze")
    stage.start()
    stage.until(stage.calibrated)
    assert stage.dots == []
    assert stage.looks_at(0.2, 0.2)[-1].x == pytest.approx(0.2, abs=0.1)
    request = stage.bus.new_request()
    stage.bus.ask("gaze", m.Calibrate(request=request))
    stage.until(lambda: any(answer.request == request for answer in stage.answers), limit_s=60)
    score = stage.answers[-1]
    assert isinstance(score, m.Calibrated)
    assert score.dots >= 7
    assert score.away_cm is not None
    assert stage.dots == list(range(9))
    kept = sorted(path.name for path in (stage.kit.state / "looks").iterdir())
    assert kept == ["000001.npz", "000002.npz"]


def test_a_check_is_three_dots_and_says_how_far_looks_fall_beside(stage: Stage) -> None:
    stage.dots = []
    request = stage.bus.new_request()
    stage.bus.ask("gaze", m.Calibrate(request=request, check=True))
    stage.until(lambda: any(answer.request == request for answer in stage.answers), limit_s=60)
    assert stage.dots == [0, 1, 2]
    score = stage.answers[-1]
    assert isinstance(score, m.Calibrated)
    assert score.checked is not None
    assert max(abs(score.checked.beside_x), abs(score.checked.beside_y)) < 0.15
    assert stage.looks_at(0.8, 0.2)[-1].x == pytest.approx(0.8, abs=0.1)


def test_a_landmarker_that_is_missing_is_said_and_found_later(tmp_path: Path) -> None:
    played = Stage(tmp_path)
    file = tmp_path / "share" / "face_landmarker.task"
    content = file.read_bytes()
    file.write_bytes(content[:1000])
    try:
        played.start()
        played.until(lambda: m.Trouble.LANDMARKER_MISSING in (played.troubles() or ()))
        assert played.health is not None
        assert "has the hash" in played.health.troubles[0].detail
        assert played.gazes == []
        file.write_bytes(content)
        played.until(lambda: played.sees(m.Eyes.OPEN))
        played.until(lambda: m.Trouble.LANDMARKER_MISSING not in (played.troubles() or ()))
    finally:
        played.close()
