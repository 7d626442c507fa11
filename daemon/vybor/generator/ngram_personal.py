"""What this person has written, counted: the part of the instant tier that learns at once. In memory only.

Counts of words, pairs and triples, nothing else; whoever keeps the texts hands them in again at the next start.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from heapq import nsmallest
from typing import TypeVar

import msgspec

from vybor.generator.ngram_tokens import PAUSE, fold, is_mark, sentences
from vybor.generator.pattern import EVERY_WORD, Pattern

MOST_WORDS = 30_000
"""Beyond so many words the oldest texts are forgotten (some 5,000 utterances)."""

# Tuned on 24 writers of the conversation corpus who were kept out of the base list: perplexity 143 without
# their counts, 131 with them. The optimum is flat.
SHARES = (0.10, 0.15, 0.30)
"""The personal share of the mixture after a context of which no, one or two words were seen before…"""
HALF_GROWN = 200.0
"""…once much was learned; at so many words it is half of that."""
ALONE = 0.5
"""The personal share where the base list never saw the words that stand here; a guess, it is rare in English."""

Context = tuple[str, ...]
Row = TypeVar("Row")
_BEGIN = ""


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
    """Counts of the person's committed texts; `forget` takes a text out exactly as `learn` put it in."""

    def __init__(self, most_words: int = MOST_WORDS) -> None:
        self._most_words = most_words
        self._texts: deque[str] = deque()
        self._words = 0
        self._after: dict[Context, Counter[str]] = {}
        self._written: dict[tuple[str, bool], Counter[str]] = {}

    def learn(self, text: str) -> None:
        """Count a text; the oldest ones go when there are too many words."""
        self._texts.append(text)
        self._count(text, 1)
        while self._words > self._most_words:
            self._count(self._texts.popleft(), -1)

    def forget(self, text: str) -> bool:
        """Take a text out again, the newest if it was learned often; False if it is not among those counted."""
        for place in range(len(self._texts) - 1, -1, -1):
            if self._texts[place] == text:
                del self._texts[place]
                self._count(text, -1)
                return True
        return False

    def expectation(self, context: Context) -> Expectation:
        """What to expect after the folded words of this sentence."""
        padded = (_BEGIN, *context)
        levels: list[Level] = []
        weight = 1.0
        for after in dict.fromkeys((padded[-2:], padded[-1:])):
            if counts := self._after.get(after):
                total, kinds = counts.total(), len(counts)
                levels.append(Level(weight * total / (total + kinds), total, counts))
                weight *= kinds / (total + kinds)
        share = SHARES[len(levels)] * self._words / (self._words + HALF_GROWN)
        levels.append(Level(weight, max(self._words, 1), self._after.get((), {})))
        return Expectation(share, tuple(levels))

    def written(self, word: str, *, inside: bool, least: int) -> str | None:
        """How the person writes this word inside a sentence, or at its start; None if seen less than `least`."""
        forms = self._written.get((word, inside), Counter())
        trusted = [(-count, form) for form, count in forms.items() if count >= least]
        return min(trusted)[1] if trusted else None

    def _count(self, text: str, by: int) -> None:
        """Add a text to the counts, or take it out."""
        for sentence in sentences(text):
            before: Context = (_BEGIN,)
            for place, token in enumerate(sentence):
                if token == PAUSE:
                    continue
                word = fold(token)
                for after in {(), before[-1:], before[-2:]}:
                    _add(self._after, after, word, by)
                if not is_mark(token):
                    _add(self._written, (word, place > 0), token, by)
                before = (*before[-1:], word)
                self._words += by


def _add(table: dict[Row, Counter[str]], row: Row, word: str, by: int) -> None:
    """Count up or down; what falls to zero leaves no trace."""
    counts = table.setdefault(row, Counter())
    counts[word] += by
    if counts[word] <= 0:
        del counts[word]
    if not counts:
        del table[row]
