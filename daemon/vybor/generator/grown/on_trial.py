"""A shelf of versions and the record: it is told what became of them, and read for how the one on trial fares."""

import logging
from collections.abc import Callable, Iterable

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState, Trouble
from vybor.foundation.clock import seconds
from vybor.generator.grown.errands import Errands
from vybor.generator.grown.kept_shelf import KeptShelf
from vybor.grown import counting, pairs, shelf
from vybor.grown.counting import Counted, Verdict

COUNT_NS, COUNT_SOON_NS = seconds(60), seconds(3)
"""So often the record is read on while a version is on trial, and so soon after somebody was answered."""
DECISIONS = "decisions"
"""An errand; the others are called by what the record is told."""

Count = Callable[[Counted, Iterable[m.Decision]], Counted]
"""With decisions that follow."""
Anew = Callable[[Counted], Counted]
"""Where something was deleted, and the record is told from its beginning."""

log = logging.getLogger("vybor.generator")


class Trial(msgspec.Struct, frozen=True):
    """When a version counts as good."""

    choices: int
    starts: int


class OnTrial:
    """What a shelf asks of the journal."""

    def __init__(
        self,
        errands: Errands,
        kept: KeptShelf,
        trial: Trial,
        count: Count,
        what: str = counting.WORDS,
        anew: Anew = lambda _: Counted(),
    ) -> None:
        """`what`: what is counted, for people."""
        self._what = what
        self._errands = errands
        self._kept = kept
        self._trial = trial
        self._count = count
        self._anew = anew
        self._count_ns = 0
        self._is_counting = False
        """Whether more was counted than is written down."""

    def soon(self, now_ns: int) -> None:
        """There may be a choice soon."""
        self._count_ns = min(self._count_ns, now_ns + COUNT_SOON_NS)

    def ask(self, now_ns: int, *, reads: bool) -> None:
        """Tell the record what it has not got; read on in it where that is wanted."""
        if self._kept.now.tellings:
            first = self._kept.now.tellings[0]
            self._errands.ask(
                first.name, lambda it: m.KeepBecame(request=it, name=first.name, became=first.became), now_ns
            )
        counts = self._kept.now.counted
        if reads and now_ns >= self._count_ns:
            self._errands.ask(
                DECISIONS,
                lambda it: m.TellDecisions(request=it, session=counts.session, number=counts.number),
                now_ns,
            )

    def was_told(self, what: str, now_ns: int) -> None:
        """The record has it."""
        self._kept.change(shelf.was_told(self._kept.now, what), now_ns)

    def read(self, told: m.Decisions, now_ns: int) -> bool:
        """Take in choices; whether there are no more for now."""
        known = self._kept.now.counted
        known = self._anew(known) if told.anew else known
        counts = self._count(known, told.decisions)
        number = told.decisions[-1].number if told.decisions else 0 if told.anew else known.number
        is_past = counts.is_past and bool(told.decisions)
        counts = msgspec.structs.replace(counts, session=told.session, number=number, is_past=is_past)
        counted = shelf.counted(self._kept.now, counts)
        if told.decisions:  # there may be more; what was read is written down at the end
            self._kept.now = counted
            self._is_counting = True
            return False
        self._count_ns = now_ns + COUNT_NS
        self._kept.change(counted, now_ns, is_news=self._is_counting)
        self._is_counting = False
        return True

    def judge(self, now_ns: int) -> None:
        """Whether what is on trial is good by now, or is taken off."""
        now = self._kept.now
        if (version := now.version(pairs.answerable(now))) is None or version.state is not GrownState.ON_TRIAL:
            return
        match counting.verdict(now.counted, version.starts, self._trial.choices, self._trial.starts):
            case Verdict.GOOD:
                log.info("a version is good: serial=%d choices=%d", version.serial, version.choices)
                self._kept.change(shelf.good(now), now_ns)
            case Verdict.WORSE:
                self._kept.roll_back(Trouble.GROWN_UNDONE, counting.reason(now.counted, self._what), now_ns)
