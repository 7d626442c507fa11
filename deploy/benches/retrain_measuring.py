"""One model on a person's sentences that were kept back: what it says, offers, gives away, and how fast it is."""

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.foundation.clock import Clock
from vybor.generator.network.adapter import open_adapter
from vybor.generator.network.bundle import TOKENIZER, Bundle
from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.dataset.examples import Example
from vybor_workshop.evaluate import finished, kit, measuring, network, reading
from vybor_workshop.evaluate.figures import Tell, Unit, Who
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.subject import Subject
from vybor_workshop.evaluate.texts import Texts

ROUNDS, DECODED = 7, 48
"""Times that an adapter is put on and off, and tokens that are read one by one each time."""


class Measured(msgspec.Struct, frozen=True):
    """What came of one model."""

    units: dict[Name, list[Unit]]
    said: dict[str, list[str]]
    """On an empty line, by tier."""
    texts: tuple[str, ...]
    """The sentences that were written again, as the units of KSR are."""


class Worn(msgspec.Struct, frozen=True):
    """What it costs to wear an adapter."""

    swap_s: float
    """The slowest of all times: the files read, the network with it loaded."""
    ratio: float
    """Tokens a second with it to those without, the median of rounds in turn."""
    off_is_exact: bool


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What models are measured with, all of them alike."""

    bundle: Bundle
    words: Path
    others: Texts
    general: Texts
    threads: int
    written: int
    """So many sentences are written again."""

    def subject(self, examples: Sequence[Example], adapters: Mapping[Who, Path | None]) -> Subject:
        """As `vybor-workshop evaluate` has it."""
        return Subject(
            bundle=self.bundle,
            adapters=adapters,
            words=self.words,
            examples=examples,
            others=self.others,
            general=self.general,
            threads=self.threads,
            most_written=self.written,
        )


def measured(
    measures: Measures, examples: Sequence[Example], adapter: Path | None, clock: Clock, tell: Tell
) -> Measured:
    """One model, with the counts of the person. Raises VyborError."""
    who = Who.GROWN if adapter else Who.FACTORY
    subject = measures.subject(examples, {who: adapter})
    vocabulary = Vocabulary.open(subject.bundle.folder / TOKENIZER)
    said = network.measure(subject, vocabulary, clock, tell, finished.anew)
    one = Texts(subject.others.lines[:1])  # what others' text takes to write is no figure of this bench
    offered = kit.measure(msgspec.structs.replace(subject, others=one), clock, tell, finished.anew)
    units = said.units[who] | offered.units[who]
    return Measured(units, offered.on_empty_lines[who], tuple(each.text for each in subject.written))


def leaks(measures: Measures, examples: Sequence[Example], base: Measured, grown: Measured) -> int:
    """How much came up on an empty line that should not have."""
    subject = measures.subject(examples, {Who.FACTORY: None})
    vocabulary = Vocabulary.open(subject.bundle.folder / TOKENIZER)
    said = {Who.FACTORY: base.said, Who.GROWN: grown.said}
    return len(measuring.leaked(subject, vocabulary, said))


def worn(measures: Measures, adapter: Path, text: str, clock: Clock) -> Worn:
    """Put on and off in turn, with some tokens read each time."""
    model = Model(measures.bundle, measures.threads)
    vocabulary = Vocabulary.open(measures.bundle.folder / TOKENIZER)
    tokens = (vocabulary.encode(text) * DECODED)[:DECODED]
    header = vocabulary.encode_header(measures.bundle.manifest.header)
    speeds: dict[bool, list[float]] = {True: [], False: []}
    swaps_s, ends = [], []
    for _ in range(ROUNDS):
        for on in (True, False):
            began_ns = clock.now_ns()
            model.wear(open_adapter(adapter, measures.bundle, model.takes()).arrays if on else {})
            swaps_s.append((clock.now_ns() - began_ns) / 1e9)
            reading.bring(model, header)
            began_ns = clock.now_ns()
            for token in tokens:
                model.append([token])
            speeds[on].append(len(tokens) / (clock.now_ns() - began_ns))
            if not on:
                ends.append(model.end.tobytes())
    model.wear({})
    fresh = Model(measures.bundle, measures.threads)
    reading.bring(fresh, header)
    for token in tokens:
        fresh.append([token])
    ratio = statistics.median(speeds[True]) / statistics.median(speeds[False])
    return Worn(max(swaps_s), ratio, {fresh.end.tobytes()} == set(ends))
