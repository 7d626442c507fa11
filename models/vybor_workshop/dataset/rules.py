"""What a model may learn of what a person wrote, and how much. All of it stands here. Pure.

The final text of a sentence that was spoken and not taken back teaches, character by character, as far as the
person is known to have meant each:

    how sure eyes and body alone were of the choice that wrote it (the language model's prior left out; where that
    carried the choice, nothing)
    x 1.5 in a word that was mostly spelled by hand
    x 1/n in what the kit offered and the person took n times: the model's own words, again and again, are not
    the person's

Nothing else teaches anything. What was not chosen is not wrong: it was not read, most of the time.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from vybor.accounting.bits import SUPPORTED
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode
from vybor.segments.rows import Span
from vybor.utterances.provenance import Origin
from vybor_workshop.dataset.examples import MOST_WEIGHT
from vybor_workshop.dataset.following import Chosen, Sentence

SPELLED_UP = 1.5
MOSTLY = 0.5
"""From this share of a word's letters on the word counts as spelled."""
LEAST_WORDS = 2
"""A piece of fewer words is everybody's, and does not count as repeated."""
SPELLED = (Origin.SPELLED,)
OFFERED = (
    Origin.LIST,
    Origin.MODEL,
    Origin.TOPIC,
    Origin.OWN,
    Origin.GREY,
    Origin.PHRASE,
    Origin.SENTENCE,
    Origin.OWN_SENTENCE,
)
"""What the kit put into words."""
EXERCISES = (Mode.PRACTICE_CALL, Mode.PRACTICE_OVER, Mode.FITTING)
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class Reason(StrEnum):
    """Why something teaches nothing; as it is told in the dry run."""

    DELETED = "deleted by the person"
    PRIVATE = "private: marked as not to be learned"
    PRACTICE = "practice or fitting, not writing"
    NOT_UNDERSTOOD = "a choice of a newer kit that this version does not know"

    UNSPOKEN = "written and not spoken, or undone, or taken back"

    TAKEN_BACK = "spoken and taken back"
    NOT_WHOLE = "a part of it is not in the record: it was deleted, private, or there before"
    LANGUAGE = "of a language that the base does not know"
    TOO_LONG = "longer than the base reads"
    NOTHING_SURE = "nothing in it is sure enough to teach"

    ONLY_PRIOR = "carried by the language model's prior alone"
    NOBODYS = "the record does not say from where"


# --- rows: what is read at all -----------------------------------------------------------------------------------


def is_deleted(chosen: Chosen, deleted: Sequence[Span]) -> bool:
    """A deletion that the kit told names it, whatever still stands in a file."""
    boot, sequence = chosen.place
    return any(span.boot == boot and span.first <= sequence <= span.last for span in deleted)


def is_private(decision: m.Decision) -> bool:
    """The person said that nothing is to be learned of it. Kits send no such row; who brings others' data may."""
    return not decision.learn or decision.incognito


def is_practice(decision: m.Decision) -> bool:
    """Kits record no practice (deploy/decisions/0031), only the pages around it."""
    return decision.mode in EXERCISES


ROW_RULES: Mapping[Reason, Callable[[Chosen, Sequence[Span]], bool]] = {
    Reason.DELETED: is_deleted,
    Reason.PRIVATE: lambda chosen, _deleted: is_private(chosen.decision),
    Reason.PRACTICE: lambda chosen, _deleted: is_practice(chosen.decision),
}
"""A row for which one of these holds is as if it were not there: what it wrote is nobody's from then on."""


def row_dropped(chosen: Chosen, deleted: Sequence[Span]) -> Reason | None:
    """Why a choice is not read; None: it is."""
    return next((reason for reason, holds in ROW_RULES.items() if holds(chosen, deleted)), None)


# --- sentences: what may teach -----------------------------------------------------------------------------------

SENTENCE_RULES: Mapping[Reason, Callable[[Sentence, Sequence[str]], bool]] = {
    Reason.TAKEN_BACK: lambda sentence, _languages: sentence.taken_back,
    Reason.NOT_WHOLE: lambda sentence, _languages: None in sentence.writers,
    Reason.LANGUAGE: lambda sentence, languages: sentence.spoken.decision.language not in languages,
}


