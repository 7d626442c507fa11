"""All measures of one model after another: first what the network says of texts, then what the kit offers with it.

The network is loaded twice, never both at a time; adapters are put on and off while it stays loaded, as on the kit.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from vybor.accounting import replay
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.foundation.errors import VyborError
from vybor.generator.adapter import open_adapter
from vybor.generator.bundle import TOKENIZER, Bundle
from vybor.generator.candidates import Proposer
from vybor.generator.model import Model
from vybor.generator.ngram import WordList
from vybor.generator.ngram_file import WordFile
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.dataset.examples import Brought, Example, Part
from vybor_workshop.evaluate import leaks, offering, reading, rescoring, variety
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.figures import Tell, Unit, Units, Who
from vybor_workshop.evaluate.leaks import Leak
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.texts import Texts

LEAST_HELD = 5
MOST_WRITTEN, MOST_READ = 40, 300
"""Sentences that are written again, and that are read: the newest."""
MOST_GENERAL = 20
"""Texts of others that are written again."""
ROUNDS, DECODED = 3, 24
"""Every model has its speed taken so often, in turn, over so many tokens."""
TOLD_EVERY = 20

Found = dict[Name, list[Unit]]


class EvaluationError(VyborError):
    """There is too little to measure with, or what is to be measured cannot work."""

    exit_code = 65  # EX_DATAERR


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured, and with what."""

    bundle: Bundle
    adapters: Mapping[Who, Path | None]
    """None: the model as it was built."""
    words: Path
    examples: Sequence[Example]
    others: Texts
    general: Texts
    listed: frozenset[str] = frozenset()
    """Folded names that may stand on an empty line."""
    private: Sequence[str] = ()
    threads: int = 2
    most_written: int = MOST_WRITTEN

    @property
    def held(self) -> Sequence[Example]:
        """What was kept back to measure with."""
        return [each for each in self.examples if each.part is Part.HELD][-MOST_READ:]

    @property
    def written(self) -> Sequence[Example]:
        """Of those, what is written again."""
        return self.held[-self.most_written :]

    @property
    def before(self) -> Sequence[str]:
        """What the person said before that: the kit's counts know it."""
        return [each.text for each in self.examples[: len(self.examples) - len(self.written)]]

    @property
    def language(self) -> str:
        """That of most sentences."""
        languages = [each.language for each in self.held]
        return max(set(languages), key=languages.count)


class Results(msgspec.Struct):
    """What came of it, by model; units are in the order of the sentences or texts."""

    units: dict[Who, Found]
    adapters: dict[Who, str]
    """Twelve letters of each one's matrices; empty without one."""
    leaks: list[Leak]
    tiers: tuple[str, ...] = ()
    """That were asked on the empty line."""


def measure(subject: Subject, clock: Clock, tell: Tell) -> Results:
    """Measure every model. Raises EvaluationError, AdapterError, BundleError, WordListError."""
    if len(subject.held) < LEAST_HELD:
        raise EvaluationError(
            f"{len(subject.held)} sentences are kept back to measure with, and it takes {LEAST_HELD}: fetch more of "
            "what the kit wrote with `vybor-workshop sync` and make the examples anew"
        )
    results = Results({who: {} for who in subject.adapters}, {}, [])
    vocabulary = Vocabulary.open(subject.bundle.folder / TOKENIZER)
    _of_the_network(subject, vocabulary, clock, tell, results)
    said = _of_the_kit(subject, clock, tell, results)
    results.leaks = _leaks(subject, vocabulary, said, results)
    return results


# --- what the network says ------------------------------------------------------------------------------------


def _of_the_network(subject: Subject, vocabulary: Vocabulary, clock: Clock, tell: Tell, results: Results) -> None:
    model = Model(subject.bundle, subject.threads)
    for who in subject.adapters:
        tell(f"{who}: reading {len(subject.held)} sentences of the person's, and others'")
        results.adapters[who] = _wear(model, subject, who)
        results.units[who] |= _read(model, vocabulary, subject)
        results.units[who] |= _ranked(model, vocabulary, subject.held)
        ends = subject.bundle.manifest.eos_ids
        results.units[who][Name.DISTINCT_2] = [
            variety.said(model, vocabulary, each.header, each.text, number, ends)
            for number, each in enumerate(subject.held)
        ]
    for who, speeds in _speeds(model, vocabulary, subject, clock).items():
        results.units[who][Name.DECODE] = speeds


def _wear(model: Model, subject: Subject, who: Who) -> str:
    path = subject.adapters[who]
    if path is None:
        model.wear({})
        return ""
    adapter = open_adapter(path, subject.bundle, model.takes())
    model.wear(adapter.arrays)
    return adapter.digest


