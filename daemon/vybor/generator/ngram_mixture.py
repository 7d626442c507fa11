"""The base list and the personal counts as one distribution over the next word of one context."""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from vybor.generator.ngram_file import BEGIN, NOTHING, Span, Word, WordFile
from vybor.generator.ngram_personal import Expectation

DEEP, SHALLOW = 24, 3
"""So many words of each context are weighed beyond those wanted: for an offer, and for a word in grey."""

Context = tuple[str, ...]


class _Level(msgspec.Struct, frozen=True):
    """What followed one context, most probable first, and its weight in the mixture."""

    weight: float
    ps: Mapping[int, float]


class Mixture:
    """What may come after `context`, the folded words of this sentence."""

    def __init__(self, file: WordFile, own: Expectation, context: Context) -> None:
        self._file = file
        self._own = own
        self._levels: list[_Level] = []
        self._rest = 1.0
        for before, last in _keys(file, context):
            if followers := file.followers(before, last):
                ps = dict(zip(followers.ids, followers.ps, strict=True))
                self._levels.append(_Level(self._rest, ps))
                self._rest *= followers.rest

    def best(self, prefix: str, skip: Collection[str], count: int) -> list[tuple[Word, float]]:
        """The most probable words that begin with `prefix`, each with its probability given that prefix."""
        span = self._file.span(prefix) if prefix else self._file.everything
        skipped = {word for fold in skip if (word := self._file.id_of(fold)) is not None}
        wanted = count + DEEP
        ids = {*self._followers(span, skipped, wanted), *self._file.frequent(prefix, span, skipped, wanted)}
        words = {word.fold: word for word in self._file.words(ids)}
        for fold in self._own.likely(prefix, wanted + len(skip)):
            if fold not in words and fold not in skip:
                words[fold] = self._file.word(fold) or Word(NOTHING, fold, fold, 0.0)
        return self._ranked(words.values(), self._p_of_all(prefix, span))[:count]

    def likeliest(self) -> tuple[Word, float] | None:
        """The most probable word of those that were seen in this context."""
        ids = self._followers(self._file.everything, (), SHALLOW)
        words = {word.fold: word for word in self._file.words(ids)}
        for fold in self._own.likely_here(SHALLOW):
            if fold not in words:
                words[fold] = self._file.word(fold) or Word(NOTHING, fold, fold, 0.0)
        return next(iter(self._ranked(words.values(), 1.0)), None)

    def _followers(self, span: Span, skipped: Collection[int], count: int) -> Iterator[int]:
        for level in self._levels:
            fitting = (word for word in level.ps if word in span and word not in skipped)
            yield from (word for word, _ in zip(fitting, range(count), strict=False))

    def _ranked(self, words: Collection[Word], total: float) -> list[tuple[Word, float]]:
        """Words with their probabilities as parts of `total`, most probable first."""
        weighed = ((word, min(self._p(word) / total, 1.0)) for word in words if total > 0)
        possible = [(word, p) for word, p in weighed if p > 0]
        return sorted(possible, key=lambda found: (-found[1], found[0].fold))

    def _p(self, word: Word) -> float:
        base = sum(level.weight * level.ps.get(word.id, 0.0) for level in self._levels) + self._rest * word.p
        return (1 - self._own.share) * base + self._own.share * self._own.p(word.fold)

    def _p_of_all(self, prefix: str, span: Span) -> float:
        """The probability of all words that begin so."""
        if not prefix:
            return 1.0
        seen = sum(
            level.weight * sum(p for word, p in level.ps.items() if word in span) for level in self._levels
        )
        base = seen + self._rest * span.p
        return (1 - self._own.share) * base + self._own.share * self._own.p_of_all(prefix)


def _keys(file: WordFile, context: Context) -> Iterator[tuple[int, int]]:
    """The contexts to look up, the longest first; a word that the list does not know ends them."""
    *before, last = [BEGIN, *(file.id_of(word) for word in context[-2:])][-2:]
    if last is None:
        return
    if before and before[0] is not None:
        yield before[0], last
    yield NOTHING, last
