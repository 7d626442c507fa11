"""A dot that is followed, to the model that comes of it; and eyes that end a calibration, or bring it back."""

from pathlib import Path

import numpy as np
import pytest

from unit.gaze_faces import rows_at
from unit.test_gaze_calibrating import FRAME_NS, Session, asked
from unit.test_gaze_following import both_eyes
from vybor.contracts import messages as m
from vybor.contracts import pursuit
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import CalibrateBy
from vybor.gaze.faces.features import NAMES
from vybor.gaze.looks import calibration as c
from vybor.gaze.looks import pursuing
from vybor.gaze.looks.calibrating import AFTER_END_NS, OWN_ATTEMPTS, PAUSE_NS, Calibrating
from vybor.gaze.looks.keeping import Looks


def follow_the_dot(session: Session, *, on_it: bool = True) -> float:
    """Look at the dot that will move, and follow it, until it is gone; returns how many seconds that took."""
    began_ns = session.now_ns
    while (target := session.target()).dot is not None:
        shown = m.Shown(at_ns=session.now_ns, screen=None, target=target)
        session.now_ns += FRAME_NS
        session.calibrating.shown(shown, session.now_ns)
        since_ns = session.now_ns - seconds(0.1) - (target.moves_ns or session.now_ns)
        place = pursuit.place(since_ns) if on_it else (0.4, 0.6)
        row = both_eyes(rows_at(*place, session.random, samples=1)[0]).astype(np.float32)
        session.calibrating.saw(m.Gaze(at_ns=session.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN), session.now_ns)
        session.calibrating.sampled(row, session.now_ns, session.now_ns)
        session.pass_by(0)
    return (session.now_ns - began_ns) / 1e9


def following(folder: Path) -> Session:
    session = Session(folder)
    session.calibrating = Calibrating(Looks(folder), calibrate_by=CalibrateBy.PURSUIT)
    return session


def test_a_dot_that_is_followed_makes_a_model_in_half_a_minute(tmp_path: Path) -> None:
    session = following(tmp_path)
    session.calibrating.offer(session.now_ns)
    assert session.target().is_followed
    assert follow_the_dot(session) < 35
    assert session.troubles() == []
    kept = Looks(tmp_path).load()
    assert len(kept) > 60
    assert sum(look.weight for look in kept) == pytest.approx(9, abs=0.1)
    assert following(tmp_path).troubles() == []


