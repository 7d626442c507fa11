"""What the decision is told once, at its start: who answers, what may be offered, in which language. Pure."""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer.phrases import Book
from vybor.contracts import messages as m
from vybor.core.decision.endings import Endings
from vybor.foundation.settings import CommitSettings, Settings
from vybor.instant.mix import mixed

Instant = Callable[[m.Prompt], Sequence[m.Candidate]]
"""The instant tier: it answers the same prompts as the model, at once."""

Mix = Callable[[m.Prompt, Sequence[m.Candidate], Sequence[m.Candidate]], Sequence[m.Candidate]]
"""What the instant tier and the model answered to a prompt, as one list."""


def as_told(
    prompt: m.Prompt, instant: Sequence[m.Candidate], model: Sequence[m.Candidate]
) -> Sequence[m.Candidate]:
    """Mixed from what both named alone."""
    return mixed(instant, model)


Allowed = Callable[[str], bool]
"""Whether a word may be offered to somebody who did not look for it."""


def anything(word: str) -> bool:
    """Nothing is held back."""
    return True


Initials = Callable[[str, str], Sequence[m.Candidate]]
"""Runs of words behind a text that begin with the letters spelled, one each."""


def no_initials(text: str, letters: str) -> Sequence[m.Candidate]:
    """Letters are those of one word."""
    return ()


def no_words(prompt: m.Prompt) -> Sequence[m.Candidate]:
    """Nothing was said yet."""
    return ()


class Rules(msgspec.Struct, frozen=True):
    """What does not change while the kit runs."""

    session: str
    language: str
    commit: CommitSettings
    instant: Instant
    count: int
    """How many words are asked of each tier, and offered at a time if the layout has places for them."""
    look_ahead: int = 0
    """How many of the next prompts are told in advance."""
    allowed: Allowed = anything
    mix: Mix = as_told
    endings: Endings = Endings()
    initials: Initials = no_initials
    own_words: Instant = no_words
    """Words of the person's own sentences, where one is gathered for whole sentences."""
    book: Callable[[], Book] = Book
    """The phrases that the person keeps, and how often each phrase was said."""
    phrases_first: bool = False
    """Whether phrases stand in the place of words on an empty line."""
    anchors: bool = False
    """Whether the menu leads to whole sentences from a word or two."""
    remembers: bool = True
    """Whether what was spoken lately is told to the model."""
    settings: Settings = Settings()
    """What a fitting is held against."""
    words: str = ""
    """Which word list the instant tier has, for the record; empty: none."""
    zones: int = 0
    """How many zones the layout has; 0: as many as the eyes can tell apart."""
    standing: m.Standing = m.Standing()
    """Where Undo and Speak are to stand."""
    fittings: int = 0
    """How often a headband's signs were fitted, for the record."""
