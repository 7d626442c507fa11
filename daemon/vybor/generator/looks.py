"""Which tokens can go on with a word of whose letters only the groups are known: a mask over the vocabulary.

A look at a group of letters is a mask on the logits: tokens whose letters are in the groups looked at stay, all
others have no chance. A token may hold fewer letters than are known (the word goes on with another one) or more.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vybor.instant.pattern import SKIPPED
from vybor.instant.tokens import fold

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_LETTERS = 16
"""Letters of a token that are compared; hardly a token has more."""
_SKIP = str.maketrans("", "", SKIPPED)


class Looks:
    """The letters of every token, folded, without apostrophes and hyphens."""

    def __init__(self, tokens: Sequence[bytes]) -> None:
        """Take the bytes of each token; 0.1 s for 49,152 of them."""
        texts = [token.decode(errors="replace") for token in tokens]
        self.spaced = np.array([text[:1] == " " for text in texts])
        letters = [fold(text.removeprefix(" ")).translate(_SKIP) for text in texts]
        self._is_word = np.array([_is_word(text, part) for text, part in zip(texts, letters, strict=True)])
        self.lengths = np.array([len(part) for part in letters])
        self._codes = np.zeros((len(letters), MOST_LETTERS), np.uint32)
        for row, part in enumerate(letters):
            shown = part[:MOST_LETTERS]
            self._codes[row, : len(shown)] = [ord(letter) for letter in shown]
        self._column = lru_cache(maxsize=256)(self._column_uncached)

    def fitting(self, groups: tuple[str, ...], *, spaced: bool) -> tuple[Ids, Ids]:
        """Tokens with a letter of every group, and tokens that hold the first few.

        All of them begin with a space, or none does. The lone space, apostrophes and hyphens hold no letter and
        lead to some.
        """
        fits: Mask = self._is_word & (self.spaced == spaced)
        for place, group in enumerate(groups[:MOST_LETTERS]):
            fits = fits & self._column(place, group)
        covers = self.lengths >= len(groups)
        return np.flatnonzero(fits & covers), np.flatnonzero(fits & ~covers)

    def _column_uncached(self, place: int, group: str) -> Mask:
        """Which tokens have a letter of the group at this place, or end before it."""
        codes = self._codes[:, place]
        allowed: Mask = np.isin(codes, [0, *(ord(letter) for letter in group)])
        return allowed


def _is_word(text: str, letters: str) -> bool:
    """Whether a token can stand in a word: the lone space before one too, and the marks inside one."""
    return letters.isalnum() if letters else text in {" ", *SKIPPED}
