"""The model's tokens as bytes: which can begin a word, which go on with one, which fit the letters spelled.

A tokenizer of bytes (as in GPT-2) writes a word as ` w` + `ord`: the space belongs to the word behind it. One of
pieces (SentencePiece's, as in TinyLlama) writes `▁w` + `ord`, and a letter that it has no piece for as its bytes,
`<0xD0>` + `<0x96>`.
"""

import bisect
import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from vybor.generator.looks import Ids, Looks
from vybor.instant.tokens import MARKS

APOSTROPHES = ("'", "’")
PIECE = "\N{REPLACEMENT CHARACTER}"
"""What a piece of a letter's bytes decodes to."""
SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""What stands for a space in SentencePiece's pieces."""
_BYTE = re.compile("<0x([0-9A-F]{2})>")


class Vocabulary:
    """The tokens of one model."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Take a tokenizer of GPT-2's bytes or of SentencePiece's pieces."""
        self._tokenizer = tokenizer
        self.bytes = _bytes_of(tokenizer)
        texts = [token.decode(errors="replace") for token in self.bytes]
        self.size = len(texts)
        self.goes_on = np.array([_goes_on(text) for text in texts])
        """Behind a letter, such a token is part of the same word."""
        self.going_on = np.flatnonzero(self.goes_on)
        self.begins_spaced = np.array([text[:1] == " " and (text == " " or _is_letter(text[1])) for text in texts])
        self.begins_bare = np.array([_is_letter(text[:1]) for text in texts])
        self._sorted = sorted(range(self.size), key=self.bytes.__getitem__)
        self._keys = [self.bytes[token] for token in self._sorted]
        self.looks = Looks(self.bytes)
        self.marks = {mark: self.beginning_with(mark.encode()) for mark in MARKS}

    @classmethod
    def open(cls, path: Path) -> "Vocabulary":
        """Read a `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)))

    def encode(self, text: str) -> list[int]:
        """A person's text as tokens: what looks like a special token is taken as the letters it consists of."""
        self._tokenizer.encode_special_tokens = True
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_header(self, header: str) -> list[int]:
        """A header of the recipe as tokens, special ones included."""
        self._tokenizer.encode_special_tokens = False
        return list(self._tokenizer.encode(header, add_special_tokens=False).ids)

    def beginning_with(self, wanted: bytes) -> Ids:
        """Tokens that begin with these bytes."""
        first = bisect.bisect_left(self._keys, wanted)
        last = bisect.bisect_left(self._keys, wanted + b"\xff" * 8)
        return np.array(self._sorted[first:last], dtype=np.int64)

    def within(self, wanted: bytes) -> Ids:
        """Tokens that these bytes begin with, without being all of them."""
        found = (self.token(wanted[:length]) for length in range(1, len(wanted)))
        return np.array([token for token in found if token is not None], dtype=np.int64)

    def token(self, wanted: bytes) -> int | None:
        """The token of exactly these bytes."""
        place = bisect.bisect_left(self._keys, wanted)
        return self._sorted[place] if place < self.size and self._keys[place] == wanted else None


def _is_letter(character: str) -> bool:
    """Letters and digits, and pieces of them."""
    return character.isalnum() or character == PIECE


def _goes_on(text: str) -> bool:
    """Letters, a hyphen, and the `'t` of `don't`."""
    if text.startswith(APOSTROPHES):
        return text[1:2].isalpha()
    return _is_letter(text[:1]) or text == "-"


def _bytes_of(tokenizer: Tokenizer) -> list[bytes]:
    """The bytes of each token; none for special tokens, and for numbers that no token has."""
    named = tokenizer.get_vocab()
    spelled = _in_pieces(named) if tokenizer.model.byte_fallback else _in_bytes(named)
    spelled[tokenizer.model.unk_token or ""] = b""
    found = [b""] * (max(named.values(), default=-1) + 1)
    added = tokenizer.get_added_tokens_decoder()
    for token, number in named.items():
        found[number] = spelled[token] if number not in added else b""
    for number, whole in added.items():
        found[number] = b"" if whole.special else whole.content.encode()
    return found


def _in_bytes(named: Iterable[str]) -> dict[str, bytes]:
    """The bytes that GPT-2's letters stand for; an added token may have others, and is seen to elsewhere."""
    byte_of = {letter: byte for byte, letter in enumerate(_alphabet())}
    return {token: bytes(byte_of[letter] for letter in token if letter in byte_of) for token in named}


def _in_pieces(named: Mapping[str, int]) -> dict[str, bytes]:
    """A piece's letters. A byte that has a piece too has no token of its own: no text is cut into that."""
    found = {token: token.replace(SPACE, " ").encode() for token in named}
    pieces = {letters for token, letters in found.items() if not _BYTE.fullmatch(token)}
    for token in named:
        if byte := _BYTE.fullmatch(token):
            alone = bytes.fromhex(byte[1])
            found[token] = b"" if alone in pieces else alone
    return found


def _alphabet() -> list[str]:
    """The letter that stands for each byte in GPT-2's tokens: itself if it prints, else one from 256 upwards."""
    prints = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = itertools.count(256)
    return [chr(byte if byte in prints else next(others)) for byte in range(256)]
