"""Which words are not offered unasked: swear words and slurs that a model or a corpus brings up by itself. Pure.

It holds for what the person did not ask for. Words that they said before, and words whose letters they look for or
spell, are theirs, whatever they are. Words of the body, of pain, of sickness and of abuse are never held back:
whoever has to say them must find them.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile

import msgspec

from vybor.contracts import messages as m
from vybor.generator.ngram_tokens import fold

BEGINNINGS: dict[str, tuple[str, ...]] = {
    "en": (
        *("fuck", "motherfuck", "shit", "bullshit", "horseshit", "asshole", "arsehole", "bitch", "cunt", "wank"),
        *("bastard", "slut", "whore", "twat", "nigger", "nigga", "faggot", "douchebag", "cocksuck", "dickhead"),
        "tranny",
    ),
    "ru": (
        *(
            "хуй",
            "хуе",
            "хуи",
            "хуя",
            "похуй",
            "нахуй",
            "охуе",
            "пизд",
            "спизд",
            "распизд",
            "ебат",
            "ебан",
            "ебал",
        ),
        *("ебуч", "заеб", "выеб", "уеб", "наеб", "въеб", "отъеб", "долбоеб", "бляд", "мудак", "мудил", "гандон"),
        *("шлюх", "пидор", "пидар", "жопа", "говно", "залуп"),
    ),
}
"""How such words begin, folded. Those that begin other words (`ass`, `манда`) stand among the whole words."""
WHOLE: dict[str, frozenset[str]] = {
    "en": frozenset({"ass", "arse", "cock", "dick", "fag", "fags", "goddamn", "prick"}),
    "ru": frozenset({"бля", "блять", "манда", "сука", "суки", "хер", "хера", "херня"}),
}


def is_rude(word: str, language: str) -> bool:
    """Whether many people would not want this word offered to them."""
    folded = fold(word)
    return folded in WHOLE.get(language, ()) or folded.startswith(BEGINNINGS.get(language, ("\0",)))


def unasked(candidates: Sequence[m.Candidate], allowed: Callable[[str], bool]) -> tuple[m.Candidate, ...]:
    """The candidates without words that are not allowed; the grey words of a candidate end before such a word."""
    kept: list[m.Candidate] = []
    for candidate in candidates:
        words = tuple(takewhile(allowed, candidate.words))
        if words:
            kept.append(msgspec.structs.replace(candidate, words=words))
    return tuple(kept)
