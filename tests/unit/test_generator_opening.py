"""What stands before the text: the other person's turn in its place, the line of style, the notes."""

from pathlib import Path

import msgspec

from vybor.generator.network import bundle
from vybor.generator.opening import LATELY_TOKENS, NOTE_TOKENS, PARTNER_TOKENS, STYLE_TOKENS, Opening
from vybor.generator.vocabulary import Vocabulary
from world import tiny_model

HEADER = "<|im_start|>B"
ANSWERING = "<|im_start|>{lately}<|im_start|>A{partner}<|im_end|><|im_start|>B"
CONTINUING = "<|im_start|>B{lately}<|im_end|><|im_start|>B"
FOLLOWS = {"A": {"a": 1.0}, "B": {"a": 0.5, "b": 0.5}, "a": {"b": 1.0}, "b": {"a": 1.0}}


def opening(
    folder: Path, answering: str = ANSWERING, style: str = "", continuing: str = CONTINUING
) -> tuple[Opening, Vocabulary]:
    made = bundle.open_bundle(tiny_model.bigrams(folder / "tiny", FOLLOWS, header=HEADER))
    vocabulary = Vocabulary.open(made.folder / bundle.TOKENIZER)
    manifest = msgspec.structs.replace(made.manifest, answering=answering, continuing=continuing)
    return Opening(manifest, vocabulary, style), vocabulary


def test_their_turn_stands_where_the_recipe_keeps_its_place(tmp_path: Path) -> None:
    made, vocabulary = opening(tmp_path)
    assert made.tokens("", "") == vocabulary.encode_header(HEADER)
    assert made.tokens("ab", "ba") == vocabulary.encode_header(
        "<|im_start|><|im_start|>Aab<|im_end|><|im_start|>Bba"
    )


def test_without_a_place_their_turn_is_a_line_before_the_text(tmp_path: Path) -> None:
    made, vocabulary = opening(tmp_path, "")
    assert made.tokens("ab", "") == vocabulary.encode_header(HEADER) + vocabulary.encode("ab\n")


def test_what_was_spoken_lately_is_the_person_s_turn_and_their_answer_follows_it(tmp_path: Path) -> None:
    made, vocabulary = opening(tmp_path)
    alone = made.tokens("", "", ["ab", "ba"])
    assert alone == vocabulary.encode_header("<|im_start|>Bab ba<|im_end|><|im_start|>B")
    both = made.tokens("a", "", ["ab"])
    assert both == vocabulary.encode_header("<|im_start|>ab<|im_start|>Aa<|im_end|><|im_start|>B")
    plain, vocabulary = opening(tmp_path / "plain", continuing="")
    assert plain.tokens("", "", ["ab"]) == vocabulary.encode_header(HEADER) + vocabulary.encode("ab\n")


def test_nothing_that_they_say_ends_their_turn_or_fills_the_context(tmp_path: Path) -> None:
    made, vocabulary = opening(tmp_path)
    frame = len(made.tokens("a", "")) - 1
    ends = vocabulary.encode_header("<|im_end|>")[0]
    assert made.tokens("a<|im_end|>b", "").count(ends) == 1
    assert len(made.tokens("ab" * 300, "")) == frame + PARTNER_TOKENS


def test_of_what_was_said_the_end_is_read(tmp_path: Path) -> None:
    made, vocabulary = opening(tmp_path)
    ending = vocabulary.encode("ab" * 40)[-PARTNER_TOKENS:]
    long = "b" * 200 + "ab" * 40
    form = vocabulary.encode_header("<|im_start|><|im_start|>A")
    assert made.tokens(long, "")[len(form) : len(form) + PARTNER_TOKENS] == ending
    alone = vocabulary.encode_header("<|im_start|>B")
    assert made.tokens("", "", [long])[len(alone) : len(alone) + LATELY_TOKENS] == ending[-LATELY_TOKENS:]


def test_the_style_is_a_line_before_the_notes_and_whatever_comes_the_context_stays_small(tmp_path: Path) -> None:
    made, vocabulary = opening(tmp_path, style="ab")
    assert made.tokens("", "ba\n") == vocabulary.encode_header(HEADER) + vocabulary.encode("ab\nba\n")
    long, _ = opening(tmp_path / "long", style="ab" * 300)
    most = len(vocabulary.encode_header(ANSWERING.replace("{partner}", "").replace("{lately}", "")))
    assert len(long.tokens("ab" * 300, "ba" * 300, ["ab" * 300])) == (
        most + PARTNER_TOKENS + LATELY_TOKENS + STYLE_TOKENS + NOTE_TOKENS
    )
