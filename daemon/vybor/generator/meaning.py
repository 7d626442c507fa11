"""What a word is about, as a vector: the network's own input embedding, without what all words share.

The rows of a language model's embedding lie in a cone: `coffee` and `Tuesday` are alike by .31. Without their mean
and the three directions in which they vary most that is .02, while `coffee` and `tea` keep .55.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from vybor.generator.network.embedding_rows import EmbeddingRows, Floats
from vybor.generator.vocabulary import Vocabulary
from vybor.retrieval.stems import is_content

SHARED = 3
"""Directions taken out."""
SAMPLED = 8000
"""About so many of the tokens that begin a word are looked at to find them."""
COMMONEST = 2e-3
"""A word that is more than so much of all words says nothing of what a text is about."""
KNOWN_WORDS = 256
"""Remembered: those that the interest of now is made of (128 at most), and what is offered, twice over."""
SPAN, ITERATIONS = 16, 30
"""Directions that are looked for together, and steps: SmolLM2's are the exact ones to a cosine of .999999."""
AT_A_TIME = 256
"""Rows in memory: all of a large model's would take as much as half of its weights."""


class Meanings:
    """The vector of length 1 of each word that says what a text is about; None for the others."""

    def __init__(
        self, rows: EmbeddingRows, vocabulary: Vocabulary, commonness: Callable[[str], float] = lambda _: 0.0
    ) -> None:
        """Find what all words share: .07 s for SmolLM2, 1 s for TinyLlama's shape, longer on a small board."""
        self._rows = rows
        self._vocabulary = vocabulary
        self._commonness = commonness
        begins = np.flatnonzero(vocabulary.begins_spaced[: rows.tokens])
        sampled = begins[:: max(1, len(begins) // SAMPLED)].tolist()
        self._mean, self._shared = _shared(rows, sampled)
        self._known = lru_cache(maxsize=KNOWN_WORDS)(self._reckoned)

    def __call__(self, word: str) -> Floats | None:
        """The vector of a word, or None."""
        return self._known(word)

    def _reckoned(self, word: str) -> Floats | None:
        if not is_content(word) or self._commonness(word) > COMMONEST:
            return None
        tokens = self._vocabulary.encode(f" {word}")
        row: Floats = self._rows(tokens).mean(axis=0) - self._mean
        row = row - self._shared @ (self._shared.T @ row)
        length = float(np.linalg.norm(row))
        return row / np.float32(length) if length > 0 else None


def _shared(rows: EmbeddingRows, tokens: Sequence[int]) -> tuple[Floats, Floats]:
    """The mean row, and the directions (hidden, SHARED) in which rows vary most, gathered a few rows at a time."""
    parts = [tokens[first : first + AT_A_TIME] for first in range(0, len(tokens), AT_A_TIME)]
    mean: Floats = np.add.reduce([rows(part).sum(axis=0) for part in parts]) / np.float32(len(tokens))
    products: Floats = np.zeros((len(mean), len(mean)), np.float32)
    for part in parts:
        centred = rows(part) - mean
        products += centred.T @ centred
    return mean, _leading(products)


def _leading(products: Floats) -> Floats:
    """The directions (hidden, SHARED) that a symmetric matrix stretches most, by orthogonal iteration.

    All of its directions would take a large model seconds and 200 MB.
    """
    found: Floats = np.random.default_rng(0).standard_normal((len(products), SPAN), np.float32)
    for _ in range(ITERATIONS):
        found, _ = np.linalg.qr(products @ found)
    _, turned = np.linalg.eigh(found.T @ products @ found)
    directions: Floats = found @ turned[:, -SHARED:]
    return directions
