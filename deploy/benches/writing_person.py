"""The simulated person at perfect gaze, and what a phrase cost. Pure.

Every way of writing is a `Writes`: the kit in one manner or another, or a peer. Each gives a `Written` a phrase,
so that any two can be compared phrase by phrase.
"""

import random
from typing import Protocol

import msgspec

from benches.writing_phrases import Phrase


class Act(msgspec.Struct, frozen=True):
    """One choice: what was to choose from, and what was chosen."""

    shown: tuple[str, ...]
    role: str
    chosen: str


class Written(msgspec.Struct, frozen=True):
    """What one phrase cost."""

    characters: int
    """Of the phrase with its spaces, without a newline."""
    words: int
    keystrokes: int
    """A word taken, a letter, the end of a spelled word, *more*: one each. Pages and groups count nothing."""
    selections: int
    """Everything that was chosen, pages and groups too."""
    positions: int
    """Offers that were read at the beginning of a word."""
    none: int
    """Those of them that had no word which agreed."""
    acts: tuple[Act, ...] = ()


class Writes(Protocol):
    """A way of writing."""

    @property
    def name(self) -> str:
        """What its figures are called."""
        ...

    def write(self, phrase: Phrase, attention: "Attention") -> Written:
        """Write one phrase, from an empty line."""
        ...


class Attention(msgspec.Struct, frozen=True):
    """Which of the tiles that fit the person uses: all of them, or a share (Trnka: 78 to 94 %)."""

    seed: int = 0
    used: float = 1.0

    def uses(self, phrase: Phrase, word: int, letters: int) -> bool:
        """Whether a fitting word is used at this place; the same for every way of writing."""
        if self.used >= 1:
            return True
        return random.Random(f"{self.seed}|{phrase.number}|{word}|{letters}").random() < self.used
