"""Which lines are sentences to learn from, what stands before them, and what is kept back."""

import pytest

from vybor.contracts.messages import Intent
from vybor.generator.frames import line
from vybor.instant.anchors import said
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import pairs, rules
from vybor_workshop.frames.pairs import Pair, Parts
from vybor_workshop.frames.rules import Why
from vybor_workshop.model import tokens
from vybor_workshop.retrain.trainer.given import Share
from world import tiny_model

NAMES = tiny_model.vocabulary(["I", " like", " tea", "tea", ".", ":", ",", "want", " "])
BASE = Base(
    recipe="tiny",
    languages=("en",),
    sha256="ba5e" * 16,
    header="<|im_start|>",
    continuing="",
    reads=400,
    tokenizer=tokens.tokenizer(NAMES, tiny_model.kinds(NAMES), tiny_model.merges(NAMES)),
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  i  want   tea ", "I want tea."),
        ("when is dinner", "When is dinner?"),
        ("when is dinner.", "When is dinner."),
        ("the tea is hot!!", "The tea is hot!"),
        ("is it i’m asking ?", "Is it I'm asking?"),
        (" . ", ""),
        ("", ""),
    ],
)
def test_a_line_is_read_as_the_kit_would_write_it(written: str, read: str) -> None:
    assert rules.tidy(written, "en") == read


def test_what_a_line_without_marks_asks_is_told_by_its_mark_alone_in_other_languages() -> None:
    assert rules.tidy("как пройти в метро", "ru") == "Как пройти в метро."


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", Why.EMPTY),
        ("Поехали на море!", Why.LANGUAGE),
        ("I am cold. Close the window.", Why.SEVERAL),
        ("mail me at a@b", Why.SIGNS),
        ("Tea!", Why.SHORT),
        ("I would like to have a very large cup of hot tea", Why.LONG),
        ("I want to go", Why.NOTHING),
        ("this tea is shit", Why.RUDE),
        ("i want TEA", Why.TWICE),
    ],
)
def test_each_line_that_is_left_out_is_counted_by_its_reason(written: str, why: Why) -> None:
    found = rules.read(["I want tea", written], "en")
    assert [one.text for one in found.sentences] == ["I want tea."]
    assert found.left_out == {why: 1}


SENTENCES = rules.read(
    [
        f"the {thing} is {what}"
        for thing in ("tea", "soup", "bread", "milk", "cake")
        for what in ("hot", "cold", "old")
    ],
    "en",
).sentences


def test_what_is_kept_back_is_the_same_whatever_stands_beside_it_and_nothing_like_it_is_learned() -> None:
    parts = pairs.parted(SENTENCES, early=2, held=3)
    assert parts.held == pairs.parted(SENTENCES[::-1], early=2, held=3).held
    kept_back = [*parts.held, *parts.early]
    for one in parts.train:
        for other in kept_back:
            shared, both = set(one.words) & set(other.words), set(one.words) | set(other.words)
            assert len(shared) < rules.ALIKE * len(both)


def test_unlike_compares_words_and_not_their_order() -> None:
    kept_back = [said("Is the tea hot?")]
    near, far = said("The tea is hot."), said("The bread is old.")
    assert rules.unlike([near, far], kept_back) == [far]


def test_key_words_are_of_the_sentence_in_any_order_and_always_the_same() -> None:
    sentence = said("Can the doctor bring tea tomorrow?")
    seeds = range(40)
    found = [pair for seed in seeds for pair in pairs.pairs_of(sentence, Part.TRAIN, "en", seed)]
    assert found == [pair for seed in seeds for pair in pairs.pairs_of(sentence, Part.TRAIN, "en", seed)]
    assert {len(pair.words) for pair in found} == {1, 2, 3}
    assert all(set(pair.words) <= {"doctor", "bring", "tea", "tomorrow"} for pair in found)
    assert ("doctor", "tea") in {pair.words[:2] for pair in found}
    assert ("tea", "doctor") in {pair.words[:2] for pair in found}
    assert {pair.intent for pair in found} == {Intent.ASK, None}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Where is the tea?", Intent.ASK),
        ("I want tea.", Intent.WANT),
        ("I'd like tea.", Intent.WANT),
        ("I don't want tea.", Intent.REFUSE),
        ("Don't bring tea.", Intent.REFUSE),
        ("I'm tired.", Intent.FEEL),
        ("Dinner was late.", None),
        ("Donuts were late.", None),
    ],
)
def test_the_form_of_a_sentence_tells_what_it_does(text: str, intent: Intent | None) -> None:
    assert pairs.intent_of(said(text), "en") is intent


def test_the_line_before_a_sentence_is_what_the_kit_will_write_there() -> None:
    assert line(("Doctor", "tea"), Intent.ASK) == "ask: doctor, tea\n"
    assert line(("tea",), None) == "tea\n"


def test_header_and_key_words_teach_nothing_and_the_sentence_all_with_its_mark() -> None:
    found = [Pair(part, ("tea",), Intent.WANT, "I like tea.") for part in Part]
    cut = pairs.cut(found, BASE)
    assert [text.share for text in cut] == [Share.TRAIN, Share.EARLY]
    spelled = [NAMES[number].replace("Ġ", " ").replace("Ċ", "\n") for number in cut[0].tokens]
    taught = [name for name, weight in zip(spelled, cut[0].weights, strict=True) if weight]
    assert "".join(spelled) == "<|im_start|>want: tea\nI like tea."
    assert "".join(taught) == "I like tea."


def test_pairs_come_back_from_their_file() -> None:
    parts = Parts(SENTENCES[:3], SENTENCES[3:4], SENTENCES[4:6])
    found = pairs.pairs(parts, "en", seed=1)
    assert pairs.read(pairs.lines(found)) == tuple(found)
    held = [pair for pair in found if pair.part is Part.HELD]
    assert [pair.text for pair in held] == [one.text for one in parts.held]
    assert all(set(pair.words) == set(pairs.keys_of(said(pair.text))) for pair in held)
