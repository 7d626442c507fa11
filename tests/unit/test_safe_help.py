"""The call for help from the console, step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.safe import help as helping
from vybor.safe.help import UNDER_WAY, Help, Stage

CALLING = m.Notice(process="voice", trouble=m.Trouble.CALLING_HELP)
MUTE = m.Notice(process="voice", trouble=m.Trouble.SOUND_MISSING, detail="no card")


def voice(at_s: float, *troubles: m.Notice, pid: int = 1) -> m.Health:
    return m.Health(at_ns=seconds(at_s), process="voice", pid=pid, troubles=troubles)


def asked() -> Help:
    return helping.pressed(Help(), seconds(10))


def by_voice() -> Help:
    return helping.answered(asked(), voice(9.5), seconds(10.1), done=True)


def test_a_key_asks_the_voice() -> None:
    assert asked().stage is Stage.ASKED
    assert helping.waited(asked(), None, seconds(12)).stage is Stage.ASKED


def test_a_voice_that_does_not_answer_is_stood_in_for() -> None:
    assert helping.waited(asked(), None, seconds(12.1)).stage is Stage.RINGING


def test_a_voice_that_refuses_is_stood_in_for() -> None:
    assert helping.answered(asked(), None, seconds(10.1), done=False).stage is Stage.RINGING


def test_the_voice_calls_until_it_says_that_it_does_not_any_more() -> None:
    call = helping.waited(by_voice(), voice(10), seconds(10.2))
    assert call.stage is Stage.VOICE_CALLS, "a word from before the call says nothing of it"
    call = helping.waited(call, voice(10.5, CALLING), seconds(10.5))
    assert call.stage is Stage.VOICE_CALLS
    assert helping.waited(call, voice(15), seconds(15)).stage is Stage.HEARD


def test_a_voice_that_dies_while_it_calls_is_stood_in_for() -> None:
    assert helping.waited(by_voice(), voice(10.5, CALLING), seconds(13.5)).stage is Stage.VOICE_CALLS
    assert helping.waited(by_voice(), voice(10.5, CALLING), seconds(13.6)).stage is Stage.RINGING
    assert helping.waited(by_voice(), None, seconds(13.2)).stage is Stage.RINGING


def test_a_voice_that_is_back_before_anybody_missed_it_has_forgotten_the_call() -> None:
    for call in (by_voice(), helping.waited(by_voice(), voice(10.5, CALLING), seconds(10.5))):
        assert helping.waited(call, voice(11.5, pid=2), seconds(11.5)).stage is Stage.RINGING
    again = helping.waited(by_voice(), voice(10.5, CALLING, pid=2), seconds(10.5))
    assert again.stage is Stage.VOICE_CALLS, "it was asked again, and calls"
    assert helping.waited(again, voice(15, pid=2), seconds(15)).stage is Stage.HEARD


def test_a_call_that_the_voice_took_from_somebody_else_is_looked_after_too() -> None:
    call = helping.taken(Help(), voice(9.5), seconds(10))
    assert call.stage is Stage.VOICE_CALLS
    assert helping.waited(call, voice(9.5), seconds(12.5)).stage is Stage.VOICE_CALLS
    assert helping.waited(call, voice(9.5), seconds(13.1)).stage is Stage.RINGING
    assert helping.waited(call, voice(10.5, pid=2), seconds(10.5)).stage is Stage.RINGING
    assert helping.waited(call, voice(10.5), seconds(10.5)).stage is Stage.HEARD
    assert helping.ended_by_wish(call).stage is Stage.NONE
    rings = helping.ringing(Help(), seconds(9))
    assert helping.taken(rings, voice(9.5), seconds(11)) == rings


def test_what_the_voice_said_before_a_second_call_is_not_of_that() -> None:
    call = helping.taken(helping.taken(Help(), voice(9.5), seconds(10)), voice(9.5), seconds(30))
    assert helping.waited(call, voice(29.9), seconds(30.1)).stage is Stage.VOICE_CALLS
    assert helping.waited(call, voice(30.5), seconds(30.5)).stage is Stage.HEARD
    assert helping.waited(call, voice(30.5, pid=2), seconds(30.5)).stage is Stage.RINGING


def test_of_a_voice_that_nobody_has_heard_before_its_first_word_holds() -> None:
    call = helping.taken(Help(), None, seconds(10))
    assert helping.waited(call, voice(10.5), seconds(10.5)).stage is Stage.HEARD


def test_what_keeps_the_voice_from_being_heard_is_known() -> None:
    call = helping.waited(by_voice(), voice(11, CALLING, MUTE), seconds(11))
    assert (call.stage, call.problem) == (Stage.VOICE_CALLS, "no card")
    given_up = helping.waited(call, voice(71, MUTE), seconds(71))
    assert (given_up.stage, given_up.problem) == (Stage.NOT_HEARD, "no card")
    assert helping.waited(given_up, voice(73, MUTE), seconds(73)) == given_up, "the voice has tried long enough"


def test_a_call_of_its_own_that_is_not_heard_is_tried_again_for_a_minute() -> None:
    call = helping.ringing(Help(), seconds(10))
    failed = helping.ended(call, "no card", seconds(11))
    assert (failed.stage, failed.problem) == (Stage.NOT_HEARD, "no card")
    assert helping.waited(failed, None, seconds(11.5)) == failed
    again = helping.waited(failed, None, seconds(12))
    assert again.stage is Stage.RINGING
    late = helping.ended(again, "no card", seconds(70))
    assert helping.waited(late, None, seconds(100)).stage is Stage.NOT_HEARD
    assert helping.ended(again, "", seconds(13)).problem == ""
    assert helping.ended(again, "", seconds(13)).stage is Stage.HEARD


def test_a_call_whose_sound_went_nowhere_is_told_and_not_repeated() -> None:
    """A player that only hands the sound on may end sooner than the sound: calls upon each other are none."""
    nowhere = helping.ended(helping.ringing(Help(), seconds(10)), "it went nowhere", seconds(11), again=False)
    assert (nowhere.stage, nowhere.problem) == (Stage.NOT_HEARD, "it went nowhere")
    assert helping.waited(nowhere, None, seconds(12)) == nowhere
    assert helping.pressed(nowhere, seconds(13)).stage is Stage.ASKED


@pytest.mark.parametrize("call", [Help(), asked(), Help(stage=Stage.HEARD)])
def test_an_end_that_is_not_of_its_own_call_changes_nothing(call: Help) -> None:
    assert helping.ended(call, "no card", seconds(20)) == call


def test_who_asked_the_voice_in_vain_is_rung_for_at_once() -> None:
    assert helping.ringing(asked(), seconds(11)).stage is Stage.RINGING
    under_way = helping.ringing(Help(), seconds(10))
    assert helping.ringing(under_way, seconds(11)) == under_way


@given(st.lists(st.sampled_from(["press", "done", "refused", "wait", "ended", "failed"]), max_size=30))
def test_a_press_is_never_lost_and_a_call_under_way_is_never_begun_anew(happenings: list[str]) -> None:
    call = Help()
    for second, happening in enumerate(happenings, start=1):
        now_ns, before = seconds(second), call
        match happening:
            case "press":
                call = helping.pressed(call, now_ns)
                assert call.stage in UNDER_WAY
                assert call == before or before.stage not in UNDER_WAY
            case "done" | "refused":
                call = helping.answered(call, None, now_ns, done=happening == "done")
            case "wait":
                call = helping.waited(call, None, now_ns)
            case _:
                call = helping.ended(call, "no card" if happening == "failed" else "", now_ns)
        if before.stage in UNDER_WAY and call.stage not in UNDER_WAY:
            assert call.stage in (Stage.HEARD, Stage.NOT_HEARD)


@pytest.mark.parametrize("call", [asked(), by_voice(), helping.ringing(Help(), 0)])
def test_a_call_that_is_not_wanted_any_more_ends_and_is_not_tried_again(call: Help) -> None:
    ended = helping.ended_by_wish(call)
    assert ended.stage is Stage.NONE
    assert helping.waited(ended, None, seconds(100)) == ended
    waits = helping.ended(call, "no card", seconds(10))
    assert helping.ended_by_wish(waits).stage is Stage.NONE


def test_a_call_that_was_heard_stays_told() -> None:
    heard = helping.ended(helping.ringing(Help(), 0), "", seconds(5))
    assert helping.ended_by_wish(heard) == heard
