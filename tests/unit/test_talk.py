"""What was spoken in the minutes before stands before the model, and leaves it again."""

import msgspec
import pytest

from unit.test_deciding import MENU, RULES, UNDO
from vybor.composer.lasting import Lasting
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.core.decision import deciding, talk
from vybor.core.decision.talk import LATELY_NS, MOST_LATELY, Talk
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


def answered(known: Talk, *, partner: str = "Tea or coffee?") -> Talk:
    return spoken(talk.asked(known, partner, 0, 0), "Tea", 1)


def undone(known: Talk, text: str, at_ns: int) -> Talk:
    return talk.after(known, Writing(past=(text,)), Outcome(Writing(text=text), Action.UNDO, hush=True), at_ns)


def test_who_takes_the_answer_back_is_asked_again() -> None:
    known = answered(Talk())
    assert known.partner == ""
    again = undone(known, "Tea", 2)
    assert (again.partner, again.lately) == ("Tea or coffee?", ())
    assert undone(known, "Tea", LATELY_NS + 2).partner == ""
    newer = undone(talk.asked(known, "With milk?", 2, 0), "Tea", 3)
    assert newer.partner == "With milk?"


def test_a_private_answer_leaves_no_trace_but_its_question_comes_back() -> None:
    asked = talk.asked(Talk(), "How do you feel?", 0, 0)
    private = Writing(text="Bad", lasting=Lasting(incognito=True))
    known = talk.after(asked, private, Outcome(Writing(past=("Bad",)), Action.SPEAK, say="Bad."), 1)
    assert (known.partner, known.lately) == ("", ())
    assert undone(known, "Bad", 2).partner == "How do you feel?"


YES, HELP, REPEAT = 0, 6, 9
"""On the menu."""


def answers(desk: Desk, *slots: int) -> bool:
    """Whether these choices leave on the partner's screen what was said; each but Undo is one of the menu's."""
    for slot in slots:
        if slot != UNDO:
            desk.choose(MENU)
        desk.choose(slot)
    shown = deciding.screen(desk.state, desk.now_ns, m.Saving.SAVED, (), "en")
    assert shown.partner
    return not shown.said_before


def test_what_was_said_before_a_turn_does_not_answer_it() -> None:
    desk = spoken_desk()
    desk.state = deciding.partnered(desk.state, "Hungry?", desk.rules, desk.now_ns)
    assert not answers(desk)
    assert answers(desk, YES)
    assert not answers(desk, UNDO)
    desk.state = deciding.partnered(desk.state, "Tired?", desk.rules, desk.now_ns)
    assert not answers(desk)


def test_an_answer_stands_whatever_else_is_taken_back() -> None:
    desk = spoken_desk()
    desk.state = deciding.partnered(desk.state, "Hungry?", desk.rules, desk.now_ns)
    assert answers(desk, YES, HELP, UNDO)
    assert desk.decided[-1].was_calling
    assert answers(desk, YES, UNDO)
    assert answers(desk, REPEAT, UNDO)


@pytest.mark.parametrize(("rested_ns", "stays"), [(MINUTE_NS, True), (480 * MINUTE_NS, False)])
def test_after_a_long_rest_nobody_waits_for_an_answer(rested_ns: int, *, stays: bool) -> None:
    rests = talk.after(talk.asked(Talk(), "Are you tired?", 0, 0), Writing(), Outcome(Writing(), Action.REST), 1)
    woken = talk.after(rests, Writing(), Outcome(Writing(), Action.WAKE), rested_ns)
    assert (woken.partner == "Are you tired?") is stays


def test_what_was_said_to_somebody_at_rest_waits_for_them() -> None:
    rests = talk.after(Talk(), Writing(), Outcome(Writing(), Action.REST), 1)
    asked = talk.asked(rests, "Awake?", 480 * MINUTE_NS, 0)
    assert talk.after(asked, Writing(), Outcome(Writing(), Action.WAKE), 481 * MINUTE_NS).partner == "Awake?"


def test_the_screen_tells_which_sentence_came_before_the_question() -> None:
    desk = spoken_desk()
    desk.state = deciding.partnered(desk.state, "Where?", desk.rules, desk.now_ns)
    shown = deciding.screen(desk.state, desk.now_ns, m.Saving.SAVED, (), "en")
    assert (shown.said_before, bool(shown.said)) == (True, True)
    desk.choose(0)
    desk.choose(3)
    assert not deciding.screen(desk.state, desk.now_ns, m.Saving.SAVED, (), "en").said_before
