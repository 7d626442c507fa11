"""From the blocks of a document to passages: a few sentences each, with their place. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from vybor.contracts import messages as m

FULL_WORDS = 45
"""A passage is closed once it has so many words (some 60 tokens)…"""
MOST_WORDS = 65
"""…and never holds more (some 90 tokens), unless one word is endless."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»')\]]*\s+(?=[\"“«'(\[—–-]*[^\W_a-zа-яё])")
_GAP = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]+")
"""White space, and what is no character: some PDFs hold halves of pairs, which no message carries."""


class Block(m.Part, frozen=True, kw_only=True):
    """A paragraph, and where it stands: a heading, a page, or nothing."""

    text: str
    place: str = ""


def passages(blocks: Iterable[Block]) -> Iterator[m.Passage]:
    """The sentences of the blocks in groups, none across two places."""
    held: list[str] = []
    place = ""
    for block in blocks:
        for sentence in _pieces(block.text):
            full = _count(held) >= FULL_WORDS or _count([*held, sentence]) > MOST_WORDS
            if held and (full or block.place != place):
                yield m.Passage(text=" ".join(held), place=place)
                held = []
            place = block.place
            held.append(sentence)
    if held:
        yield m.Passage(text=" ".join(held), place=place)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each on one line. A small letter behind a full stop begins none (`i.e. this`)."""
    plain = _GAP.sub(" ", text).strip()
    return [sentence for sentence in _split(plain) if sentence]


def _split(plain: str) -> Iterator[str]:
    begun = 0
    for end in _SENTENCE_END.finditer(plain):
        yield plain[begun : end.end()].strip()
        begun = end.end()
    yield plain[begun:].strip()


def _pieces(text: str) -> Iterator[str]:
    """Sentences, the endless ones cut into parts that a passage can hold."""
    for sentence in sentences(text):
        words = sentence.split(" ")
        for first in range(0, len(words), MOST_WORDS):
            yield " ".join(words[first : first + MOST_WORDS])


def _count(texts: Sequence[str]) -> int:
    return sum(text.count(" ") + 1 for text in texts)
