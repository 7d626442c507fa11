"""What this person has said, as an expectation of the next word: the part of the instant tier that learns."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from vybor.contracts.numbers import CountsNumbers
from vybor.foundation.database import Error
from vybor.instant.counts import Change, CountsFile
from vybor.instant.expectation import Expectation, Level
from vybor.instant.pattern import EVERY_WORD, Pattern
from vybor.instant.recent import Recent
from vybor.instant.texts import BEGIN, Context, Sentence, folded

USUAL = CountsNumbers()
"""Of a person of whom nothing else was learned (deploy/decisions/0046)."""

Given = ParamSpec("Given")
Read = TypeVar("Read")

log = logging.getLogger("vybor.core")


def _without_it_if_need_be(
    read: Callable[Concatenate["Personal", Given], Read],
) -> Callable[Concatenate["Personal", Given], Read]:
    """Read what the file has; if it cannot be read, go on as if nothing had been learned, and say so once."""

    @wraps(read)
    def surely(own: "Personal", /, *given: Given.args, **named: Given.kwargs) -> Read:
        try:
            return read(own, *given, **named)
        except Error as error:
            own.lose(error)
            return read(own, *given, **named)

    return surely


class Personal:
    """What a person's own counts say of the next word. No reading fails: see `trouble`."""

    def __init__(self, file: CountsFile | None = None, numbers: CountsNumbers = USUAL) -> None:
        """Over a file, or in memory alone."""
        self.file = file or CountsFile()
        self.numbers = numbers
        """What these counts weigh beside the list."""
        self._recent: tuple[tuple[str, tuple[Sentence, ...]], Recent] | None = None
        self.trouble: Error | None = None
        """Why the file could not be read any more; nothing is known since."""

    def lose(self, error: Error) -> None:
        """Go on in memory, with nothing."""
        log.warning("own words cannot be read: %s", error)
        self.trouble = error
        self.file.close()
        self.file = CountsFile()

    def take_over(self, writing: CountsFile) -> None:
        """Have in memory what the connection that writes has read."""
        try:
            self.file.take_over(writing)
        except Error as error:
            self.lose(error)

    def learn(self, text: str) -> None:
        """Count a text."""
        self.file.change([Change(text)])

    def forget(self, text: str) -> bool:
        """Take a text out again, exactly as it was learned; False if it is not among those counted."""
        return bool(self.file.change([Change(text, said=False)]))

    @_without_it_if_need_be
    def expectation(self, context: Context, pattern: Pattern = EVERY_WORD, least: int = 1) -> Expectation:
        """What to expect after the folded words of this sentence: words that fit and were seen so often there.

        Witten-Bell: a context hands on T / (N + T) to the next shorter one, where N words of T kinds were seen
        behind it.
        """
        self.file.take_in_changes()
        padded = (BEGIN, *context)
        levels: list[Level] = []
        weight = 1.0
        for after in dict.fromkeys((padded[-2:], padded[-1:])):
            if total := self.file.seen(after).total:
                kinds = len(self.file.seen(after).counts)
                fitting = self.file.seen(after, pattern, least)
                levels.append(Level(weight * total / (total + kinds), total, fitting))
                weight *= kinds / (total + kinds)
        words = self.file.seen(()).total
        share = self.numbers.shares[len(levels)] * words / (words + self.numbers.half_grown)
        levels.append(Level(weight, max(words, 1), self.file.seen((), pattern, least)))
        return Expectation(share, tuple(levels))

    @_without_it_if_need_be
    def recent(self, text: str) -> Recent:
        """The words of the text being written, and of what was said last."""
        said = (text, self.file.recent())
        if self._recent is None or self._recent[0] != said:
            self._recent = said, Recent.of((*reversed(folded(text)), *reversed(self.file.recent())))
        return self._recent[1]

    @_without_it_if_need_be
    def has_said(self, word: str) -> bool:
        """Whether a folded word was said, as the file has it now."""
        return word in self.file.followers(())

    @_without_it_if_need_be
    def said(self, word: str) -> float:
        """How often a folded word was said."""
        return self.file.seen(()).counts.get(word, 0)

    @_without_it_if_need_be
    def said_behind(self, before: Context, word: str) -> float:
        """How often a folded word was said behind one or two others."""
        return self.file.seen(before).counts.get(word, 0)

    @_without_it_if_need_be
    def written(self, word: str, *, inside: bool, least: int) -> str | None:
        """How the person writes this word inside a sentence, or at its start; None if seen less than `least`."""
        trusted = [(-seen, form) for form, seen in self.file.forms(word, inside=inside).items() if seen >= least]
        return min(trusted)[1] if trusted else None
