"""What the base says when nobody asks: its own words as often as it gives them, and the same each time."""

from itertools import pairwise
from pathlib import Path

import pytest

from vybor.generator.network import bundle
from vybor.generator.network.bundle import BundleError
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.retrain import unasked
from world import tiny_model

HEADER = "<|im_start|>"
FOLLOWS = {
    HEADER: {"I": 0.75, "It": 0.25},
    "I": {" like": 1.0},
    "It": {" is": 1.0},
    " like": {"I": 0.5, "It": 0.5},
    " is": {"I": 0.5, "It": 0.5},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.bigrams(tmp_path_factory.mktemp("model") / "made", FOLLOWS)


def test_the_base_goes_on_as_it_would(made: Path) -> None:
    vocabulary = Vocabulary.open(made / bundle.TOKENIZER)
    header, said = vocabulary.encode_header(HEADER), []
    found = unasked.talks(made, header, 30, 1, said.append)
    spelled = [[vocabulary.bytes[token].decode(errors="replace") for token in tokens] for tokens in found]
    assert {len(tokens) for tokens in found} == {unasked.TOKENS}
    known = {(one, other) for one, behind in FOLLOWS.items() for other in behind}
    usual = [tokens for tokens in spelled if known.issuperset(pairwise(tokens))]
    assert len(usual) > 20  # anything else is said now and then, and ends it
    assert {pair for tokens in usual for pair in pairwise(tokens)} == {pair for pair in known if pair[0] != HEADER}
    assert 0.5 < sum(tokens[0] == "I" for tokens in usual) / len(usual) < 0.95
    assert len({tuple(tokens) for tokens in found}) == len(found)
    assert said[-1] == "letting the base talk, 20 of 30 texts"  # ten at once is what a cache of 512 holds


def test_it_says_the_same_each_time(made: Path) -> None:
    some = unasked.talks(made, [1], 2, 1, print)
    assert unasked.talks(made, [1], 14, 1, print)[:2] == some
    assert unasked.talks(made, [1], 0, 1, print) == []


def test_without_a_model_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        unasked.talks(tmp_path, [1], 2, 1, print)
