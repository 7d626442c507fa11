"""The instant tier: the next words from counts, in milliseconds, without the model. For the deciding process.

The base list (`word_list`) holds an interpolated Kneser-Ney trigram, made by the workshop: what was seen after
two words, plus its `rest` times what was seen after one, plus that one's rest times the share of each word. The
person's own counts (`personal`) and what was written lately (`recent`) are mixed in with shares of
their own (`mixture`), so that it sums to one at most; what is missing is the chance that the sentence ends
without a mark. With letters spelled, or groups of letters looked at, p is given those: divided by the probability
of all words that fit them.

When the model has answered, its words and these are one list (`mix`): here it is said how probable the words are
that only the model named.
"""

import logging
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.instant.keys import Keypad, Order
from vybor.instant.mix import Known, mixed
from vybor.instant.mixture import Base, Mixture, Person
from vybor.instant.pattern import EVERY_WORD, Pattern
from vybor.instant.personal import Personal
from vybor.instant.recent import Recent
from vybor.instant.texts import Context
from vybor.instant.tokens import MARKS, before_next, capitalised, fold, is_mark, tokens
from vybor.instant.word_list import NOTHING, Word, WordFile, WordListError

__all__ = ["Personal", "WordList", "WordListError"]

log = logging.getLogger("vybor.core")

MOST_GREY = 3
SURE = 0.5
"""A run of grey words is shown while all of it together is likelier than this."""
NOBODY = Personal()
"""Nothing was learned yet."""
SLACK = 1e-6
"""By so much the probabilities of all words may sum to another number in another order."""
TWICE = 2
"""On an empty line others read along: what the person wrote only once is not offered there unasked."""
MOST_BEFORE = 2
"""Words that counts know a word behind."""
RARE_P = 2e-5
"""A word of which there is less than one in fifty thousand, or that the list does not know at all."""


class WordList:
    """The base list of a language, open, with what it takes to propose words from it."""

    def __init__(self, file: WordFile, keypad: Keypad | None = None) -> None:
        """Without a keypad looks at it read the words themselves, which takes 30 ms in place of one."""
        self._base = Base(file, keypad)
        self.identity = file.identity
        """What the record keeps of it."""
        self.damage = ""
        """Why no words come any more, in one sentence; empty while all is well."""

    @classmethod
    def open(cls, path: Path) -> "WordList":
        """Open a word list; raises WordListError if it is missing, damaged or of another version."""
        file = WordFile(path)
        try:
            return cls(file, _keypad(file))
        except WordListError:
            file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._base.file.close()

    def answer(self, prompt: m.Prompt, personal: Personal | None = None) -> tuple[m.Candidate, ...]:
        """The most probable next words for a prompt."""
        return self.propose(
            prompt.text, prompt.prefix, prompt.exclude, prompt.count, personal=personal, groups=prompt.groups
        )

    def mix(
        self,
        prompt: m.Prompt,
        instant: Sequence[m.Candidate],
        model: Sequence[m.Candidate],
        personal: Personal | None = None,
    ) -> tuple[m.Candidate, ...]:
        """What this tier and the model answered to a prompt, as one distribution.

        A model that learned of the person may go on as they did once. On an empty line its words end before that.
        """
        named = {fold(candidate.words[0]) for candidate in model}
        if not named:
            return tuple(instant)
        asked = _Asked.of(prompt.text, prompt.prefix, prompt.groups, personal or NOBODY)
        try:
            told = mixed(instant, model, self._known(asked, named))
            if asked.least < TWICE or prompt.anchors:  # somebody asked for it
                return told
            return tuple(one for each in told if (one := self._unasked(each, asked.own)))
        except WordListError as error:
            self._damaged(error)
            return mixed(instant, model, Known())

    def written(self, word: str) -> str:
        """How a word stands inside a sentence, where the list knows it; else as it is given."""
        try:
            known = self._base.file.word(fold(word))
        except WordListError:  # said by `propose`
            return word
        return known.written if known else word

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
        asked = _Asked.of(text, prefix, groups, personal or NOBODY)
        try:
            return self._propose(asked, frozenset(map(fold, exclude)), count)
        except WordListError as error:
            self._damaged(error)
            return ()

    def ps(
        self,
        text: str,
        words: Iterable[str],
        prefix: str = "",
        personal: Personal | None = None,
        groups: tuple[str, ...] = (),
    ) -> dict[str, float]:
        """The probabilities of given words, whether they would be offered or not; folded, without impossible ones.

        Raises WordListError where the file turns out to be damaged.
        """
        asked = _Asked.of(text, prefix, groups, personal or NOBODY)
        return dict(self._mixture(asked).ps(map(fold, words)))

    def chances(self, text: str, words: Sequence[str], personal: Personal | None = None) -> tuple[float, ...]:
        """How likely each word is behind a text; of a damaged file none is."""
        try:
            ps = self.ps(text, words, personal=personal)
        except WordListError as error:
            self._damaged(error)
            ps = {}
        return tuple(ps.get(fold(word), 0.0) for word in words)

    def _unasked(self, candidate: m.Candidate, own: Personal) -> m.Candidate | None:
        """It up to what is known from one saying alone; None where that is its first word."""
        words = tuple(map(fold, candidate.words))
        ends = (place for place in range(len(words)) if self._is_of_one_saying(words, place, own))
        end = next(ends, len(words))
        if end in (0, len(words)):
            return candidate if end else None
        return msgspec.structs.replace(candidate, words=candidate.words[:end], p_then=candidate.p_then[: end - 1])

    def _is_of_one_saying(self, words: Sequence[str], place: int, own: Personal) -> bool:
        """Whether the person said this rare word once, or once only behind the two before it."""
        word, before = words[place], tuple(words[max(0, place - 2) : place])
        if own.said(word) == 1:
            known = self._base.file.word(word)
            if not known or known.p < RARE_P:
                return True
        return len(before) == MOST_BEFORE and own.said_behind(before, word) == 1

    def _known(self, asked: "_Asked", named: Iterable[str]) -> Known:
        return Known(self._mixture(asked).ps(named), asked.own_depth)

    def _mixture(self, asked: "_Asked") -> Mixture:
        return Mixture(self._base, asked.person(asked.context), asked.context, asked.pattern)

    def _damaged(self, error: WordListError) -> None:
        """Say it once."""
        if not self.damage:
            self.damage = str(error)
            log.error("no instant words: %s", self.damage)

    def _propose(self, asked: "_Asked", excluded: frozenset[str], count: int) -> tuple[m.Candidate, ...]:
        context = asked.context
        after_mark = not context or is_mark(context[-1])
        skip = excluded.union(MARKS) if after_mark else excluded
        found = self._mixture(asked).best(skip, max(count, 0))
        return tuple(self._candidate(asked, word, p) for word, p in found)

    def _candidate(self, asked: "_Asked", word: Word, p: float) -> m.Candidate:
        first = asked.written(word)
        if not asked.context:
            first = capitalised(first)
        grey, ps = self._grey(asked, (*asked.context, word.fold))
        return m.Candidate(words=(first, *grey), p=p, p_then=ps, source=m.Source.NGRAM)

    def _grey(self, asked: "_Asked", context: Context) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """The words that very likely follow, up to the next mark, and the probability of each."""
        grey: list[str] = []
        ps: list[float] = []
        sure = 1.0
        while len(grey) < MOST_GREY:
            likeliest = Mixture(self._base, asked.behind(context), context).likeliest()
            if not likeliest:
                break
            word, p = likeliest
            sure *= p
            if sure < SURE or is_mark(word.fold) or word.fold in context[-1:]:
                break
            grey.append(asked.written(word))
            ps.append(p)
            context = (*context[-1:], word.fold)
        return tuple(grey), tuple(ps)


