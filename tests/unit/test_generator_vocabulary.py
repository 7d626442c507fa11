"""Tokens as bytes, and which of them may stand where."""

import numpy as np
import pytest
from tokenizers import AddedToken, Tokenizer, models

from vybor.generator.vocabulary import Ids, Vocabulary
from vybor_workshop.model import tokens
from world import tiny_files, tiny_model

NAMES = [*tiny_model.vocabulary([" the", " then", "'t", "ing", "- "]), "ĠÐ"]
"""The last one is a space and half a letter, as a tokenizer writes them."""


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


# --- pieces ---------------------------------------------------------------------------------------------------

PIECES = tiny_files.of_pieces(["▁the", "▁then", "ing", "▁Ж", "'t"])


@pytest.fixture(scope="module")
def pieces() -> Vocabulary:
    return Vocabulary(tokens.of_pieces(PIECES.names, PIECES.kinds, PIECES.scores))


@pytest.mark.parametrize("text", ["the then", " don't", "Жук 25", "a\n\n b  c", "“quoted” 🙂", "", "</s> <0x41>"])
def test_text_is_the_bytes_of_its_pieces(pieces: Vocabulary, text: str) -> None:
    assert b"".join(pieces.bytes[token] for token in pieces.encode(text)).decode() == text


def test_a_piece_s_mark_is_a_space_and_a_byte_is_itself(pieces: Vocabulary) -> None:
    spelled_as = dict(zip(PIECES.names, pieces.bytes, strict=True))
    assert (spelled_as["▁the"], spelled_as["ing"], spelled_as["<0x0A>"]) == (b" the", b"ing", b"\n")
    assert (spelled_as["<s>"], spelled_as["<unk>"]) == (b"", b"")


def test_a_byte_that_has_a_piece_is_never_taken_for_it(pieces: Vocabulary) -> None:
    """`<0x61>` would say `a` as well, and no model goes on from it."""
    assert pieces.token(b"a") == PIECES.names.index("a")
    assert pieces.bytes[PIECES.names.index("<0x61>")] == b""
    assert pieces.token(b" ") == PIECES.names.index("▁")
    assert spelled(pieces, pieces.marks["."]) == {b"."}
    assert pieces.marks["."].tolist() == [PIECES.names.index(".")]


def test_pieces_that_fit_letters_are_found(pieces: Vocabulary) -> None:
    assert spelled(pieces, pieces.beginning_with(b" t")) == {b" t", b" th", b" the", b" then"}
    assert spelled(pieces, pieces.within(b" them")) == {b" ", b" t", b" th", b" the"}


def test_what_begins_a_word_and_what_goes_on_with_one_among_pieces(pieces: Vocabulary) -> None:
    begins, goes_on = (spelled(pieces, np.flatnonzero(flags)) for flags in (pieces.begins_spaced, pieces.goes_on))
    assert {b" the", b" ", " Ж".encode()} <= begins
    assert not {b"ing", b".", b"\n", b""} & begins
    assert {b"ing", b"'t", b"a"} <= goes_on
    assert not {b" the", b"'", b".", b" ", b""} & goes_on


def test_tokens_that_are_kept_whole_are_text(vocabulary: Vocabulary) -> None:
    """Qwen2.5 has `<tool_call>`, Gemma several line ends in one: text, however it is written."""
    made = tokens.tokenizer(NAMES, tiny_model.kinds(NAMES), tiny_model.merges(NAMES))
    made.add_tokens([AddedToken("\n\n", special=False, normalized=False)])
    more = Vocabulary(made)
    assert more.size == vocabulary.size + 1
    assert more.bytes[-1] == b"\n\n"
    assert more.encode("\n\n") == [vocabulary.size]


def test_numbers_that_no_token_has_have_no_bytes() -> None:
    made = Tokenizer(models.BPE({"a": 0, "b": 3}, []))
    assert Vocabulary(made).bytes == [b"a", b"", b"", b"b"]
