"""Texts of others to read: conversations of people who are nobody's training text, and general prose.

A tenth of the conversation corpus's writers is kept back here by a hash of their names (`is_kept_back`): whoever
trains replays the others. The prose is Python's own manual, which lies on every machine that runs this, with the
dialogue that the builds of models are tried with.
"""

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from pydoc_data import topics

import msgspec

from vybor.foundation import small_files
from vybor.foundation.errors import Missing
from vybor.instant.tokens import is_mark, tokens
from vybor_workshop import materials, words_corpus
from vybor_workshop.model import dialogue
from vybor_workshop.words import CORPORA

KEPT_BACK_OF_256 = 26
"""So many of 256 writers, and as many others for tuning."""
OTHERS, GENERAL = 60, 40
"""Texts of each."""
MESSAGE_WORDS, PROSE_WORDS = range(4, 21), range(25, 81)
PLAIN = re.compile(r"[\w\s.,;:'’!?()-]+")
PROSE_IN_SIGNS = re.compile(r"[\w\s.,;:'\"()“”-]+")
DIALOGUE = {"en": dialogue.ENGLISH, "ru": dialogue.RUSSIAN}
LARGEST_BYTES = 2**24


class Texts(msgspec.Struct, frozen=True):
    """Some texts, and the hash by which later evaluations know whether they had the same."""

    lines: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Of all of them, in order."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


def others(language: str, cache: Path, say: materials.Say) -> Texts:
    """Messages of writers who are kept back; none in a language without a corpus. Raises MaterialError."""
    corpus = CORPORA.get(language)
    if corpus is None:
        return Texts(())
    messages = words_corpus.read_chitchat(materials.fetch(corpus, cache, say))
    return Texts(chosen((text for writer, text in messages if is_kept_back(writer) and _is_message(text)), OTHERS))


def general(language: str) -> Texts:
    """The dialogue, and in English prose."""
    spoken = DIALOGUE.get(language, dialogue.ENGLISH).splitlines()
    return Texts((*spoken, *(chosen(prose(), GENERAL) if language == "en" else ())))


def of_file(path: Path) -> Texts:
    """The lines of a text file. Raises Missing."""
    try:
        lines = small_files.read(path, LARGEST_BYTES).decode().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Missing(f"the texts in {path} cannot be read ({reason}); name a text file, one a line") from None
    found = tuple(line.strip() for line in lines if line.strip())
    if not found:
        raise Missing(f"there is no text in {path}; write some, one a line")
    return Texts(found)


def is_kept_back(writer: str) -> bool:
    """Whether a writer of the conversation corpus is for measuring alone: nobody may train with their text."""
    return _place(writer) < KEPT_BACK_OF_256


def is_for_tuning(writer: str) -> bool:
    """Whether what is learned, and how, may be chosen by this writer's text: another tenth, never trained with."""
    return KEPT_BACK_OF_256 <= _place(writer) < 2 * KEPT_BACK_OF_256


@functools.cache
def _place(writer: str) -> int:
    return hashlib.sha256(writer.encode()).digest()[0]


def chosen(found: Iterable[str], count: int) -> tuple[str, ...]:
    """So many of them, always the same: by their hashes."""
    return tuple(sorted(set(found), key=lambda text: hashlib.sha256(text.encode()).digest())[:count])


def prose() -> Sequence[str]:
    """Paragraphs of the manual that are sentences and no code."""
    pieces = [" ".join(piece.split()) for page in topics.topics.values() for piece in page.split("\n\n")]
    return [
        piece
        for piece in pieces
        if len(piece.split()) in PROSE_WORDS and PROSE_IN_SIGNS.fullmatch(piece) and piece[-1:] in ".:"
    ]


def _is_message(text: str) -> bool:
    words = [token for token in tokens(text) if not is_mark(token)]
    return len(words) in MESSAGE_WORDS and text[:1].isupper() and bool(PLAIN.fullmatch(text))
