"""The base list, the personal counts and what was said lately as one distribution over the next word.

p(word) = (1 - recent) ((1 - share) p_base(word) + share p_personal(word)) + recent p_recent(word)
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import msgspec

from vybor.instant.expectation import Expectation
from vybor.instant.keys import Keypad, Run
from vybor.instant.pattern import EVERY_WORD, Pattern
from vybor.instant.texts import Context
from vybor.instant.word_list import BEGIN, NOTHING, Fitting, Word, WordFile

DEEP, SHALLOW = 24, 3
"""So many words of each context are weighed beyond those wanted: for an offer, and for a word in grey."""

MOST_REPEATED = 0.05
"""No word is likelier than that behind itself: in the conversations "bye bye" and "no no" are not even so likely,
and "a a" is only where somebody held a key down."""
MOST_WORDS = 8192
"""Words of the person that are looked up in the list once."""


class _Level(msgspec.Struct, frozen=True):
    """What followed one context, most probable first, and its weight in the mixture."""

    weight: float
    ps: Mapping[int, float]


class Base:
    """The base list, open, and once they are ordered so, its words by the keys of the keypad."""

    def __init__(self, file: WordFile, keypad: Keypad | None = None) -> None:
        self.file = file
        self.keypad = keypad
        self.word = lru_cache(maxsize=MOST_WORDS)(file.word)
        """The word that folds so, or None: the person's words are asked for again and again."""

    def fitting(self, pattern: Pattern) -> Fitting | Run:
        """The words that a pattern allows."""
        if pattern.groups and self.keypad and (run := self.keypad.run(pattern)):
            return run
        return self.file.fitting(pattern)

    def frequent(
        self, pattern: Pattern, fitting: Fitting | Run, skip: Collection[int], count: int
    ) -> Sequence[int]:
        """The commonest of the words that fit a pattern, without those in `skip`."""
        if isinstance(fitting, Run):
            return fitting.frequent(skip, count)
        return self.file.frequent(pattern.prefix, fitting, skip, count)


class Person(msgspec.Struct, frozen=True):
    """What is expected of this person: by all that they said, and by what they said lately."""

    own: Expectation
    recent: Expectation

    def likely(self, count: int) -> Iterator[str]:
        """The commonest words of each context."""
        yield from self.own.likely(count)
        yield from self.recent.likely(count)


class Mixture:
    """What may come after `context`, the folded words of this sentence: words that fit `pattern`."""

    def __init__(self, base: Base, person: Person, context: Context, pattern: Pattern = EVERY_WORD) -> None:
        self._base = base
        self._person = person
        self._pattern = pattern
        self._fitting = base.fitting(pattern)
        self._levels: list[_Level] = []
        self._rest = 1.0
        for before, last in _keys(base.file, context):
            if followers := base.file.followers(before, last):
                ps = dict(zip(followers.ids, followers.ps, strict=True))
                self._levels.append(_Level(self._rest, ps))
                self._rest *= followers.rest
        self._share = person.own.share_beside(base_knows=bool(self._levels))
        self._repeated, self._scale = "", 1.0
        if context:
            self._repeated, self._scale = self._bounded(context[-1])
        self._total = self._p_of_all()

    def best(self, skip: Collection[str], count: int) -> list[tuple[Word, float]]:
        """The most probable words, each with its probability given the pattern."""
        skipped = {word for fold in skip if (word := self._base.file.id_of(fold)) is not None}
        wanted = count + DEEP
        common = self._base.frequent(self._pattern, self._fitting, skipped, wanted)
        own = self._person.likely(wanted + len(skip))
        words = self._words(
            {*self._followers(skipped, wanted), *common}, (fold for fold in own if fold not in skip)
        )
        return self._ranked(words, self._total)[:count]

    def ps(self, folds: Iterable[str]) -> Mapping[str, float]:
        """The probability of each of these folded words given the pattern; none for those that do not fit."""
        fitting = [fold for fold in folds if self._pattern.fits(fold)]
        ranked = self._ranked(self._words((), fitting), self._total)
        return {word.fold: p for word, p in ranked}

    def likeliest(self) -> tuple[Word, float] | None:
        """The most probable word of those that were seen behind the words that stand here."""
        words = self._words(self._followers((), SHALLOW), self._person.likely(SHALLOW))
        return next(iter(self._ranked(words, 1.0)), None)

    def _words(self, ids: Iterable[int], folds: Iterable[str]) -> Collection[Word]:
        """Words of the list, and words of the person whether the list has them or not."""
        words = {word.fold: word for word in self._base.file.words(ids)}
        for fold in folds:
            if fold not in words:
                words[fold] = self._base.word(fold) or Word(NOTHING, fold, fold, 0.0)
        return words.values()

    def _followers(self, skipped: Collection[int], count: int) -> Iterator[int]:
        for level in self._levels:
            yield from islice((word for word in level.ps if word in self._fitting and word not in skipped), count)

    def _ranked(self, words: Collection[Word], total: float) -> list[tuple[Word, float]]:
        """Words with their probabilities as parts of `total`, most probable first."""
        weighed = ((word, min(self._p(word) / total, 1.0)) for word in words if total > 0)
        possible = [(word, p) for word, p in weighed if p > 0]
        return sorted(possible, key=lambda found: (-found[1], found[0].fold))

    def _bounded(self, last: str) -> tuple[str, float]:
        """The word that may not follow itself as often as it seems to, and what all others gain by that."""
        word = self._base.word(last)
        p = self._p_before(word or Word(NOTHING, last, last, 0.0))
        return (last, (1 - MOST_REPEATED) / (1 - p)) if MOST_REPEATED < p < 1 else ("", 1.0)

    def _p(self, word: Word) -> float:
        if self._repeated and word.fold == self._repeated:
            return MOST_REPEATED
        return self._p_before(word) * self._scale

    def _p_before(self, word: Word) -> float:
        seen = sum(level.weight * level.ps.get(word.id, 0.0) for level in self._levels)
        own, recent = self._person.own.p(word.fold), self._person.recent.p(word.fold)
        return self._mixed(seen + self._rest * word.p, own, recent)

    def _p_of_all(self) -> float:
        """The probability of all words that fit."""
        if self._pattern.is_open:
            return 1.0
        seen = sum(
            level.weight * sum(p for word, p in level.ps.items() if word in self._fitting)
            for level in self._levels
        )
        own, recent = self._person.own.p_of_all(), self._person.recent.p_of_all()
        total = self._mixed(seen + self._rest * self._fitting.p, own, recent)
        if not (self._repeated and self._pattern.fits(self._repeated)):
            return total * self._scale
        word = self._base.word(self._repeated) or Word(NOTHING, self._repeated, self._repeated, 0.0)
        return max(0.0, total - self._p_before(word)) * self._scale + MOST_REPEATED

    def _mixed(self, base: float, own: float, recent: float) -> float:
        learned = (1 - self._share) * base + self._share * own
        return (1 - self._person.recent.share) * learned + self._person.recent.share * recent


def _keys(file: WordFile, context: Context) -> Iterator[tuple[int, int]]:
    """The contexts to look up, the longest first; a word that the list does not know ends them."""
    *before, last = [BEGIN, *(file.id_of(word) for word in context[-2:])][-2:]
    if last is None:
        return
    if before and before[0] is not None:
        yield before[0], last
    yield NOTHING, last