def _keypad(file: WordFile) -> Keypad:
    try:
        order = Order.unpacked(file.keypad())
    except ValueError as error:
        raise file.damaged(str(error)) from None
    words = file.everything
    is_of_them = words.first <= min(order.ids, default=words.first) and max(order.ids, default=-1) < words.end
    is_as_likely = math.isclose(sum(order.ps), words.p, abs_tol=SLACK) and min(order.ps, default=1.0) > 0
    if not (is_of_them and is_as_likely):
        raise file.damaged("its order by keys is of other words")
    return Keypad(order)


class _Asked(msgspec.Struct, frozen=True):
    """What is asked, and of whom."""

    text: str
    context: Context
    """The folded words of the sentence that the next word belongs to."""
    pattern: Pattern
    own: Personal
    recent: Recent

    @classmethod
    def of(cls, text: str, prefix: str, groups: tuple[str, ...], own: Personal) -> "_Asked":
        """From what a prompt holds."""
        return cls(text, before_next(text), Pattern.of(prefix, groups), own, own.recent(text))

    @property
    def least(self) -> int:
        """How often the person must have said a word for it to be expected of them."""
        return TWICE if not self.context and self.pattern.is_open else 1

    @property
    def own_depth(self) -> int:
        """After how many of the words that stand here the person said others: none, one or two."""
        return len(self.own.expectation(self.context).levels) - 1

    def person(self, context: Context) -> Person:
        """What is expected of the person there: words that fit."""
        own = self.own.expectation(context, self.pattern, self.least)
        return Person(own, self.recent.expectation(context, self.pattern, self._is_one))

    def behind(self, context: Context) -> Person:
        """The same of words that were seen behind the words that stand there, with any letters."""
        own = self.own.expectation(context, EVERY_WORD, self.least)
        return Person(own.behind(), self.recent.expectation(context, EVERY_WORD, self._is_one).behind())

    def written(self, word: Word) -> str:
        """As it stands inside a sentence: the person's way if it was seen twice, else the list's, else any."""
        own = self.own
        if word.id != NOTHING:
            return own.written(word.fold, inside=True, least=TWICE) or word.written
        return (
            own.written(word.fold, inside=True, least=1)
            or own.written(word.fold, inside=False, least=1)
            or next((token for token in reversed(tokens(self.text)) if fold(token) == word.fold), word.fold)
        )

    @property
    def _is_one(self) -> Callable[[str], bool] | None:
        """Whether a word was said often enough; None where once is enough."""
        least = self.least
        return None if least == 1 else lambda word: self.own.said(word) >= least