def test_a_dot_that_nobody_follows_comes_once_more_and_then_says_so(tmp_path: Path) -> None:
    session = following(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    assert 60 < follow_the_dot(session, on_it=False) < 70
    (answer,) = session.answers
    assert isinstance(answer[1], m.Refused)
    assert "did not follow the dot" in answer[1].reason
    assert Looks(tmp_path).load() == []


def test_a_dot_does_not_move_before_eyes_were_on_it_while_it_was_shown(tmp_path: Path) -> None:
    session = following(tmp_path)
    session.calibrating.offer(session.now_ns)
    for _ in range(60):
        session.now_ns += FRAME_NS
        session.calibrating.sampled(
            rows_at(0.5, 0.5, session.random, samples=1)[0], session.now_ns, session.now_ns
        )
    assert session.target().moves_ns is None


def test_a_model_that_is_there_is_mended_by_dots_that_stand(tmp_path: Path) -> None:
    session = following(tmp_path)
    session.calibrating.offer(session.now_ns)
    follow_the_dot(session)
    session.calibrating.ask(Asked(b"core", m.Calibrate(request="core-1", brief=True)), session.now_ns)
    assert (session.target().dots, session.target().is_followed) == (len(c.BRIEF), False)


def do(session: Session, eyes: m.Eyes, for_s: float, *, is_shut: bool = True) -> None:
    for _ in range(round(for_s * 15)):
        session.now_ns += FRAME_NS
        gaze = m.Gaze(at_ns=session.now_ns, at_sd_ns=0, eyes=eyes, is_shut=is_shut)
        session.calibrating.saw(gaze, session.now_ns)
        session.pass_by(0)


@pytest.mark.parametrize("away", [m.Eyes.CLOSED, m.Eyes.ABSENT])
def test_eyes_that_are_away_for_two_seconds_end_the_dots(tmp_path: Path, away: m.Eyes) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    do(session, m.Eyes.OPEN, 1)
    do(session, away, 1.8)
    do(session, m.Eyes.OPEN, 0.2)
    do(session, away, 1.9)
    assert session.target().dot == 0
    do(session, away, 0.4)
    assert session.target().dot is None
    ((_, refused),) = session.answers
    assert isinstance(refused, m.Refused)
    assert "the eyes ended it" in refused.reason
    session.calibrating.offer(session.now_ns)
    assert session.target().dot is None


def test_eyes_that_were_never_open_end_nothing_but_by_patience(tmp_path: Path) -> None:
    """A carer begins, and then turns the chair to the camera."""
    session = Session(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    do(session, m.Eyes.ABSENT, 10)
    do(session, m.Eyes.OPEN, 0.2)
    assert session.target().dot == 0


def test_lids_that_the_lowest_dots_lower_end_nothing(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    do(session, m.Eyes.OPEN, 1)
    do(session, m.Eyes.CLOSED, 5, is_shut=False)
    assert session.target().dot == 0


def ended(folder: Path) -> Session:
    session = Session(folder)
    session.calibrating.offer(session.now_ns)
    do(session, m.Eyes.OPEN, 1)
    do(session, m.Eyes.CLOSED, 2.2)
    assert session.target().dot is None
    do(session, m.Eyes.CLOSED, 1)
    do(session, m.Eyes.OPEN, 1)
    assert session.target().dot is None
    return session


def test_without_a_model_the_same_brings_them_back(tmp_path: Path) -> None:
    session = ended(tmp_path)
    do(session, m.Eyes.CLOSED, 2.3)
    do(session, m.Eyes.OPEN, 0.1)
    assert session.target().dot == 0


@pytest.mark.parametrize(("eyes", "for_s"), [(m.Eyes.CLOSED, 1.0), (m.Eyes.CLOSED, 20.0), (m.Eyes.ABSENT, 2.5)])
def test_a_blink_sleep_and_a_turned_head_do_not(tmp_path: Path, eyes: m.Eyes, for_s: float) -> None:
    session = ended(tmp_path)
    do(session, eyes, for_s)
    do(session, m.Eyes.OPEN, 0.2)
    assert session.target().dot is None


def test_after_a_minute_of_peace_they_are_offered_once_more(tmp_path: Path) -> None:
    session = ended(tmp_path)
    session.pass_by(seconds(61))
    session.calibrating.offer(session.now_ns)
    assert session.target().dot == 0


def failed(folder: Path) -> Session:
    """Two times the kit has shown dots by itself, and nobody looked at them calmly."""
    session = Session(folder)
    for _ in range(OWN_ATTEMPTS):
        session.calibrating.offer(session.now_ns)
        do(session, m.Eyes.OPEN, 1)
        session.look_at_the_dots(follow=False)
        session.pass_by(PAUSE_NS)
    session.calibrating.offer(session.now_ns)
    assert session.target().dot is None
    assert session.calibrating.model is None
    return session


def test_dots_that_failed_are_brought_back_as_those_that_were_ended(tmp_path: Path) -> None:
    """Who has nothing but their eyes would be left with none."""
    session = failed(tmp_path)
    do(session, m.Eyes.OPEN, 1)
    do(session, m.Eyes.CLOSED, 2.3)
    assert session.target().dot is None
    do(session, m.Eyes.OPEN, 0.1)
    assert session.target().dot == 0


def test_with_a_model_closed_eyes_bring_nothing_back(tmp_path: Path) -> None:
    """People rest their eyes."""
    session = Session(tmp_path)
    session.calibrating.ask(asked(), session.now_ns)
    session.look_at_the_dots()
    session.calibrating.ask(asked(2), session.now_ns)
    do(session, m.Eyes.OPEN, 1)
    do(session, m.Eyes.CLOSED, 2.2)
    assert session.target().dot is None
    do(session, m.Eyes.OPEN, 1)
    do(session, m.Eyes.CLOSED, 2.3)
    do(session, m.Eyes.OPEN, 0.2)
    assert session.target().dot is None


def test_who_ended_them_is_left_in_peace_for_a_minute(tmp_path: Path) -> None:
    session = ended(tmp_path)
    session.pass_by(AFTER_END_NS - seconds(5))
    session.calibrating.offer(session.now_ns)
    assert session.target().dot is None


def test_while_the_display_is_silent_nothing_counts_for_a_path(tmp_path: Path) -> None:
    session = following(tmp_path)
    session.calibrating.offer(session.now_ns)
    row = both_eyes(rows_at(0.5, 0.5, session.random, samples=1)[0]).astype(np.float32)
    session.calibrating.shown(m.Shown(at_ns=session.now_ns, screen=None, target=session.target()), session.now_ns)
    session.now_ns += c.DISPLAY_SILENT_NS + 1
    for _ in range(30):
        session.now_ns += FRAME_NS
        session.calibrating.sampled(row, session.now_ns, session.now_ns)
    assert (session.target().progress, session.target().moves_ns) == (0.0, None)


def test_a_display_that_still_shows_the_dot_at_rest_shows_no_path() -> None:
    known, now_ns = pursuing.begin(0), seconds(1)
    resting = pursuing.target(known, 0)
    row = np.zeros(len(NAMES), np.float32)
    for _ in range(40):
        now_ns += FRAME_NS
        known = pursuing.shown(known, m.Shown(at_ns=now_ns, screen=None, target=resting), now_ns)
        known = pursuing.sampled(known, row, now_ns, now_ns)
    assert known.moves_ns is not None
    assert known.samples == ()
    known = pursuing.shown(known, m.Shown(at_ns=now_ns, screen=None, target=pursuing.target(known, 0)), now_ns)
    assert len(pursuing.sampled(known, row, now_ns, now_ns).samples) == 1
