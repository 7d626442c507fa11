"""Has what the person, or somebody for them, wants deleted deleted everywhere, one wish at a time.

First the record must have all that was chosen, so that nothing of it is written behind the deletion. Then the
journal deletes, and last everybody who has learned from it, or holds something of the person's, forgets. Whoever
does not answer hears of it from the record at their next start; until then it is not said to be gone everywhere.
"""

import logging
from enum import Enum

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Scope, Trouble
from vybor.foundation.bus import Answered, Asked, Bus
from vybor.foundation.clock import seconds

SAVED_WITHIN_NS = seconds(10)
JOURNAL_WITHIN_NS = seconds(3600)
"""It reads all of the record for it; a year's takes minutes."""
OTHERS_WITHIN_NS = seconds(20)
TOLD_FOR_NS = seconds(8)
NOT_TOLD_FOR_NS = seconds(60)

log = logging.getLogger("vybor.core")


class _Stage(Enum):
    SAVING = SAVED_WITHIN_NS
    JOURNAL = JOURNAL_WITHIN_NS
    OTHERS = OTHERS_WITHIN_NS


class EraseDesk:
    """The wish at hand, and what became of the last one."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._wish: m.Erase | None = None
        self._asked: Asked | None = None
        """The command that is to be answered; None: it was chosen on the screen."""
        self._next: m.Erase | None = None
        """What the person chose while something else was being deleted."""
        self._stage = _Stage.SAVING
        self._since_ns = 0
        self._waiting: dict[str, str] = {}
        """Requests, and who has not answered them."""
        self._erased: m.Erased | None = None
        self._left = ""
        """What could not be removed, and why."""
        self._is_stale = False
        """The model wears what learned from it, and goes on."""
        self._told: tuple[Trouble, str, int] | None = None
        """How it ended, and until when that is shown."""

    @property
    def is_busy(self) -> bool:
        """Whether something is being deleted."""
        return self._wish is not None

    @property
    def forgets_all(self) -> bool:
        """Whether what is being deleted is everything."""
        return self._wish is not None and self._wish.scope is Scope.EVERYTHING

    def begin(self, wish: m.Erase, now_ns: int, asked: Asked | None = None) -> str:
        """Take a wish; why not, or nothing."""
        if self._wish and asked:
            return "something else is being deleted; ask again in a moment"
        if self._wish:
            self._next = wish
            return ""
        self._wish, self._asked, self._erased, self._told, self._left = wish, asked, None, None, ""
        self._is_stale = False
        self._enter(_Stage.SAVING, now_ns)
        return ""

    def answered(self, answered: Answered, now_ns: int) -> m.Erased | None:
        """Take in an answer; what the record deleted, for the room to forget, as soon as it has."""
        if answered.reply.request not in self._waiting:
            return None
        who = self._waiting.pop(answered.reply.request)
        if isinstance(answered.reply, m.Refused):
            self._end(Trouble.NOT_ERASED, answered.reply.reason or f"{who} refuses", now_ns)
        elif isinstance(answered.reply, m.Forgotten):
            self._is_stale = answered.reply.is_stale
            if answered.reply.may_have_arrived:
                self._ask("sync", m.ForgetArrived(request=""))
        elif isinstance(answered.reply, m.Erased):
            self._erased = answered.reply
            self._enter(_Stage.OTHERS, now_ns)
            self._tell_others()
            return answered.reply
        return None

    def left(self, reason: str) -> None:
        """Something of it could not be removed here."""
        self._left = reason

    def turn(self, now_ns: int, *, is_saved: bool, has_forgotten: bool) -> None:
        """Go on, give up what takes too long; `has_forgotten` is of this process's own files."""
        if self._wish is None:
            return
        if self._stage is _Stage.SAVING and is_saved:
            self._enter(_Stage.JOURNAL, now_ns)
            self._ask("journal", self._wish)
        elif self._stage is _Stage.OTHERS and has_forgotten and not self._waiting:
            self._end(*self._outcome(), now_ns)
        elif now_ns - self._since_ns > self._stage.value:
            self._end(Trouble.NOT_ERASED, self._late(), now_ns)

    def notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What is said of it on the screen."""
        if self._wish:
            return (m.Notice(process="core", trouble=Trouble.ERASING),)
        if self._told and now_ns < self._told[2]:
            return (m.Notice(process="core", trouble=self._told[0], detail=self._told[1]),)
        return ()

    def _tell_others(self) -> None:
        """Whoever learned from the record, or keeps something beside it; the voice forgets what it said last."""
        self._ask("generator", m.CountAnew(request=""))
        if self._wish and self._wish.scope is Scope.EVERYTHING:
            self._ask("gaze", m.ForgetLooks(request=""))

    def _ask(self, who: str, command: m.Erase | m.CountAnew | m.ForgetLooks | m.ForgetArrived) -> None:
        request = self._bus.new_request()
        self._waiting[request] = who
        self._bus.ask(who, msgspec.structs.replace(command, request=request))

    def _outcome(self) -> tuple[Trouble, str]:
        """How it ended, where everybody has answered."""
        is_nothing = self._erased is not None and not self._erased.rows
        if self.forgets_all and self._erased and self._erased.aside:
            self._left = f"damaged records cannot be removed: {', '.join(self._erased.aside)}; remove them by hand"
        if self._left:
            return Trouble.NOT_ERASED, self._left
        if self._is_stale and not is_nothing:
            return Trouble.ERASED_STALE, ""
        return (Trouble.NOTHING_TO_ERASE if is_nothing and not self.forgets_all else Trouble.ERASED), ""

    def _late(self) -> str:
        if self._stage is _Stage.SAVING:
            return "the record does not take what was chosen last, so nothing is deleted; see `vybor doctor`"
        who = " and ".join(sorted(set(self._waiting.values()))) or "the deciding process"
        if self._stage is _Stage.JOURNAL:
            return "the journal does not answer; ask again"
        return f"it is gone from the record, but {who} did not answer and may hold some of it; start the kit again"

    def _enter(self, stage: _Stage, now_ns: int) -> None:
        self._stage, self._since_ns = stage, now_ns

    def _end(self, trouble: Trouble, reason: str, now_ns: int) -> None:
        if reason:
            log.warning("not deleted, or not everywhere: %s", reason)
        for request, who in self._waiting.items():
            self._bus.take_back(who, request)
        asked, erased = self._asked, self._erased
        if asked and (reason or erased is None):
            self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))
        elif asked and erased:
            told = m.Erased(
                request=asked.command.request,
                rows=erased.rows,
                sentences=erased.sentences,
                aside=erased.aside,
                is_stale=trouble is Trouble.ERASED_STALE,
            )
            self._bus.answer(asked, told)
        told_ns = NOT_TOLD_FOR_NS if reason else TOLD_FOR_NS
        self._told = (trouble, reason, now_ns + told_ns)
        self._wish, self._asked, self._erased, self._waiting = None, None, None, {}
        if self._next:
            wish, self._next = self._next, None
            self.begin(wish, now_ns)
