"""What the workstation sends back, on the kit: taken in, tried, worn on trial, judged; and whoever asks of it.

Here are adapters and whole models; parts that are numbers alone have desks of their own beside it (parts.py).
Everything is decided in vybor.grown.shelf, and is on the disk before the model loads anything.
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState, Trouble
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import seconds
from vybor.generator.grown.errands import Errands
from vybor.generator.grown.in_use import InUse
from vybor.generator.grown.installing import Installed, Installing, Known
from vybor.generator.grown.kept_shelf import NO_ROOM_NS, named, notice, removed_by_hand
from vybor.generator.grown.on_trial import OnTrial, Trial
from vybor.generator.grown.parts import Parts
from vybor.generator.grown.trying import Trying
from vybor.generator.network import memory
from vybor.grown import counting, pairs, shelf, wishes
from vybor.grown.folder import Folder
from vybor.grown.shelf import Left
from vybor.grown.versions import FACTORY, Version

LOOK_NS = seconds(2)
PAIRED = "paired"
"""An errand, beside those of `OnTrial`."""
NEW_TOLD_NS = seconds(60)
"""So long the screen says that something is new."""
BY_HAND = "an adapter that somebody laid there is worn before all others: take {path} away first"

log = logging.getLogger("vybor.generator")


class GrownDesk(InUse):
    """The versions of one kit, and what is going on with them."""

    kinds: tuple[Kind, ...] = (Kind.ADAPTER, Kind.MODEL)
    """What stands on its shelf; parts.py and framing.py have the others."""

    def __init__(  # noqa: PLR0913, PLR0917  (where things are, and what counts)
        self,
        bus: Bus,
        folder: Folder,
        arrived: Path,
        trial: Trial,
        boot: str,
        model: Path,
        parts: Parts | None = None,
        language: str = "",
    ) -> None:
        super().__init__(folder, boot, model)
        self._bus = bus
        self._parts = parts or Parts({}, folder, bus, trial, boot)
        folders = {**dict.fromkeys(self.kinds, folder), **self._parts.folders}
        self._installing = Installing(arrived, folders, language, of_frames=self._of_frames)
        self._trying: tuple[int, Trying] | None = None
        self._paired: m.Paired | None = None
        """What the journal just said, for the bundle at hand."""
        self._has_heard = False
        """Whether it was asked since the start what was deleted meanwhile."""
        self._errands = Errands(bus)
        self._look_ns = 0
        self._no_room = ""
        self.needs_all = False
        """Whether what is tried leaves no memory for the model at hand."""
        self._identity = ""
        self._now_ns = 0
        """Of the last turn."""
        self._base = ""
        """Of the model that is loaded."""
        self._forgetting: list[Asked] = []
        self._wants: list[Asked] = []
        """Who waits until the model wears what they wished for."""
        self.by_hand: Callable[[], Path | None] = lambda: None
        self.beside: Callable[[], tuple[m.Grown, ...]] = tuple
        """Versions of another desk, which are told with these."""
        self.wears_beside: Callable[[Asked, m.WearGrown, int], bool] = lambda *_: False
        """Hands that desk what is wished of its own; False: it is none of that."""
        self.for_sentences: Callable[[], str] = lambda: ""
        """The weights that an adapter for sentences from key words goes with; empty: there is none."""
        self.waits: Callable[[], bool] = lambda: False
        """Whether another desk is at work: two processes that try something would take the memory of both."""
        self._on_trial = OnTrial(self._errands, self._kept, trial, self._counted)

    # --- what the model wears ---------------------------------------------------------------------------

    def wears(self, identity: str, now_ns: int) -> None:
        """The model has put it on, or none."""
        self._identity = identity
        version = self._answerable
        if version and version.state is GrownState.ON_TRIAL and not version.identity:
            self._kept.say(Trouble.GROWN_ON_TRIAL, named(version.serial), now_ns, NEW_TOLD_NS)
        for asked in self._wants:
            self._bus.answer(asked, self.told(asked.command.request))
        self._wants = []

    def answered(self, now_ns: int) -> None:
        """The model has answered somebody: there may be a choice soon."""
        self._on_trial.soon(now_ns)
        self._parts.answered(now_ns)
        if self.shelf.run and not self.shelf.run.is_proven:
            self._kept.change(shelf.proven(self.shelf, self._identity), now_ns)

    def fitted(self, fittings: int) -> None:
        """So often a headband's signs were fitted on the kit itself."""
        self._parts.fitted(fittings)

    # --- step by step -----------------------------------------------------------------------------------

    def turn(self, base: str, now_ns: int) -> None:
        """Go on with what is under way. `base`: of the model that is loaded; "" without one."""
        base = base if self._loaded == self.shelf.model else ""
        self._base, self._now_ns = base, now_ns
        if base and self._loaded == FACTORY and self.shelf.versions and self.shelf.factory != base:
            self._kept.change(msgspec.structs.replace(self.shelf, factory=base), now_ns)
        for asked in self._parts.turn(base, now_ns, is_factory=self._loaded == FACTORY):
            self._bus.answer(asked, self.told(asked.command.request))
        if installed := self._installing.done():
            self._take(installed, now_ns)
        self._try_on(now_ns)
        self._ask_on(now_ns)
        self._kept.turn(now_ns)
        is_free = not (self.is_busy or self.waits()) and self._loaded == self.shelf.model
        if base and is_free and now_ns >= self._look_ns:
            self._look_ns = now_ns + LOOK_NS
            self._look(base, now_ns)

    @property
    def is_busy(self) -> bool:
        """Whether a bundle is looked at, or a version tried."""
        return self._installing.is_busy or self._trying is not None

    def answered_by_journal(self, reply: m.AnyReply, now_ns: int) -> None:
        """The journal answers what was asked."""
        self._parts.answered_by_journal(reply, now_ns)
        what = self._errands.answered(reply)
        if isinstance(reply, m.Paired) and what:
            self._heard(reply, now_ns)
        elif isinstance(reply, m.Decisions) and what:
            if self._is_on_trial and self._on_trial.read(reply, now_ns):
                self._on_trial.judge(now_ns)
        elif what:
            self._on_trial.was_told(what, now_ns)

    def asked(self, asked: Asked, now_ns: int) -> bool:
        """Take a command about versions; False if it is about something else."""
        match asked.command:
            case m.TellGrown(request=request):
                self._bus.answer(asked, self.told(request))
            case m.WearGrown() as wish:
                if not self.wears_beside(asked, wish, now_ns):
                    self.wear(asked, wish, now_ns)
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
        found = [*self._kept.troubles(self._now_ns), *self._parts.troubles()]
        if self._no_room:
            found.append(notice(Trouble.GROWN_NO_ROOM, self._no_room))
        return tuple(dict.fromkeys(found))

    def told(self, request: str) -> m.GrownTold:
        """Every version."""
        by_hand = self.by_hand()
        return m.GrownTold(
            request=request,
            model=self._identity,
            grown=(
                *wishes.told(self.shelf, FACTORY if by_hand else self.shelf.worn),
                *self.beside(),
                *self._parts.told(),
            ),
            by_hand=str(by_hand) if by_hand else "",
            factory=self.shelf.factory,
        )

    def ended(self) -> None:
        """The process was asked to end: what is worn has no part in that, nor what is being tried."""
        self._parts.ended()
        now = shelf.not_tried(self.shelf, self._trying[0]) if self._trying else self.shelf
        self._kept.change(shelf.ended(now), self._now_ns)

    def close(self) -> None:
        """Begin nothing more."""
        self._installing.close()
        if self._trying:
            self._trying[1].close()

    # --- a bundle ---------------------------------------------------------------------------------------

    def _look(self, base: str, now_ns: int) -> None:
        """Try what lies there untried, else take in what has arrived."""
        self._kept.tidy(now_ns)
        untried = [one for one in self.shelf.versions if one.state is GrownState.TRYING]
        if untried:
            self._try(untried[-1].serial, now_ns)
        elif paths := self._installing.waiting(known := self._known):
            if self._paired is None:
                self._ask_paired(now_ns)
                return
            self._installing.begin(paths, self._paired, base, known)
            self._paired = None  # of the next one it is asked anew
        else:
            self._no_room = ""

    @property
    def _known(self) -> Known:
        """What came before."""
        own = {kind: self.shelf.highest_of(kind) for kind in self.kinds}
        return Known(
            highest={**own, **self._parts.highest},
            serials=[*(one.serial for one in self.shelf.versions), *self._parts.serials],
            passed=[passed.file for passed in self.shelf.passed],
            sentences=self.for_sentences(),
        )

    def _take(self, installed: Installed, now_ns: int) -> None:
        self._no_room = installed.no_room
        deletions = self._paired.deletions if self._paired else 0  # what was heard while it was unpacked
        if installed.no_room:
            self._look_ns = now_ns + NO_ROOM_NS
        elif installed.version and installed.version.kind in self._parts.folders:
            self._parts.take(installed.version, deletions, now_ns)
            self._look_ns = now_ns
        elif installed.version:
            log.info("a version came: serial=%d growth=%d", installed.version.serial, installed.version.growth)
            self._kept.take(installed.version, deletions, now_ns)
            self._look_ns = now_ns
        elif installed.passed and installed.passed.reason:
            log.warning("a bundle is not taken: %s: %s", installed.passed.file, installed.passed.reason)
            self._kept.change(shelf.refused(self.shelf, installed.passed), now_ns)
            self._kept.say(Trouble.GROWN_REFUSED, installed.passed.reason, now_ns)

    def _try(self, serial: int, now_ns: int) -> None:
        before = self.shelf
        self._kept.change(shelf.try_it(before, serial), now_ns)
        if self._kept.unwritten:
            self._kept.now, self._look_ns = before, now_ns + NO_ROOM_NS
            return
        version = self.shelf.version(serial)
        if version is None or version.state is not GrownState.TRYING:
            return
        try:
            if pairs.is_model(version):
                self._trying = serial, self._trying_model(version, now_ns)
            else:
                paths = (self.place, self._folder.files(serial))
                self._trying = serial, Trying(version.kind, paths, now_ns)
            self._no_room = ""
        except OSError as error:  # no process can be made now
            self.needs_all = False
            self._no_room = f"{named(serial)} cannot be tried now ({error.strerror})"
            self._look_ns = now_ns + NO_ROOM_NS
            log.warning("%s", self._no_room)
            self._kept.change(shelf.not_tried(self.shelf, serial), now_ns)

    def _trying_model(self, version: Version, now_ns: int) -> Trying:
        """Beside the model at hand if there is memory for both, else in its place. Raises OSError."""
        place, adapter = self._folder.files(version.serial), pairs.adapter_for(self.shelf, version.serial)
        needs = max(memory.needed_by(each) for each in (place, self._model))
        self.needs_all = not memory.has_room_beside(needs, memory.taken())
        worn = (self._folder.files(adapter),) if adapter else ()
        return Trying(Kind.MODEL, (self._model, place, *worn), now_ns)

    def _try_on(self, now_ns: int) -> None:
        """Put on what nothing speaks against."""
        if self._trying is None or (fault := self._trying[1].fault(now_ns)) is None:
            return
        (serial, _), self._trying, self.needs_all = self._trying, None, False
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
        if not self._has_heard and (self.shelf.versions or self._parts.wants_to_hear or self.by_hand()):
            self._ask_paired(now_ns)
        self._on_trial.ask(now_ns, reads=self._is_on_trial)

    def _ask_paired(self, now_ns: int) -> None:
        self._errands.ask(PAIRED, lambda request: m.TellPaired(request=request), now_ns)

    @property
    def _of_frames(self) -> bool:
        return Kind.FRAMES in self.kinds

    @property
    def _is_on_trial(self) -> bool:
        version = self._answerable
        return version is not None and version.state is GrownState.ON_TRIAL

    def _counted(self, known: counting.Counted, decisions: Iterable[m.Decision]) -> counting.Counted:
        version = self._answerable
        decisions = counting.of_purpose(decisions, of_frames=self._of_frames)
        return counting.counted(known, decisions, version.identity if version else "")

    def _heard(self, paired: m.Paired, now_ns: int) -> None:
        """Whose bundles are taken; and what learned from what is gone, is."""
        self._paired, self._has_heard = paired, True
        self._look_ns = min(self._look_ns, now_ns)
        left = Left(kit=paired.kit, deletions=paired.deletions, oldest=paired.oldest, newest=paired.newest)
        wrong = ""
        if shelf.is_news(self.shelf, left):
            by_hand = self.by_hand() if left.is_bare else None
            self._kept.change(shelf.forgotten(self.shelf, left), now_ns)
            wrong = self._kept.tidy(now_ns) or (by_hand and removed_by_hand(by_hand)) or ""
        wrong = self._parts.heard(left, now_ns) or wrong
        worn = self.shelf.wearing
        for asked in self._forgetting:
            request = asked.command.request
            done = m.Forgotten(
                request=request,
                is_stale=(worn is not None and worn.is_stale) or self._parts.is_stale,
                may_have_arrived=left.is_bare and (paired.workstation is not None or self._installing.has_any),
            )
            self._bus.answer(asked, m.Refused(request=request, reason=wrong) if wrong else done)
        self._forgetting = []

    # --- by hand ----------------------------------------------------------------------------------------

    def wear(self, asked: Asked, wish: m.WearGrown, now_ns: int) -> None:
        """Have a version worn, or none; whoever asked hears once it is, or why it cannot be."""
        request, before = asked.command.request, (self.shelf.model, self.shelf.worn)
        of_part = self._parts.wish(asked, wish, self._base, now_ns)
        if of_part is not None:
            if of_part:
                self._bus.answer(asked, m.Refused(request=request, reason=of_part))
            return
        by_hand = self.by_hand()
        reason = BY_HAND.format(path=by_hand) if by_hand else wishes.refusal(self.shelf, wish)
        if reason:
            self._bus.answer(asked, m.Refused(request=request, reason=reason))
            return
        now = shelf.unwished(self.shelf)
        if wish.back:
            self._kept.change(shelf.rolled_back(now, None, "somebody rolled it back"), now_ns)
        else:
            self._kept.change(shelf.wished(now, wish.serial), now_ns)
        if (self.shelf.model, self.shelf.worn) == before or not self._base:
            self._bus.answer(asked, self.told(request))
        else:
            self._wants.append(asked)
