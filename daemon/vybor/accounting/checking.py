"""The message-passing check: does a message that only the wearer got come out of the kit? Pure.

Each question is one of two words. Which one it is, chance decides, evenly and for each question anew; the kit says
it to the wearer alone, and the wearer writes it and speaks it. Whoever or whatever answers without having heard it
(a helper, the language model, a look at the screen) is right in half of the cases: the number of right answers is
binomial with p = 1/2, whatever words the model prefers. It is the test that facilitated communication failed
(Wheeler et al. 1993), with the kit's own generator of random numbers in the place of an experimenter.

What is not answered counts as wrong, also if the check is left early: nobody can stop at a good moment. The words
are fixed before the first one is said, by a hash that is shown then; at the end the report has what it was made
of.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from fractions import Fraction

import msgspec

from vybor.instant.tokens import fold, tokens

LEAST, MOST, USUAL = 5, 40, 10
"""Questions: with fewer than five even all right would not be rare (1 in 16)."""
PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("water", "bread"),
        ("house", "garden"),
        ("summer", "winter"),
        ("morning", "evening"),
        ("sister", "brother"),
        ("river", "mountain"),
        ("apple", "cheese"),
        ("letter", "picture"),
        ("window", "table"),
        ("doctor", "teacher"),
        ("green", "yellow"),
        ("bird", "horse"),
        ("train", "boat"),
        ("music", "dance"),
        ("coat", "shoes"),
        ("rain", "snow"),
        ("kitchen", "school"),
        ("coffee", "milk"),
        ("flower", "tree"),
        ("hand", "face"),
    ),
    "ru": (
        ("вода", "хлеб"),
        ("дом", "сад"),
        ("лето", "зима"),
        ("утро", "вечер"),
        ("сестра", "брат"),
        ("река", "гора"),
        ("яблоко", "сыр"),
        ("письмо", "картина"),
        ("окно", "стол"),
        ("врач", "учитель"),
        ("зелёный", "жёлтый"),
        ("птица", "лошадь"),
        ("поезд", "лодка"),
        ("музыка", "танец"),
        ("пальто", "туфли"),
        ("дождь", "снег"),
        ("кухня", "школа"),
        ("кофе", "молоко"),
        ("цветок", "дерево"),
        ("рука", "лицо"),
    ),
}
"""Frequent, short, unlike each other in meaning and in the group of their first letter or of a later one."""

Draw = Callable[[int], int]
"""A number below this one, evenly (`secrets.randbelow`)."""


class Answer(StrEnum):
    """What came of a question."""

    RIGHT = "right"
    WRONG = "wrong"
    UNCLEAR = "unclear"
    """Both words were said, or neither."""
    NONE = "none"
    """Nothing was said."""


class Question(msgspec.Struct, frozen=True):
    """Two words, and the one that the wearer alone is told."""

    words: tuple[str, str]
    told: str


class Plan(msgspec.Struct, frozen=True):
    """All questions, and the salt that keeps their hash from being guessed."""

    language: str
    questions: tuple[Question, ...]
    salt: str

    @property
    def seal(self) -> str:
        """SHA-256 of what was fixed: `salt:word,word,…`."""
        return hashlib.sha256(self.opened.encode()).hexdigest()

    @property
    def opened(self) -> str:
        """What the seal was made of."""
        return f"{self.salt}:{','.join(question.told for question in self.questions)}"


class Answered(msgspec.Struct, frozen=True):
    """A question and what the wearer said to it."""

    question: Question
    said: str
    answer: Answer


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the check came to."""

    right: int
    wrong: int
    unclear: int
    unanswered: int
    p: float
    """How likely so many right answers, or more, are for somebody who did not hear the words."""


def plan(language: str, count: int, draw: Draw, salt: str) -> Plan:
    """Questions in an order and with words that chance decides; no pair comes again before all were asked."""
    pairs = PAIRS[language]
    questions: list[Question] = []
    left: list[tuple[str, str]] = []
    for _ in range(count):
        left = left or list(pairs)
        words = left.pop(draw(len(left)))
        questions.append(Question(words, words[draw(2)]))
    return Plan(language, tuple(questions), salt)


def judged(question: Question, said: str) -> Answered:
    """Whether a text that was spoken names the one word and not the other."""
    spoken = {fold(token) for token in tokens(said)}
    named = [word for word in question.words if fold(word) in spoken]
    if not said:
        return Answered(question, said, Answer.NONE)
    if len(named) != 1:
        return Answered(question, said, Answer.UNCLEAR)
    return Answered(question, said, Answer.RIGHT if named[0] == question.told else Answer.WRONG)


def verdict(answers: Sequence[Answered]) -> Verdict:
    """Count, and reckon how rare that is by chance; what is not right counts as wrong."""
    count = {answer: sum(one.answer is answer for one in answers) for answer in Answer}
    return Verdict(
        right=count[Answer.RIGHT],
        wrong=count[Answer.WRONG],
        unclear=count[Answer.UNCLEAR],
        unanswered=count[Answer.NONE],
        p=at_least(count[Answer.RIGHT], len(answers)),
    )


def at_least(right: int, questions: int) -> float:
    """P(X >= right), X binomial with `questions` trials and p = 1/2: exact, from whole numbers."""
    favourable = sum(math.comb(questions, k) for k in range(right, questions + 1))
    return float(Fraction(favourable, 1 << questions))
