"""The words of topic documents among the candidates: which a note carried, and which the model missed. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.instant.pattern import Pattern
from vybor.instant.tokens import fold
from vybor.retrieval.notes import Note, boundary, carried, fitting
from vybor.retrieval.stems import content, is_content, stem

MOST_WORDS = 4
"""Names and long words of the notes that share what is not the model's."""
SHARES = (0.005, 0.03, 0.15, 0.5)
"""How often the next word is one of those, with none, one, two or three of its letters spelled: of 8,762, 1,733,
328 and 83 places with a note in conversations whose first half was the index, .004, .029, .15 and .57."""
LOOKS_A_LETTER = 3
"""Looks at groups that tell about as much as a letter: a group of three tells 1.6 bits, a letter 4.7."""
LEAST_OF_A_NAME = 4
"""Letters of a name that the model did not spell to its end."""


def told(notes: Sequence[Note]) -> str:
    """What the model reads before the text: each note on a line."""
    return "".join(f"{note.text}\n" for note in notes)


def with_topics(
    candidates: Sequence[m.Candidate], notes: Sequence[Note], prompt: m.Prompt
) -> tuple[m.Candidate, ...]:
    """The model's candidates with their documents, and words of the notes that fit; most probable first.

    Whole sentences stand as they are.
    """
    if prompt.anchors:
        return tuple(candidates)
    origins = carried(notes)
    found = {fold(candidate.words[0]): _marked(candidate, origins) for candidate in candidates}
    fit = _missed(notes, prompt)
    if not fit:
        return tuple(found.values())
    letters = len(prompt.prefix) or len(prompt.groups) // LOOKS_A_LETTER
    share = SHARES[min(letters, len(SHARES) - 1)]
    for key, candidate in found.items():
        found[key] = msgspec.structs.replace(candidate, p=(1 - share) * candidate.p)
    for word, origin in fit:
        p = sum(found.pop(key).p for key in _cut_short(found, word, origins))
        source = m.Source.TOPIC if origin else m.Source.OWN
        new = m.Candidate(words=(word,), p=p, source=source, origin=origin)
        known = found.get(fold(word), new)
        found[fold(word)] = msgspec.structs.replace(known, p=known.p + share / len(fit))
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.p))


def _marked(candidate: m.Candidate, origins: dict[str, str]) -> m.Candidate:
    word = candidate.words[0]
    origin = origins.get(stem(word), "") if is_content(word) else ""
    return msgspec.structs.replace(candidate, origin=origin)


def _cut_short(found: Mapping[str, m.Candidate], word: str, origins: Mapping[str, str]) -> list[str]:
    """Candidates that are the beginning of a name (`Zolotar`): a small model often stops before its end."""
    names = (candidate.words[0] for candidate in found.values())
    return [
        fold(name)
        for name in names
        if LEAST_OF_A_NAME <= len(name) < len(word)
        and name[:1].isupper()
        and word.startswith(name)
        and stem(name) not in origins
    ]


def _missed(notes: Sequence[Note], prompt: m.Prompt) -> list[tuple[str, str]]:
    """Names and long words of the notes that fit here and were neither passed over nor just written."""
    written = set(content(prompt.text[boundary(prompt.text) :]))
    passed = set(map(fold, prompt.exclude))
    pattern = Pattern.of("", prompt.groups)
    return [
        (word, origin)
        for word, origin in fitting(notes, prompt.prefix)
        if stem(word) not in written and fold(word) not in passed and pattern.fits(fold(word))
    ][:MOST_WORDS]
