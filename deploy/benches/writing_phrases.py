"""The phrases that somebody means to write, without what the measure does not count. Pure but for `read`."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from vybor.foundation.errors import Missing
from vybor.instant.tokens import is_mark, tokens
from world.mind import plain

RULE = (
    "Phrases are compared in lower case and without marks; apostrophes are left out (don't is dont), hyphens and "
    "marks inside a word or number stay (e-mail, 3:30). In Russian ё is е."
)
ALIKE = 0.6
"""Of the words of two texts together, those that both have: from here on they are near-duplicates."""


class Phrase(msgspec.Struct, frozen=True):
    """One line of a phrase file, as it counts."""

    number: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with a space between."""
        return " ".join(self.words)


def read(path: Path, limit: int | None) -> list[Phrase]:
    """The first phrases of a file, one a line; lines without words are left out. Raises Missing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Missing(f"the phrases in {path} cannot be read ({reason}); name a text file, one a line") from None
    found = [words for line in lines if (words := words_of(line))]
    if not found:
        raise Missing(f"there is no phrase in {path}; write some, one a line")
    return [Phrase(number, words) for number, words in enumerate(found[:limit])]


def words_of(line: str) -> tuple[str, ...]:
    """The words of a line as they count."""
    return tuple(plain(token) for token in tokens(line) if not is_mark(token))


def without_duplicates(lines: Iterable[str], phrases: Iterable[Phrase]) -> list[str]:
    """The lines that are no near-duplicates of a phrase: word Jaccard below ALIKE."""
    kept_back = [frozenset(phrase.words) for phrase in phrases]
    return [line for line in lines if not _is_alike(frozenset(words_of(line)), kept_back)]


def _is_alike(words: frozenset[str], kept_back: list[frozenset[str]]) -> bool:
    return any(len(words & other) >= ALIKE * len(words | other) for other in kept_back)
