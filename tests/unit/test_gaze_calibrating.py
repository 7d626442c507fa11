"""Who begins a calibration, what comes of it, and that the looks outlive the process."""

import errno
from pathlib import Path

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import rows_at
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.gaze.faces.features import NAMES, POSE_COLUMNS
from vybor.gaze.looks import calibration as c
from vybor.gaze.looks.calibrating import (
    LONG_AWAY_NS,
    OWN_ATTEMPTS,
    PAUSE_NS,
    SAVE_AGAIN_NS,
    Answer,
    Calibrating,
    is_just_kept,
)
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points.model import predict

FRAME_NS = seconds(1 / 15)


class Session:
    """A person before a screen, and what gaze makes of it."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.calibrating = Calibrating(Looks(folder))
        self.now_ns = seconds(50)
        self.random = np.random.default_rng(seed)
        self.answers: list[Answer] = []
        self.day = 0.0
        """Where the irises stand on this day, beside where they stood."""

    def target(self) -> m.CalibrationTarget:
        return self.calibrating.target(self.now_ns)

    def pass_by(self, duration_ns: int) -> None:
        self.now_ns += duration_ns
        self.answers += self.calibrating.tend(self.now_ns)

    def look_at_the_dots(self, *, follow: bool = True) -> None:
        """Look at each dot that is shown, until none is."""
        while (target := self.target()).dot is not None:
            shown = m.Shown(at_ns=self.now_ns, screen=None, target=target)
            self.calibrating.shown(shown, self.now_ns)
            for _ in range(25):
                self.now_ns += FRAME_NS
                self.calibrating.shown(shown, self.now_ns)
                place = (target.x, target.y) if follow else (0.4, 0.6)
                row = rows_at(*place, self.random, samples=1, day=self.day)[0].astype(np.float32)
                self.calibrating.sampled(row, self.now_ns, self.now_ns)
            self.pass_by(0)

    def troubles(self) -> list[m.Trouble]:
        return [notice.trouble for notice in self.calibrating.troubles()]


def asked(number: int = 1, *, check: bool = False, brief: bool = False) -> Asked:
    return Asked(b"panel", m.Calibrate(request=f"panel-{number}", check=check, brief=brief))


def test_without_a_model_it_begins_by_itself_and_ends_with_one(tmp_path: Path) -> None:
    session = Session(tmp_path)
    assert session.troubles() == [m.Trouble.NOT_CALIBRATED]
    assert session.target().dot is None
    session.calibrating.offer(session.now_ns)
    assert session.target().dot == 0
    session.look_at_the_dots()
    assert session.calibrating.model is not None
    assert session.troubles() == []
    session.calibrating.offer(session.now_ns + seconds(60))
    assert session.target().dot is None


def test_a_second_start_needs_no_calibration(tmp_path: Path) -> None:
    first = Session(tmp_path)
    first.calibrating.offer(first.now_ns)
    first.look_at_the_dots()
    second = Session(tmp_path)
    assert second.troubles() == []
    assert first.calibrating.model is not None
    assert second.calibrating.model is not None
    rows = rows_at(0.3, 0.7, np.random.default_rng(1))
    np.testing.assert_allclose(
        predict(second.calibrating.model, rows), predict(first.calibrating.model, rows), rtol=1e-4
    )


def test_who_asks_is_answered_when_it_is_done(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(1), session.now_ns)
    session.calibrating.ask(asked(2), session.now_ns)
    assert session.answers == []
    session.look_at_the_dots()
    replies = [reply for _, reply in session.answers]
    assert [reply.request for reply in replies] == ["panel-1", "panel-2"]
    (score,) = {msgspec.structs.replace(each, request="") for each in replies if isinstance(each, m.Calibrated)}
    assert session.calibrating.model is not None
    assert (score.dots, score.calibrations, score.checked) == (9, 1, None)
    assert (score.error_x, score.noise_y) == (
        session.calibrating.model.bias.x,
        session.calibrating.model.noise.y,
    )


def test_a_check_shows_three_dots_mends_what_is_beside_and_keeps_them(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(1), session.now_ns)
    session.look_at_the_dots()
    before = session.calibrating.model
    session.day = 0.06  # of the eye's width: a fifth of the screen
    session.calibrating.ask(asked(2, check=True), session.now_ns)
    assert session.target().dots == 3
    session.look_at_the_dots()
    score, model = session.answers[-1][1], session.calibrating.model
    assert isinstance(score, m.Calibrated)
    assert score.checked is not None
    assert model is not None
    assert before is not None
    assert score.checked.beside_x < -0.1
    rows = rows_at(0.3, 0.7, np.random.default_rng(1), samples=60, day=0.06)
    beside = [abs(predict(each, rows).mean(axis=0)[0] - 0.3) for each in (before, model)]
    assert beside[1] < 0.3 * beside[0]
    assert (score.dots, score.calibrations) == (3, 2)
    assert [look.calibration for look in Looks(tmp_path).load()] == [1] * 9 + [2] * 3


@pytest.mark.parametrize("fewer", [{"brief": True}, {"check": True}])
def test_who_asks_for_the_nine_dots_has_them_though_fewer_are_shown(
    tmp_path: Path, fewer: dict[str, bool]
) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(1), session.now_ns)
    session.look_at_the_dots()
    session.calibrating.ask(asked(2, **fewer), session.now_ns)
    assert session.target().dots < len(c.DOTS)
    session.calibrating.ask(asked(3), session.now_ns)
    assert (session.target().dot, session.target().dots) == (0, len(c.DOTS))
    session.calibrating.ask(asked(4), session.now_ns)  # what is whole already goes on
    session.look_at_the_dots()
    told = [answer for _, answer in session.answers if isinstance(answer, m.Calibrated)]
    assert [one.request for one in told] == ["panel-1", "panel-2", "panel-3", "panel-4"]
    assert {one.dots for one in told} == {len(c.DOTS)}


def test_what_was_never_calibrated_is_not_checked_but_calibrated(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(1, check=True), session.now_ns)
    assert session.target().dots == 9


def test_each_calibration_is_kept_beside_the_earlier_ones(tmp_path: Path) -> None:
    session = Session(tmp_path)
    for number in range(3):
        session.calibrating.ask(asked(number), session.now_ns)
        session.look_at_the_dots()
    kept = Looks(tmp_path).load()
    assert [look.calibration for look in kept] == [1] * 9 + [2] * 9 + [3] * 9


def test_looks_that_follow_nothing_are_not_kept_and_the_old_model_stays(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(1), session.now_ns)
    session.look_at_the_dots()
    model = session.calibrating.model
    session.calibrating.ask(asked(2), session.now_ns)
    session.look_at_the_dots(follow=False)
    assert session.calibrating.model is model
    assert len(Looks(tmp_path).load()) == 9
    refused = session.answers[-1][1]
    assert isinstance(refused, m.Refused)
    assert "did not follow the dots" in refused.reason


def test_it_stops_beginning_by_itself_until_somebody_new_sits_down(tmp_path: Path) -> None:
    session = Session(tmp_path)
    for _ in range(OWN_ATTEMPTS):
        session.calibrating.offer(session.now_ns)
        assert session.target().dot == 0
        session.pass_by(c.PATIENCE_NS + 1)
        assert session.target().dot is None
        session.calibrating.offer(session.now_ns)
        assert session.target().dot is None, "the pause between two attempts"
        session.now_ns += PAUSE_NS
    session.calibrating.offer(session.now_ns)
    assert session.target().dot is None
    assert "given up" in session.calibrating.troubles()[0].detail
    session.calibrating.newcomer(seconds(4))
    session.calibrating.offer(session.now_ns)
    assert session.target().dot == 0


def test_who_asks_hears_that_nobody_looked(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    session.pass_by(c.PATIENCE_NS + 1)
    refused = session.answers[-1][1]
    assert isinstance(refused, m.Refused)
    assert refused.trouble is m.Trouble.NOT_CALIBRATED
    assert "given up" in refused.reason


def test_a_disk_that_takes_nothing_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "looks"
    blocked.write_text("a file stands where the folder should be")
    session = Session(blocked)
    session.calibrating.ask(asked(), session.now_ns)
    session.look_at_the_dots()
    assert session.calibrating.model is not None
    assert session.troubles() == [m.Trouble.DISK_FULL]
    assert "in memory only" in session.calibrating.troubles()[0].detail
    blocked.unlink()
    session.pass_by(SAVE_AGAIN_NS)
    assert session.troubles() == []
    assert len(Looks(blocked).load()) == 9


def test_a_model_of_before_is_mended_by_five_dots_once_somebody_sits_down(tmp_path: Path) -> None:
    first = Session(tmp_path)
    first.calibrating.offer(first.now_ns)
    first.look_at_the_dots()
    second = Session(tmp_path, seed=2)
    model = second.calibrating.model
    second.calibrating.offer(second.now_ns)
    assert second.target().dots == len(c.BRIEF)
    second.look_at_the_dots()
    assert second.calibrating.model is not model
    assert [look.calibration for look in Looks(tmp_path).load()] == [1] * 9 + [2] * 5
    second.now_ns += seconds(60)
    second.calibrating.offer(second.now_ns)
    assert second.target().dot is None, "once is enough"
    second.calibrating.newcomer(seconds(20))
    second.calibrating.offer(second.now_ns)
    assert second.target().dot is None, "who turned away for a moment sits as before"
    second.calibrating.newcomer(LONG_AWAY_NS)
    second.calibrating.offer(second.now_ns)
    assert second.target().dot == 0


def test_after_a_restart_in_the_midst_of_writing_no_dots_interrupt(tmp_path: Path) -> None:
    first = Session(tmp_path)
    first.calibrating.offer(first.now_ns)
    first.look_at_the_dots()
    kept_s_ago = Looks(tmp_path).kept_s_ago()
    assert is_just_kept(kept_s_ago)
    again = Calibrating(Looks(tmp_path), is_tried=is_just_kept(kept_s_ago))
    again.offer(first.now_ns)
    assert again.target(first.now_ns).dot is None
    assert not is_just_kept(None)
    assert not is_just_kept(-5.0)
    assert not is_just_kept(3600.0)


def test_five_dots_that_nobody_followed_leave_the_model_as_it_is(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.offer(session.now_ns)
    session.look_at_the_dots()
    model = session.calibrating.model
    brief = Asked(b"core", m.Calibrate(request="core-1", brief=True))
    session.calibrating.ask(brief, session.now_ns)
    assert session.target().dots == len(c.BRIEF)
    session.look_at_the_dots(follow=False)
    assert session.calibrating.model is model
    assert session.troubles() == []
    assert isinstance(session.answers[-1][1], m.Refused)


def test_without_a_model_a_brief_calibration_is_a_whole_one(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(Asked(b"core", m.Calibrate(request="core-1", brief=True)), session.now_ns)
    assert session.target().dots == len(c.DOTS)


def test_what_is_forgotten_is_gone_from_the_disk_and_today_s_model_goes_on(tmp_path: Path) -> None:
    person = Session(tmp_path)
    person.calibrating.offer(person.now_ns)
    person.look_at_the_dots()
    model = person.calibrating.model
    assert model is not None
    assert person.calibrating.forget() == ""
    assert list(tmp_path.iterdir()) == []
    assert person.calibrating.model is model
    brief = Asked(b"x", m.Calibrate(request="2", brief=True))
    person.calibrating.ask(brief, person.now_ns)
    assert person.target().dots == len(c.DOTS)  # five dots alone make no model
    assert Session(tmp_path).calibrating.model is None


def test_landmarks_that_are_far_off_teach_nothing(tmp_path: Path) -> None:
    """One such sample would be all that every later fit hears."""
    session = Session(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    target, wild = session.target(), np.zeros(len(NAMES), np.float32)
    session.calibrating.shown(m.Shown(at_ns=session.now_ns, screen=None, target=target), session.now_ns)
    session.now_ns += seconds(1)
    wild[POSE_COLUMNS] = 1e18
    session.calibrating.sampled(wild, session.now_ns, session.now_ns)
    assert session.target().progress == 0
    session.calibrating.sampled(np.zeros_like(wild), session.now_ns, session.now_ns)
    assert session.target().progress > 0


def test_after_all_was_forgotten_three_dots_make_no_model(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(1), session.now_ns)
    session.look_at_the_dots()
    session.calibrating.ask(asked(2, check=True), session.now_ns)
    assert session.target().dots == 3
    assert session.calibrating.forget() == ""
    assert session.target().dot is None
    session.pass_by(0)
    refused = session.answers[-1][1]
    assert isinstance(refused, m.Refused)
    assert "deleted meanwhile" in refused.reason
    session.calibrating.ask(asked(3, check=True), session.now_ns)
    assert session.target().dots == 9


def test_what_waits_for_room_on_the_disk_is_forgotten_too(tmp_path: Path) -> None:
    blocked = tmp_path / "looks"
    blocked.write_text("a file stands where the folder should be")
    session = Session(blocked)
    session.calibrating.ask(asked(), session.now_ns)
    session.look_at_the_dots()
    assert session.troubles() == [m.Trouble.DISK_FULL]
    session.calibrating.forget()
    blocked.unlink(missing_ok=True)
    session.pass_by(2 * SAVE_AGAIN_NS)
    session.calibrating.close()
    assert Looks(blocked).load() == []


def test_a_full_disk_is_not_asked_in_every_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(tmp_path)
    tried = []

    def full(_: Looks, looks: object) -> None:
        tried.append(looks)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Looks, "keep", full)
    session.calibrating.ask(asked(), session.now_ns)
    session.look_at_the_dots()
    assert "the disk is full" in session.calibrating.troubles()[0].detail
    for _ in range(20):
        session.pass_by(SAVE_AGAIN_NS // 20 - 1)
    assert len(tried) == 1
    session.pass_by(SAVE_AGAIN_NS // 20)
    assert len(tried) == 2
