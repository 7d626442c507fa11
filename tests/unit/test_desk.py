"""The prompt at hand first, then what may come: with a small real model."""

from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.generator import desk as desks
from vybor.generator.candidates import AHEAD_TOKENS, STEP_TOKENS, Proposer
from vybor.generator.desk import Answer, Desk, Question
from vybor.generator.network import bundle
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


def chances(answer: Answer) -> dict[str, float]:
    return {candidate.words[0]: candidate.p for candidate in answer.candidates}


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


STORY = " ".join(f"I like it. It is {number}. I am. I like {number}" for number in range(40)).split()
"""About 900 tokens, where the model reads 380 at a time. No two places of it read alike."""
HARDLY = 30
"""Tokens read for an offer: a word of the text, the words tried behind it and those in grey."""


class Reader:
    """Writes a long text word by word, and counts what the model reads for each offer and beside them."""

    def __init__(self, proposer: Proposer) -> None:
        self._proposer = proposer
        self._desk = Desk(proposer)
        self.for_offers: list[int] = []
        self.beside: list[int] = []

    def write(self, words: list[str], pause: int = PATIENCE) -> None:
        for count in range(1, len(words) + 1):
            self.ask(" ".join(words[:count]))
            self.pause(pause)

    def ask(self, text: str) -> Answer:
        before = self._proposer.tokens_read
        answer, _ = answered(self._desk, prompt(text))
        self.for_offers.append(self._proposer.tokens_read - before)
        return answer

    def pause(self, steps: int) -> None:
        before = self._proposer.tokens_read
        for _ in range(steps):
            if self._desk.is_idle(None, []):
                break
            self._desk.step(None, [])
        self.beside.append(self._proposer.tokens_read - before)


def test_however_long_the_text_an_offer_waits_for_hardly_any_reading(proposer: Proposer) -> None:
    reader = Reader(proposer)
    reader.write(STORY)
    assert max(reader.for_offers[1:]) <= HARDLY
    assert max(reader.beside) > STEP_TOKENS
    assert 3 <= sum(tokens > HARDLY for tokens in reader.beside) <= 5
    assert sum(reader.beside) < sum(reader.for_offers) / 4


def test_one_step_between_two_choices_is_pause_enough(proposer: Proposer) -> None:
    reader = Reader(proposer)
    reader.write(STORY, pause=1)
    assert max(reader.for_offers[1:]) <= HARDLY


def test_without_any_pause_the_text_is_read_anew_only_where_the_window_moves(proposer: Proposer) -> None:
    reader = Reader(proposer)
    reader.write(STORY, pause=0)
    assert 2 <= sum(tokens > HARDLY for tokens in reader.for_offers[1:]) <= 4


def test_what_was_read_ahead_is_what_a_fresh_model_reads(tmp_path: Path) -> None:
    made = bundle.open_bundle(tiny_model.random(tmp_path / "random"))
    reader = Reader(Proposer(made, threads=1))
    words = STORY[:150]
    reader.write(words)
    assert max(reader.beside) > STEP_TOKENS
    fresh, _ = answered(Desk(Proposer(made, threads=1)), prompt(" ".join(words)))
    now = reader.ask(" ".join(words))
    assert chances(now) == pytest.approx(chances(fresh), abs=0.02)


def test_a_choice_in_the_middle_of_reading_ahead_is_answered_first(proposer: Proposer) -> None:
    desk = Desk(proposer)
    text = " ".join(STORY[:160])
    answered(desk, prompt(text))
    before = proposer.tokens_read
    desk.step(None, [])
    assert proposer.tokens_read - before == AHEAD_TOKENS
    before = proposer.tokens_read
    answered(desk, prompt(f"{text} I"))
    assert proposer.tokens_read - before <= HARDLY


OF_SENTENCES = {
    "<|im_start|>": {"I": 0.5, "tea": 0.5},
    "tea": {"\n": 1.0},
    "\n": {"I": 0.6, "Some": 0.4},
    "I": {" want": 1.0},
    "Some": {" tea": 1.0},
    " want": {" tea": 1.0},
    " tea": {".": 1.0},
}
TEA = Question.of(m.Prompt(at_ns=0, number=9, text="", anchors=("tea",)))


@pytest.fixture
def framed(tmp_path: Path) -> Proposer:
    """Wears something for sentences: bigrams take no adapter, what they say is what one would have taught."""
    made = Proposer(bundle.open_bundle(tiny_model.bigrams(tmp_path / "tiny", OF_SENTENCES)), threads=1)
    made.frames.is_worn = True
    return made


def sentences(answer: Answer) -> set[str]:
    return {" ".join(candidate.words) for candidate in answer.candidates}


@pytest.mark.parametrize("steps", [1, 3])
def test_sentences_that_were_left_for_a_known_page_are_made_of_their_own_text(
    framed: Proposer, steps: int
) -> None:
    desk, page = Desk(framed), prompt("I")
    answered(desk, page)
    for _ in range(steps):
        assert desk.step(TEA, []) is None
    assert answered(desk, page)[0].was_ahead
    assert desk.is_idle(None, [page])
    again, _ = answered(desk, TEA)
    alone, _ = answered(Desk(framed), TEA)
    assert sentences(again) == sentences(alone) >= {"I want tea.", "Some tea."}
    assert again.context == alone.context


@pytest.mark.parametrize("steps", [1, 2])
def test_work_begins_anew_where_what_was_read_for_it_is_forgotten(
    desk: Desk, proposer: Proposer, steps: int
) -> None:
    for _ in range(steps):
        assert desk.step(prompt("I like"), []) is None
    proposer.wear(None)
    again, _ = answered(desk, prompt("I like"))
    alone, _ = answered(Desk(proposer), prompt("I like"))
    assert chances(again) == pytest.approx(chances(alone), abs=1e-3)
