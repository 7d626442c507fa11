"""The queue: what is taken back, said again, whispered, and what is never said twice or late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.voice import plan
from vybor.voice.plan import Heard, HelpCall, Plan, Speech, Whisper

WORKING = Plan(probe_ns=None)
WELL, NO_CARD, NOWHERE = Heard(), Heard("no sound card"), Heard("it went nowhere", again=False)
HUSH, HELP, AGAIN = m.Hush(request="hush"), m.CallHelp(request="help"), m.Repeat(request="again", text="one")


def say(text: str) -> m.Say:
    return m.Say(request=text, text=text)


def without(text: str) -> m.Hush:
    return m.Hush(request=f"without {text}", only=text)


def whisper(label: str) -> m.Whisper:
    return m.Whisper(request=f"whisper {label}", text=label)


def after(start: Plan, *steps: m.AnyCommand | Heard) -> Plan:
    """The plan after commands and ends of sounds, with what should sound then."""
    for step in steps:
        start = plan.finished(start, step, 0) if isinstance(step, Heard) else plan.asked(start, step, 0)[0]
        start = plan.chosen(start, 0)
    return start


def sounding(state: Plan) -> str:
    match state.sounding:
        case Speech(text=text) | Whisper(text=text):
            return text
        case HelpCall():
            return "help!"
    return ""


def test_a_sentence_taken_back_before_it_began_is_not_said_and_the_one_before_goes_on() -> None:
    state = after(WORKING, say("one"), say("two"), without("two"))
    assert sounding(state) == "one"
    assert sounding(after(state, WELL)) == ""


def test_a_sentence_taken_back_while_it_sounds_stops_and_the_next_begins() -> None:
    assert sounding(after(WORKING, say("one"), say("two"), without("one"))) == "two"


def test_taking_back_what_was_said_stops_nothing() -> None:
    state = after(WORKING, say("one"), WELL, HELP, without("one"))
    assert sounding(state) == "help!"
    assert sounding(after(state, WELL)) == ""


def test_what_is_asked_for_is_said_again_and_not_what_another_had_said() -> None:
    """The check of `vybor authorship` speaks too, and what it said is a secret."""
    state = after(WORKING, say("one"), WELL, say("the secret word"), WELL, AGAIN)
    assert sounding(state) == "one"
    assert sounding(after(state, WELL)) == ""
    waits = after(WORKING, say("the secret word"), AGAIN)
    assert (sounding(waits), sounding(after(waits, WELL))) == ("the secret word", "one")


def test_what_came_too_late_is_said_when_it_is_asked_for_again() -> None:
    late = m.Say(request="late", text="I am in pain.", until_ns=5)
    said = after(WORKING, say("Leave me alone."), WELL)
    state, reply = plan.asked(said, late, 6)
    assert (state, type(reply)) == (said, m.Refused)
    assert sounding(after(state, m.Repeat(request="again", text=late.text))) == "I am in pain."


def test_a_sentence_on_its_way_is_not_said_twice_for_being_asked_for_again() -> None:
    state = after(WORKING, say("one"), AGAIN, say("two"), m.Repeat(request="again", text="two"))
    assert len(state.queue) == 1
    assert sounding(after(state, WELL, WELL)) == ""


def test_undo_takes_back_a_repetition_by_its_own_name() -> None:
    assert sounding(after(WORKING, say("one"), WELL, AGAIN, without("again"))) == ""
    assert sounding(after(WORKING, say("one"), AGAIN, without("again"))) == "one"


def test_a_voice_that_started_again_says_it_too() -> None:
    state = after(WORKING, m.Repeat(request="again", text="Здравствуйте", language="ru"))
    assert state.sounding == Speech(text="Здравствуйте", language="ru", request="again")


def test_nothing_cannot_be_said_again() -> None:
    reply = plan.asked(WORKING, m.Repeat(request="again", text=" "), 0)[1]
    assert reply == m.Refused(request="again", reason="there is nothing to say")


@pytest.mark.parametrize(
    "late", [m.Repeat(request="r", text="one", until_ns=5), m.Whisper(request="r", text="one", until_ns=5)]
)
def test_what_comes_too_late_is_not_said(late: m.AnyCommand) -> None:
    assert plan.asked(WORKING, late, 6) == (WORKING, m.Refused(request="r", reason="it came too late to be said"))
    assert plan.asked(WORKING, late, 5)[1] == m.Done(request="r")


def test_a_label_is_replaced_by_the_next_at_once() -> None:
    state = after(WORKING, whisper("yes"), whisper("no"))
    assert sounding(state) == "no"
    assert sounding(after(state, WELL)) == ""


@pytest.mark.parametrize(("command", "sounds"), [(say("one"), "one"), (HELP, "help!")])
def test_a_label_gives_way_to_a_sentence_and_to_the_call_for_help(command: m.AnyCommand, sounds: str) -> None:
    assert sounding(after(WORKING, whisper("yes"), command)) == sounds
    waiting = plan.asked(plan.asked(WORKING, whisper("yes"), 0)[0], command, 0)[0]
    state = plan.chosen(waiting, 0)
    assert (sounding(state), sounding(after(state, WELL))) == (sounds, "")


@pytest.mark.parametrize("command", [say("one"), HELP])
def test_a_label_that_cannot_begin_at_once_is_never_whispered(command: m.AnyCommand) -> None:
    state = after(WORKING, command)
    same, reply = plan.asked(state, whisper("yes"), 0)
    assert same == state
    assert isinstance(reply, m.Refused)


def test_a_label_without_a_voice_is_refused() -> None:
    german = m.Whisper(request="r", text="ja", language="de")
    assert plan.asked(WORKING, german, 0)[1] == m.Refused(
        request="r", reason="there is no voice for the language 'de'"
    )


def test_a_whisper_that_is_not_heard_says_nothing_of_speech_and_the_other_way_round() -> None:
    state = after(WORKING, whisper("yes"), NO_CARD)
    assert (state.whisper_problem, state.problem) == ("no sound card", "")
    state = after(state, say("one"), NO_CARD, whisper("no"), WELL)
    assert (state.whisper_problem, state.problem) == ("", "no sound card")


def test_a_call_whose_sound_went_nowhere_is_told_and_not_repeated_at_once() -> None:
    """A player that only hands the sound on may end sooner than the sound: a call over itself is no call."""
    state = after(WORKING, HELP, NOWHERE)
    assert (state.calling, state.problem) == (None, "it went nowhere")


steps = st.sampled_from([say("one"), say("two"), HUSH, HELP, AGAIN, whisper("yes"), without("one"), WELL, NO_CARD])


@given(st.lists(steps, max_size=30))
def test_nothing_is_said_more_often_than_it_was_asked_for(history: list[m.AnyCommand | Heard]) -> None:
    state, begun, asked = WORKING, 0, 0
    for number, step in enumerate(history):
        if isinstance(step, m.Say):
            step = m.Say(request=f"{step.text} {number}", text=step.text)  # noqa: PLW2901  (each is another wish)
        asked += isinstance(step, m.Say | m.Repeat)
        before = state.sounding
        state = after(state, step)
        begun += isinstance(state.sounding, Speech) and state.sounding is not before
        assert len(state.queue) + begun <= asked


def alert(text: str) -> m.Alert:
    return m.Alert(request=f"alert {text}", text=text)


def test_what_the_kit_says_itself_waits_for_the_wearer_and_is_never_repeated() -> None:
    state = after(WORKING, say("one"), alert("come"), say("two"))
    assert sounding(state) == "one"
    state = after(state, WELL)
    assert sounding(state) == "two"
    state = after(state, WELL)
    assert sounding(state) == "come"
    state = after(state, WELL, m.Repeat(request="again", text="two"))
    assert sounding(state) == "two"


def test_while_the_kit_speaks_itself_the_last_sentence_can_be_repeated_behind_it() -> None:
    state = after(WORKING, say("one"), WELL, alert("come"), AGAIN)
    assert sounding(state) == "come"
    assert sounding(after(state, WELL)) == "one"


def test_what_the_kit_says_itself_is_stopped_by_its_name_and_by_silence() -> None:
    by_name = m.Hush(request="h", only="alert come")
    for hush in (by_name, HUSH):
        assert after(WORKING, alert("come"), hush).sounding is None
        waiting = after(WORKING, say("one"), alert("come"), hush)
        assert waiting.alert is None
    assert sounding(after(WORKING, say("one"), alert("come"), by_name)) == "one"


def test_a_call_for_help_goes_before_what_the_kit_says_itself_and_leaves_nothing_of_it() -> None:
    called = after(WORKING, alert("come"), HELP)
    assert isinstance(called.sounding, HelpCall)
    assert called.alert is None
    refused = plan.asked(called, alert("come"), 0)[1]
    assert refused == m.Refused(request="alert come", reason="the call for help goes before it")


def test_the_newest_is_what_the_kit_says() -> None:
    state = after(WORKING, say("one"), alert("come"), alert("please come"), WELL)
    assert sounding(state) == "please come"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (m.Alert(request="r", text="come", until_ns=5), "it came too late to be said"),
        (m.Alert(request="r", text=" "), "there is nothing to say"),
        (m.Alert(request="r", text="komm", language="de"), "there is no voice for the language 'de'"),
    ],
)
def test_what_the_kit_cannot_say_is_refused(wrong: m.Alert, reason: str) -> None:
    assert plan.asked(WORKING, wrong, 10)[1] == m.Refused(request="r", reason=reason)


def test_what_is_said_to_the_ear_is_never_said_again_and_its_earphone_is_not_the_loudspeaker() -> None:
    secret = m.Say(request="secret", text="water", to_ear=True)
    again = m.Repeat(request="again", text="water")
    assert [sound.to_ear for sound in after(WORKING, secret, again).queue] == [False]  # the wearer's own "water"
    assert after(WORKING, secret, WELL, AGAIN).queue == ()
    assert sounding(after(WORKING, secret, WELL, AGAIN)) == "one"
    failed = after(WORKING, secret, NO_CARD)
    assert (failed.problem, failed.whisper_problem) == ("", NO_CARD.problem)
