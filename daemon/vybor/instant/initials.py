"""Letters that are spelled may be the first letters of words: h, a, y for *how are you*.

What the instant tier finds behind each beginning is followed, a few ways at a time. The ways of the letters before
are kept, so that each letter costs a few lookups (after SpeakFaster, Cai et al. 2024, which asks a large model
instead).
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.contracts import messages as m

LEAST, MOST = 2, 8
"""Letters: one is the beginning of a word, more than eight are a long one."""
WAYS = 3
"""Followed at a time."""

Next = Callable[[str, str], Sequence[m.Candidate]]
"""The likeliest words behind a text that begin with a letter, with their probabilities given that letter."""


class Way(msgspec.Struct, frozen=True):
    """Words for the letters so far, and how likely all of them are given those letters."""

    words: tuple[str, ...]
    p: float


class Initials:
    """Words for letters behind one text, as long as what is known stays the same."""

    def __init__(self, following: Next, join: Callable[[str, str], str], revision: Callable[[], int]) -> None:
        """`revision`: rises whenever other words may follow than before."""
        self._following = following
        self._join = join
        self._revision = revision
        self._text, self._known = "", -1
        self._ways: dict[str, list[Way]] = {}

    def words(self, text: str, letters: str) -> tuple[m.Candidate, ...]:
        """Runs of words, likeliest first; each stands as one."""
        if not (LEAST <= len(letters) <= MOST and letters.isalpha()):
            return ()
        known = self._revision()
        if (text, known) != (self._text, self._known):
            self._text, self._known, self._ways = text, known, {}
        return tuple(
            m.Candidate(words=(" ".join(way.words),), p=way.p, source=m.Source.NGRAM)
            for way in self._behind(letters)
        )

    def _behind(self, letters: str) -> list[Way]:
        if not letters:
            return [Way((), 1.0)]
        if letters not in self._ways:
            longer = [
                Way((*way.words, word.words[0]), way.p * word.p)
                for way in self._behind(letters[:-1])
                for word in self._following(self._join(self._text, " ".join(way.words)), letters[-1])
            ]
            self._ways[letters] = sorted(longer, key=lambda way: -way.p)[:WAYS]
        return self._ways[letters]