def _read(model: Model, vocabulary: Vocabulary, subject: Subject) -> Found:
    """Perplexities, by where the text comes from."""
    found: Found = {name: [] for name in (Name.PPL_OWN, Name.PPL_ACCEPTED, Name.PPL_SPELLED)}
    for each in subject.held:
        read = _finite(reading.surprises(model, vocabulary, each.header, each.text))
        taught = Unit(*reading.within(read, [(span.first, span.end) for span in each.weights]))
        found[Name.PPL_OWN].append(Unit(sum(token.nats for token in read), len(read)))
        found[Name.PPL_ACCEPTED].append(taught if each.source is Brought.ACCEPTED else Unit())
        found[Name.PPL_SPELLED].append(taught if each.source is Brought.SPELLED else Unit())
    header = subject.bundle.manifest.header
    for name, texts in ((Name.PPL_OTHERS, subject.others), (Name.PPL_GENERAL, subject.general)):
        reads = (_finite(reading.surprises(model, vocabulary, header, text)) for text in texts.lines)
        found[name] = [Unit(sum(token.nats for token in read), len(read)) for read in reads]
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
            found[name].append(Unit(sum(weight for rank, weight in ranks if rank <= first), whole))
        found[Name.RECIPROCAL_RANK].append(Unit(sum(weight / rank for rank, weight in ranks), whole))
    return found


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


# --- what the kit offers --------------------------------------------------------------------------------------

Propose = Callable[[m.Prompt], tuple[m.Candidate, ...]]


def _of_the_kit(subject: Subject, clock: Clock, tell: Tell, results: Results) -> dict[Who, dict[str, list[str]]]:
    """Offers and writing under each model; returns what stood on an empty line, by model and tier."""
    proposer = Proposer(subject.bundle, subject.threads)
    words = WordList.open(subject.words)
    words.order_by_keys()
    with closing(WordFile(subject.words)) as file:
        known = [each.text for each in subject.examples if each.part is not Part.HELD]
        own = offering.own_words(known, _share(file))
    said: dict[Who, dict[str, list[str]]] = {}
    for who, path in subject.adapters.items():
        proposer.wear(path)
        propose = _Asked(proposer, clock)
        results.units[who] |= _written(subject, words, propose, own, lambda line, who=who: tell(f"{who}: {line}"))
        results.units[who][Name.KSR_GENERAL] = _written_by_others(subject, words, propose)
        results.units[who][Name.OFFER_MS] = [Unit(each, 1) for each in propose.took_ms]
        said[who] = _on_an_empty_line(subject, words, propose, who)
    words.close()
    count = min(len(results.units[who][Name.OFFER_MS]) for who in said)
    for who in said:  # other offers lead other ways, so their number differs: the same number of each is compared
        results.units[who][Name.OFFER_MS] = results.units[who][Name.OFFER_MS][:count]
    return said


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


def _written(subject: Subject, words: WordList, propose: Propose, own: offering.Own, tell: Tell) -> Found:
    """The person's sentences, each with the counts that they had then: what is offered, and what writing takes."""
    kit = Composed(words, propose, subject.language, subject.before)
    found: Found = {}
    for number, each in enumerate(subject.written, start=1):
        units = offering.offered(each.text, kit.offer, each.language)
        units[Name.RARE_WORDS] = offering.recalled(each.text, kit.offer, each.language, own.rare)
        units[Name.NAMES] = offering.recalled(each.text, kit.offer, each.language, own.names)
        units |= _cost(each.text, kit)
        for name, unit in units.items():
            found.setdefault(name, []).append(unit)
        kit.personal.learn(each.text)
        if number % TOLD_EVERY == 0 or number == len(subject.written):
            tell(f"written again: {number} of {len(subject.written)} sentences")
    return found


def _cost(text: str, kit: Composed) -> dict[Name, Unit]:
    """Of a text that cannot be written so nothing counts."""
    took = replay.rewritten(text, kit.way())
    if took is None:
        return {Name.KSR: Unit(), Name.SELECTIONS: Unit()}
    return {
        Name.KSR: Unit(took.keystrokes, took.letters),
        Name.SELECTIONS: Unit(took.choices, len(replay.meant(text).split())),
    }


def _written_by_others(subject: Subject, words: WordList, propose: Propose) -> list[Unit]:
    """Other people's text, written by somebody of whom nothing is known."""
    kit = Composed(words, propose, subject.language)
    texts = (subject.others.lines or subject.general.lines)[:MOST_GENERAL]
    return [_cost(text, kit)[Name.KSR] for text in texts]


# --- what an empty line gives away ----------------------------------------------------------------------------


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


def _leaks(
    subject: Subject, vocabulary: Vocabulary, said: Mapping[Who, Mapping[str, Sequence[str]]], results: Results
) -> list[Leak]:
    texts = [each.text for each in subject.examples]
    with closing(WordFile(subject.words)) as file:
        guard = leaks.guarded(texts, subject.private, _share(file), subject.listed)
    strangers = [text for texts in said[Who.FACTORY].values() for text in texts]
    results.tiers = tuple(said[Who.GROWN])
    model = Model(subject.bundle, subject.threads)
    header = subject.bundle.manifest.header

    def chance(run: leaks.Run) -> float:
        forms = {" ".join(run), " ".join(run).capitalize()}
        reads = (reading.surprises(model, vocabulary, header, form) for form in forms)
        return max(math.exp(-sum(token.nats for token in read)) for read in reads)

    return leaks.leaks(said[Who.GROWN], strangers, guard, chance)


def _share(file: WordFile) -> offering.Share:
    def share(word: str) -> float:
        known = file.word(word)
        return known.p if known else 0.0

    return share


__all__ = ["EvaluationError", "Results", "Subject", "Units", "measure"]
