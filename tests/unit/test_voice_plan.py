"""What sounds now and what comes next."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.voice import plan
from vybor.voice.plan import Calling, Heard, HelpCall, Plan, Probe, Speech

WORKING = Plan(probe_ns=None)
HELLO = Speech(text="hello", language="en", request="hello")
WELL = Heard()
NO_CARD = Heard("no sound card")


def after(start: Plan, *commands: m.AnyCommand, now_ns: int = 0) -> Plan:
    """The plan after commands, with what should sound then."""
    for command in commands:
        start, _ = plan.asked(start, command, now_ns)
        start = plan.chosen(start, now_ns)
    return start


def say(text: str, language: str = "en") -> m.Say:
    return m.Say(request=text, text=text, language=language)


def whisper(label: str) -> m.Whisper:
    return m.Whisper(request=f"whisper {label}", text=label)


def only(text: str) -> m.Hush:
    """Undo of one sentence."""
    return m.Hush(request=f"without {text}", only=text)


HUSH = m.Hush(request="hush")
AGAIN = m.Repeat(request="again", text="one")
HELP = m.CallHelp(request="help", language="ru")


def test_sentences_sound_in_order_one_at_a_time() -> None:
    state = after(WORKING, say("one"), say("two"), say("три", "ru"))
    heard = []
    while isinstance(state.sounding, Speech):
        heard.append(state.sounding.text)
        state = plan.chosen(plan.finished(state, WELL, 0), 0)
    assert heard == ["one", "two", "три"]


def test_a_sentence_is_acknowledged_when_it_is_accepted() -> None:
    assert plan.asked(WORKING, say("one"), 0)[1] == m.Done(request="one")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (m.Say(request="r", text=" \x07 "), "there is nothing to say"),
        (m.Say(request="r", text="a" * 5001), "the text is longer than 5000 characters"),
        (m.Say(request="r", text="hallo", language="de"), "there is no voice for the language 'de'"),
        (m.Calibrate(request="r"), "the voice only speaks, stops and calls for help"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(command: m.AnyCommand, reason: str) -> None:
    assert plan.asked(WORKING, command, 0) == (WORKING, m.Refused(request="r", reason=reason))


def test_the_queue_has_an_end() -> None:
    state = after(WORKING, *(say(str(number)) for number in range(plan.MOST_WAITING + 1)))
    assert len(state.queue) == plan.MOST_WAITING
    same, reply = plan.asked(state, say("one more"), 0)
    assert same == state
    assert isinstance(reply, m.Refused)


def test_hush_stops_and_forgets() -> None:
    assert after(WORKING, say("one"), say("two"), HUSH) == WORKING


def test_a_call_for_help_goes_before_everything_and_empties_the_queue() -> None:
    state = after(WORKING, say("one"), say("two"), HELP)
    assert state.sounding == HelpCall(language="ru")
    assert state.queue == ()


def test_a_call_in_an_unknown_language_is_english() -> None:
    assert after(WORKING, m.CallHelp(request="r", language="../x")).sounding == HelpCall(language="en")


def test_a_call_that_sounds_goes_on_when_help_is_called_again() -> None:
    state = after(WORKING, HELP)
    assert after(state, HELP).sounding is state.sounding


def test_what_is_said_during_a_call_comes_after_it() -> None:
    state = after(WORKING, HELP, say("one"))
    assert isinstance(state.sounding, HelpCall)
    assert plan.chosen(plan.finished(state, WELL, 0), 0).sounding == msgspec.structs.replace(
        HELLO, text="one", request="one"
    )


def test_a_call_that_is_not_heard_is_tried_again_for_a_minute() -> None:
    state, now_ns, tries = after(WORKING, HELP), 0, 0
    while state.calling:
        tries += isinstance(state.sounding, HelpCall)
        state = plan.finished(state, NO_CARD, now_ns)
        now_ns += plan.HELP_AGAIN_NS
        state = plan.chosen(state, now_ns)
    assert tries == 60
    assert now_ns == plan.HELP_FOR_NS


def test_between_two_tries_of_a_call_nothing_else_sounds() -> None:
    state = plan.finished(after(WORKING, say("one"), HELP, say("two")), NO_CARD, 0)
    assert plan.chosen(state, plan.HELP_AGAIN_NS - 1).sounding is None
    assert isinstance(plan.chosen(state, plan.HELP_AGAIN_NS).sounding, HelpCall)


def test_a_voice_that_starts_probes_in_silence() -> None:
    state = plan.chosen(Plan(), 0)
    assert isinstance(state.sounding, Probe)
    assert plan.finished(state, WELL, 0) == WORKING


def test_a_probe_gives_way_to_words() -> None:
    assert after(plan.chosen(Plan(), 0), say("hello")).sounding == HELLO


def test_trouble_is_probed_every_few_seconds_until_it_heals() -> None:
    state = plan.finished(after(WORKING, say("one")), NO_CARD, seconds(10))
    assert state.problem == "no sound card"
    assert plan.chosen(state, seconds(14.9)).sounding is None
    probing = plan.chosen(state, seconds(15))
    assert isinstance(probing.sounding, Probe)
    healed = plan.finished(probing, WELL, seconds(16))
    assert (healed.problem, healed.probe_ns, healed.sounding) == ("", None, None)


def test_a_heard_call_does_not_heal_speech() -> None:
    state = after(Plan(problem="espeak-ng cannot be started", probe_ns=seconds(5)), HELP)
    state = plan.finished(state, WELL, seconds(3))
    assert state.problem == "espeak-ng cannot be started"
    assert isinstance(plan.chosen(state, seconds(5)).sounding, Probe)


def test_a_sentence_that_failed_is_not_said_later() -> None:
    state = plan.finished(after(WORKING, say("one"), say("two")), NO_CARD, 0)
    assert plan.chosen(state, 0).sounding == msgspec.structs.replace(HELLO, text="two", request="two")


commands = st.sampled_from([say("one"), say("two"), HUSH, HELP, say(""), whisper("tile"), AGAIN])
endings = st.sampled_from([WELL, NO_CARD])


@given(st.lists(st.tuples(st.one_of(commands, endings), st.integers(0, 10_000_000_000))))
def test_after_hush_nothing_sounds_whatever_came_before(history: list[tuple[m.AnyCommand | Heard, int]]) -> None:
    state, now_ns = Plan(), 0
    for what, passed_ns in history:
        now_ns += passed_ns
        state = (
            plan.finished(state, what, now_ns) if isinstance(what, Heard) else plan.asked(state, what, now_ns)[0]
        )
        state = plan.chosen(state, now_ns)
    hushed = plan.chosen(plan.asked(state, HUSH, now_ns)[0], now_ns)
    assert hushed.sounding is None or isinstance(hushed.sounding, Probe)
    assert (hushed.queue, hushed.calling, hushed.whisper) == ((), None, None)


def test_a_call_keeps_its_end_when_it_is_tried_again() -> None:
    state = plan.finished(after(WORKING, HELP), NO_CARD, seconds(2))
    call = HelpCall(language="ru")
    assert state.calling == Calling(call, seconds(2) + plan.HELP_AGAIN_NS, plan.HELP_FOR_NS)


def test_a_sentence_that_comes_too_late_is_not_said() -> None:
    late = m.Say(request="late", text="I am in pain.", until_ns=5)
    unchanged, reply = plan.asked(Plan(), late, 6)
    assert isinstance(reply, m.Refused)
    assert unchanged == Plan()
    assert isinstance(plan.asked(Plan(), late, 4)[1], m.Done)


def test_behind_a_card_that_was_stuck_what_is_late_is_dropped_and_that_is_told_for_a_while() -> None:
    state = after(WORKING, say("one"), say("two"))
    state = after(state, say("three"), now_ns=seconds(20))
    state = plan.finished(state, NO_CARD, seconds(25))
    assert [waiting.text for waiting in state.queue] == ["three"]
    state = plan.chosen(state, seconds(25))
    assert isinstance(state.sounding, Speech) and state.sounding.text == "three"
    assert plan.chosen(state, seconds(40)).dropped_until_ns
    assert not plan.chosen(state, seconds(40.1)).dropped_until_ns


def test_behind_a_stuck_sentence_that_is_taken_back_what_is_late_is_dropped_too() -> None:
    long_s = (plan.USUAL_NS + len("one") * plan.USUAL_NS_A_LETTER) / 1e9
    for after_s, left in ((long_s - 0.1, ["two"]), (long_s + 0.1, [])):
        state = after(WORKING, say("one"), say("two"))
        state = plan.asked(state, m.Hush(request="hush", only="one"), seconds(after_s))[0]
        assert [waiting.text for waiting in state.queue] == left
        assert bool(state.dropped_until_ns) is not bool(left)
        assert state.sounding is None


def test_behind_words_of_the_kit_that_are_ended_nothing_is_late() -> None:
    alert = m.Alert(request="alert", text="Please plug me in: the battery is nearly empty.")
    state = after(WORKING, alert, now_ns=seconds(100))
    state = after(state, say("one"), now_ns=seconds(101))
    state = plan.asked(state, m.Hush(request="hush", only="alert"), seconds(107))[0]
    assert [waiting.text for waiting in state.queue] == ["one"]


def test_what_waits_and_is_asked_for_again_is_as_old_as_that() -> None:
    state = after(WORKING, say("one"), say("two"))
    state = plan.asked(state, m.Repeat(request="again", text="two"), seconds(20))[0]
    state = plan.finished(state, NO_CARD, seconds(24))
    assert [waiting.text for waiting in state.queue] == ["two"]


def test_behind_a_long_sentence_that_was_heard_nothing_is_late() -> None:
    state = plan.finished(after(WORKING, say("one"), say("two")), WELL, seconds(60))
    assert [waiting.text for waiting in state.queue] == ["two"]
    assert not state.dropped_until_ns
