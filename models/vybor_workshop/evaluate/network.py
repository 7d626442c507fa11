"""What the network says of texts under each model: perplexity, recorded offers, variety, speed."""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from vybor.foundation.clock import Clock
from vybor.generator.network.adapter import open_adapter
from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.dataset.examples import Brought, Example
from vybor_workshop.evaluate import reading, rescoring, variety
from vybor_workshop.evaluate.figures import Found, Tell, Unit, Who
from vybor_workshop.evaluate.finished import Finished, named
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.subject import EvaluationError, Subject

ROUNDS, DECODED = 5, 24
"""Every model has its speed taken so often, in turn, over so many tokens."""

TOLD_EVERY = 50


class Said(msgspec.Struct, frozen=True):
    """What came of it."""

    units: dict[Who, Found]
    digests: dict[Who, str]
    """Twelve letters of each adapter's matrices; empty without one."""


def measure(subject: Subject, vocabulary: Vocabulary, clock: Clock, tell: Tell, finished: Finished) -> Said:
    """All of it, but for what is finished. Raises EvaluationError, AdapterError, BundleError, PlaceError."""
    model = Model(subject.bundle, subject.threads)
    found: dict[Who, Found] = {}
    digests = {}
    for who in subject.adapters:
        tell(f"{who}: reading {_count(subject)} texts")
        digests[who] = _wear(model, subject, who)
        done, of_its = _every(TOLD_EVERY, _count(subject), who, tell), named(finished, who)
        found[who] = dict(of_its("texts", partial(_read, model, vocabulary, subject, done)))
        tell(f"{who}: putting recorded offers in order, going on from {len(subject.held)} beginnings")
        found[who] |= of_its("offers", partial(_ranked, model, vocabulary, subject.held))
        found[who] |= of_its("beginnings", partial(_gone_on, model, vocabulary, subject))
    tell("taking the time")
    for who, speeds in _speeds(model, vocabulary, subject, clock).items():
        found[who][Name.DECODE] = speeds
    return Said(found, digests)


def _wear(model: Model, subject: Subject, who: Who) -> str:
    path = subject.adapters[who]
    if path is None:
        model.wear({})
        return ""
    adapter = open_adapter(path, subject.bundle, model.takes())
    model.wear(adapter.arrays)
    return adapter.digest


def _count(subject: Subject) -> int:
    return len(subject.held) + len(subject.others.lines) + len(subject.general.lines)


def _every(some: int, count: int, who: Who, tell: Tell) -> Callable[[], None]:
    """Something to call for each text: it tells now and then how far it is."""
    numbers = itertools.count(1)

    def done() -> None:
        if (number := next(numbers)) % some == 0:
            tell(f"{who}: read {number} of {count} texts")

    return done


def _read(model: Model, vocabulary: Vocabulary, subject: Subject, done: Callable[[], None]) -> Found:
    """Perplexities, by where the text comes from."""
    found: Found = {name: [] for name in (Name.PPL_OWN, Name.PPL_ACCEPTED, Name.PPL_SPELLED)}
    for each in subject.held:
        done()
        read = _finite(reading.surprises(model, vocabulary, each.header, each.text))
        taught = Unit(*reading.within(read, [(span.first, span.end) for span in each.weights]))
        found[Name.PPL_OWN].append(Unit(sum(token.nats for token in read), len(read)))
        found[Name.PPL_ACCEPTED].append(taught if each.source is Brought.ACCEPTED else Unit())
        found[Name.PPL_SPELLED].append(taught if each.source is Brought.SPELLED else Unit())
    header = subject.bundle.manifest.header
    for name, texts in ((Name.PPL_OTHERS, subject.others), (Name.PPL_GENERAL, subject.general)):
        found[name] = []
        for text in texts.lines:
            done()
            read = _finite(reading.surprises(model, vocabulary, header, text))
            found[name].append(Unit(sum(token.nats for token in read), len(read)))
    return found


def _finite(read: Sequence[reading.Read]) -> Sequence[reading.Read]:
    if not all(math.isfinite(token.nats) for token in read):
        raise EvaluationError(
            "the model gives numbers that are none with this adapter: train it anew, with a smaller learning rate"
        )
    return read


def _ranked(model: Model, vocabulary: Vocabulary, held: Sequence[Example]) -> Found:
    """Recorded offers, each weighed by how sure eyes and body alone were of the choice."""
    most = {Name.ACCEPT_1: 1, Name.ACCEPT_3: 3, Name.ACCEPT_5: 5}
    found: Found = {name: [] for name in (*most, Name.RECIPROCAL_RANK)}
    for each in held:
        ranks = [
            (rank, choice.weight)
            for choice in each.choices
            if (rank := rescoring.rank(model, vocabulary, each.header, each.text, choice)) is not None
        ]
        whole = sum(weight for _, weight in ranks)
        for name, first in most.items():
            found[name].append(Unit(sum(weight * rank.among(first) for rank, weight in ranks), whole))
        found[Name.RECIPROCAL_RANK].append(Unit(sum(weight * rank.reciprocal for rank, weight in ranks), whole))
    return found


def _gone_on(model: Model, vocabulary: Vocabulary, subject: Subject) -> Found:
    """What the model says by itself."""
    ends = subject.bundle.manifest.eos_ids
    said = [
        variety.said(model, vocabulary, each.header, each.text, number, ends)
        for number, each in enumerate(subject.held)
    ]
    return {Name.DISTINCT_2: said}


def _speeds(model: Model, vocabulary: Vocabulary, subject: Subject, clock: Clock) -> dict[Who, list[Unit]]:
    """Tokens and the seconds that they took, round by round, the models in turn."""
    found: dict[Who, list[Unit]] = {who: [] for who in subject.adapters}
    text = vocabulary.encode(" ".join(each.text for each in subject.held))
    some = (text * (DECODED // len(text) + 1))[:DECODED]
    for _ in range(ROUNDS):
        for who in subject.adapters:
            _wear(model, subject, who)
            reading.bring(model, vocabulary.encode_header(subject.bundle.manifest.header))
            begun_ns = clock.now_ns()
            for token in some:
                model.append([token])
            found[who].append(Unit(len(some), max(1, clock.now_ns() - begun_ns) / 1e9))
    return found
