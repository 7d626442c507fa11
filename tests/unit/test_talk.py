"""What was spoken in the minutes before stands before the model, and leaves it again."""

from vybor.composer.writing import Outcome, Writing
from vybor.contracts.messages import Action
from vybor.core import talk
from vybor.core.talk import LATELY_NS, MOST_LATELY, Talk

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


def test_rest_ends_the_conversation() -> None:
    known = spoken(Talk(), "One", 0)
    assert talk.after(known, Writing(), Outcome(Writing(), Action.REST), 1).lately == ()
