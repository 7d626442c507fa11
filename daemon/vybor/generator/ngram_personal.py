"""What this person has said, as an expectation of the next word: the part of the instant tier that learns."""

from collections.abc import Iterator, Mapping
from heapq import nsmallest

import msgspec

from vybor.generator.ngram_counts import BEGIN, Change, Context, CountsFile
from vybor.generator.pattern import EVERY_WORD, Pattern

# Tuned on 24 writers of the conversation corpus who were kept out of the base list: perplexity 143 without
# their counts, 131 with them. The optimum is flat.
SHARES = (0.10, 0.15, 0.30)
"""The personal share of the mixture after a context of which no, one or two words were seen before…"""
HALF_GROWN = 200.0
"""…once much was learned; at so many words it is half of that."""
ALONE = 0.5
"""The personal share where the base list never saw the words that stand here; a guess, it is rare in English."""


class Level(msgspec.Struct, frozen=True):
    """What followed one context: a word's part of the mixture is `weight` times its share of `total`."""

    weight: float
    total: int
    seen: Mapping[str, int]

    def only(self, pattern: Pattern, least: int) -> "Level":
        """The same for words that fit and were seen at least so often."""
        if pattern.is_open and least == 1:
            return self
        fitting = {word: seen for word, seen in self.seen.items() if seen >= least and pattern.fits(word)}
        return Level(self.weight, self.total, fitting)


class Expectation(msgspec.Struct, frozen=True):
    """What the person's own text says of the next word, the longest context first, the last without any.

    Witten-Bell: a context hands on T / (N + T) to the next shorter one, where N words of T kinds were seen
    behind it. `share` is the weight of all this beside the base list.
    """

    share: float
    levels: tuple[Level, ...]

    def share_beside(self, *, base_knows: bool) -> float:
        """The personal share beside a base list that knows the words that stand here, or does not."""
        return self.share if base_knows or len(self.levels) == 1 else ALONE

    def only(self, pattern: Pattern, least: int) -> "Expectation":
        """The same for words that fit and were seen at least so often; all others have no chance."""
        return Expectation(self.share, tuple(level.only(pattern, least) for level in self.levels))

    def behind(self, least: int) -> "Expectation":
        """The same for words that were seen, at least so often, behind the words that stand here."""
        *contexts, nowhere = self.levels
        return Expectation(
            self.share, (*(level.only(EVERY_WORD, least) for level in contexts), Level(nowhere.weight, 1, {}))
        )

    def p(self, word: str) -> float:
        """The probability of a folded word by the personal counts alone."""
        return sum(level.weight * level.seen.get(word, 0) / level.total for level in self.levels)

    def p_of_all(self) -> float:
        """The probability of all words together."""
        return sum(level.weight * sum(level.seen.values()) / level.total for level in self.levels)

    def likely(self, count: int) -> Iterator[str]:
        """The commonest words of each context."""
        for level in self.levels:
            commonest = nsmallest(count, ((-seen, word) for word, seen in level.seen.items()))
            yield from (word for _, word in commonest)


class Personal:
    """What a person's own counts say of the next word."""

    def __init__(self, file: CountsFile | None = None) -> None:
        """Over a file, or in memory alone."""
        self.file = file or CountsFile()

    def learn(self, text: str) -> None:
        """Count a text."""
        self.file.change([Change(text)])

    def forget(self, text: str) -> bool:
        """Take a text out again, exactly as it was learned; False if it is not among those counted."""
        return bool(self.file.change([Change(text, said=False)]))

    def expectation(self, context: Context) -> Expectation:
        """What to expect after the folded words of this sentence."""
        padded = (BEGIN, *context)
        levels: list[Level] = []
        weight = 1.0
        for after in dict.fromkeys((padded[-2:], padded[-1:])):
            if counts := self.file.followers(after):
                total, kinds = sum(counts.values()), len(counts)
                levels.append(Level(weight * total / (total + kinds), total, counts))
                weight *= kinds / (total + kinds)
        every = self.file.followers(())
        words = sum(every.values())
        share = SHARES[len(levels)] * words / (words + HALF_GROWN)
        levels.append(Level(weight, max(words, 1), every))
        return Expectation(share, tuple(levels))

    def written(self, word: str, *, inside: bool, least: int) -> str | None:
        """How the person writes this word inside a sentence, or at its start; None if seen less than `least`."""
        trusted = [(-seen, form) for form, seen in self.file.forms(word, inside=inside).items() if seen >= least]
        return min(trusted)[1] if trusted else None
