"""An answer takes up words of what was asked: the instant tier has them too, likelier with each letter. Pure."""

from collections.abc import Callable, Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.generator.ngram_tokens import fold
from vybor.generator.pattern import Pattern
from vybor.retrieval.notes import boundary
from vybor.retrieval.passages import sentences
from vybor.retrieval.stems import content, is_content, stem, words

SHARES = (0.029, 0.13, 0.40, 0.68)
"""How often the next word of an answer is one of those content words of the turn before that fit, with none, one,
two or three of its letters spelled: of 12,613, 2,883, 912 and 491 places in conversations."""
LOOKS_A_LETTER = 3
"""Looks at groups that tell about as much as a letter."""

Written = Callable[[str], str]
"""How a word stands inside a sentence."""


def echoed(candidates: Sequence[m.Candidate], prompt: m.Prompt, written: Written) -> tuple[m.Candidate, ...]:
    """The candidates with the other person's words among them, most probable first, no more than asked for."""
    said = _fitting(prompt, written)
    if not said:
        return tuple(candidates)
    letters = len(prompt.prefix) or len(prompt.groups) // LOOKS_A_LETTER
    share = SHARES[min(letters, len(SHARES) - 1)]
    found = {
        fold(candidate.words[0]): msgspec.structs.replace(candidate, p=(1 - share) * candidate.p)
        for candidate in candidates
    }
    for key, word in said.items():
        known = found.get(key, m.Candidate(words=(word,), p=0.0, source=m.Source.NGRAM))
        found[key] = msgspec.structs.replace(known, p=known.p + share / len(said))
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.p)[: prompt.count])


def _fitting(prompt: m.Prompt, written: Written) -> dict[str, str]:
    """Their content words that fit and were neither passed over nor just written, folded and as written."""
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    passed = {fold(word) for word in prompt.exclude}
    done = set(content(prompt.text[boundary(prompt.text) :]))
    found: dict[str, str] = {}
    for sentence in sentences(prompt.partner):
        for place, word in enumerate(words(sentence)):
            key = fold(word)
            if is_content(word) and stem(word) not in done and key not in passed and pattern.fits(key):
                found.setdefault(key, word if place else written(word))
    return found
