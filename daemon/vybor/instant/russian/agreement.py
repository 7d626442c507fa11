"""Offers with the endings that the wearer's gender, and ты or вы, ask for. Pure.

Only what is offered is mended, and only where the sentence is plain: behind «я», past tenses and short adjectives
have the wearer's gender; second persons are those of the address. Letters that fit the other form alone still find
it, and so does *more* once the form that agrees was passed over; what is spelled is never looked at. Words that
somebody else may be saying (in quotation marks, behind a colon) are left as they are.
"""

import re
from collections.abc import Sequence

import msgspec

from vybor.composer.text import join
from vybor.contracts import messages as m
from vybor.foundation.settings import Address, Gender, WearerSettings
from vybor.instant.pattern import Pattern
from vybor.instant.russian.clause import ADDRESSED, Clause, Subject, clause_of, in_quotation
from vybor.instant.russian.morphology import RARELY, Form, Morphology
from vybor.instant.tokens import capitalised, fold

GENDERS = {Gender.FEMININE: "femn", Gender.MASCULINE: "masc"}
ADDRESSES = {Address.TY: Subject.TY, Address.VY: Subject.VY}
NUMBERS = {Subject.TY: "sing", Subject.VY: "plur"}
ALIKE = {"femn": {"один": "одна", "сам": "сама"}, "masc": {"одна": "один", "сама": "сам"}}
"""I alone, I myself: as a predicate these follow the gender too."""
MOSTLY = 0.8
NEAR = frozenset(("я", "вы", "не", "был", "была", "были", "буду", "будете", "очень"))
"""Behind these a spelling that can be a predicate is one: я прав, я не один."""
SHORT = frozenset({"ADJS", "PRTS"})
PAIRS = (
    *(("ты", "вы"), ("тебе", "вам"), ("тебя", "вас"), ("тобой", "вами"), ("твой", "ваш"), ("твоя", "ваша")),
    *(("твое", "ваше"), ("твои", "ваши"), ("твоего", "вашего"), ("твоей", "вашей"), ("твоему", "вашему")),
    ("здравствуй", "здравствуйте"),
    *(("твою", "вашу"), ("твоим", "вашим"), ("твоем", "вашем"), ("твоих", "ваших"), ("твоими", "вашими")),
)
YO = {"твое": "твоё", "твоем": "твоём"}
OTHER_PRONOUN = {
    Subject.VY: dict(PAIRS),
    Subject.TY: {formal: YO.get(familiar, familiar) for familiar, formal in PAIRS},
}
_PARTS = re.compile(r"[^\W\d_]+|[\W\d_]+")
ABOUT = frozenset({"о", "об", "обо", "при"})
"""Behind these вас is тебе, and тебе is вас…"""
IN = ABOUT | {"в", "во", "на"}
"""…and behind these тебе is вас, but вас may be тебя."""


class Agreement:
    """What the wearer set, over the dictionary."""

    def __init__(self, morphology: Morphology, wearer: WearerSettings) -> None:
        self._morphology = morphology
        self._gender = GENDERS.get(wearer.gender)
        self._address = ADDRESSES.get(wearer.address)

    def agreed(self, prompt: m.Prompt, candidates: Sequence[m.Candidate]) -> tuple[m.Candidate, ...]:
        """The candidates with forms that agree, each first word once; most probable first."""
        if not (self._gender or self._address):
            return tuple(candidates)
        pattern = Pattern.of(prompt.prefix, prompt.groups)
        passed = frozenset(map(fold, prompt.exclude))
        found: dict[str, m.Candidate] = {}
        for candidate in candidates:
            mended = self._mended(prompt.text, candidate)
            first = fold(mended.words[0])
            if first in passed or not pattern.fits(first):
                mended, first = candidate, fold(candidate.words[0])
            known = found.get(first)
            found[first] = msgspec.structs.replace(known, p=min(1.0, known.p + mended.p)) if known else mended
        return tuple(sorted(found.values(), key=lambda candidate: -candidate.p))

    def _mended(self, text: str, candidate: m.Candidate) -> m.Candidate:
        words: list[str] = []
        for word in candidate.words:
            words.append(self.form(text, word))
            text = join(text, words[-1])
        return msgspec.structs.replace(candidate, words=tuple(words))

    def sentence(self, text: str) -> str:
        """A ready sentence, each word as it agrees with those before it."""
        mended = ""
        for part in _PARTS.findall(text):
            mended += self.form(mended, part) if part.isalpha() else part
        return mended

    def form(self, text: str, word: str) -> str:
        """The word as it agrees behind this text: the same one, or another form of it."""
        if in_quotation(text):
            return word
        clause = clause_of(text, self._morphology)
        mended = self._by_gender(word, clause) or self._by_address(word, clause)
        if not mended or fold(mended) == fold(word):
            return word
        return capitalised(mended) if word[:1].isupper() else mended

    def _by_gender(self, word: str, clause: Clause) -> str | None:
        if self._gender is None or clause.subject is not Subject.WEARER:
            return None
        is_near = clause.last in NEAR
        if is_near and (alike := ALIKE[self._gender].get(fold(word))):
            return alike
        for number, form in enumerate(self._morphology.readings(word)):
            if _is_gendered(form) and not form.has("neut") and (is_near or form.share >= RARELY):
                return self._morphology.inflected(word, number, self._gender, "sing")
        return None

    def _by_address(self, word: str, clause: Clause) -> str | None:
        if self._address is None:
            return None
        wanted = clause.addressed or self._address
        if ADDRESSED.get(fold(word), wanted) is not wanted:
            return _pronoun(fold(word), wanted, clause)
        readings = self._morphology.readings(word)
        if clause.subject is Subject.VY and clause.last in NEAR:
            for number, form in enumerate(readings):
                if _is_gendered(form):
                    return self._morphology.inflected(word, number, "plur")
        says_you = _second_person(readings, clause)
        return None if says_you is None else self._morphology.inflected(word, says_you, NUMBERS[wanted])


def _second_person(readings: Sequence[Form], clause: Clause) -> int | None:
    """Which reading says ты or вы, if the spelling mostly does: пришли is of прийти, too.

    Выключите without «вы» is a command, with it a statement.
    """
    found = {number: form for number, form in enumerate(readings) if _is_second_person(form)}
    if sum(form.share for form in found.values()) < MOSTLY:
        return None
    commands = [number for number, form in found.items() if form.has("impr", "perf")]
    if commands and clause.subject not in NUMBERS:
        return commands[0]
    return next(iter(found))


def _is_second_person(form: Form) -> bool:
    """A verb that says ты or вы by its ending: also a command, but none to do something together."""
    return form.part == "VERB" and (form.has("2per") or form.has("impr", "excl"))


def _is_gendered(form: Form) -> bool:
    """A past tense or a short adjective or participle, of one person."""
    return form.has("sing") and ((form.part == "VERB" and form.has("past")) or form.part in SHORT)


def _pronoun(folded: str, wanted: Subject, clause: Clause) -> str | None:
    if (folded == "тебе" and clause.last in IN) or (folded == "вас" and clause.last in ABOUT):
        return "вас" if wanted is Subject.VY else "тебе"
    return OTHER_PRONOUN[wanted].get(folded)
