"""When rows of the person's counts are let go, and how: some at a time, while nothing else is to do.

Nothing is done until the generator has said which numbers are worn: a kit that starts knows nobody's. What went is
counted again from the record once numbers are worn that would have kept it.
"""

import logging
from collections.abc import Sequence

import msgspec

from vybor.contracts.numbers import CountsNumbers
from vybor.foundation.clock import seconds
from vybor.instant.counts import CountsFile
from vybor.instant.pruning import Kept, Row

MOST_ROWS = 2000
"""Looked at in one transaction: some milliseconds."""
STEP_NS = seconds(1)
EVERY_TEXTS = 100
"""So many texts later it is looked again at what is not fresh any more."""
FIRST: Row = ("", "")
"""Before all others."""

log = logging.getLogger("vybor.core")


class Step(msgspec.Struct, frozen=True):
    """The next rows to look at."""

    numbers: CountsNumbers
    phrases: tuple[str, ...]
    behind: Row = FIRST
    kept: Kept | None = None
    """Known from the first step on."""

    def taken(self, file: CountsFile) -> "Pruned":
        """Look at them, and let go of some. Raises Error."""
        kept = self.kept or file.kept(self.phrases, self.numbers.fresh)
        behind, gone = file.prune(self.numbers, kept, self.behind, MOST_ROWS)
        goes_on = msgspec.structs.replace(self, behind=behind, kept=kept) if behind else None
        return Pruned(self.numbers, goes_on, gone, file.pruned)


class Pruned(msgspec.Struct, frozen=True):
    """What came of a step."""

    numbers: CountsNumbers
    goes_on: Step | None
    gone: int
    by: CountsNumbers | None
    """By which numbers the file is pruned now, taken together."""


class Pruning:
    """What is worn, and how far the file is by it."""

    def __init__(self) -> None:
        self._worn: CountsNumbers | None = None
        self._by: CountsNumbers | None = None
        self._next: Step | None = None
        self._is_done = False
        self._again_ns = 0
        self._texts = 0
        self._gone = 0

    def wear(self, numbers: CountsNumbers) -> None:
        """The generator says what is worn."""
        if numbers != self._worn:
            self._worn = numbers
            self._begin_anew()

    def opened(self, by: CountsNumbers | None) -> None:
        """A file is open, pruned by these numbers or by none."""
        self._by = by
        self._begin_anew()

    def counted(self, texts: int) -> None:
        """So many were counted."""
        self._texts += texts
        if self._texts >= EVERY_TEXTS and self._next is None:
            self._begin_anew()

    @property
    def is_too_bare(self) -> bool:
        """Whether more was let go than what is worn would let go."""
        return self._worn is not None and self._by is not None and not self._by.lets_go_no_more_than(self._worn)

    def is_due(self, now_ns: int) -> bool:
        """Whether rows are to be looked at now."""
        return self._worn is not None and self._worn.prunes and not self._is_done and now_ns >= self._again_ns

    def step(self, phrases: Sequence[str]) -> Step:
        """The next one."""
        return self._next or Step(self._worn or CountsNumbers(), tuple(phrases))

    def stepped(self, pruned: Pruned | None, now_ns: int) -> None:
        """What came of it."""
        if pruned is None:
            return
        self._by, self._again_ns = pruned.by, now_ns + STEP_NS
        if pruned.numbers != self._worn:  # others are worn since
            return
        self._next = pruned.goes_on
        self._gone += pruned.gone
        if self._next is None:
            self._is_done = True
            log.info("own words pruned: rows=%d", self._gone)

    def _begin_anew(self) -> None:
        self._next, self._is_done, self._texts, self._gone = None, False, 0, 0
