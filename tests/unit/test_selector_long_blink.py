"""Eyes that close for a moment and open again choose what they closed on, if the settings say so."""

import pytest

from unit.test_selector import Eyes, body_of
from vybor.contracts import closing
from vybor.contracts import messages as m
from vybor.contracts.closing import Closed, Closing
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import ways
from vybor.selector.ways import Headband, Input, Way

RULE = CommitSettings(long_blink=True)


@pytest.mark.parametrize("slot", range(10))
def test_a_look_and_eyes_closed_for_a_moment_choose_the_tile(slot: int) -> None:
    eyes = Eyes(rule=RULE).look(body_of(slot), 0.8).look(None, 0.7)
    assert eyes.slots() == []
    eyes.look(body_of(slot), 0.1)
    assert eyes.slots() == [slot]
    assert eyes.chosen[0].evidence.channel is m.Channelled.LONG_BLINK
    assert eyes.chosen[0].evidence.log_odds.signal > 0


@pytest.mark.parametrize("closed_s", [0.1, 0.3, 3.0, 20.0])
def test_a_blink_rest_and_sleep_choose_nothing(closed_s: float) -> None:
    eyes = Eyes(rule=RULE).look(body_of(2), 0.8).look(None, closed_s).look(body_of(2), 0.5)
    assert eyes.slots() == []


def test_it_is_off_unless_it_was_set() -> None:
    assert Eyes().look(body_of(2), 0.8).look(None, 0.7).look(body_of(2), 0.2).slots() == []


def test_who_opens_the_eyes_elsewhere_still_meant_what_they_closed_on() -> None:
    assert Eyes(rule=RULE).look(body_of(2), 0.8).look(None, 0.7).look(body_of(6), 0.2).slots() == [2]


def test_eyes_that_closed_on_nothing_choose_nothing() -> None:
    assert Eyes(rule=RULE).look((0.5, 0.5), 0.8).look(None, 0.7).look(body_of(2), 0.2).slots() == []


def test_a_face_that_was_lost_meanwhile_closed_no_eyes() -> None:
    eyes = Eyes(rule=RULE).look(body_of(2), 0.8).look(None, 0.3).look(None, 0.2, unseen=m.Eyes.ABSENT)
    assert eyes.look(None, 0.3).look(body_of(2), 0.2).slots() == []


def test_eyes_that_look_at_a_lap_for_a_moment_choose_nothing() -> None:
    known, told = Closing(), []
    down = [True, *[False] * 10, True]
    for number, shut in enumerate(down):
        look = m.Gaze(at_ns=seconds(1 + number / 15), at_sd_ns=0, eyes=m.Eyes.CLOSED, is_shut=shut)
        known, _ = closing.step(known, look)
    assert closing.step(known, gaze(1.9, m.Eyes.OPEN)) == (Closing(), None)
    for number in range(60):
        look = m.Gaze(at_ns=seconds(3 + number / 15), at_sd_ns=0, eyes=m.Eyes.CLOSED, is_shut=False)
        known, closed = closing.step(known, look)
        told += [closed] if closed else []
    assert told == []


def test_lids_on_their_way_do_not_spoil_a_closing() -> None:
    known = Closing()
    for number, shut in enumerate([False, *[True] * 7, False]):
        look = m.Gaze(at_ns=seconds(1 + number / 15), at_sd_ns=0, eyes=m.Eyes.CLOSED, is_shut=shut)
        known, _ = closing.step(known, look)
    assert closing.step(known, gaze(1.7, m.Eyes.OPEN)) == (Closing(), Closed(seconds(1), reopened=True))


def test_it_is_a_sign_while_eyes_are_seen() -> None:
    alone = CommitSettings(pad=True, switch=False, biosignal=False, long_blink=True)
    there = ways.there(ways.Inputs(began_ns=0, headband=Headband.UNSET), alone, 1)
    assert {Input.EYES, Input.SIGN} <= there
    assert ways.opened(there, alone) == (Way.SIGN, Way.PAD)


def gaze(at_s: float, eyes: m.Eyes) -> m.Gaze:
    return m.Gaze(at_ns=seconds(at_s), at_sd_ns=0, eyes=eyes)


def test_that_eyes_do_not_open_is_said_once_while_they_are_closed() -> None:
    known, told = Closing(), []
    for tenth in range(60):
        known, closed = closing.step(known, gaze(1 + tenth / 10, m.Eyes.CLOSED))
        told += [closed] if closed else []
    known, closed = closing.step(known, gaze(8, m.Eyes.OPEN))
    assert told == [Closed(seconds(1), reopened=False)]
    assert closed is None


def test_what_nobody_saw_in_between_is_no_closing() -> None:
    known, _ = closing.step(Closing(), gaze(1, m.Eyes.CLOSED))
    assert closing.step(known, gaze(2.5, m.Eyes.OPEN)) == (Closing(), None)
