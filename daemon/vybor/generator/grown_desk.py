"""What the workstation sends back, on the kit: taken in, tried, worn on trial, judged; and whoever asks of it.

Everything is decided in vybor.grown.shelf, and is on the disk before the model loads anything.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState, Trouble
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import seconds
from vybor.generator.errands import Errands
from vybor.generator.installing import Installed, Installing
from vybor.generator.kept_shelf import NO_ROOM_NS, KeptShelf, named, notice, removed_by_hand
from vybor.generator.trying import Trying
from vybor.grown import counting, shelf, wishes
from vybor.grown.counting import Verdict
from vybor.grown.folder import Folder
from vybor.grown.shelf import FACTORY, Left, Shelf

LOOK_NS = seconds(2)
COUNT_NS, COUNT_SOON_NS = seconds(60), seconds(3)
"""So often the record is read on while a version is on trial, and so soon after somebody was answered."""
PAIRED, DECISIONS = "paired", "decisions"
"""Errands; the others are called by what the record is told."""
NEW_TOLD_NS = seconds(60)
"""So long the screen says that something is new."""
FOR_SENTENCES = (
    "version {serial} makes whole sentences from a word, and is worn for them by itself; "
    "`vybor config set generator.anchors false` leaves them out"
)
BY_HAND = "an adapter that somebody laid there is worn before all others: take {path} away first"

log = logging.getLogger("vybor.generator")


class Trial(msgspec.Struct, frozen=True):
    """When a version counts as good."""

    choices: int
    starts: int


class GrownDesk:
    """The versions of one kit, and what is going on with them."""

    of_frames = False
    """Whether they make sentences from key words (framing.py), and nothing else."""

    def __init__(self, bus: Bus, folder: Folder, arrived: Path, trial: Trial, boot: str, model: Path) -> None:
        self._bus = bus
        self._folder = folder
        self._trial = trial
        self._boot = boot
        self._model = model
        self._installing = Installing(arrived, folder, of_frames=self.of_frames)
        self._trying: tuple[int, Trying] | None = None
        self._paired: m.Paired | None = None
        """What the journal just said, for the bundle at hand."""
        self._has_heard = False
        """Whether it was asked since the start what was deleted meanwhile."""
        self._errands = Errands(bus)
        self._look_ns = self._count_ns = 0
        self._no_room = ""
        self._begun = FACTORY
        """What this process has loaded."""
        self._identity = ""
        self._now_ns = 0
        """Of the last turn."""
        self._base = ""
        """Of the model that is loaded."""
        self._is_counting = False
        """Whether more was counted than is written down."""
        self._forgetting: list[Asked] = []
        self._wants: list[Asked] = []
        """Who waits until the model wears what they wished for."""
        self.by_hand: Callable[[], Path | None] = lambda: None
        self.beside: Callable[[], tuple[m.Grown, ...]] = tuple
        """Versions of another desk, which are told with these."""
        self._kept = KeptShelf(folder, boot)

    # --- what the model wears ---------------------------------------------------------------------------

    @property
    def shelf(self) -> Shelf:
        """Which versions there are, and how far each is."""
        return self._kept.now

    @property
    def worn(self) -> int:
        """The serial of what is to be worn."""
        return self.shelf.worn

    @property
    def revision(self) -> int:
        """Rises when what is worn is to be put on anew, though it is the same."""
        return self._kept.revision

    def begin(self, base: str, now_ns: int) -> Path | None:
        """What to load now; that it will be is on the disk. None: nothing, the model as it came."""
        while (version := self.shelf.wearing) and version.base != base:
            reason = f"it was made for the weights {version.base[:12]}, and the kit's model is another one now"
            self._kept.roll_back(Trouble.GROWN_OTHER_BASE, reason, now_ns)
        if version is None:
            return None
        if self._begun != version.serial or self.shelf.run is None:
            before = self.shelf
            self._kept.change(shelf.begun(before, self._boot), now_ns)
            if self._kept.unwritten and version.state is GrownState.ON_TRIAL:
                self._kept.now = before
                return None  # it is tried again when there is room to write down that it is
            self._begun = version.serial
        return self._folder.adapter(version.serial)

    def wears(self, identity: str, now_ns: int) -> None:
        """The model has put it on, or none."""
        self._identity = identity
        if (version := self.shelf.wearing) and version.state is GrownState.ON_TRIAL and not version.identity:
            self._kept.say(Trouble.GROWN_ON_TRIAL, named(version.serial), now_ns, NEW_TOLD_NS)
        for asked in self._wants:
            self._bus.answer(asked, self.told(asked.command.request))
        self._wants = []

    def failed(self, reason: str, now_ns: int) -> None:
        """The model cannot wear it, or failed at work while it did."""
        self._kept.roll_back(Trouble.GROWN_LOST, reason, now_ns)

    def model_failed(self, reason: str, now_ns: int) -> None:
        """The network failed at work: that counts as if the process had ended, since the model is loaded anew."""
        self._kept.change(shelf.judged(self.shelf, self._boot, f"{reason},"), now_ns)

    def answered(self, now_ns: int) -> None:
        """The model has answered somebody: there may be a choice soon."""
        self._count_ns = min(self._count_ns, now_ns + COUNT_SOON_NS)
        if self.shelf.run and not self.shelf.run.is_proven:
            self._kept.change(shelf.proven(self.shelf, self._identity), now_ns)

    # --- step by step -----------------------------------------------------------------------------------

    def turn(self, base: str, now_ns: int) -> None:
        """Go on with what is under way. `base`: of the model that is loaded; "" without one."""
        self._base, self._now_ns = base, now_ns
        if installed := self._installing.done():
            self._take(installed, now_ns)
        self._try_on(now_ns)
        self._ask_on(now_ns)
        self._kept.turn(now_ns)
        if base and now_ns >= self._look_ns and not self._installing.is_busy and not self._trying:
            self._look_ns = now_ns + LOOK_NS
            self._look(base, now_ns)

    def answered_by_journal(self, reply: m.AnyReply, now_ns: int) -> None:
        """The journal answers what was asked."""
        what = self._errands.answered(reply)
        if isinstance(reply, m.Paired) and what:
            self._heard(reply, now_ns)
        elif isinstance(reply, m.Decisions) and what:
            self._count(reply, now_ns)
        elif what:
            self._kept.change(shelf.was_told(self.shelf, what), now_ns)

    def asked(self, asked: Asked, now_ns: int) -> bool:
        """Take a command about versions; False if it is about something else."""
        match asked.command:
            case m.TellGrown(request=request):
                self._bus.answer(asked, self.told(request))
            case m.WearGrown() as wish:
                self._wear(asked, wish, now_ns)
            case _:
                return False
        return True

    def forget(self, asked: Asked, now_ns: int) -> None:
        """Rows of the record are gone: answer once what learned from them is seen to."""
        self._forgetting.append(asked)
        self._paired = None
        self._errands.forget(PAIRED)
        self._ask_paired(now_ns)

    def troubles(self) -> tuple[m.Notice, ...]:
        """What the person should know."""
        found = self._kept.troubles(self._now_ns)
        if self._no_room:
            found.append(notice(Trouble.GROWN_NO_ROOM, self._no_room))
        return tuple(dict.fromkeys(found))

    def told(self, request: str) -> m.GrownTold:
        """Every version."""
        by_hand = self.by_hand()
        return m.GrownTold(
            request=request,
            model=self._identity,
            grown=(*wishes.told(self.shelf, FACTORY if by_hand else self.shelf.worn), *self.beside()),
            by_hand=str(by_hand) if by_hand else "",
        )

    def close(self) -> None:
        """The process was asked to end: what is worn has no part in that."""
        self._installing.close()
        if self._trying:
            self._trying[1].close()
        if self.shelf.run:
            self._kept.change(shelf.ended(self.shelf), self._now_ns)

    # --- a bundle ---------------------------------------------------------------------------------------

    def _look(self, base: str, now_ns: int) -> None:
        """Try what lies there untried, else take in what has arrived."""
        self._kept.tidy(now_ns)
        untried = [one for one in self.shelf.versions if one.state is GrownState.TRYING]
        if untried:
            self._try(untried[-1].serial, now_ns)
        elif path := self._installing.waiting(self.shelf):
            if self._paired is None:
                self._ask_paired(now_ns)
                return
            self._installing.begin(path, self._paired, base, self.shelf.highest)
            self._paired = None  # of the next one it is asked anew

    def _take(self, installed: Installed, now_ns: int) -> None:
        self._no_room = installed.no_room
        if installed.no_room:
            self._look_ns = now_ns + NO_ROOM_NS
        elif installed.version:
            log.info("a version came: serial=%d growth=%d", installed.version.serial, installed.version.growth)
            self._kept.change(shelf.came(self.shelf, installed.version), now_ns)
            self._look_ns = now_ns
        elif installed.passed:
            log.warning("a bundle is not taken: %s: %s", installed.passed.file, installed.passed.reason)
            self._kept.change(shelf.refused(self.shelf, installed.passed), now_ns)
            self._kept.say(Trouble.GROWN_REFUSED, installed.passed.reason, now_ns)

    def _try(self, serial: int, now_ns: int) -> None:
        self._kept.change(shelf.try_it(self.shelf, serial), now_ns)
        version = self.shelf.version(serial)
        if self._kept.unwritten or version is None or version.state is not GrownState.TRYING:
            return
        try:
            path = self._folder.adapter(serial)
            self._trying = serial, Trying(self._model, path, now_ns, of_frames=self.of_frames)
        except OSError as error:  # no process can be made now
            log.warning("a version cannot be tried now: %s", error)

    def _try_on(self, now_ns: int) -> None:
        """Put on what nothing speaks against."""
        if self._trying is None or (fault := self._trying[1].fault(now_ns)) is None:
            return
        (serial, _), self._trying = self._trying, None
        version = self.shelf.version(serial)
        if version is None or version.state is not GrownState.TRYING:
            return
        if fault:
            log.warning("a version is not put on: serial=%d %s", serial, fault)
            self._kept.change(shelf.failed_trying(self.shelf, serial, fault), now_ns)
            self._kept.say(Trouble.GROWN_REFUSED, fault, now_ns)
        else:
            self._kept.change(shelf.put_on(self.shelf, serial), now_ns)

    # --- the record -------------------------------------------------------------------------------------

    def _ask_on(self, now_ns: int) -> None:
        """Tell the record what it has not got, and read on in it."""
        if self.shelf.tellings:
            first = self.shelf.tellings[0]
            self._errands.ask(
                first.name, lambda it: m.KeepBecame(request=it, name=first.name, became=first.became), now_ns
            )
        if not self._has_heard and (self.shelf.versions or self.by_hand()):
            self._ask_paired(now_ns)
        version, counts = self.shelf.wearing, self.shelf.counted
        if version and version.state is GrownState.ON_TRIAL and now_ns >= self._count_ns:
            self._errands.ask(
                DECISIONS,
                lambda it: m.TellDecisions(request=it, session=counts.session, number=counts.number),
                now_ns,
            )

    def _ask_paired(self, now_ns: int) -> None:
        self._errands.ask(PAIRED, lambda request: m.TellPaired(request=request), now_ns)

    def _count(self, told: m.Decisions, now_ns: int) -> None:
        """Take in choices, and judge what is worn when there are no more."""
        version = self.shelf.wearing
        if version is None or version.state is not GrownState.ON_TRIAL:
            return
        known = counting.Counted() if told.anew else self.shelf.counted
        decisions = counting.of_purpose(told.decisions, of_frames=self.of_frames)
        counts = counting.counted(known, decisions, version.identity)
        number = told.decisions[-1].number if told.decisions else 0 if told.anew else known.number
        counts = msgspec.structs.replace(counts, session=told.session, number=number)
        if told.decisions:  # there may be more; what was read is written down at the end
            self._kept.now = shelf.counted(self.shelf, counts)
            self._is_counting = True
            return
        self._count_ns = now_ns + COUNT_NS
        self._judge(shelf.counted(self.shelf, counts), now_ns)

    def _judge(self, counted: Shelf, now_ns: int) -> None:
        version = counted.wearing
        self._kept.change(counted, now_ns, is_news=self._is_counting)
        self._is_counting = False
        if version is None:
            return
        match counting.verdict(counted.counted, version.starts, self._trial.choices, self._trial.starts):
            case Verdict.GOOD:
                log.info("a version is good: serial=%d choices=%d", version.serial, version.choices)
                self._kept.change(shelf.good(self.shelf), now_ns)
            case Verdict.WORSE:
                reason = counting.reason(counted.counted)
                self._kept.roll_back(Trouble.GROWN_UNDONE, reason, now_ns)

    def _heard(self, paired: m.Paired, now_ns: int) -> None:
        """Whose bundles are taken; and what learned from what is gone, is."""
        self._paired, self._has_heard = paired, True
        self._look_ns = min(self._look_ns, now_ns)
        left = Left(kit=paired.kit, deletions=paired.deletions, oldest=paired.oldest, newest=paired.newest)
        wrong = ""
        if left.deletions > self.shelf.deletions:
            by_hand = self.by_hand() if left.is_bare else None
            self._kept.change(shelf.forgotten(self.shelf, left), now_ns)
            wrong = self._kept.tidy(now_ns) or (by_hand and removed_by_hand(by_hand)) or ""
        worn = self.shelf.wearing
        for asked in self._forgetting:
            request = asked.command.request
            done = m.Forgotten(
                request=request,
                is_stale=worn is not None and worn.is_stale,
                may_have_arrived=left.is_bare and (paired.workstation is not None or self._installing.has_any),
            )
            self._bus.answer(asked, m.Refused(request=request, reason=wrong) if wrong else done)
        self._forgetting = []

    # --- by hand ----------------------------------------------------------------------------------------

    def _wear(self, asked: Asked, wish: m.WearGrown, now_ns: int) -> None:
        request, before = asked.command.request, self.shelf.worn
        by_hand = self.by_hand()
        reason = BY_HAND.format(path=by_hand) if by_hand else wishes.refusal(self.shelf, wish, self._base)
        if wish.serial in {one.became.serial for one in self.beside()}:
            reason = FOR_SENTENCES.format(serial=wish.serial)
        if reason:
            self._bus.answer(asked, m.Refused(request=request, reason=reason))
            return
        if wish.back:
            self._kept.change(shelf.rolled_back(self.shelf, None, "somebody rolled it back"), now_ns)
        else:
            self._kept.change(shelf.put_on(self.shelf, wish.serial), now_ns)
        if self.shelf.worn == before or not self._base:
            self._bus.answer(asked, self.told(request))
        else:
            self._wants.append(asked)
