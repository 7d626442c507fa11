"""Has what the person, or somebody for them, wants deleted deleted everywhere, one wish at a time.

First the record must have all that was chosen, so that nothing of it is written behind the deletion. Then the
journal tells the texts that would be gone, and the room forgets them before the record does: otherwise the next
choice could write them down again. The journal deletes, and last everybody who has learned from it, or holds
something of the person's, forgets. Until all have answered it is not said to be gone everywhere, and it is owed: a
wish that anything ends on its way goes on at the next start (`owed`). Nobody waits then to hear that it failed: a
record that is locked, or cannot be written, is asked again until it has deleted.
"""

import logging
from enum import Enum

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Scope, Trouble
from vybor.core.desks.owed import Owed, Owing
from vybor.foundation.bus import Answered, Asked, Bus
from vybor.foundation.clock import seconds

SAVED_WITHIN_NS = seconds(10)
JOURNAL_WITHIN_NS = seconds(3600)
"""It reads all of the record for it; a year's takes minutes."""
OTHERS_WITHIN_NS = seconds(20)
ASK_AGAIN_NS = seconds(10)
TOLD_FOR_NS = seconds(8)
NOT_TOLD_FOR_NS = seconds(60)

log = logging.getLogger("vybor.core")


class _Stage(Enum):
    SAVING = "saving"
    FINDING = "finding"
    SAVING_ON = "saving on"
    """What was chosen before the texts were forgotten here."""
    JOURNAL = "journal"
    OTHERS = "others"


WITHIN_NS = {
    _Stage.SAVING: SAVED_WITHIN_NS,
    _Stage.FINDING: JOURNAL_WITHIN_NS,
    _Stage.SAVING_ON: SAVED_WITHIN_NS,
    _Stage.JOURNAL: JOURNAL_WITHIN_NS,
    _Stage.OTHERS: OTHERS_WITHIN_NS,
}
AT_HAND = (Scope.TODAY, Scope.EVERYTHING)
"""With these all that the room holds goes with the wish itself: nothing has to be found first."""


class Gone(msgspec.Struct, frozen=True):
    """What the room is to forget."""

    texts: tuple[str, ...] = ()
    is_all: bool = False
    """All that it holds: nobody can tell which texts those are."""
    is_learned: bool = False
    """Also what was learned of it, and what is kept beside the record: the record itself has forgotten."""


