"""What was spoken in the minutes before stands before the model, and leaves it again."""

import msgspec

from unit.test_deciding import RULES
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.core import deciding, talk
from vybor.core.talk import LATELY_NS, MOST_LATELY, Talk
from world.desk import Desk

MINUTE_NS = 60 * 10**9


def spoken(known: Talk, text: str, at_ns: int) -> Talk:
    return talk.after(
        known, Writing(text=text), Outcome(Writing(past=(text,)), Action.SPEAK, say=f"{text}."), at_ns
    )


def test_what_is_spoken_is_known_as_it_was_said_and_the_oldest_leave() -> None:
    known = Talk(partner="How are you?")
    for number in range(MOST_LATELY + 1):
        known = spoken(known, f"Sentence {number}", number * MINUTE_NS)
    assert known.lately == ("Sentence 1.", "Sentence 2.", "Sentence 3.")
    assert known.partner == ""  # it is answered


def test_what_is_taken_back_is_gone_at_once() -> None:
    known = spoken(spoken(Talk(), "One", 0), "Two", 1)
    undone = talk.after(known, Writing(past=("Two",)), Outcome(Writing(text="Two"), Action.UNDO), 2)
    assert undone.lately == ("One.",)


def test_an_undo_within_the_next_text_takes_back_nothing() -> None:
    known = spoken(Talk(), "One", 0)
    undone = talk.after(known, Writing(text="I am", past=("I",)), Outcome(Writing(text="I"), Action.UNDO), 1)
    assert undone == known
    cleared = talk.after(known, Writing(past=("Other",)), Outcome(Writing(text="Other"), Action.UNDO), 1)
    assert cleared == known


def test_it_grows_old_on_an_empty_line_only() -> None:
    known = spoken(Talk(), "One", 0)
    late_ns = LATELY_NS + 1
    within = talk.after(known, Writing(text="I"), Outcome(Writing(text="I am"), Action.TAKE), late_ns)
    assert within.lately == ("One.",)
    begun = talk.after(known, Writing(), Outcome(Writing(text="I"), Action.TAKE), late_ns)
    assert begun.lately == ()
    assert spoken(known, "Two", late_ns).lately == ("Two.",)


def test_nobody_new_is_answered_with_what_was_said_to_somebody_else() -> None:
    desk = spoken_desk()
    desk.now_ns += LATELY_NS + 1
    desk.state = deciding.partnered(desk.state, "Hello!", desk.rules, desk.now_ns)
    assert prompt(desk).lately == ()
    waiting = spoken_desk()
    assert deciding.aged(waiting.state, waiting.now_ns + LATELY_NS // 2).talk.lately
    assert not deciding.aged(waiting.state, waiting.now_ns + LATELY_NS * 2).talk.lately


def test_nothing_of_it_is_asked_with_on_an_empty_line_until_something_is_begun() -> None:
    desk = spoken_desk()
    assert desk.state.talk.lately
    assert prompt(desk).lately == ()
    desk.choose(4)  # a group of letters
    assert prompt(desk).lately == desk.state.talk.lately
    answering = spoken_desk()
    answering.state = deciding.partnered(answering.state, "Where?", answering.rules, answering.now_ns)
    assert prompt(answering).lately == answering.state.talk.lately


def test_who_wants_nothing_remembered_has_nothing_told() -> None:
    desk = spoken_desk(remembers=False)
    desk.choose(4)
    assert prompt(desk).lately == ()


def spoken_desk(*, remembers: bool = True) -> Desk:
    """One word was spoken."""
    desk = Desk(msgspec.structs.replace(RULES, remembers=remembers))
    desk.choose(0)
    desk.choose(3)
    assert desk.state.writing.said
    return desk


def prompt(desk: Desk) -> m.Prompt:
    assert desk.state.prompt
    return desk.state.prompt


def test_rest_ends_the_conversation() -> None:
    known = spoken(Talk(), "One", 0)
    assert talk.after(known, Writing(), Outcome(Writing(), Action.REST), 1).lately == ()