def sentence_dropped(sentence: Sentence, languages: Sequence[str]) -> Reason | None:
    """Why nothing of a sentence is used; None: it is, with a base of these languages."""
    return next((reason for reason, holds in SENTENCE_RULES.items() if holds(sentence, languages)), None)


# --- characters: how much each teaches ---------------------------------------------------------------------------


class Weight(msgspec.Struct, frozen=True):
    """How much a character teaches, or why it teaches nothing."""

    value: float
    reason: Reason | None = None


def evidence(decision: m.Decision) -> float:
    """How sure eyes and body alone were of a choice: 0 where they did not make it likelier than all others."""
    told = decision.evidence
    is_theirs = told.slot_without_prior in (None, decision.slot)
    sure = told.posterior_without_prior
    return min(sure, 1.0) if is_theirs and sure >= SUPPORTED else 0.0  # what is no number is not sure either


def weights(sentence: Sentence, repeats: "Repeats") -> tuple[Weight, ...]:
    """One a character. A space that the kit put before a word goes with the word: models read both as one."""
    spelled, often = _spelled_words(sentence), repeats.of(sentence)
    found: list[Weight] = []
    for at in reversed(range(len(sentence.text))):
        if found and sentence.origins[at] is Origin.SPACE and sentence.writers[at] is sentence.writers[at + 1]:
            found.append(found[-1])
        else:
            found.append(_weight(sentence, at, (SPELLED_UP if spelled[at] else 1.0) / often[at]))
    return tuple(reversed(found))


def _weight(sentence: Sentence, at: int, factor: float) -> Weight:
    origin, writer = sentence.origins[at], sentence.writers[at]
    if origin is Origin.UNKNOWN or writer is None:
        return Weight(0.0, Reason.NOBODYS)
    sure = evidence(writer.decision)
    return Weight(min(MOST_WEIGHT, round(sure * factor, 4))) if sure else Weight(0.0, Reason.ONLY_PRIOR)


def _spelled_words(sentence: Sentence) -> list[bool]:
    """For each character whether it is of a word that was mostly spelled."""
    found = [False] * len(sentence.text)
    for word in WORD.finditer(sentence.text):
        first, end = word.span()
        by_hand = sum(origin in SPELLED for origin in sentence.origins[first:end])
        if by_hand >= MOSTLY * (end - first):
            found[first:end] = [True] * (end - first)
    return found


class Repeats:
    """How often the person took the same piece of what the kit offered, or spoke the same sentence."""

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        self._pieces: Counter[str] = Counter()
        self._wholes: Counter[str] = Counter()
        for sentence in sentences:
            self._wholes[folded(sentence.text)] += 1
            self._pieces.update(folded(sentence.text[first:end]) for first, end in _pieces(sentence))

    def of(self, sentence: Sentence) -> list[int]:
        """For each character by how much it is weighed down: 1 for what was not offered, or only once."""
        whole = self._wholes[folded(sentence.text)]
        often = [max(1, whole) if origin in OFFERED else 1 for origin in sentence.origins]
        for first, end in _pieces(sentence):
            count = max(1, whole, self._pieces[folded(sentence.text[first:end])])
            often[first:end] = [count] * (end - first)
        return often


def _pieces(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Where words stand that one choice took as they were offered, two or more of them."""
    first = 0
    while first < len(sentence.text):
        writer, end = sentence.writers[first], first + 1
        while end < len(sentence.text) and sentence.writers[end] is writer:
            end += 1
        is_offered = any(origin in OFFERED for origin in sentence.origins[first:end])
        if is_offered and len(WORD.findall(sentence.text[first:end])) >= LEAST_WORDS:
            yield first, end
        first = end


def folded(text: str) -> str:
    """What the same words are, whatever their capitals and marks."""
    return " ".join(WORD.findall(text.casefold())) or text.strip()
