"""The base list and the personal counts as one distribution over the next word of one context."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from vybor.generator.ngram_counts import Context
from vybor.generator.ngram_file import BEGIN, NOTHING, Word, WordFile
from vybor.generator.ngram_personal import Expectation
from vybor.generator.pattern import EVERY_WORD, Pattern

DEEP, SHALLOW = 24, 3
"""So many words of each context are weighed beyond those wanted: for an offer, and for a word in grey."""


class _Level(msgspec.Struct, frozen=True):
    """What followed one context, most probable first, and its weight in the mixture."""

    weight: float
    ps: Mapping[int, float]


class Mixture:
    """What may come after `context`, the folded words of this sentence: words that fit `pattern`."""

    def __init__(self, file: WordFile, own: Expectation, context: Context, pattern: Pattern = EVERY_WORD) -> None:
        self._file = file
        self._own = own
        self._pattern = pattern
        self._fitting = file.fitting(pattern)
        self._levels: list[_Level] = []
        self._rest = 1.0
        for before, last in _keys(file, context):
            if followers := file.followers(before, last):
                ps = dict(zip(followers.ids, followers.ps, strict=True))
                self._levels.append(_Level(self._rest, ps))
                self._rest *= followers.rest
        self._share = own.share_beside(base_knows=bool(self._levels))

    def best(self, skip: Collection[str], count: int) -> list[tuple[Word, float]]:
        """The most probable words, each with its probability given the pattern."""
        skipped = {word for fold in skip if (word := self._file.id_of(fold)) is not None}
        wanted = count + DEEP
        common = self._file.frequent(self._pattern.prefix, self._fitting, skipped, wanted)
        own = self._own.likely(wanted + len(skip))
        words = self._words(
            {*self._followers(skipped, wanted), *common}, (fold for fold in own if fold not in skip)
        )
        return self._ranked(words, self._p_of_all())[:count]

    def chance(self, fold: str) -> float:
        """How likely one word is among all."""
        return self._p(self._file.word(fold) or Word(NOTHING, fold, fold, 0.0))

    def likeliest(self) -> tuple[Word, float] | None:
        """The most probable word of those that were seen behind the words that stand here."""
        words = self._words(self._followers((), SHALLOW), self._own.likely(SHALLOW))
        return next(iter(self._ranked(words, 1.0)), None)

    def _words(self, ids: Iterable[int], folds: Iterable[str]) -> Collection[Word]:
        """Words of the list, and words of the person whether the list has them or not."""
        words = {word.fold: word for word in self._file.words(ids)}
        for fold in folds:
            if fold not in words:
                words[fold] = self._file.word(fold) or Word(NOTHING, fold, fold, 0.0)
        return words.values()

    def _followers(self, skipped: Collection[int], count: int) -> Iterator[int]:
        for level in self._levels:
            yield from islice((word for word in level.ps if word in self._fitting and word not in skipped), count)

    def _ranked(self, words: Collection[Word], total: float) -> list[tuple[Word, float]]:
        """Words with their probabilities as parts of `total`, most probable first."""
        weighed = ((word, min(self._p(word) / total, 1.0)) for word in words if total > 0)
        possible = [(word, p) for word, p in weighed if p > 0]
        return sorted(possible, key=lambda found: (-found[1], found[0].fold))

    def _p(self, word: Word) -> float:
        seen = sum(level.weight * level.ps.get(word.id, 0.0) for level in self._levels)
        return self._mixed(seen + self._rest * word.p, self._own.p(word.fold))

    def _p_of_all(self) -> float:
        """The probability of all words that fit."""
        if self._pattern.is_open:
            return 1.0
        seen = sum(
            level.weight * sum(p for word, p in level.ps.items() if word in self._fitting)
            for level in self._levels
        )
        return self._mixed(seen + self._rest * self._fitting.p, self._own.p_of_all())

    def _mixed(self, base: float, own: float) -> float:
        return (1 - self._share) * base + self._share * own


def _keys(file: WordFile, context: Context) -> Iterator[tuple[int, int]]:
    """The contexts to look up, the longest first; a word that the list does not know ends them."""
    *before, last = [BEGIN, *(file.id_of(word) for word in context[-2:])][-2:]
    if last is None:
        return
    if before and before[0] is not None:
        yield before[0], last
    yield NOTHING, last
