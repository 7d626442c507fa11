"""Signs that the camera sees, from a rendered face through MediaPipe's landmarker to the bus."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from processes.test_gaze import Stage, landmarker
from vybor.contracts import messages as m
from vybor.contracts.messages import Gesture
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.faces import lids
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.signs import signs
from vybor.gaze.sources.frames import Frame
from world.camera.face import Face
from world.camera.person import Body, Wish

HZ = 15
SIGN_S = 0.4
REST_S = 4.0
BROW, CHEEK, HEAD = signs.KINDS
MADE = {BROW: "brows_up", CHEEK: "cheeks_drawn", HEAD: "head_tilted"}


class Filmed:
    """A rendered face in virtual time, and what the real landmarker shows of it."""

    def __init__(self, finder: Landmarker) -> None:
        self._finder = finder
        self._face, self._body = Face(640, 480), Body(seed=1)
        self._lids, self._signs = lids.Lids(), signs.Signs()
        self.wish = Wish()
        self.now_ns = SECOND_NS
        self.made: list[Gesture] = []

    def film(self, lasts_s: float, **wishes: object) -> "Filmed":
        self.wish = msgspec.structs.replace(self.wish, **wishes)
        for _ in range(round(lasts_s * HZ)):
            self.now_ns += SECOND_NS // HZ
            rgb = self._face.frame(self._body.pose(self.wish, self.now_ns / SECOND_NS))
            face = self._finder.find(Frame(rgb=rgb, captured_ns=self.now_ns, captured_sd_ns=0))
            assert face is not None
            self._lids = lids.step(self._lids, face, self.now_ns)
            closed = self._lids.closed or self._lids.falling
            self._signs, made = signs.step(self._signs, face, self.now_ns, GazeSettings(), closed=closed)
            self.made += [each for each in made if each.log_odds > 0]
        return self


@pytest.fixture
def filmed() -> Iterator[Filmed]:
    finder = Landmarker(landmarker())
    yield Filmed(finder)
    finder.close()


def test_the_landmarker_shows_brows_cheeks_and_head_and_each_is_told_apart(filmed: Filmed) -> None:
    """Four seconds: nothing else says that these shapes move in a picture, and not with one another."""
    filmed.film(2.0)
    for kind, wish in MADE.items():
        began_ns = filmed.now_ns
        filmed.film(SIGN_S, **{wish: True}).film(1.2, **{wish: False})
        (sign,) = filmed.made
        assert sign.kind is kind
        assert abs(sign.at_ns - began_ns) <= seconds(0.35)
        assert sign.log_odds > 1.5  # enough to choose with
        filmed.made.clear()


def test_blinks_closed_eyes_and_looks_about_are_none_of_these_signs(filmed: Filmed) -> None:
    filmed.film(2.0)
    for shut_s in (0.1, 0.7):
        filmed.film(shut_s, eyes_open=False).film(0.8, eyes_open=True)
    for x, y in ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)):
        filmed.film(0.5, x=x, y=y)
    assert filmed.made == []


@pytest.mark.slow
def test_a_gaze_process_tells_the_signs_that_are_set_and_no_place_while_they_are_made(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "[commit]\nbrow = true\nhead = true\n")
    core = Bus("core", stage.kit.runtime, stage.clock, [])
    try:
        stage.start()
        stage.until(stage.calibrated, limit_s=60)
        stage.camera.look(0.5, 0.5)
        waited(stage, REST_S)
        stage.gestures.clear()
        for move in (stage.camera.raise_brows, stage.camera.draw_cheeks, stage.camera.tilt_head):
            move(True)
            waited(stage, SIGN_S)
            move(False)
            waited(stage, 1.5)
        assert [each.kind for each in stage.gestures if each.log_odds > 0] == [BROW, HEAD]
        for sign in stage.gestures:
            middle_ns = (sign.at_ns + sign.ended_ns) // 2
            near = min(stage.gazes, key=lambda gaze: abs(gaze.at_ns - middle_ns))
            assert (near.eyes, near.point) == (m.Eyes.OPEN, None)
        assert stage.gazes[-1].point is not None
        stage.gestures.clear()
        fitted = (m.FitValue(key="commit.brow", value=False, was=True),)
        core.publish(m.Fitted(at_ns=stage.clock.now_ns(), values=fitted))
        waited(stage, 0.5)
        stage.camera.raise_brows(True)
        waited(stage, SIGN_S)
        stage.camera.raise_brows(False)
        waited(stage, 1.5)
        assert stage.gestures == []
    finally:
        core.close()
        stage.close()


def waited(stage: Stage, lasts_s: float) -> None:
    until_ns = stage.clock.now_ns() + seconds(lasts_s)
    stage.until(lambda: stage.clock.now_ns() >= until_ns)
