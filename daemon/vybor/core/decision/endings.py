"""How a language treats the ends of its words, as the decision asks for it; most do nothing. Pure."""

from collections.abc import Callable, Sequence

import msgspec

from vybor.contracts import messages as m

Agree = Callable[[m.Prompt, Sequence[m.Candidate]], Sequence[m.Candidate]]
"""Candidates as they agree with what stands before them, and with the wearer."""
Forms = Callable[[str], Sequence[str]]
"""Other forms of the last word of a text, the likeliest first."""
Ready = Callable[[str], str]
"""A ready sentence as this wearer says it."""


def as_they_are(prompt: m.Prompt, candidates: Sequence[m.Candidate]) -> Sequence[m.Candidate]:
    """Nothing agrees with anything."""
    return candidates


def no_forms(text: str) -> Sequence[str]:
    """Words have no other forms."""
    return ()


def as_it_is(sentence: str) -> str:
    """Everybody says it alike."""
    return sentence


class Endings(msgspec.Struct, frozen=True):
    """What a language does to its words."""

    agree: Agree = as_they_are
    forms: Forms = no_forms
    ready: Ready = as_it_is
