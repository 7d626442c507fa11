"""An expectation of the next word from counts: the longest context first, the last without any. Pure."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import msgspec

from vybor.generator.pattern import EVERY_WORD, Pattern

ALONE = 0.5
"""The personal share where the base list never saw the words that stand here; a guess, it is rare in English."""


class Level(msgspec.Struct, frozen=True):
    """What followed one context: a word's part of the mixture is `weight` times its share of `total`."""

    weight: float
    total: float
    seen: Mapping[str, float]
    """The commonest first."""

    def only(self, pattern: Pattern, least: int) -> "Level":
        """The same for words that fit and were seen at least so often."""
        if pattern.is_open and least <= 1:
            return self
        words = self.seen if pattern.is_open else pattern.fitting(self.seen)
        return Level(self.weight, self.total, {w: seen for w in words if (seen := self.seen[w]) >= least})

    def among(self, is_one: Callable[[str], bool]) -> "Level":
        """The same for some words."""
        return Level(self.weight, self.total, {w: seen for w, seen in self.seen.items() if is_one(w)})


class Expectation(msgspec.Struct, frozen=True):
    """A distribution; `share` is its weight beside others."""

    share: float
    levels: tuple[Level, ...]

    def share_beside(self, *, base_knows: bool) -> float:
        """The share beside a base list that knows the words that stand here, or does not."""
        return self.share if base_knows or len(self.levels) == 1 else ALONE

    def only(self, pattern: Pattern, least: int = 0) -> "Expectation":
        """The same for words that fit and were seen at least so often; all others have no chance."""
        return Expectation(self.share, tuple(level.only(pattern, least) for level in self.levels))

    def among(self, is_one: Callable[[str], bool]) -> "Expectation":
        """The same for some words; all others have no chance."""
        return Expectation(self.share, tuple(level.among(is_one) for level in self.levels))

    def behind(self, least: int = 0) -> "Expectation":
        """The same for words that were seen, at least so often, behind the words that stand here."""
        *contexts, nowhere = self.levels
        return Expectation(
            self.share, (*(level.only(EVERY_WORD, least) for level in contexts), Level(nowhere.weight, 1, {}))
        )

    def p(self, word: str) -> float:
        """The probability of a folded word by these counts alone."""
        return sum(level.weight * level.seen.get(word, 0) / level.total for level in self.levels)

    def p_of_all(self) -> float:
        """The probability of all words together."""
        return sum(level.weight * sum(level.seen.values()) / level.total for level in self.levels)

    def likely(self, count: int) -> Iterator[str]:
        """The commonest words of each context."""
        for level in self.levels:
            yield from islice(level.seen, count)


NOTHING_EXPECTED = Expectation(0.0, (Level(1.0, 1, {}),))
