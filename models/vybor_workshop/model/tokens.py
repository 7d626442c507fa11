"""The tokenizer, from the arrays that a GGUF file carries or from Hugging Face's `tokenizer.json`.

What transformers makes of the arrays for SmolLM2 is wrong (a token before every text, another end, digits in
groups); this gives the ids that llama.cpp gives. Nothing is put before a text: neither a token that begins it nor
a space; the recipe's header says what stands there.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from vybor.generator.vocabulary import SPACE

UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 2, 3, 4, 5, 6
"""GGUF's kinds of token that are no plain text: of these, CONTROL is the beginning and the end of a message, and
the like; USER_DEFINED is text that is never cut."""
QWEN2_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BEFORE_BYTES = {
    "smollm": [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)],
    "qwen2": [
        pre_tokenizers.Split(Regex(QWEN2_WORDS), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ],
}
"""How text is cut into words before the merges, by GGUF's name for it."""


class UnknownTokens(Exception):
    """Why a `tokenizer.json` cannot be used."""


def tokenizer(
    tokens: Sequence[str], kinds: Sequence[int], merges: Sequence[str], before: str = "smollm"
) -> Tokenizer:
    """A tokenizer of bytes: words first (SmolLM's have their digits one by one), then the merges."""
    ids = {token: number for number, token in enumerate(tokens)}
    pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in merges)]
    made = Tokenizer(models.BPE(vocab=ids, merges=pairs))
    if before == "qwen2":
        made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Sequence(BEFORE_BYTES[before])
    made.decoder = decoders.ByteLevel()
    _add_whole(made, tokens, kinds)
    return made


def of_pieces(tokens: Sequence[str], kinds: Sequence[int], scores: Sequence[float]) -> Tokenizer:
    """SentencePiece's tokenizer: pieces with spaces as `▁`, the best-scored one joined first, else bytes."""
    ids = {token: number for number, token in enumerate(tokens)}
    plain = {
        token: score
        for token, kind, score in zip(tokens, kinds, scores, strict=False)
        if kind not in (UNKNOWN, CONTROL, UNUSED, BYTE)
    }
    unknown = next((token for token, kind in zip(tokens, kinds, strict=True) if kind == UNKNOWN), None)
    made = Tokenizer(
        models.BPE(vocab=ids, merges=_merges(plain), unk_token=unknown, fuse_unk=True, byte_fallback=True)
    )
    made.normalizer = normalizers.Replace(" ", SPACE)
    made.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()])
    _add_whole(made, tokens, kinds)
    return made


def read(path: Path) -> Tokenizer:
    """Hugging Face's `tokenizer.json`, without what it puts before a text. Raises UnknownTokens."""
    try:
        text = path.read_bytes()
        model = msgspec.json.decode(text, type=_File).model
    except (OSError, msgspec.MsgspecError) as error:
        raise UnknownTokens(f"cannot be understood ({error}); fetch it again") from None
    said = msgspec.json.decode(text) | {"post_processor": None, "truncation": None, "padding": None}
    said["normalizer"] = _nothing_before(said.get("normalizer"))
    said["pre_tokenizer"] = _nothing_before(said.get("pre_tokenizer"))
    made = Tokenizer.from_str(msgspec.json.encode(said).decode())
    if not (model.byte_fallback or isinstance(made.decoder, decoders.ByteLevel)):
        raise UnknownTokens("cuts text neither into bytes nor into pieces; this builder knows those two only")
    return made


class _Bpe(msgspec.Struct, frozen=True, tag_field="type", tag="BPE"):
    vocab: dict[str, int]
    merges: list[str | tuple[str, str]]
    byte_fallback: bool = False


class _File(msgspec.Struct, frozen=True):
    model: _Bpe


Step = dict[str, Any]
"""A step of a `tokenizer.json`: its type, and what belongs to that."""
NO_SPACE: dict[str, Step] = {
    "Metaspace": {"prepend_scheme": "never"},
    "ByteLevel": {"add_prefix_space": False},
}


def _nothing_before(step: Step | None) -> Step | None:
    """A step of the tokenizer's, changed so that it puts no space before a text."""
    if step is None or step["type"] == "Prepend":
        return None
    for inner in ("normalizers", "pretokenizers"):
        if inner in step:
            return {**step, inner: [kept for one in step[inner] if (kept := _nothing_before(one))]}
    return {**step, **NO_SPACE.get(step["type"], {})}


def _add_whole(made: Tokenizer, tokens: Sequence[str], kinds: Sequence[int]) -> None:
    """Tokens that are never cut: special ones, and text that is kept whole."""
    special = [token for token, kind in zip(tokens, kinds, strict=True) if kind in (CONTROL, UNKNOWN)]
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    whole = [token for token, kind in zip(tokens, kinds, strict=True) if kind == USER_DEFINED]
    made.add_tokens([AddedToken(token, special=False, normalized=False) for token in whole])


def _merges(scores: Mapping[str, float]) -> list[tuple[str, str]]:
    """Every way to put a piece together from two others, the best-scored piece first."""
    return [pair for piece in sorted(scores, key=lambda piece: -scores[piece]) for pair in _halves(piece, scores)]


def _halves(piece: str, among: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    for cut in range(1, len(piece)):
        if piece[:cut] in among and piece[cut:] in among:
            yield piece[:cut], piece[cut:]