class EraseDesk:
    """The wish at hand, and what became of the last one."""

    def __init__(self, bus: Bus, owed: Owed) -> None:
        self._bus = bus
        self._owed = owed
        self._before = owed.requests
        """What is owed from the time before, and not taken up yet."""
        self._resumed: Owing | None = None
        """As the time before left the wish at hand; None: it was wished since…"""
        self._again_ns = 0
        """…and when the record is asked again, which could not delete anything before."""
        self._wish: m.Erase | None = None
        self._asked: Asked | None = None
        """The command that is to be answered; None: it was chosen on the screen, or before this start."""
        self._next: list[m.Erase] = []
        """What the person chose while something else was being deleted, in order; nothing twice."""
        self._stage = _Stage.SAVING
        self._since_ns = 0
        self._waiting: dict[str, str] = {}
        """Requests, and who has not answered them."""
        self._erased: m.Erased | None = None
        self._left = ""
        """What could not be removed, and why…"""
        self._is_owed = False
        """…and whether the next start tries again."""
        self._is_stale = False
        """The model wears what learned from it, and goes on."""
        self._told: tuple[Trouble, str, int] | None = None
        """How it ended, and until when that is shown."""
        self.texts: tuple[str, ...] = ()
        """What is being deleted, as far as that is known: nothing of it is written down meanwhile."""

    @property
    def is_busy(self) -> bool:
        """Whether something is being deleted."""
        return self._wish is not None

    @property
    def forgets_all(self) -> bool:
        """Whether what is being deleted is everything."""
        return self._wish is not None and self._wish.scope is Scope.EVERYTHING

    def begin(self, wish: m.Erase, now_ns: int, asked: Asked | None = None) -> str:
        """Take a wish; why not, or nothing. Who asks again what is on its way hears how that ends."""
        wish = wish if wish.request else msgspec.structs.replace(wish, request=self._bus.new_request())
        if self._wish and asked:
            if self._wish.request != wish.request:
                return "something else is being deleted; ask again in a moment"
            self._asked = asked
            return ""
        if self._wish:
            self._wait(wish)
            return ""
        self._owed.keep(Owing(wish))
        self._asked = asked
        self._take(wish, now_ns)
        return ""

    def resumed(self, now_ns: int) -> Gone | None:
        """Go on with what the time before left; what the room is to forget at once."""
        owing = self._owed.of(self._before.pop(0)) if self._before and not self._wish else None
        if owing is None:
            return None
        log.info("a deletion goes on that was begun before this start")
        self._take(owing.wish, now_ns)
        self._resumed = owing
        if owing.erased:
            return self._is_erased(owing.erased, now_ns)
        if owing.is_asked:  # it may be at it, or have done it: the same wish again is answered
            self._stage = _Stage.SAVING_ON
        return Gone(is_all=owing.wish.scope in AT_HAND)

    def answered(self, answered: Answered, now_ns: int) -> Gone | None:
        """Take in an answer; what the room is to forget with it."""
        if answered.reply.request not in self._waiting or self._wish is None:
            return None
        who = self._waiting.pop(answered.reply.request)
        if isinstance(answered.reply, m.Refused):
            self._refused(answered.reply, answered.reply.reason or f"{who} refuses", now_ns)
        elif isinstance(answered.reply, m.Erased) and self._stage is _Stage.FINDING:
            return self._found(answered.reply, self._wish, now_ns)
        elif isinstance(answered.reply, m.Forgotten):
            self._is_stale = answered.reply.is_stale
            if answered.reply.may_have_arrived:
                self._ask("sync", m.ForgetArrived(request=""))
        elif isinstance(answered.reply, m.Erased):
            return self._gone(answered.reply, self._wish, now_ns)
        return None

    def _refused(self, refused: m.Refused, reason: str, now_ns: int) -> None:
        """It ends, but for a wish of the time before where the record is at fault, or may have done it already."""
        is_record = self._stage in (_Stage.FINDING, _Stage.JOURNAL)
        if is_record and self._resumed and (refused.trouble or self._resumed.is_asked):
            self._enter(_Stage.SAVING if self._stage is _Stage.FINDING else _Stage.SAVING_ON, now_ns)
            self._again_ns = now_ns + ASK_AGAIN_NS
            return
        self._is_owed = self._stage is _Stage.OTHERS
        self._end(Trouble.NOT_ERASED, reason, now_ns)

    def _found(self, found: m.Erased, wish: m.Erase, now_ns: int) -> Gone | None:
        """The record says what would be gone: the room forgets that, and only then the record does."""
        if wish.scope is Scope.LAST:
            if not found.session:
                self._erased = found
                self._end(Trouble.NOTHING_TO_ERASE, "", now_ns)
                return None
            named = {"scope": Scope.UTTERANCE, "session": found.session, "number": found.number}
            self._wish = msgspec.structs.replace(wish, **named)  # whatever is said meanwhile
        self.texts = found.texts
        self._enter(_Stage.SAVING_ON, now_ns)
        return Gone(found.texts)

    def _gone(self, told: m.Erased, wish: m.Erase, now_ns: int) -> Gone:
        """The record has forgotten, and says which texts; a journal that ended in between does not know them."""
        erased = msgspec.structs.replace(told, request=wish.request, texts=())
        self._owed.keep(Owing(wish, is_asked=True, erased=erased))
        later = tuple(text for text in told.texts if text not in self.texts)
        self.texts = (*self.texts, *later)
        is_told = bool(self.texts) or not erased.rows or wish.scope in AT_HAND
        gone = self._is_erased(erased, now_ns)
        return msgspec.structs.replace(gone, texts=later, is_all=not is_told)

    def left(self, reason: str) -> None:
        """Something of it could not be removed here."""
        self._left, self._is_owed = reason, True

    def turn(self, now_ns: int, *, is_saved: bool, has_forgotten: bool) -> None:
        """Go on, give up what takes too long; `has_forgotten` is of this process's own files."""
        if self._wish is None or now_ns < self._again_ns:
            return
        if self._stage is _Stage.SAVING and is_saved and self._wish.scope not in AT_HAND:
            self._enter(_Stage.FINDING, now_ns)
            self._ask("journal", msgspec.structs.replace(self._wish, request="", only_find=True))
        elif self._stage in (_Stage.SAVING, _Stage.SAVING_ON) and is_saved:
            self._owed.keep(Owing(self._wish, is_asked=True))
            self._enter(_Stage.JOURNAL, now_ns)
            self._ask("journal", self._wish)
        elif self._stage is _Stage.OTHERS and has_forgotten and not self._waiting:
            self._end(*self._outcome(), now_ns)
        elif self._is_late(now_ns):
            may_be_done = self._stage is _Stage.JOURNAL and not self.forgets_all  # later *everything* is more
            self._is_owed = may_be_done or self._stage is _Stage.OTHERS
            self._end(Trouble.NOT_ERASED, self._late(), now_ns)

    def notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What is said of it on the screen."""
        if self._wish:
            return (m.Notice(process="core", trouble=Trouble.ERASING),)
        if self._told and now_ns < self._told[2]:
            return (m.Notice(process="core", trouble=self._told[0], detail=self._told[1]),)
        return ()

    def _is_late(self, now_ns: int) -> bool:
        """Whether a step takes too long; a wish of the time before waits for the record as long as that takes."""
        waits = self._resumed is not None and self._stage is not _Stage.OTHERS
        return not waits and now_ns - self._since_ns > WITHIN_NS[self._stage]

    def _wait(self, wish: m.Erase) -> None:
        """Have a wish wait for its turn. Of what waits, everything is more than all else, and once is enough."""
        if any(_covers(waits, wish) for waits in self._next):
            return
        for less in [waits for waits in self._next if _covers(wish, waits)]:
            self._next.remove(less)
            self._owed.done(less.request)
        self._owed.keep(Owing(wish))
        self._next.append(wish)

    def _take(self, wish: m.Erase, now_ns: int) -> None:
        self._wish, self._erased, self._told, self.texts = wish, None, None, ()
        self._left, self._is_owed, self._is_stale = "", False, False
        self._resumed, self._again_ns = None, 0
        self._enter(_Stage.SAVING, now_ns)

    def _is_erased(self, erased: m.Erased, now_ns: int) -> Gone:
        """The record has forgotten: so do the others, and the room."""
        self._erased = erased
        self._left = erased.left
        self._enter(_Stage.OTHERS, now_ns)
        self._ask("generator", m.CountAnew(request=""))
        if self.forgets_all:
            self._ask("gaze", m.ForgetLooks(request=""))
            self._ask("headband", m.ForgetUsual(request=""))
        return Gone(is_learned=True)

    def _ask(self, who: str, command: m.AnyCommand) -> None:
        request = command.request or self._bus.new_request()
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
        if self._stage in (_Stage.SAVING, _Stage.SAVING_ON):
            return "the record does not take what was chosen last, so nothing is deleted; see `vybor doctor`"
        who = " and ".join(sorted(set(self._waiting.values()))) or "the deciding process"
        if self._stage in (_Stage.FINDING, _Stage.JOURNAL):
            return "the journal does not answer; ask again"
        return f"it is gone from the record, but {who} did not answer and may hold some of it; start the kit again"

    def _enter(self, stage: _Stage, now_ns: int) -> None:
        self._stage, self._since_ns = stage, now_ns

    def _end(self, trouble: Trouble, reason: str, now_ns: int) -> None:
        if reason:
            log.warning("not deleted, or not everywhere: %s", reason)
        for request, who in self._waiting.items():
            self._bus.take_back(who, request)
        if self._wish and not self._is_owed:
            self._owed.done(self._wish.request)
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
        self._wish, self._asked, self._erased, self._waiting, self.texts = None, None, None, {}, ()
        if self._next:
            self._take(self._next.pop(0), now_ns)


def _covers(wish: m.Erase, other: m.Erase) -> bool:
    """Whether with one of two that wait the other is done, too."""
    same = msgspec.structs.replace(wish, request=other.request) == other
    return same or wish.scope is Scope.EVERYTHING
