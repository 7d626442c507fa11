"""Recorded offers replayed: where the word that was taken would stand if this model had put them in order."""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.composer.text import join
from vybor.generator.network.model import TRUNK, Model
from vybor.generator.network.trunk import Floats
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import probabilities
from vybor.instant.tokens import fold
from vybor.utterances.hiding import FORGOTTEN
from vybor_workshop.dataset.examples import Choice
from vybor_workshop.evaluate.reading import bring

LEAST_OFFERED = 2
"""Of one word alone there is no order."""


class Rank(msgspec.Struct, frozen=True):
    """Where the chosen words would stand. Those that are exactly as likely share their places.

    A model that knows no difference, or none that a number can hold, would else put each choice first.
    """

    above: int
    """So many are likelier…"""
    beside: int = 0
    """…and so many others as likely."""

    def among(self, first: int) -> float:
        """The chance that it is one of so many first ones."""
        return min(max(first - self.above, 0), self.beside + 1) / (self.beside + 1)

    @property
    def reciprocal(self) -> float:
        """One over its place, on average."""
        places = range(self.above + 1, self.above + self.beside + 2)
        return sum(1 / place for place in places) / len(places)


def rank(model: Model, vocabulary: Vocabulary, header: str, text: str, choice: Choice) -> Rank | None:
    """Where the chosen words stand among those that were offered; None where there is no order.

    Words are weighed as the kit does it: the probability of their tokens, and that of the word's end behind them.
    """
    labels = _labels(choice)
    if len(labels) < LEAST_OFFERED:
        return None
    before = text[: choice.at].rstrip(" ")
    bring(model, vocabulary.encode_header(header) + vocabulary.encode(before))
    behind = [vocabulary.encode(join(before, label)[len(before) :]) for label in labels]
    if not all(behind):
        return None
    scores = _scores(model, vocabulary, behind)
    return Rank(above=int((scores > scores[0]).sum()), beside=int((scores[1:] == scores[0]).sum()))


def _labels(choice: Choice) -> list[str]:
    """The chosen one, then the others, each once."""
    chosen = next(each.label for each in choice.shown if each.chosen)
    labels = {fold(chosen): chosen}
    for each in choice.shown:
        labels.setdefault(fold(each.label), each.label)
    told = [label for label in labels.values() if label.strip() and label != FORGOTTEN]
    return told if chosen in told else []


def _scores(model: Model, vocabulary: Vocabulary, behind: Sequence[Sequence[int]]) -> Floats:
    """The logarithm of each one's probability; all of them grow by a token at a time, as branches."""
    scores = np.zeros(len(behind))
    branches = [TRUNK] * len(behind)
    logits = dict.fromkeys(range(len(behind)), model.end)
    for step in range(max(map(len, behind))):
        going = [number for number, tokens in enumerate(behind) if step < len(tokens)]
        for number in going:
            scores[number] += np.log(max(float(probabilities(logits[number])[behind[number][step]]), TINY))
        first = model.branches
        found = model.branch([behind[number][step] for number in going], [branches[number] for number in going])
        for place, number in enumerate(going):
            branches[number], logits[number] = first + place, found[place]
    for number in range(len(behind)):
        ends = float(probabilities(logits[number])[~vocabulary.goes_on].sum())
        scores[number] += np.log(max(ends, TINY))
    return scores.astype(np.float32)


TINY = 1e-30
