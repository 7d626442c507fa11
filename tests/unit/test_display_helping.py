"""The switch as a call for help: whom it asks, and for how long."""

import pytest

from vybor.display import helping
from vybor.display.helping import Helping, Stage
from vybor.foundation.clock import seconds

ASKED = Helping(Stage.ASKED_VOICE, seconds(10))
BESIDE = Helping(Stage.ASKED_SAFE, seconds(12))


def test_a_press_asks_the_voice_and_another_one_does_not_ask_again() -> None:
    assert helping.pressed(Helping(), seconds(10)) == ASKED
    assert helping.pressed(ASKED, seconds(11)) == ASKED


def test_the_voice_calls() -> None:
    """And safe is asked to ring if it does not go on."""
    calls = helping.answered(ASKED, "voice", seconds(11), done=True)
    assert calls == Helping(Stage.VOICE_CALLS, seconds(11))
    assert helping.RECEIVER[calls.stage] == "safe"
    for done in (True, False):
        assert helping.answered(calls, "safe", seconds(12), done=done) == Helping(Stage.CALLED, seconds(11))


@pytest.mark.parametrize("stage", helping.CALLED)
def test_after_a_while_the_page_says_again_how_to_call(stage: Stage) -> None:
    called = Helping(stage, seconds(11))
    assert helping.waited(called, seconds(31)) == called
    assert helping.waited(called, seconds(31.1)) == Helping()


@pytest.mark.parametrize("stage", [Stage.VOICE_CALLS, Stage.CALLED, Stage.FAILED, Stage.NONE])
def test_one_can_call_again(stage: Stage) -> None:
    assert helping.pressed(Helping(stage, seconds(5)), seconds(10)) == ASKED


def test_a_voice_that_does_not_answer_or_refuses_is_passed_over() -> None:
    assert helping.waited(ASKED, seconds(12)) == ASKED
    assert helping.waited(ASKED, seconds(12.1)) == Helping(Stage.ASKED_SAFE, seconds(12.1))
    assert helping.answered(ASKED, "voice", seconds(12), done=False) == BESIDE


def test_who_stands_in_for_the_voice_calls_or_the_call_has_failed() -> None:
    assert helping.answered(BESIDE, "safe", seconds(13), done=True).stage is Stage.CALLED
    assert helping.answered(BESIDE, "safe", seconds(13), done=False).stage is Stage.FAILED
    assert helping.waited(BESIDE, seconds(14.1)).stage is Stage.FAILED
    assert helping.waited(Helping(Stage.FAILED, 0), seconds(1000)).stage is Stage.FAILED


def test_an_answer_of_somebody_else_says_nothing() -> None:
    assert helping.answered(BESIDE, "voice", seconds(13), done=True) == BESIDE
    assert helping.answered(Helping(), "voice", seconds(13), done=True) == Helping()
