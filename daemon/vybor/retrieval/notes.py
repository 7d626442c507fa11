"""From what is being written to the notes that belong to it. Pure, but for the words that the index hands in.

A note is a sentence or two of a passage. What is asked for is what the sentence at hand is about, and half as much
the one before and the partner's last turn. How well a passage answers is the share of that which it holds, each
stem weighed by its rarity; below a least share there is no note at all.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from vybor.retrieval.passages import sentences
from vybor.retrieval.stems import content, is_content, stem, words

MOST_NOTES = 2
MOST_WORDS = 40
"""Of one note: some 55 tokens."""
EARLIER = 0.5
"""What the sentence before, or the partner's turn, counts beside the sentence at hand."""
BACKGROUND = 1000
"""Passages about other things that are thought to stand beside the index: in a small one every word is rare."""
PASSAGE_WORDS = 55
"""Of one of those."""
LEAST_SHARE = 0.3
LEAST_WEIGHT = 4.5
"""One word of the sentence at hand that is as rare as `bread`, or two of those before. Tuned on the documents of
tests/world/topics.py: of 26 texts about them 25 get their note, of 1,500 beginnings of chat messages 20 get one;
at 5.5 it is 24 and 3."""
LEAST_LIKENESS = 0.86
"""Cosine of multilingual-e5-small, which keeps all texts above some 0.7."""

_BOUNDARY = re.compile(r"[.?!…][\"”»')]*\s+|\n+")


class Query(msgspec.Struct, frozen=True):
    """What is asked for: stems, and how much each counts; and the same as a text, for meaning."""

    weights: Mapping[str, float]
    text: str
    background: Mapping[str, float] = {}
    """In what share of the passages of the language each stem would stand."""

    def rarity(self, asked: str, spread: Mapping[str, int], size: int) -> float:
        """BM25's weight of a stem, the passages of the background counted in; never below 0."""
        known = spread.get(asked, 0) + BACKGROUND * self.background.get(asked, 0.0)
        return math.log(1 + max(0.0, size + BACKGROUND - known + 0.5) / (known + 0.5))


class Answer(msgspec.Struct, frozen=True):
    """A passage that was found."""

    name: str
    """Of the document; empty for what the person wrote."""
    text: str
    place: str = ""
    likeness: float = 0.0
    """Of meaning, where that was reckoned."""


class Note(msgspec.Struct, frozen=True):
    """What the model is told, and where it comes from."""

    text: str
    origin: str
    place: str
    score: float


def boundary(text: str) -> int:
    """Where the sentence at hand begins."""
    return max((found.end() for found in _BOUNDARY.finditer(text)), default=0)


def never(_word: str) -> float:
    """The commonness of every word where there is no word list."""
    return 0.0


def query_of(text: str, partner: str = "", commonness: Callable[[str], float] = never) -> Query:
    """What a text that is being written asks for; `commonness` is a word's share of all words of the language."""
    begun = boundary(text)
    before = (sentences(text[:begun]) or [""])[-1]
    weights: dict[str, float] = {}
    background: dict[str, float] = {}
    for part, weight in ((text[begun:], 1.0), (before, EARLIER), (partner, EARLIER)):
        for word in filter(is_content, words(part)):
            weights.setdefault(stem(word), weight)
            background[stem(word)] = 1 - (1 - commonness(word)) ** PASSAGE_WORDS
    weights.pop("", None)
    return Query(weights, " ".join(part for part in (partner, before, text[begun:]) if part), background)


def notes_for(
    query: Query, ranked: Sequence[Answer], spread: Mapping[str, int], size: int, most: int = MOST_NOTES
) -> tuple[Note, ...]:
    """The first passages of a ranking that answer enough, as notes; maybe none.

    `spread` says in how many of the index's `size` passages each stem stands.
    """
    notes: list[Note] = []
    for answer in ranked:
        scored = share(query, answer.text, spread, size)
        if is_enough(query, answer, scored, spread, size) and len(notes) < most:
            text = excerpt(answer.text, query.weights)
            if text not in {note.text for note in notes}:
                notes.append(Note(text, answer.name, answer.place, scored))
    return tuple(notes)


def share(query: Query, text: str, spread: Mapping[str, int], size: int) -> float:
    """How much of what is asked for a text holds: 0 to 1."""
    weighed = {found: weight * query.rarity(found, spread, size) for found, weight in query.weights.items()}
    whole = sum(weighed.values())
    return sum(weighed.get(found, 0.0) for found in content(text)) / whole if whole else 0.0


def is_enough(query: Query, answer: Answer, scored: float, spread: Mapping[str, int], size: int) -> bool:
    """Whether a passage is about what is being written."""
    whole = sum(weight * query.rarity(found, spread, size) for found, weight in query.weights.items())
    by_words = scored >= LEAST_SHARE and scored * whole >= LEAST_WEIGHT
    return by_words or answer.likeness >= LEAST_LIKENESS


def excerpt(text: str, wanted: Mapping[str, float]) -> str:
    """The sentence that holds most of what is wanted, with the next one if there is room, else the one before."""
    parts = sentences(text)
    best = max(range(len(parts)), key=lambda number: sum(wanted.get(found, 0) for found in content(parts[number])))
    first = last = best
    for number in (best + 1, best - 1):
        longer = parts[min(first, number) : max(last, number) + 1]
        if first == last and 0 <= number < len(parts) and sum(map(_count, longer)) <= MOST_WORDS:
            first, last = min(first, number), max(last, number)
    return " ".join(" ".join(parts[first : last + 1]).split(" ")[:MOST_WORDS])


def carried(notes: Sequence[Note]) -> dict[str, str]:
    """The stems of the notes' content words, and the document that each comes from."""
    found: dict[str, str] = {}
    for note in notes:
        for each in content(note.text):
            found.setdefault(each, note.origin)
    return found


def fitting(notes: Sequence[Note], prefix: str) -> list[tuple[str, str]]:
    """Names and long words of the notes that begin with these letters, and their documents: names first."""
    found: dict[str, tuple[bool, str, str]] = {}
    for note in notes:
        for sentence in sentences(note.text):
            for place, word in enumerate(words(sentence)):
                named = word[:1].isupper() and place > 0
                if (named or len(word) >= LONG) and is_content(word) and begins(word, prefix):
                    found.setdefault(stem(word), (not named, word, note.origin))
    return [(word, origin) for _, word, origin in sorted(found.values(), key=lambda one: one[0])]


LONG = 6
"""Letters of a word that is worth proposing though it is no name."""


def begins(word: str, prefix: str) -> bool:
    """Whether a word begins with the letters spelled; small letters fit capitals too, and е fits ё."""
    word, prefix = (letters.replace("ё", "е").replace("Ё", "Е") for letters in (word, prefix))
    return word.startswith(prefix) or (prefix == prefix.lower() and word.casefold().startswith(prefix.casefold()))


def _count(text: str) -> int:
    return text.count(" ") + 1
