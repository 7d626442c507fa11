"""Examples as tokens: what teaches, where a token stands across an edge, and what was offered."""

import msgspec
import pytest

from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.examples import Brought, Choice, Example, Part, Shown, Weighed
from vybor_workshop.evaluate import texts
from vybor_workshop.model import tokens
from vybor_workshop.retrain import cutting, general
from vybor_workshop.retrain.trainer.given import Share
from world import tiny_model

NAMES = tiny_model.vocabulary([" tea", " toast", " the", "the", "I", " I"])
BASE = Base(
    recipe="tiny",
    languages=("en",),
    sha256="ba5e" * 16,
    header="<|im_start|>",
    continuing="",
    reads=400,
    tokenizer=tokens.tokenizer(NAMES, tiny_model.kinds(NAMES), tiny_model.merges(NAMES)),
)


def spelled(numbers: tuple[int, ...]) -> list[str]:
    return [NAMES[number].replace("Ġ", " ") for number in numbers]


def example(text: str, *weights: Weighed, **about: object) -> Example:
    told: dict[str, object] = {
        "kit": "0" * 32,
        "boot": 1,
        "sequence": 1,
        "day": "2026-03-01",
        "part": Part.TRAIN,
        "language": "en",
        "header": "<|im_start|>",
        "text": text,
        "weights": weights or (Weighed(0, len(text), 1.0),),
        "source": Brought.ACCEPTED,
    }
    return Example(**(told | about))  # type: ignore[arg-type]  # what a test says of it


def test_a_text_stands_behind_its_header_which_teaches_nothing() -> None:
    cut = cutting.text_of(example("the tea"), Share.TRAIN, BASE)
    assert spelled(cut.tokens) == ["<|im_start|>", "the", " tea"]
    assert cut.weights == (0.0, 1.0, 1.0)


def test_only_what_was_taken_teaches_and_a_space_goes_with_its_word() -> None:
    cut = cutting.text_of(example("the tea", Weighed(4, 7, 0.8)), Share.TRAIN, BASE)
    assert cut.weights == pytest.approx((0.0, 0.0, 0.8))
    with_space = cutting.text_of(example("the tea", Weighed(3, 7, 0.8)), Share.TRAIN, BASE)
    assert with_space.weights == pytest.approx((0.0, 0.0, 0.8))


def test_a_token_across_an_edge_teaches_by_its_letters() -> None:
    cut = cutting.text_of(example("the tea", Weighed(5, 7, 1.5)), Share.TRAIN, BASE)
    assert cut.weights == pytest.approx((0.0, 0.0, 1.0))


def test_letters_of_several_bytes_teach_in_each_of_them() -> None:
    cut = cutting.text_of(example("the чай", Weighed(4, 7, 1.0)), Share.TRAIN, BASE)
    assert sum(cut.weights) == pytest.approx(6)


def test_what_looks_like_a_special_token_is_letters_in_a_text() -> None:
    cut = cutting.text_of(example("the <|im_end|>"), Share.TRAIN, BASE)
    assert NAMES.index("<|im_end|>") not in cut.tokens[1:]


def test_what_is_held_back_is_not_cut() -> None:
    found = [example("the tea", part=part) for part in Part]
    assert [text.share for text in cutting.cut(found, BASE)] == [Share.TRAIN, Share.EARLY]


def offered(text: str, *shown: Shown, at: int = 3, weight: float = 0.9) -> list[list[str]]:
    choice = Choice(at=at, weight=weight, shown=shown)
    found = cutting.offered_at(choice, example(text), BASE)
    if found is None:
        return []
    assert found.chosen == 0
    return [spelled(line)[1:] for line in found.lines]


TEA = Shown(label="tea", seen=True, chosen=True)


def test_what_was_chosen_stands_beside_what_was_seen() -> None:
    toast, unseen = Shown(label="toast", seen=True), Shown(label="the")
    assert offered("the tea", TEA, toast, unseen) == [["the", " tea"], ["the", " toast"]]


@pytest.mark.parametrize(
    ("text", "shown", "weight"),
    [
        ("the tea", (TEA, Shown(label="toast")), 0.9),
        ("the tea", (TEA, Shown(label="tea", seen=True)), 0.9),
        ("the tea", (TEA, Shown(label="toast", seen=True)), 0.0),
        ("the toast", (TEA, Shown(label="toast", seen=True)), 0.9),
    ],
    ids=["nothing else was seen", "the same twice", "nobody was sure", "only a part was taken"],
)
def test_a_choice_that_tells_nothing_is_none(text: str, shown: tuple[Shown, ...], weight: float) -> None:
    assert offered(text, *shown, weight=weight) == []


def test_lines_are_what_the_trainer_reads() -> None:
    cut = cutting.text_of(example("the tea"), Share.EARLY, BASE)
    found = msgspec.json.decode(cutting.lines([cut]))
    assert found == {"share": "early", "tokens": list(cut.tokens), "weights": [0.0, 1.0, 1.0], "offered": []}


def test_general_text_is_nobody_s_who_is_kept_back_or_for_tuning() -> None:
    writers = [f"writer {number}" for number in range(400)]
    messages = [(writer, f"so says the {writer}") for writer in writers]
    found = general.chosen(messages, 1000)
    kept_back = {writer for writer in writers if texts.is_kept_back(writer)}
    tuning = {writer for writer in writers if texts.is_for_tuning(writer)}
    assert 20 < len(kept_back) < 60
    assert 20 < len(tuning) < 60
    assert not kept_back & tuning
    assert set(found) == {f"so says the {writer}" for writer in writers if writer not in kept_back | tuning}
    assert general.chosen(reversed(messages), 10) == found[:10]


def test_general_text_is_of_sentences() -> None:
    odd = ["yes", "*waves at all of you*", "look at https://example.org for more", "w " * 40]
    assert general.chosen([("writer 1", text) for text in [*odd, "that is a sentence"]], 9) == [
        "that is a sentence"
    ]
