"""Which lines of a text file are sentences that the kit could offer, and why others are left out. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from vybor.composer.text import capitalised
from vybor.contracts.messages import Intent
from vybor.generator.sentences import MOST_CHARACTERS
from vybor.instant.anchors import OPENINGS, Said, said
from vybor.instant.manners import is_rude
from vybor.instant.tokens import END_MARKS, PAUSE, straight
from vybor.retrieval.stems import is_content, language_of

ALIKE = 0.6
"""Of the words of two sentences together, those that both have: from here on they are nearly the same."""
LEAST_WORDS = 2


class Why(StrEnum):
    """Why a line teaches nothing."""

    EMPTY = "empty"
    LANGUAGE = "another language"
    SEVERAL = "more than one sentence"
    SIGNS = "signs that the kit does not write"
    SHORT = "a single word"
    LONG = "longer than the kit makes them"
    NOTHING = "no word that says what it is about"
    RUDE = "a word that is not offered unasked"
    TWICE = "there already"
    ALIKE = "nearly one that is kept back"
    ENOUGH = "more than --most"


class Read(msgspec.Struct, frozen=True):
    """The sentences of some lines, each once, in their order; and how many lines were left out, by reason."""

    sentences: tuple[Said, ...]
    left_out: dict[Why, int]


_I = re.compile(r"\bi\b")
_ENDS = "".join((*END_MARKS, PAUSE))
_CLOSED = re.compile(rf"[{re.escape(_ENDS)}\s]*$")
_WRITTEN = re.compile(r"(?:[^\W_]|[ ',-])+")
_ASKS = {
    "en": frozenset(opening.split()[0].lower() for opening in OPENINGS["en"][Intent.ASK])
    | frozenset(("will", "would", "should", "does", "have", "has", "was", "were"))
}
"""How questions begin in a language in which they can be told by that; elsewhere by their mark alone."""


def read(lines: Iterable[str], language: str) -> Read:
    """Take the sentences out of lines."""
    found: dict[tuple[str, ...], Said] = {}
    left_out: Counter[Why] = Counter()
    for line in lines:
        text = tidy(line, language)
        sentence = said(text)
        why = Why.TWICE if sentence.words in found else why_not(sentence, language)
        if why:
            left_out[why] += 1
        else:
            found[sentence.words] = sentence
    return Read(tuple(found.values()), dict(left_out))


def tidy(line: str, language: str) -> str:
    """A line as the kit would write it: one space, straight apostrophes, a large letter before, a mark behind."""
    text = straight(" ".join(line.split()))
    text = _I.sub("I", text) if language == "en" else text
    body = _CLOSED.sub("", text)
    mark = next((mark for mark in ("?", "!") if mark in text[len(body) :]), "")
    if not mark:
        mark = "?" if text == body and _is_asked(body, language) else "."
    return capitalised(body) + mark if body else ""


def why_not(sentence: Said, language: str) -> Why | None:
    """Why a sentence teaches nothing; None: it does."""
    body, words = sentence.text[:-1], sentence.words
    checks = (
        (not words, Why.EMPTY),
        (language_of(body) != language, Why.LANGUAGE),
        (any(mark in body for mark in _ENDS), Why.SEVERAL),
        (not _WRITTEN.fullmatch(body), Why.SIGNS),
        (len(words) < LEAST_WORDS, Why.SHORT),
        (len(sentence.text) > MOST_CHARACTERS, Why.LONG),
        (not any(map(is_key, words)), Why.NOTHING),
        (any(is_rude(word, language) for word in words), Why.RUDE),
    )
    return next((why for fails, why in checks if fails), None)


def is_key(word: str) -> bool:
    """Whether a person may give this word for a sentence: letters alone, and the sentence is about it."""
    return word.isalpha() and is_content(word)


def unlike(sentences: Sequence[Said], kept_back: Sequence[Said]) -> list[Said]:
    """The sentences that are none of those kept back, nor nearly."""
    containing: dict[str, list[int]] = defaultdict(list)
    sets = [frozenset(one.words) for one in kept_back]
    for number, words in enumerate(sets):
        for word in words:
            containing[word].append(number)
    return [one for one in sentences if not _is_alike(frozenset(one.words), sets, containing)]


def _is_alike(words: frozenset[str], others: Sequence[frozenset[str]], containing: dict[str, list[int]]) -> bool:
    shared = Counter(number for word in words for number in containing.get(word, ()))
    return any(both >= ALIKE * (len(words) + len(others[number]) - both) for number, both in shared.items())


def _is_asked(body: str, language: str) -> bool:
    return body.lower().split(" ")[0] in _ASKS.get(language, ())
