"""Tokenizers rebuilt: of pieces, of Qwen2's bytes, and Hugging Face's without what it puts before a text."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from vybor_workshop.model import tokens
from world import tiny_files, tiny_model

WORDS = ["▁thank", "▁you", "▁very", "▁much", "ing"]
NAMED = tiny_files.of_pieces(WORDS)
PIECES = tokens.of_pieces(NAMED.names, NAMED.kinds, NAMED.scores)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" thank you", ["▁thank", "▁you"]),
        ("thank", ["t", "h", "a", "n", "k"]),
        (" thanking", ["▁thank", "ing"]),
        ("é", ["<0xC3>", "<0xA9>"]),
        ("\n", ["<0x0A>"]),
        ("</s>", ["</s>"]),
    ],
)
def test_a_text_is_cut_into_pieces(text: str, expected: list[str]) -> None:
    assert PIECES.encode(text, add_special_tokens=False).tokens == expected


def test_the_best_scored_piece_is_joined_first() -> None:
    """As SentencePiece does: `ab` + `c` where `ab` is the better, `a` + `bc` where `bc` is."""
    kinds = [tokens.UNKNOWN, 1, 1, 1, 1, 1]
    names = ["<unk>", "a", "b", "c", "ab", "bc"]
    left = tokens.of_pieces(names, kinds, [0, -9, -9, -9, -1, -2])
    right = tokens.of_pieces(names, kinds, [0, -9, -9, -9, -2, -1])
    assert left.encode("abc").tokens == ["ab", "c"]
    assert right.encode("abc").tokens == ["a", "bc"]


def test_text_that_is_kept_whole_is_no_special_token() -> None:
    named = tiny_files.of_pieces(WORDS)
    kinds = [tokens.USER_DEFINED if name == "▁much" else kind for name, kind in zip(*named[:2], strict=True)]
    made = tokens.of_pieces(named.names, kinds, named.scores)
    added = made.get_added_tokens_decoder()
    assert [one.special for one in added.values() if one.content == "▁much"] == [False]
    assert all(one.special for one in added.values() if one.content in ("<s>", "</s>"))


def saved(tmp_path: Path, made: Tokenizer) -> Path:
    path = tmp_path / "tokenizer.json"
    path.write_text(made.to_str(), encoding="utf-8")
    return path


def hugging_face_s() -> Tokenizer:
    """As transformers writes a llama's: a space before every text, a token before that."""
    made = Tokenizer.from_str(PIECES.to_str())
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    made.enable_truncation(4)
    return made


@pytest.mark.parametrize("text", [" thank you very much", "a thank", "thank you\nvery\n\n much", "Жук 25", ""])
def test_nothing_is_put_before_a_text(tmp_path: Path, text: str) -> None:
    read = tokens.read(saved(tmp_path, hugging_face_s()))
    assert read.encode(text).ids == PIECES.encode(text, add_special_tokens=False).ids


def test_a_space_of_metaspace_s_is_not_put_there_either(tmp_path: Path) -> None:
    made = hugging_face_s()
    made.normalizer = None
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    assert made.encode("you", add_special_tokens=False).tokens == ["▁you"]
    assert tokens.read(saved(tmp_path, made)).encode("you").tokens == ["y", "o", "u"]


def test_a_tokenizer_of_bytes_stays_what_it_was(tmp_path: Path) -> None:
    names = tiny_model.vocabulary([" the", "ing"])
    made = tokens.tokenizer(names, tiny_model.kinds(names), tiny_model.merges(names))
    read = tokens.read(saved(tmp_path, made))
    for text in ("the thing", " the 25 Жук", "<|im_end|>"):
        assert read.encode(text).ids == made.encode(text).ids


def test_qwen_s_words_begin_with_any_mark_and_have_digits_one_by_one() -> None:
    names = tiny_model.vocabulary(["(the", " the"])
    made = tokens.tokenizer(names, tiny_model.kinds(names), tiny_model.merges(names), "qwen2")
    assert made.encode("(the the 25").tokens == ["(the", "Ġthe", "Ġ", "2", "5"]
    smollm = tokens.tokenizer(names, tiny_model.kinds(names), tiny_model.merges(names))
    assert smollm.encode("(the").tokens == ["(", "t", "h", "e"]
    assert made.encode("e\u0301").ids == made.encode("\u00e9").ids


def test_what_is_not_bpe_is_refused(tmp_path: Path) -> None:
    made = Tokenizer(models.WordLevel({"a": 0}, "a"))
    with pytest.raises(tokens.UnknownTokens, match="cannot be understood"):
        tokens.read(saved(tmp_path, made))
    bare = Tokenizer(models.BPE({"a": 0}, []))
    bare.decoder = decoders.WordPiece()
    with pytest.raises(tokens.UnknownTokens, match="neither into bytes nor into pieces"):
        tokens.read(saved(tmp_path, bare))
    with pytest.raises(tokens.UnknownTokens, match="cannot be understood"):
        tokens.read(tmp_path / "nothing.json")
