"""Which of a person's pairs and triples of words are let go: what was said seldom, and not lately. Pure.

Words themselves stay, however seldom; so does whatever has a name in it, and whatever stands in a phrase that the
person keeps. All of it can be counted again from the record.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from vybor.contracts.numbers import CountsNumbers
from vybor.instant.texts import BEGIN, Context, key_of

Row = tuple[str, str]
"""The words before, parted by spaces, and the word behind them."""
TRIPLE = 2
"""So many words stand before the third."""
SHORTEST_NAME = 2
APOSTROPHES = frozenset("'’")


class Kept(msgspec.Struct, frozen=True):
    """What is not let go, whatever the numbers say."""

    rows: Collection[Row]
    """Those of the texts that were said last, and of phrases…"""
    names: Collection[str]
    """…and all with one of these words in them, folded."""

    def has(self, row: Row) -> bool:
        """Whether this one is among them."""
        before, word = row
        return row in self.rows or word in self.names or not self._is_apart(before)

    def _is_apart(self, before: str) -> bool:
        return all(word not in self.names for word in before.split())


def least_of(before: str, numbers: CountsNumbers) -> int:
    """How often a row with these words before it must have been said to be kept."""
    depth = len(before.split())
    return numbers.least_triple if depth >= TRIPLE else numbers.least_pair if depth else 1


def let_go(rows: Iterable[tuple[str, str, int]], numbers: CountsNumbers, kept: Kept) -> Iterator[Row]:
    """Of rows with their counts those that are not kept."""
    for before, word, seen in rows:
        if seen < least_of(before, numbers) and not kept.has((before, word)):
            yield before, word


def names_in(written: Iterable[tuple[str, str, int]]) -> frozenset[str]:
    """The folded words that are mostly written with a capital inside a sentence; of (word, form, how often).

    "I" and "I'm" are none.
    """
    capital: dict[str, int] = {}
    for word, form, seen in written:
        if len(form) < SHORTEST_NAME or not APOSTROPHES.isdisjoint(form):
            continue
        capital[word] = capital.get(word, 0) + (seen if form[:1].isupper() else -seen)
    return frozenset(word for word, more in capital.items() if more >= 0)


def rows_of(sentences: Iterable[Sequence[str]]) -> Iterator[Row]:
    """The pairs and triples of folded sentences."""
    for sentence in sentences:
        before: Context = (BEGIN,)
        for word in sentence:
            for after in {before[-1:], before[-2:]}:
                yield key_of(after), word
            before = (*before[-1:], word)


def strictest(numbers: CountsNumbers, before: CountsNumbers | None) -> CountsNumbers:
    """What was let go by both, one after the other, as if by one."""
    if before is None:
        return numbers
    return msgspec.structs.replace(
        numbers,
        least_pair=max(numbers.least_pair, before.least_pair),
        least_triple=max(numbers.least_triple, before.least_triple),
        fresh=min(numbers.fresh, before.fresh),
    )
