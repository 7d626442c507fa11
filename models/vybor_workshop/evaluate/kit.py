"""What the kit offers under each model: offers before every word, a text written again, an empty line."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache, partial

import msgspec

from vybor.accounting import replay
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.generator.candidates import Proposer
from vybor.instant.tier import WordList
from vybor.instant.tokens import fold
from vybor.instant.word_list import WordFile
from vybor_workshop.dataset.examples import Example, Part
from vybor_workshop.evaluate import leaks, offering
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.figures import Found, Tell, Unit, Who
from vybor_workshop.evaluate.finished import Finished, named
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.subject import Subject

MOST_GENERAL = 20
"""Texts of others that are written again."""
TOLD_EVERY = 5
"""A text takes some seconds on two cores, and a minute where other work is done beside it."""

Propose = Callable[[m.Prompt], tuple[m.Candidate, ...]]


class Offered(msgspec.Struct, frozen=True):
    """What came of offers."""

    units: dict[Who, Found]
    on_empty_lines: dict[Who, dict[str, list[str]]]
    """What stood there, by model and tier."""


def measure(subject: Subject, clock: Clock, tell: Tell, finished: Finished) -> Offered:
    """Offers and writing under each model, but for what is finished; the empty line is asked anew.

    Raises AdapterError, BundleError, WordListError, PlaceError.
    """
    proposer = Proposer(subject.bundle, subject.threads)
    words = WordList.open(subject.words)
    with closing(WordFile(subject.words)) as file:
        known = [each.text for each in subject.examples if each.part is not Part.HELD]
        own = offering.own_words(known, share_of(file))
    found = Offered({}, {})
    for who, path in subject.adapters.items():
        proposer.wear(path)
        propose = _Asked(proposer, clock)
        tells, of_its = _named(who, tell), named(finished, who)
        units = _written(subject, words, propose, own, tells, of_its)
        found.units[who] = units | _written_by_others(subject, words, propose, tells, of_its)
        tell(f"{who}: looking at what stands on an empty line")
        found.on_empty_lines[who] = _on_an_empty_line(subject, words, propose, who)
    words.close()
    return found


@contextmanager
def of_a_stranger(subject: Subject) -> Iterator[leaks.Offers]:
    """What the kit as it came offers to whom it does not know, behind a text. It loads the model once asked."""
    words = WordList.open(subject.words)

    @cache
    def model() -> Proposer:
        return Proposer(subject.bundle, subject.threads)

    kit = Composed(words, lambda prompt: model().propose(prompt, lambda: True) or (), subject.language)

    @cache
    def offers(text: str) -> frozenset[str]:
        return frozenset(
            fold(said.split()[0]) for said in leaks.on_an_empty_line(kit.offer, subject.language, text=text)
        )

    yield offers
    words.close()


def _named(who: Who, tell: Tell) -> Tell:
    return lambda line: tell(f"{who}: {line}")


class _Asked:
    """The model's words; the same is asked once. Keeps how long each answer took."""

    def __init__(self, proposer: Proposer, clock: Clock) -> None:
        self._proposer, self._clock = proposer, clock
        self._known: dict[m.Prompt, tuple[m.Candidate, ...]] = {}
        self.took_ms: list[float] = []

    def __call__(self, prompt: m.Prompt) -> tuple[m.Candidate, ...]:
        asked = msgspec.structs.replace(prompt, at_ns=0, number=0)
        if asked not in self._known:
            begun_ns = self._clock.now_ns()
            self._known[asked] = self._proposer.propose(asked, lambda: True) or ()
            self.took_ms.append((self._clock.now_ns() - begun_ns) / 1e6)
        return self._known[asked]


def _written(
    subject: Subject, words: WordList, propose: "_Asked", own: offering.Own, tell: Tell, finished: Finished
) -> Found:
    """The person's sentences, each with the counts that they had then: what is offered, and what writing takes."""
    kit = Composed(words, propose, subject.language, subject.before)
    found: Found = {}
    for number, each in enumerate(subject.written, start=1):
        for name, units in finished(f"sentence {number}", partial(_sentence, each, kit, propose, own)).items():
            found.setdefault(name, []).extend(units)
        kit.personal.learn(each.text)
        if number % TOLD_EVERY == 0 or number == len(subject.written):
            tell(f"written again: {number} of {len(subject.written)} sentences")
    return found


def _sentence(its: Example, kit: Composed, propose: "_Asked", own: offering.Own) -> Found:
    """One of them."""
    asked = len(propose.took_ms)
    units = offering.offered(its.text, kit.offer, its.language)
    took_ms = propose.took_ms[asked:]
    units[Name.OFFER_MS] = Unit(sum(took_ms), len(took_ms))
    units[Name.RARE_WORDS] = offering.recalled(its.text, kit.offer, its.language, own.rare)
    units[Name.NAMES] = offering.recalled(its.text, kit.offer, its.language, own.names)
    units |= _cost(its.text, kit)
    return {name: [unit] for name, unit in units.items()}


def _cost(text: str, kit: Composed) -> dict[Name, Unit]:
    """Of a text that cannot be written so nothing counts."""
    took = replay.rewritten(text, kit.way())
    if took is None:
        return {Name.KSR: Unit(), Name.SELECTIONS: Unit()}
    return {
        Name.KSR: Unit(took.keystrokes, took.letters),
        Name.SELECTIONS: Unit(took.choices, len(replay.meant(text).split())),
    }


def _written_by_others(
    subject: Subject, words: WordList, propose: Propose, tell: Tell, finished: Finished
) -> Found:
    """Other people's text, written by somebody of whom nothing is known."""
    kit = Composed(words, propose, subject.language)
    texts = (subject.others.lines or subject.general.lines)[:MOST_GENERAL]
    found: list[Unit] = []
    for number, text in enumerate(texts, start=1):
        found += finished(f"text {number}", partial(_of_others, text, kit))[Name.KSR_GENERAL]
        if number % TOLD_EVERY == 0 or number == len(texts):
            tell(f"written again: {number} of {len(texts)} texts of other people")
    return {Name.KSR_GENERAL: found}


def _of_others(text: str, kit: Composed) -> Found:
    return {Name.KSR_GENERAL: [_cost(text, kit)[Name.KSR]]}


def _on_an_empty_line(subject: Subject, words: WordList, propose: Propose, who: Who) -> dict[str, list[str]]:
    """By tier. The factory's knows nothing of the person: it is what any kit would say."""
    own = () if who is Who.FACTORY else [each.text for each in subject.examples]
    kit = Composed(words, propose, subject.language, own)
    language = subject.language
    said = {
        "word list and own counts": list(leaks.on_an_empty_line(kit.instant, language)),
        "language model": list(leaks.on_an_empty_line(propose, language)),
        "both": list(leaks.on_an_empty_line(kit.offer, language)),
        "screen": list(leaks.on_the_screen(kit.way())),
    }
    asked = (leaks.on_an_empty_line(kit.offer, language, partner) for partner in leaks.ASKED.get(language, ()))
    return said | {"asked": [text for texts in asked for text in texts]}


def share_of(file: WordFile) -> offering.Share:
    """How common words are, as the list has it."""

    def share(word: str) -> float:
        known = file.word(word)
        return known.p if known else 0.0

    return share
