"""An expectation of the next word from counts: the longest context first, the last without any. Pure."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, takewhile

import msgspec

from vybor.instant.pattern import Pattern

ALONE = 0.5
"""The personal share where the base list never saw the words that stand here; a guess, it is rare in English."""


class Seen(msgspec.Struct, frozen=True):
    """Words and how often each was seen, the commonest first; and how often all of them."""

    counts: Mapping[str, float]
    total: float

    @classmethod
    def of(cls, counts: Mapping[str, float]) -> "Seen":
        """Counts with their sum."""
        return cls(counts, sum(counts.values()))

    def only(self, pattern: Pattern) -> "Seen":
        """The words that fit."""
        return self if pattern.is_open else Seen.of({w: self.counts[w] for w in pattern.fitting(self.counts)})

    def often(self, least: int) -> "Seen":
        """The words that were seen so often."""
        return Seen.of(dict(takewhile(lambda found: found[1] >= least, self.counts.items())))

    def among(self, is_one: Callable[[str], bool]) -> "Seen":
        """Some of the words."""
        return Seen.of({word: seen for word, seen in self.counts.items() if is_one(word)})


NONE = Seen({}, 0)


class Level(msgspec.Struct, frozen=True):
    """What followed one context: a word's part of the mixture is `weight` times its share of `total`."""

    weight: float
    total: float
    """Of all that followed."""
    words: Seen
    """Those of it that can be meant."""


class Expectation(msgspec.Struct, frozen=True):
    """A distribution over words that can be meant; `share` is its weight beside others."""

    share: float
    levels: tuple[Level, ...]

    def share_beside(self, *, base_knows: bool) -> float:
        """The share beside a base list that knows the words that stand here, or does not."""
        return self.share if base_knows or len(self.levels) == 1 else ALONE

    def behind(self) -> "Expectation":
        """The same for words that were seen behind the words that stand here."""
        *contexts, nowhere = self.levels
        return Expectation(self.share, (*contexts, Level(nowhere.weight, 1, NONE)))

    def p(self, word: str) -> float:
        """The probability of a folded word by these counts alone."""
        return sum(level.weight * level.words.counts.get(word, 0) / level.total for level in self.levels)

    def p_of_all(self) -> float:
        """The probability of all words together."""
        return sum(level.weight * level.words.total / level.total for level in self.levels)

    def likely(self, count: int) -> Iterator[str]:
        """The commonest words of each context."""
        for level in self.levels:
            yield from islice(level.words.counts, count)
