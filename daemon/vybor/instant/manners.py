"""Which words are not offered unasked: swear words and slurs that a model or a corpus brings up by itself. Pure.

It holds for what the person did not ask for. Words that they said before, and words of which they spelled a letter
or looked for two, are theirs, whatever they are; what would follow them is not. Words of the body, of pain, of
sickness and of abuse are never held back: whoever has to say them must find them.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile

import msgspec

from vybor.contracts import messages as m
from vybor.instant.tokens import fold

BEGINNINGS: dict[str, tuple[str, ...]] = {
    "en": (
        *("fuck", "motherfuck", "shit", "bullshit", "horseshit", "asshole", "arsehole", "bitch", "cunt", "wank"),
        *("bastard", "slut", "whore", "twat", "nigger", "nigga", "faggot", "douchebag", "cocksuck", "dickhead"),
        *("tranny", "dumbass", "jackass", "smartass", "dipshit", "retard", "goddam", "fagot"),
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
        *(
            "ебе",
            "ебу",
            "заеб",
            "выеб",
            "уеб",
            "наеб",
            "въеб",
            "отъеб",
            "долбоеб",
            "бляд",
            "мудак",
            "мудил",
            "гандон",
        ),
        *("шлюх", "пидор", "пидар", "жоп", "говно", "залуп", "нахер", "похер"),
    ),
}
"""How such words begin, folded. Those that begin other words (`ass`, `манда`) stand among the whole words."""
WHOLE: dict[str, frozenset[str]] = {
    "en": frozenset(
        {
            *("ass", "asses", "arse", "arses", "cock", "cocks", "dick", "dicks", "fag", "fags", "prick", "pricks"),
            *("dyke", "dykes", "chink", "chinks", "kike", "kikes", "spic", "spics", "tits"),
        }
    ),
    "ru": frozenset(
        {
            *(
                "бля",
                "блять",
                "манда",
                "сука",
                "суки",
                "суке",
                "суку",
                "сукой",
                "сучка",
                "сучки",
                "сучке",
                "сучку",
            ),
            *("сучкой", "хер", "хера", "херня", "херню", "еб"),
        }
    ),
}


def is_rude(word: str, language: str) -> bool:
    """Whether many people would not want this word offered to them."""
    folded = fold(word)
    return folded in WHOLE.get(language, ()) or folded.startswith(BEGINNINGS.get(language, ("\0",)))


def unasked(
    candidates: Sequence[m.Candidate], allowed: Callable[[str], bool], *, first_is_asked: bool = False
) -> tuple[m.Candidate, ...]:
    """The candidates without words that are not allowed; the words behind a first one end before such a word.

    Who looks for the letters of a word asks for that word, and for nothing behind it.
    """
    kept: list[m.Candidate] = []
    for candidate in candidates:
        asked = candidate.words[: int(first_is_asked)]
        words = (*asked, *takewhile(allowed, candidate.words[len(asked) :]))
        if words:
            behind = candidate.p_then[: len(words) - 1]
            kept.append(msgspec.structs.replace(candidate, words=words, p_then=behind))
    return tuple(kept)
