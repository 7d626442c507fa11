"""What was written or said a short while ago comes again sooner: the cache part of the instant tier. Pure.

A cache model (Kuhn and De Mori 1990; Jelinek et al. 1991, with pairs) whose counts decay with each word since
(Clarkson and Robinson 1997): the text being written is the nearest, behind it stand the last texts of the record.
It counts words, not minutes: after a night the last sentences are still the last. What is undone is no longer
in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

import msgspec

from vybor.instant.expectation import Expectation, Level, Seen
from vybor.instant.pattern import EVERY_WORD, Pattern
from vybor.instant.texts import BEGIN, Context, Sentence

# Tuned on 24 writers of the conversation corpus who were kept out of the base list, after what they said before:
# perplexity 125 without what was said lately, 120 with it; 124 and 121 on 12 other writers. The optimum is flat.
# (deploy/bench instant --writers)
HALF_LIFE_WORDS = 30
"""So many words later a word counts half."""
SHARE, SHARE_OF_A_PAIR = 0.08, 0.12
"""The part of the mixture where the last word was not seen lately, and where it was…"""
HALF_GROWN = 30.0
"""…of which half is given at so many (decayed) words."""
PAIR_HALF = 1.0
"""What was seen so often behind the last word, decayed, counts as much as all that was said lately."""
HORIZON = 8 * HALF_LIFE_WORDS
"""Words further back have no weight worth the time."""

_WEIGHTS = tuple(0.5 ** (place / HALF_LIFE_WORDS) for place in range(HORIZON))


class Recent(msgspec.Struct, frozen=True):
    """Decayed counts: of every word, and of what came behind each word."""

    every: Seen
    behind: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, sentences: Iterable[Sentence]) -> "Recent":
        """Of sentences, the newest first."""
        every: dict[str, float] = {}
        behind: dict[str, dict[str, float]] = {}
        for weight, (before, word) in zip(_WEIGHTS, _pairs(sentences), strict=False):
            every[word] = every.get(word, 0.0) + weight
            seen = behind.setdefault(before, {})
            seen[word] = seen.get(word, 0.0) + weight
        return cls(_commonest_first(every), behind)

    def expectation(
        self, context: Context, pattern: Pattern = EVERY_WORD, is_one: Callable[[str], bool] | None = None
    ) -> Expectation:
        """What to expect after the folded words of this sentence: words that fit, if need be only some of them."""

        def fitting(seen: Seen) -> Seen:
            return seen.only(pattern).among(is_one) if is_one else seen.only(pattern)

        levels: list[Level] = []
        share, weight = SHARE, 1.0
        if pairs := self.behind.get((BEGIN, *context)[-1]):
            seen = _commonest_first(pairs)
            share, weight = SHARE_OF_A_PAIR, PAIR_HALF / (PAIR_HALF + seen.total)
            levels.append(Level(1 - weight, seen.total, fitting(seen)))
        words = self.every.total
        levels.append(Level(weight, words or 1.0, fitting(self.every)))
        return Expectation(share * words / (words + HALF_GROWN), tuple(levels))


def _pairs(sentences: Iterable[Sentence]) -> Iterator[tuple[str, str]]:
    """(word before, word), the newest first."""
    for sentence in sentences:
        yield from reversed(list(pairwise((BEGIN, *sentence))))


def _commonest_first(counts: Mapping[str, float]) -> Seen:
    return Seen.of(dict(sorted(counts.items(), key=lambda found: (-found[1], found[0]))))
