"""The bench of gaze: sittings know only what was before them, figures are what they say, bad input is told."""

import os
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from random import Random
from typing import cast

import cv2
import numpy as np
import pytest

from benches import gaze, gaze_frames, gaze_peer, gaze_reading
from benches.gaze_figures import Judged, figures, ratio
from benches.gaze_frames import Asked
from benches.gaze_reading import Reader
from benches.gaze_sittings import EARLIEST, JUDGED, POOL, Sitting, nearest, on_words, sittings, tile_of
from unit.cyton_desk import HandClock
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing
from vybor.gaze.looks.calibration import DOTS
from world.bodies import EyesAndHeadband


def test_a_sitting_knows_what_was_before_and_nothing_else() -> None:
    places = np.random.default_rng(1).uniform(0, 1, (700, 2))
    planned = list(sittings(places))
    assert planned[0].earlier == tuple(range(EARLIEST))
    for one in planned:
        first = len(one.earlier)
        assert set(one.dots) <= set(range(first, first + POOL))
        assert one.judged == tuple(range(first + POOL, first + POOL + JUDGED))
    assert planned[-1].judged[-1] < len(places)
    assert not list(sittings(places[: EARLIEST + POOL + JUDGED - 1]))


def test_the_frames_nearest_to_the_kits_dots_calibrate() -> None:
    noise = np.random.default_rng(2).uniform(0.2, 0.4, (30, 2))
    places = np.concatenate([noise, np.array(DOTS) + 0.01])
    assert set(nearest(places, range(39))) >= {30 + at for at, dot in enumerate(DOTS) if dot != (0.5, 0.5)}


def test_tiles_are_counted_row_by_row_and_the_nearest_one_past_the_edge() -> None:
    places = np.array([(0.1, 0.1), (0.5, 0.1), (0.9, 0.9), (-3.0, 0.2), (1.0, 1.0)])
    assert tile_of(places, 3, 2).tolist() == [0, 1, 5, 0, 5]


def test_a_dot_in_a_tiles_middle_counts_one_and_at_its_edge_hardly() -> None:
    counts = on_words(np.array([(1 / 6, 0.25), (1 / 3, 0.5)]), 3, 2, 0.2)
    assert counts[0] == pytest.approx(1)
    assert counts[1] == pytest.approx(np.exp(-0.5 / 0.08))


def test_figures_are_what_they_say() -> None:
    places = np.random.default_rng(3).uniform(0.05, 0.95, (60, 2))
    planned = [Sitting((), (), tuple(range(20))), Sitting((), (), tuple(range(20, 60, 2)))]
    true = np.array([places[list(one.judged)] for one in planned])
    off = np.array([0.1, 0.0])
    judged = {
        name: Judged(true + shift * off, np.full_like(true, 0.1))
        for name, shift in (("cold9", 2.0), ("prior400", 1.0))
    }
    found = figures(judged, [guess + 4 * off for guess in true], places, planned, (1000, 500), 50.0)
    assert found["px.cold9"] == pytest.approx(200)
    assert found["px.prior400"] == pytest.approx(100)
    assert found["ratio_prior400_vs_cold9"] == pytest.approx(0.5)
    assert found["ratio_vs_eyetrax.cold9"] == found["ratio_vs_eyetrax.cold9.high"] == pytest.approx(0.5)
    assert found["coverage95"] == 1
    assert found["coverage95.cold9"] == 1
    assert found["ellipse_deg2.cold9"] == pytest.approx(np.pi * 5.991 * 2 * 1)
    assert found["loglik.cold9"] == pytest.approx(-2 - np.log(2 * np.pi * 0.01))
    assert found["tile3x2_anywhere.cold9"] < found["tile3x2_anywhere.prior400"] < found["tile3x2.prior400"]


def test_a_ratio_that_hangs_on_one_sitting_is_not_sure() -> None:
    even = np.ones((20, 5))
    odd = even.copy()
    odd[0] = 30
    sure, unsure = ratio("r", even * 0.5, even), ratio("r", odd, even)
    assert sure["r.high"] == pytest.approx(0.5)
    assert unsure["r.high"] > unsure["r"] > 1.5 > unsure["r.low"]


# --- eyes that only read -----------------------------------------------------------------------------------------

DOT, DOT_S = (0.9, 0.9), 1.0


class Before:
    """Eyes before a page of one tile: somebody who reads, and the bus that tells what is shown.

    `dots_s`: how much later the kit asks for a dot, which stands until it was looked at for DOT_S. Nothing lights
    up meanwhile.
    """

    def __init__(self, *, is_seen: bool, dots_s: tuple[float, ...] = ()) -> None:
        self.clock = HandClock()
        self._is_seen = is_seen
        self._place = (0.5, 0.5)
        self._dots_ns = [self.clock.at_ns + seconds(dot_s) for dot_s in dots_s]
        self._looked_s = 0.0
        self.with_dot_s = 0.0

    def idle(self) -> None:
        pass

    def look(self, x: float, y: float) -> None:
        self._place = x, y

    def tend(self) -> None:
        pass

    def receive(self, wait_s: float) -> list[Heard]:
        self.clock.at_ns += seconds(wait_s)
        dot = None
        if self._dots_ns and self.clock.at_ns >= self._dots_ns[0]:
            self.with_dot_s += wait_s
            dot = m.CalibrationTarget(at_ns=0, dot=0, dots=1, x=DOT[0], y=DOT[1])
            self._looked_s += wait_s if self._place == DOT else 0.0
            if self._looked_s >= DOT_S:
                self._dots_ns.pop(0)
                self._looked_s, dot = 0.0, None
        area = m.Area(left=0.0, top=0.0, right=1.0, bottom=0.3)
        tile = m.Tile(
            slot=0, role=m.Role.CANDIDATE, area=area, pad=m.Area(left=0.0, top=0.0, right=1.0, bottom=0.05)
        )
        screen = m.Screen(at_ns=0, offer=1, mode=m.Mode.WORDS, text="", prefix="", tiles=(tile,))
        is_lit = self._is_seen and self._place[1] < 0.4 and dot is None
        light = m.Highlight(at_ns=0, offer=1, slot=0 if is_lit else None, armed=is_lit)
        return [Heard("display", m.Shown(at_ns=0, screen=screen, highlight=light, target=dot), 0)]


