"""What stands before the next word in its clause: who is spoken of, and which cases a preposition asks for. Pure.

No grammar of Russian: what is plain is read, and where anything is in doubt the answer is that nothing is known.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from vybor.instant.russian.morphology import Form, Morphology
from vybor.instant.tokens import before_next, is_mark


class Subject(StrEnum):
    """Of whom the clause speaks."""

    UNKNOWN = ""
    WEARER = "я"
    TY = "ты"
    VY = "вы"
    OTHER = "other"


class Clause(msgspec.Struct, frozen=True):
    """What is known at the place of the next word."""

    subject: Subject = Subject.UNKNOWN
    addressed: Subject = Subject.UNKNOWN
    """How the sentence addressed somebody so far: TY, VY or not at all."""
    last: str = ""
    """The folded word before; empty at the beginning and behind a mark."""
    cases: frozenset[str] = frozenset()
    """Which cases a noun or adjective can have here; none means that nothing is known."""


_words = str.split
PRONOUNS = {
    "я": Subject.WEARER,
    "ты": Subject.TY,
    "вы": Subject.VY,
    **dict.fromkeys(_words("он она оно мы они кто никто все это"), Subject.OTHER),
}
ADDRESSED = {
    **dict.fromkeys(
        _words("ты тебя тебе тобой твой твоя твое твои твоего твоей твоему твою твоим здравствуй"), Subject.TY
    ),
    **dict.fromkeys(
        _words("вы вас вам вами ваш ваша ваше ваши вашего вашей вашему вашу вашим здравствуйте"), Subject.VY
    ),
}
COORDINATING = frozenset(_words("и или но а да"))
"""Behind one of these a second verb may have the same subject: я пришла и легла."""
SUBORDINATING = frozenset(
    _words(
        "что чтобы чтоб если когда пока как будто потому поэтому хотя где куда откуда раз лишь ли чем зачем почему"
    )
)
"""A clause of its own begins here, comma or not."""
COPULAS = frozenset(_words("был была было были буду будешь будет будем будете будут бы"))

PREPOSITIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        _words("без для до из изо от ото у около после кроме вместо против среди ради возле вокруг из-за из-под"),
        frozenset({"gent"}),
    ),
    **dict.fromkeys(_words("к ко по благодаря"), frozenset({"datv"})),
    **dict.fromkeys(_words("в во на о об обо"), frozenset({"accs", "loct"})),
    **dict.fromkeys(_words("про через сквозь"), frozenset({"accs"})),
    **dict.fromkeys(_words("над надо перед передо между"), frozenset({"ablt"})),
    **dict.fromkeys(_words("за под подо"), frozenset({"accs", "ablt"})),
    **dict.fromkeys(_words("с со"), frozenset({"gent", "ablt"})),
    "при": frozenset({"loct"}),
}
"""The usual cases behind each."""
SENTENCES_BEFORE = re.compile(r"^.*[.?!…]\s", re.DOTALL)


def clause_of(text: str, morphology: Morphology) -> Clause:
    """What is known behind this text."""
    words = before_next(text)
    last = words[-1] if words and not is_mark(words[-1]) else ""
    addressed = next((ADDRESSED[word] for word in reversed(words) if word in ADDRESSED), Subject.UNKNOWN)
    return Clause(_subject(words, morphology), addressed, last, _cases(words, morphology))


def in_quotation(text: str) -> bool:
    """Whether the next word may be somebody else's: within open quotation marks, or behind a colon."""
    return text.count("«") > text.count("»") or text.count('"') % 2 == 1 or ":" in SENTENCES_BEFORE.sub("", text)


def _subject(words: Sequence[str], morphology: Morphology) -> Subject:
    """Back to the nearest word that can be the subject; a verb on the way has one of its own."""
    joined = False
    for word in reversed(words):
        if is_mark(word) or word in SUBORDINATING:
            return Subject.UNKNOWN
        if word in PRONOUNS:
            return PRONOUNS[word]
        joined |= word in COORDINATING
        likeliest = next(iter(morphology.readings(word)), None)
        if likeliest is None or word in COPULAS or word in COORDINATING:
            continue
        if likeliest.part == "VERB" and not joined:
            return Subject.UNKNOWN
        if likeliest.part == "NOUN" and likeliest.has("nomn", "anim"):
            return Subject.OTHER
    return Subject.UNKNOWN


def _cases(words: Sequence[str], morphology: Morphology) -> frozenset[str]:
    """Of the preposition before, with adjectives between."""
    for word in reversed(words):
        if word in PREPOSITIONS:
            return PREPOSITIONS[word]
        if not any(form.part == "ADJF" for form in morphology.readings(word)):
            break
    return frozenset()


DECLINED = frozenset({"NOUN", "ADJF", "NPRO", "NUMR"})
PERSONS = {Subject.WEARER: ("sing", "1per"), Subject.TY: ("sing", "2per"), Subject.VY: ("plur", "2per")}


def suits(form: Form, clause: Clause) -> bool:
    """Whether something asks for this form here: a preposition for its case, or a subject for its person."""
    if clause.cases:
        return form.part in DECLINED and bool(form.grammemes & clause.cases)
    person = PERSONS.get(clause.subject)
    if form.part != "VERB" or person is None or form.has("impr"):
        return False
    return form.has(*person) or (form.has("past", person[0]) and not form.has("neut"))
