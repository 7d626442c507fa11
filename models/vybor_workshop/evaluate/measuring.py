"""All measures of every model: first what the network says, then what the kit offers, then what that gives away.

The network is loaded more than once, never twice at a time; adapters are put on and off while it stays loaded, as
on the kit.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import closing

import msgspec

from vybor.foundation.clock import Clock
from vybor.generator.network.bundle import TOKENIZER
from vybor.generator.network.model import Model
from vybor.generator.vocabulary import Vocabulary
from vybor.instant.word_list import WordFile
from vybor_workshop.evaluate import kit, leaks, network, reading
from vybor_workshop.evaluate.figures import Found, Tell, Who
from vybor_workshop.evaluate.finished import Finished
from vybor_workshop.evaluate.leaks import Leak
from vybor_workshop.evaluate.subject import EvaluationError, Subject

LEAST_HELD = 4
"""Sentences; the fewest that `vybor-workshop dataset` keeps back."""


class Results(msgspec.Struct, frozen=True):
    """What came of it, by model; units are in the order of the sentences or texts."""

    units: dict[Who, Found]
    digests: dict[Who, str]
    """Twelve letters of each adapter's matrices; empty without one."""
    leaks: list[Leak]
    tiers: tuple[str, ...]
    """That were asked on the empty line."""


def measure(subject: Subject, clock: Clock, tell: Tell, finished: Finished) -> Results:
    """Measure every model, but for what is finished.

    Raises EvaluationError, AdapterError, BundleError, WordListError, PlaceError.
    """
    if len(subject.held) < LEAST_HELD:
        raise EvaluationError(
            f"{len(subject.held)} sentences are kept back to measure with, and it takes {LEAST_HELD}: fetch more "
            "of what the kit wrote with `vybor-workshop sync` and make the examples anew"
        )
    vocabulary = Vocabulary.open(subject.bundle.folder / TOKENIZER)
    said = network.measure(subject, vocabulary, clock, tell, finished)
    offered = kit.measure(subject, clock, tell, finished)
    tell("asking an empty line")
    return Results(
        units={who: said.units[who] | offered.units[who] for who in subject.adapters},
        digests=said.digests,
        leaks=leaked(subject, vocabulary, offered.on_empty_lines),
        tiers=tuple(offered.on_empty_lines[Who.GROWN]),
    )


def leaked(
    subject: Subject, vocabulary: Vocabulary, said: Mapping[Who, Mapping[str, Sequence[str]]]
) -> list[Leak]:
    """What the grown model's empty line gives away that the factory model's does not; `said` is by tier."""
    texts = [each.text for each in subject.examples]
    with closing(WordFile(subject.words)) as file:
        guard = leaks.guarded(texts, subject.private, kit.share_of(file), subject.listed)
    strangers = [text for texts in said[Who.FACTORY].values() for text in texts]
    found = leaks.suspects(said[Who.GROWN], strangers, guard)
    unlikely = list(leaks.unlikely(found, _chance(subject, vocabulary)))
    with kit.of_a_stranger(subject) as offers:
        return leaks.leaks(unlikely, offers)


def _chance(subject: Subject, vocabulary: Vocabulary) -> leaks.Chance:
    """Of words behind nothing, by the factory model."""
    model = Model(subject.bundle, subject.threads)
    header = subject.bundle.manifest.header

    def chance(run: leaks.Run) -> float:
        forms = {" ".join(run), " ".join(run).capitalize()}
        reads = (reading.surprises(model, vocabulary, header, form) for form in forms)
        return max(math.exp(-sum(token.nats for token in read)) for read in reads)

    return chance
