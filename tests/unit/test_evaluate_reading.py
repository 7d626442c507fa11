"""How surprised the model is by a text, and where recorded offers would stand: with the kit's own runtime."""

import math
from pathlib import Path

import numpy as np
import pytest

from unit.evaluate_person import example
from vybor.generator.network.bundle import TOKENIZER, open_bundle
from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import probabilities
from vybor_workshop.dataset.examples import Choice, Part, Shown
from vybor_workshop.evaluate import reading, rescoring, variety
from vybor_workshop.evaluate.rescoring import Rank
from world import tiny_model

HEADER = "<|im_start|>"
FOLLOWS = {
    HEADER: {"I": 0.6, "It": 0.4},
    "I": {" like": 0.9, " am": 0.1},
    " like": {" it": 0.75, " tea": 0.25},
    " it": {" like": 1.0},
    " am": {" it": 1.0},
}
AROUND = 0.05
"""Weights of eight bits."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Vocabulary]:
    folder = tiny_model.bigrams(tmp_path_factory.mktemp("evaluate") / "tiny", FOLLOWS)
    return Model(open_bundle(folder), 1), Vocabulary.open(folder / TOKENIZER)


def test_what_is_read_at_once_is_what_is_read_token_by_token(tmp_path: Path) -> None:
    model = Model(open_bundle(tiny_model.random(tmp_path / "model")), 1)
    tokens = [5, 9, 40, 7, 100, 3]
    model.rewind([])
    at_once = model.read(tokens)
    end = model.end
    model.rewind([])
    rows = []
    for token in tokens:
        model.append([token])
        rows.append(model.end)
    assert np.allclose(at_once, np.stack(rows), atol=1e-3)
    assert np.array_equal(at_once[-1], end)


def test_a_text_is_as_surprising_as_its_tokens(tiny: tuple[Model, Vocabulary]) -> None:
    read = reading.surprises(*tiny, HEADER, "I like tea")
    assert [(each.first, each.end) for each in read] == [(0, 1), (1, 6), (6, 10)]
    assert [math.exp(-each.nats) for each in read] == pytest.approx([0.6, 0.9, 0.25], abs=AROUND)
    assert reading.surprises(*tiny, HEADER, "") == []


def test_what_was_read_before_changes_nothing(tiny: tuple[Model, Vocabulary]) -> None:
    first = reading.surprises(*tiny, HEADER, "I like tea")
    reading.surprises(*tiny, HEADER, "I like it like it")
    assert [each.nats for each in reading.surprises(*tiny, HEADER, "I like tea")] == pytest.approx(
        [each.nats for each in first], abs=1e-4
    )


def test_only_what_teaches_is_counted(tiny: tuple[Model, Vocabulary]) -> None:
    read = reading.surprises(*tiny, HEADER, "I like tea")
    nats, tokens = reading.within(read, [(7, 10)])
    assert (math.exp(-nats), tokens) == (pytest.approx(0.25, abs=AROUND), 1)
    assert reading.within(read, []) == (0, 0)


def test_letters_of_several_bytes_have_their_places(tiny: tuple[Model, Vocabulary]) -> None:
    _, vocabulary = tiny
    text = "I любят é"
    tokens = vocabulary.encode(text)
    found = list(reading.places(tokens, vocabulary, text))
    assert found[0] == (0, 1)
    assert found[-1][1] == len(text)
    assert {place for first, end in found for place in range(first, end)} == set(range(len(text)))


def offer(*labels: str, chosen: str, at: int = 6) -> Choice:
    return Choice(at=at, weight=1.0, shown=tuple(Shown(label=each, chosen=each == chosen) for each in labels))


def test_an_offer_is_put_in_the_order_of_the_model(tiny: tuple[Model, Vocabulary]) -> None:
    def rank(choice: Choice) -> Rank | None:
        return rescoring.rank(*tiny, HEADER, "I like it", choice)

    assert rank(offer("tea", "it", chosen="it")) == Rank(0)
    assert rank(offer("tea", "it", chosen="tea")) == Rank(1)
    assert rank(offer("am", "tea", "it", "am it", chosen="tea")) == Rank(1)


def test_a_model_that_knows_no_difference_puts_no_choice_first(tmp_path: Path) -> None:
    """It would seem perfect else, and every model that learned something to have lost that."""
    even = {HEADER: {"I": 1.0}, "I": {" like": 0.3, " am": 0.3, " do": 0.3, " see": 0.1}}
    folder = tiny_model.bigrams(tmp_path / "even", even)
    model, vocabulary = Model(open_bundle(folder), 1), Vocabulary.open(folder / TOKENIZER)
    labels = ("see", "like", "am", "do")
    found = [rescoring.rank(model, vocabulary, HEADER, "I", offer(*labels, chosen=each, at=1)) for each in labels]
    assert found == [Rank(3), Rank(0, 2), Rank(0, 2), Rank(0, 2)]


def test_words_that_are_as_likely_share_their_places() -> None:
    alone, shared = Rank(1), Rank(1, 2)
    assert [alone.among(first) for first in (1, 2, 3)] == [0, 1, 1]
    assert [shared.among(first) for first in (1, 2, 3, 4, 5)] == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])
    assert (alone.reciprocal, shared.reciprocal) == pytest.approx((1 / 2, (1 / 2 + 1 / 3 + 1 / 4) / 3))


def test_where_there_is_no_order_there_is_no_rank(tiny: tuple[Model, Vocabulary]) -> None:
    for labels in (("tea",), ("tea", "Tea"), ("tea", "…", "")):
        assert rescoring.rank(*tiny, HEADER, "I like tea", offer(*labels, chosen="tea")) is None


def test_the_draw_goes_as_far_down_as_chance_says() -> None:
    p = np.array([0.05, 0.5, 0.3, 0.15], np.float32)
    assert [variety.drawn(p, chance) for chance in (0.0, 0.4, 0.6, 0.99)] == [1, 1, 2, 3]
    assert variety.drawn(np.array([0.0, 1.0], np.float32), 0.99) == 1


def test_every_model_says_the_same_with_the_same_luck(tiny: tuple[Model, Vocabulary]) -> None:
    text = example(1, "I like it", Part.HELD).text
    said = [variety.said(*tiny, HEADER, text, 3, ends=(2,)).pairs for _ in range(2)]
    assert said[0] == said[1]
    assert all(pair in {("it", "like"), ("like", "it"), ("like", "tea")} for pair in said[0])
    assert probabilities(np.zeros(2, np.float32)).tolist() == [0.5, 0.5]
