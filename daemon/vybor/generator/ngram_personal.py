"""What this person has written, counted: the part of the instant tier that learns at once. In memory only.

Counts of words, pairs and triples, nothing else; whoever keeps texts hands them in again at the next start.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping

import msgspec

from vybor.generator.ngram_tokens import fold, is_mark, sentences

MOST_WORDS = 30_000
"""Beyond so many words the oldest texts are forgotten (about 5,000 utterances, 20 MB)."""

# Tuned on 24 writers of the conversation corpus, kept out of the base list: perplexity 143 without, 131 with;
# the optimum is flat. Shares grow with what was learned: at HALF_GROWN words they are half of these.
SHARES = (0.10, 0.15, 0.30)
"""The personal share after a context of which no, one or two words were seen before."""
HALF_GROWN = 200.0

Seen = Mapping[str, int]
_BEGIN = ""
"""In a context: the start of a sentence."""


class Level(msgspec.Struct, frozen=True):
    """One context's counts: a word's probability is `weight` times its share of `total`."""

    weight: float
    total: int
    seen: Seen

    def p(self, word: str, least: int) -> float:
        """The word's part of the mixture; counts below `least` are not trusted."""
        count = self.seen.get(word, 0)
        return self.weight * count / self.total if count >= least else 0.0


class Expectation(msgspec.Struct, frozen=True):
    """What the person's own text says of the next word: a mixture, the longest context first.

    Witten-Bell: a context hands on the share T / (N + T) to the next shorter one, where N words of T kinds were
    seen behind it. `share` is the weight of all this beside the base list.
    """

    share: float
    levels: tuple[Level, ...]
    least: int

    def p(self, word: str) -> float:
        """The probability of a folded word by the personal counts alone."""
        return sum(level.p(word, self.least) for level in self.levels)

    def p_of_all(self, fits: Callable[[str], bool]) -> float:
        """The probability of all words that fit."""
        return sum(level.p(word, self.least) for level in self.levels for word in level.seen if fits(word))

    def likely(self, fits: Callable[[str], bool], count: int, *, anywhere: bool) -> Iterator[str]:
        """The commonest words of each context that fit; `anywhere` takes in those of no context."""
        for level in self.levels if anywhere else self.levels[:-1]:
            ranked = sorted((-seen, word) for word, seen in level.seen.items() if seen >= self.least and fits(word))
            yield from (word for _, word in ranked[:count])


class Personal:
    """Counts of the person's committed texts; `forget` takes a text out exactly as `learn` put it in."""

    def __init__(self, most_words: int = MOST_WORDS) -> None:
        self._most_words = most_words
        self._texts: deque[tuple[str, int]] = deque()
        self._words = 0
        self._after: dict[tuple[str, ...], Counter[str]] = {}
        self._written: dict[str, Counter[str]] = {}

    def learn(self, text: str) -> None:
        """Count a text; the oldest ones go when there are too many words."""
        words = self._count(text, 1)
        self._texts.append((text, words))
        while self._words > self._most_words:
            oldest, _ = self._texts.popleft()
            self._count(oldest, -1)

    def forget(self, text: str) -> bool:
        """Take a text out again, once; False if it is not among those learned."""
        for place in range(len(self._texts) - 1, -1, -1):
            if self._texts[place][0] == text:
                del self._texts[place]
                self._count(text, -1)
                return True
        return False

    def expectation(self, context: tuple[str, ...], least: int) -> Expectation:
        """What to expect after the folded words of this sentence."""
        padded = (_BEGIN, *context)
        known = [(after, self._after[after]) for after in (padded[-2:], padded[-1:]) if after in self._after]
        levels: list[Level] = []
        weight = 1.0
        for counts in {after: counts for after, counts in known}.values():
            total, kinds = counts.total(), len(counts)
            levels.append(Level(weight * total / (total + kinds), total, counts))
            weight *= kinds / (total + kinds)
        levels.append(Level(weight, max(self._words, 1), self._after.get((), {})))
        share = SHARES[min(len(levels) - 1, 2)] * self._words / (self._words + HALF_GROWN)
        return Expectation(share, tuple(levels), least)

    def written(self, word: str) -> str | None:
        """How the person writes this word inside a sentence; None if that was never seen."""
        forms = self._written.get(word)
        return min(forms, key=lambda form: (-forms[form], form)) if forms else None

    def _count(self, text: str, by: int) -> int:
        """Add a text to the counts or take it out, and return how many words and marks it has."""
        words = 0
        for sentence in sentences(text):
            before: tuple[str, ...] = (_BEGIN,)
            for place, token in enumerate(sentence):
                word = fold(token)
                for after in {(), before[-1:], before[-2:]}:
                    _add(self._after, after, word, by)
                if place and not is_mark(token):
                    _add(self._written, word, token, by)
                before = (*before[-1:], word)
                words += 1
        self._words += by * words
        return words


def _add[K](table: dict[K, Counter[str]], row: K, word: str, by: int) -> None:
    """Count up or down; what falls to zero leaves no trace."""
    counts = table.setdefault(row, Counter())
    counts[word] += by
    if counts[word] <= 0:
        del counts[word]
    if not counts:
        del table[row]
