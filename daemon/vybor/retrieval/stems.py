"""Words, and the stems that two forms of one word share (snowball, English and Russian). Pure.

Each word is stemmed by its own letters, so a Russian text that names an English firm is found by both.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from vybor.retrieval.common_words import COMMON

LONGEST_WORD = 40
"""Longer runs of letters are no words: addresses, keys, tables without spaces."""
KNOWN_STEMS = 50_000
"""So many words are stemmed once only: snowball in Python takes some 30 µs a word."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ENGLISH, _RUSSIAN = snowballstemmer.stemmer("english"), snowballstemmer.stemmer("russian")


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are written, hyphens apart; numbers are words too."""
    composed = unicodedata.normalize("NFC", text)
    return tuple(word for word in _WORD.findall(composed) if len(word) <= LONGEST_WORD)


@lru_cache(maxsize=KNOWN_STEMS)
def stem(word: str) -> str:
    """What is left of a word without its ending: small letters and digits only, ё = е."""
    folded = unicodedata.normalize("NFC", word).casefold().replace("ё", "е").replace("’", "'")
    stemmer = _RUSSIAN if _CYRILLIC.search(folded) else _ENGLISH
    stemmed: str = stemmer.stemWord(folded)
    return "".join(letter for letter in stemmed if letter.isalnum())


def stems(text: str) -> tuple[str, ...]:
    """The stem of every word, in order."""
    return tuple(found for word in words(text) if (found := stem(word)))


def content(text: str) -> tuple[str, ...]:
    """The stems that say what a text is about: each once, without words that stand in any text."""
    return tuple(dict.fromkeys(found for word in words(text) if is_content(word) and (found := stem(word))))


def is_content(word: str) -> bool:
    """Whether a word says what a text is about: `bread` does, `the`, `would` and `go` do not."""
    folded = word.casefold().replace("ё", "е").replace("’", "'")
    return len(folded) > 1 and folded not in COMMON and folded.partition("'")[0] not in COMMON


def language_of(text: str) -> str:
    """`ru` where most letters are Cyrillic, else `en`."""
    letters = [letter for letter in text if letter.isalpha()]
    return "ru" if 2 * sum(bool(_CYRILLIC.match(letter)) for letter in letters) > len(letters) else "en"
