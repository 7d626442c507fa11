"""Tokens as bytes, and which of them may stand where."""

import numpy as np
import pytest

from vybor.generator.vocabulary import Ids, Vocabulary
from vybor_workshop.model import tokens
from world import tiny_model

NAMES = tiny_model.vocabulary([" the", " then", "'t", "ing", " Ð", "- "])


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(tokens.tokenizer(NAMES, tiny_model.kinds(NAMES), tiny_model.merges(NAMES)))


def spelled(vocabulary: Vocabulary, ids: Ids) -> set[bytes]:
    return {vocabulary.bytes[token] for token in ids.tolist()}


def test_every_byte_has_a_token_and_special_tokens_have_no_bytes(vocabulary: Vocabulary) -> None:
    assert {bytes([byte]) for byte in range(256)} <= set(vocabulary.bytes)
    assert vocabulary.bytes[NAMES.index("<|im_end|>")] == b""


@pytest.mark.parametrize("text", ["the then", "don't", "Жук 25", "a\n\n b  c", "“quoted” 🙂", ""])
def test_text_is_its_tokens_bytes(vocabulary: Vocabulary, text: str) -> None:
    assert b"".join(vocabulary.bytes[token] for token in vocabulary.encode(text)).decode() == text


def test_digits_stand_alone(vocabulary: Vocabulary) -> None:
    assert [vocabulary.bytes[token] for token in vocabulary.encode(" 255")] == [b" ", b"2", b"5", b"5"]


def test_special_tokens_are_meant_in_a_header_and_spelled_in_a_text(vocabulary: Vocabulary) -> None:
    assert vocabulary.encode_header("<|im_end|>") == [NAMES.index("<|im_end|>")]
    assert len(vocabulary.encode("<|im_end|>")) > 1


def test_tokens_that_fit_letters_are_found(vocabulary: Vocabulary) -> None:
    assert spelled(vocabulary, vocabulary.beginning_with(b" t")) == {b" t", b" th", b" the", b" then"}
    assert spelled(vocabulary, vocabulary.within(b" them")) == {b" ", b" t", b" th", b" the"}
    assert spelled(vocabulary, vocabulary.beginning_with(b"zz")) == set()
    assert spelled(vocabulary, vocabulary.within(b"z")) == set()


@pytest.mark.parametrize("wanted", [b" the", b"i", b"\xff", b"\xd0", b" ", b"<"])
def test_the_search_finds_what_a_look_at_every_token_finds(vocabulary: Vocabulary, wanted: bytes) -> None:
    every = range(vocabulary.size)
    begins = {token for token in every if vocabulary.bytes[token].startswith(wanted)}
    part = {token for token in every if vocabulary.bytes[token] and wanted.startswith(vocabulary.bytes[token])}
    whole = {token for token in every if vocabulary.bytes[token] == wanted}
    assert set(vocabulary.beginning_with(wanted).tolist()) == begins
    assert set(vocabulary.within(wanted).tolist()) == part - whole


def test_what_begins_a_word_and_what_goes_on_with_one(vocabulary: Vocabulary) -> None:
    def of(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> set[bytes]:
        return spelled(vocabulary, np.flatnonzero(flags))

    assert {b" the", b" ", b" \xd0", b" t"} <= of(vocabulary.begins_spaced)
    assert not {b"ing", b".", b"", b"\n"} & of(vocabulary.begins_spaced)
    assert {b"ing", b"a", b"5", b"\xd0"} <= of(vocabulary.begins_bare)
    assert {b"ing", b"'t", b"-", b"5", b"\xd0"} <= of(vocabulary.goes_on)
    assert not {b" the", b"'", b".", b" ", b"- ", b""} & of(vocabulary.goes_on)
    assert spelled(vocabulary, vocabulary.marks["."]) == {b"."}
