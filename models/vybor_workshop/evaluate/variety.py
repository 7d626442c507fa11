"""What the model says by itself, and how often it says the same: distinct-2 of continuations drawn from it.

Every model gets the same luck: at each step the same number says how far down the likeliest tokens the draw goes.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from vybor.generator.network.model import Model
from vybor.generator.network.trunk import Floats
from vybor.generator.vocabulary import Vocabulary
from vybor.generator.words import probabilities
from vybor.instant.tokens import fold, is_mark, tokens
from vybor_workshop.evaluate.figures import Unit
from vybor_workshop.evaluate.reading import bring

SEED = 7
TOKENS = 16
NUCLEUS = 0.9
"""Of the probability, the likeliest part: what lies below it is mostly noise."""
BEGUN_WORDS = 2
"""A continuation goes on from so many words of a sentence."""


def said(model: Model, vocabulary: Vocabulary, header: str, text: str, number: int, ends: Sequence[int]) -> Unit:
    """The pairs of words in what the model makes of a sentence's beginning."""
    begun = " ".join(text.split()[:BEGUN_WORDS])
    bring(model, vocabulary.encode_header(header) + vocabulary.encode(begun))
    luck = np.random.default_rng([SEED, number]).random(TOKENS)
    written = b""
    for chance in luck:
        token = drawn(probabilities(model.end), float(chance))
        if token in ends or b"\n" in vocabulary.bytes[token]:
            break
        written += vocabulary.bytes[token]
        model.append([token])
    words = [fold(word) for word in tokens(written.decode(errors="replace")) if not is_mark(word)]
    return Unit(pairs=tuple(pairwise(words)))


def drawn(p: Floats, chance: float) -> int:
    """The token that a chance between 0 and 1 falls on, among the likeliest that make up the nucleus."""
    order = np.argsort(-p, kind="stable")
    rising = np.cumsum(p[order])
    last = int(np.searchsorted(rising, NUCLEUS))
    place = int(np.searchsorted(rising[: last + 1], chance * float(rising[min(last, len(rising) - 1)])))
    return int(order[min(place, last, len(order) - 1)])
