"""The prompt at hand first, then what may come: with a small real model."""

import pytest

from vybor.contracts import messages as m
from vybor.generator import bundle
from vybor.generator import desk as desks
from vybor.generator.candidates import Proposer
from vybor.generator.desk import Answer, Desk, Question
from world import tiny_model

FOLLOWS = {
    "<|im_start|>": {"I": 0.6, "It": 0.4},
    "I": {" like": 0.9, " am": 0.1},
    " like": {" it": 1.0},
    " it": {" like": 1.0},
}
PATIENCE = 200


@pytest.fixture(scope="module")
def proposer(tmp_path_factory: pytest.TempPathFactory) -> Proposer:
    folder = tiny_model.bigrams(tmp_path_factory.mktemp("model") / "tiny", FOLLOWS)
    return Proposer(bundle.open_bundle(folder), threads=1)


@pytest.fixture
def desk(proposer: Proposer) -> Desk:
    return Desk(proposer)


def prompt(text: str, number: int = 1) -> Question:
    return Question.of(m.Prompt(at_ns=number, number=number, text=text))


def answered(desk: Desk, asked: Question, *ahead: Question) -> tuple[Answer, int]:
    """The answer, and after how many steps it came."""
    for steps in range(1, PATIENCE):
        if answer := desk.step(asked, ahead):
            return answer, steps
    raise AssertionError("it was never answered")


def look_ahead(desk: Desk, *ahead: Question) -> None:
    for _ in range(PATIENCE):
        if desk.is_idle(None, ahead):
            return
        assert desk.step(None, ahead) is None


def words(answer: Answer) -> list[str]:
    return [candidate.words[0] for candidate in answer.candidates]


def test_what_was_looked_at_ahead_is_there_at_once_and_is_the_same(desk: Desk, proposer: Proposer) -> None:
    asked, later = prompt("", 1), prompt("I", 2)
    first, steps = answered(desk, asked, later)
    assert not first.was_ahead
    assert steps > 1
    look_ahead(desk, later)
    ahead, steps = answered(desk, prompt("I", 7))
    assert (ahead.was_ahead, steps) == (True, 1)
    afresh, _ = answered(Desk(proposer), later)
    assert ahead.candidates == afresh.candidates
    assert words(ahead)[0] == "like"


def test_a_prompt_takes_precedence_after_one_step_of_looking_ahead(desk: Desk) -> None:
    assert desk.step(None, [prompt("I like")]) is None
    answer, _ = answered(desk, prompt("I"), prompt("I like"))
    assert words(answer)[0] == "like"


def test_work_begun_ahead_goes_on_when_it_is_asked_for(desk: Desk, proposer: Proposer) -> None:
    _, alone = answered(Desk(proposer), prompt("I like"))
    desk.step(None, [prompt("I like")])
    answer, steps = answered(desk, prompt("I like"))
    assert steps < alone
    assert answer.candidates[0].words[0] == "it"


def test_nothing_is_begun_anew_when_the_likeliest_changes_while_it_still_may_come(
    desk: Desk, proposer: Proposer
) -> None:
    desk.step(None, [prompt("I"), prompt("It")])
    before = proposer.tokens_read
    look_ahead(desk, prompt("It"), prompt("I"))
    together = proposer.tokens_read - before
    fresh = Desk(proposer)
    before = proposer.tokens_read
    look_ahead(fresh, prompt("I"), prompt("It"))
    assert together <= proposer.tokens_read - before


def test_without_anything_ahead_it_rests(desk: Desk, proposer: Proposer) -> None:
    desk.step(None, [prompt("I")])
    before = proposer.tokens_read
    assert desk.is_idle(None, [])
    assert desk.step(None, []) is None
    assert proposer.tokens_read == before


def test_tokens_are_counted_once_with_the_answer_that_is_given_out(desk: Desk) -> None:
    look_ahead(desk, prompt("I"))
    first, _ = answered(desk, prompt("I", 2))
    again, _ = answered(desk, prompt("I", 3))
    assert first.tokens > 0
    assert again.tokens == 0


def test_old_answers_make_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "MOST_ANSWERS", 2)
    for text in ("I", "It", "I like"):
        answered(desk, prompt(text))
    assert not answered(desk, prompt("I"))[0].was_ahead
    assert answered(desk, prompt("I like"))[0].was_ahead
