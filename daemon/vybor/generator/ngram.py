"""The instant tier: the next words from counts, in milliseconds, without the model. For the deciding process.

The base list (`ngram_file`) holds an interpolated Kneser-Ney trigram, made by the workshop: what was seen after
two words, plus its `rest` times what was seen after one, plus that one's rest times the share of each word. The
person's own counts (`ngram_personal`) are mixed in with a share of their own, so that

    p(word) = (1 - share) p_base(word | context) + share p_personal(word | context)

sums to one at most; what is missing is the chance that the sentence ends without a mark. With letters spelled, or
groups of letters looked at, p is given those: divided by the probability of all words that fit them.
"""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from vybor.contracts import messages as m
from vybor.generator.ngram_counts import Context
from vybor.generator.ngram_file import NOTHING, Word, WordFile, WordListError
from vybor.generator.ngram_mixture import Mixture
from vybor.generator.ngram_personal import Personal
from vybor.generator.ngram_tokens import MARKS, before_next, capitalised, fold, is_mark
from vybor.generator.pattern import Pattern

__all__ = ["Personal", "WordList", "WordListError"]

log = logging.getLogger("vybor.generator")

MOST_GREY = 3
SURE = 0.5
"""A run of grey words is shown while all of it together is likelier than this."""
NOBODY = Personal()
"""Nothing was learned yet."""
TWICE = 2
"""On an empty line others read along: what the person wrote only once is not offered there unasked."""


class WordList:
    """The base list of a language, open, with what it takes to propose words from it."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self.damage = ""
        """Why no words come any more, in one sentence; empty while all is well."""

    @classmethod
    def open(cls, path: Path) -> "WordList":
        """Open a word list; raises WordListError if it is missing, damaged or of another version."""
        return cls(WordFile(path))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def answer(self, prompt: m.Prompt, personal: Personal | None = None) -> tuple[m.Candidate, ...]:
        """The most probable next words for a prompt."""
        return self.propose(
            prompt.text, prompt.prefix, prompt.exclude, prompt.count, personal=personal, groups=prompt.groups
        )

    def propose(
        self,
        text: str,
        prefix: str = "",
        exclude: Iterable[str] = (),
        count: int = 5,
        personal: Personal | None = None,
        groups: tuple[str, ...] = (),
    ) -> tuple[m.Candidate, ...]:
        """The most probable next words without those in `exclude`.

        They begin with `prefix`, or with a letter of each of `groups`, one behind the other.
        A file that turns out to be damaged gives no words, one line in the log, and `damage`.
        """
        own = personal or NOBODY
        excluded = frozenset(map(fold, exclude))
        try:
            return self._propose(before_next(text), Pattern.of(prefix, groups), excluded, count, own)
        except WordListError as error:
            self._damaged(error)
            return ()

    def chances(self, text: str, words: Sequence[str], personal: Personal | None = None) -> tuple[float, ...]:
        """How likely each word is behind a text; of a damaged file none is."""
        context = before_next(text)
        try:
            mixture = Mixture(self._file, (personal or NOBODY).expectation(context), context)
            return tuple(mixture.chance(fold(word)) for word in words)
        except WordListError as error:
            self._damaged(error)
            return (0.0,) * len(words)

    def _damaged(self, error: WordListError) -> None:
        """Say it once."""
        if not self.damage:
            self.damage = str(error)
            log.error("no instant words: %s", self.damage)

    def _propose(
        self, context: Context, pattern: Pattern, excluded: frozenset[str], count: int, own: Personal
    ) -> tuple[m.Candidate, ...]:
        least = TWICE if not context and pattern.is_open else 1
        after_mark = not context or is_mark(context[-1])
        skip = excluded.union(MARKS) if after_mark else excluded
        mixture = Mixture(self._file, own.expectation(context).only(pattern, least), context, pattern)
        found = mixture.best(skip, max(count, 0))
        return tuple(self._candidate(context, word, p, own, least) for word, p in found)

    def _candidate(self, context: Context, word: Word, p: float, own: Personal, least: int) -> m.Candidate:
        first = _written(word, own)
        if not context:
            first = capitalised(first)
        words = (first, *self._grey((*context, word.fold), own, least))
        return m.Candidate(words=words, p=p, source=m.Source.NGRAM)

    def _grey(self, context: Context, own: Personal, least: int) -> tuple[str, ...]:
        """The words that very likely follow, up to the next mark."""
        grey: list[str] = []
        sure = 1.0
        while len(grey) < MOST_GREY:
            likeliest = Mixture(self._file, own.expectation(context).behind(least), context).likeliest()
            if not likeliest:
                break
            word, p = likeliest
            sure *= p
            if sure < SURE or is_mark(word.fold):
                break
            grey.append(_written(word, own))
            context = (*context[-1:], word.fold)
        return tuple(grey)


def _written(word: Word, own: Personal) -> str:
    """As it stands inside a sentence: the person's way if it was seen twice, else the list's, else any."""
    if word.id != NOTHING:
        return own.written(word.fold, inside=True, least=TWICE) or word.written
    return (
        own.written(word.fold, inside=True, least=1) or own.written(word.fold, inside=False, least=1) or word.fold
    )
