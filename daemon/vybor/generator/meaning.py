"""What a word is about, as a vector: the network's own input embedding, without what all words share.

The rows of a language model's embedding lie in a cone: `coffee` and `Tuesday` are alike by .31. Without their mean
and the three directions in which they vary most that is .02, while `coffee` and `tea` keep .55.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from vybor.generator.embedding_rows import EmbeddingRows, Floats
from vybor.generator.vocabulary import Vocabulary
from vybor.retrieval.stems import is_content

SHARED = 3
"""Directions taken out."""
SAMPLED = 8000
"""About so many of the tokens that begin a word are looked at to find them."""
COMMONEST = 2e-3
"""A word that is more than so much of all words says nothing of what a text is about."""
KNOWN_WORDS = 4096


class Meanings:
    """The vector of length 1 of each word that says what a text is about; None for the others."""

    def __init__(
        self, rows: EmbeddingRows, vocabulary: Vocabulary, commonness: Callable[[str], float] = lambda _: 0.0
    ) -> None:
        """Find what all words share: half a second, a second or three on a small board."""
        self._rows = rows
        self._vocabulary = vocabulary
        self._commonness = commonness
        begins = np.flatnonzero(vocabulary.begins_spaced[: rows.tokens])
        sampled = rows(begins[:: max(1, len(begins) // SAMPLED)].tolist())
        self._mean: Floats = sampled.mean(axis=0)
        centred = sampled - self._mean
        _, directions = np.linalg.eigh(centred.T @ centred)
        self._shared: Floats = directions[:, -SHARED:].astype(np.float32)
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