def test_eyes_that_are_not_seen_choose_nothing_and_that_is_no_figure() -> None:
    for is_seen in (True, False):
        before = Before(is_seen=is_seen)
        reader = Reader(cast(Bus, before), cast(EyesAndHeadband, before), before.clock, Random(1))
        if is_seen:
            found = reader.read(minutes=0.1)
            assert found["reading_false_selections"] == 0
            assert found["reading_fixations"] > 10
        else:
            with pytest.raises(Missing, match="no look lights a tile"):
                reader.read(minutes=0.1)


def test_dots_are_looked_at_and_the_look_that_they_broke_off_is_begun_anew() -> None:
    for dot_s in (0.5, 0.52):  # one of them at the tile, the other on the way there
        before = Before(is_seen=True, dots_s=(dot_s,))
        reader = Reader(cast(Bus, before), cast(EyesAndHeadband, before), before.clock, Random(1))
        found = reader.looks(100)
        assert found["looks_decided_right"] == 1
        assert before.with_dot_s < 2 * DOT_S
        assert found["looks_broken_off"] == 1


def test_minutes_with_dots_are_no_minutes_of_reading() -> None:
    def read(*dots_s: float) -> float:
        before = Before(is_seen=True, dots_s=dots_s)
        reader = Reader(cast(Bus, before), cast(EyesAndHeadband, before), before.clock, Random(1))
        began_ns = before.clock.now_ns()
        reader.read(minutes=0.1)
        return (before.clock.now_ns() - began_ns) / 1e9 - before.with_dot_s

    assert read(1.0, 3.0) == pytest.approx(read(), abs=0.5)


def test_a_choice_that_leaves_the_screen_as_it_was_is_in_the_record() -> None:
    for by_screen, recorded, said in ((0.0, 0, 0.0), (0.0, 2, 2.0), (1.0, 0, 1.0)):
        found = gaze_reading.false_selections({"reading_false_selections": by_screen}, recorded)
        assert found == {"reading_false_selections": said}


# --- bad input ------------------------------------------------------------------------------------------------


def asked(folder: Path, text: str, **changed: int) -> Asked:
    (folder / "labels.csv").write_text(text, encoding="utf-8")
    numbers = {"lag": 0, "first": 1, "last": 100} | changed
    return Asked(folder, folder / "labels.csv", screen=(100, 50), **numbers)


def test_a_picture_may_belong_to_the_dot_before(tmp_path: Path) -> None:
    text = "File Path Face Image,x,y\na.png,10,5\nb.png,20,10\nc.png,30,20\n"
    found = gaze_frames.labelled(asked(tmp_path, text, lag=1))
    assert [path.name for path in found.pictures] == ["b.png", "c.png"]
    assert found.places.tolist() == [[0.1, 0.1], [0.2, 0.2]]
    assert len(gaze_frames.labelled(asked(tmp_path, text, first=2, last=2)).pictures) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("picture,x\na.png,1\n", "needs columns"),
        ("who,x,y\nme,1,2\n", "needs columns"),
        ("picture,x,y\na.png,one,2\n", "a place that is no number"),
        ("picture,x,y\na.png\n", "a place that is no number"),
        ("", "needs columns"),
    ],
)
def test_labels_that_are_none_are_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Missing, match=said):
        gaze_frames.labelled(asked(tmp_path, text))


def test_labels_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="cannot be read"):
        gaze_frames.labelled(Asked(tmp_path, tmp_path / "none.csv", 0, 1, 9, (1, 1)))


def test_a_peer_that_cannot_be_had_is_told_before_a_picture_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> Path:
        raise Missing("eyetrax could not be installed")

    (tmp_path / "labels.csv").write_text("picture,x,y\nnone.png,1,2\n")
    parsed = gaze._parser().parse_args(
        ["--share", "x", "--images", str(tmp_path), "--labels", str(tmp_path / "labels.csv")]
    )
    monkeypatch.setattr(gaze_peer, "libraries", cannot)
    monkeypatch.setattr(gaze_frames, "read", lambda *_: pytest.fail("a picture was read"))
    with pytest.raises(Missing, match="eyetrax"):
        gaze.images(parsed)


@pytest.mark.parametrize("text", ["1920", "x1080", "0x5", "1920x1080x3", "wide"])
def test_a_screen_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="write it as 1920x1080"):
        gaze.screen(text)


SHARE = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "nowhere"))


def bench(share: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benches.gaze", "--share", str(share), *more]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.slow
@pytest.mark.skipif(
    not (SHARE / "face_landmarker.task").is_file(), reason="needs the landmarker in $VYBOR_SHARE_FOR_TESTS"
)
def test_pictures_that_are_missing_or_too_few_are_told(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("picture,x,y\nnone.png,1,2\n")
    options = ("--images", str(tmp_path), "--labels", str(labels), "--no-peer")
    missing = bench(SHARE, *options)
    assert missing.returncode == 69
    assert "there is no picture" in missing.stderr
    cv2.imwrite(str(tmp_path / "none.png"), np.full((190, 190, 3), 90, np.uint8))
    few = bench(SHARE, *options)
    assert few.returncode == 69
    assert "0 pictures with open eyes are too few" in few.stderr
