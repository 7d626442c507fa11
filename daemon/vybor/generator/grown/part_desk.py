"""Versions of one part that is numbers alone: worn on trial as they come, judged by the record, taken off again.

No process tries them first: the numbers were checked against their bounds when the bundle was opened, and are read
and checked again before they are worn. What the choices before a version were like is read first, so that those
since can be held against them. Numbers that are put on a model stand aside while a model of other weights was sent
and is loaded: they go with the kit's own as adapters do, and are worn again once that is back.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from vybor.bundles import manifest
from vybor.bundles import numbers as bundled
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState, Trouble
from vybor.contracts.numbers import Learned, Numbers
from vybor.foundation import small_files
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import seconds
from vybor.foundation.errors import VyborError
from vybor.generator.grown.errands import Errands
from vybor.generator.grown.kept_shelf import KeptShelf
from vybor.generator.grown.on_trial import OnTrial, Trial
from vybor.grown import counting, shelf, wishes
from vybor.grown.folder import Folder
from vybor.grown.shelf import Left
from vybor.grown.versions import FACTORY, Version

NEW_TOLD_NS = seconds(60)
"""So long the screen says that something is new."""
COUNTED = {
    Kind.INTEREST: counting.is_of_the_model,
    Kind.COUNTS: counting.is_of_an_offer,
    Kind.SIGNS: counting.is_by_a_sign,
}
"""Which choices a part is judged by: those of words that it moves, or that its signs made. A row a part."""
WHAT = {Kind.SIGNS: "choices by signs"}
"""What those are called, where they are no words."""

log = logging.getLogger("vybor.generator")


class PartDesk:
    """One part: which versions there are, which one is worn, and what is going on with them."""

    def __init__(  # noqa: PLR0913, PLR0917  (where things are, and what counts)
        self,
        kind: Kind,
        folder: Folder,
        bus: Bus,
        trial: Trial,
        boot: str,
        wear: Callable[[Numbers], None],
        overruled: Callable[[Numbers], str] = lambda _: "",
    ) -> None:
        """`overruled`: why the kit goes by something else than some numbers; empty: it does not."""
        self.kind = kind
        self.folder = folder
        self._boot = boot
        self._wear = wear
        self._overruled = overruled
        self._kept = KeptShelf(folder, boot)
        self._errands = Errands(bus)
        what = WHAT.get(kind, counting.WORDS)
        self._on_trial = OnTrial(self._errands, self._kept, trial, self._counted, what, self._told_anew)
        self._has: tuple[int, int, str] | None = None
        """What is worn of which shelf, on which base."""
        self._base = ""
        self._stands_aside = False
        """What is worn waits for the model that it was made for."""
        self._begun = FACTORY
        self._now_ns = 0
        self._wants: list[Asked] = []
        """Who waits until what they wished for is worn."""

    @property
    def highest(self) -> int:
        """The highest number that came: an older one is a thing of the past."""
        return self._kept.now.highest

    @property
    def serials(self) -> tuple[int, ...]:
        """The numbers of its versions."""
        return tuple(one.serial for one in self._kept.now.versions)

    def take(self, version: Version, deletions: int, now_ns: int) -> None:
        """It lies on the disk; it is worn once it is known how choices were before. `deletions`: known by now."""
        log.info("a version came: kind=%s serial=%d", self.kind, version.serial)
        self._kept.take(version, deletions, now_ns)
        self._on_trial.soon(now_ns)

    def look_again(self) -> None:
        """Something has changed that may overrule what is worn."""
        self._has = None

    def turn(self, base: str, now_ns: int, *, is_factory: bool) -> None:
        """Go on with what is under way.

        `base`: of the model that is loaded; "" without one. `is_factory`: it is the one as it came, if any.
        """
        self._now_ns = now_ns
        self._kept.turn(now_ns)
        self._kept.tidy(now_ns)
        self._look(base, now_ns, is_factory=is_factory)
        worn = self._kept.now.wearing
        reads = self._untried is not None or (worn is not None and worn.state is GrownState.ON_TRIAL)
        self._on_trial.ask(now_ns, reads=reads)

    def answered(self, now_ns: int) -> None:
        """The model has answered somebody: there may be a choice soon."""
        self._on_trial.soon(now_ns)

    def answered_by_journal(self, reply: m.AnyReply, now_ns: int) -> None:
        """The journal answers what was asked."""
        what = self._errands.answered(reply)
        if isinstance(reply, m.Decisions) and what:
            if self._on_trial.read(reply, now_ns):
                self._know(now_ns)
        elif what:
            self._on_trial.was_told(what, now_ns)

    def wish(self, asked: Asked, wish: m.WearGrown, base: str, now_ns: int) -> str:
        """Have something worn; why it cannot be, empty if it can: then whoever asked waits in `fulfilled`."""
        now = self._kept.now
        needs = base if manifest.CONTENTS[self.kind].is_put_on else ""
        if reason := wishes.refusal(now, wish, needs):
            return reason
        version = now.version(wish.serial)
        if version and not wish.back and (reason := self._why_not(version)):
            return reason
        if wish.back:
            self._kept.change(shelf.rolled_back(now, None, "somebody rolled it back"), now_ns)
        elif version is None or version.state is GrownState.GOOD or version.serial == now.worn:
            self._kept.change(shelf.put_on(now, wish.serial), now_ns)
        else:
            anew = {"state": GrownState.TRYING, "trouble": None, "reason": "", "tries": 0}
            self._kept.change(shelf.came(now, msgspec.structs.replace(version, **anew)), now_ns)
            self._on_trial.soon(now_ns)
        self._wants.append(asked)
        return ""

    def fulfilled(self) -> Sequence[Asked]:
        """Who waited for what is worn now."""
        needs_model = manifest.CONTENTS[self.kind].is_put_on
        if self._untried is not None or (self._has != self._worn_now and (self._base or not needs_model)):
            return ()
        done, self._wants = self._wants, []
        return done

    def heard(self, left: Left, now_ns: int) -> str:
        """Something was deleted; why what learned from it is still there, if it is."""
        if not shelf.is_news(self._kept.now, left):
            return ""
        self._kept.change(shelf.forgotten(self._kept.now, left), now_ns)
        return self._kept.tidy(now_ns)

    @property
    def is_stale(self) -> bool:
        """Whether what is worn has learned from what is deleted in part."""
        worn = self._kept.now.wearing
        return worn is not None and worn.is_stale

    @property
    def wants_to_hear(self) -> bool:
        """Whether there is anything that may have learned from what is deleted."""
        return bool(self._kept.now.versions)

    def troubles(self) -> Iterable[m.Notice]:
        """What the person should know."""
        return self._kept.troubles(self._now_ns)

    def told(self) -> tuple[m.Grown, ...]:
        """Every version."""
        kind = Learned(self.kind.value)
        found = wishes.told(self._kept.now, FACTORY if self._stands_aside else self._kept.now.worn)
        return tuple(msgspec.structs.replace(one, kind=kind) for one in found)

    def ended(self) -> None:
        """The process was asked to end: what is worn has no part in that."""
        if self._kept.now.run:
            self._kept.change(shelf.ended(self._kept.now), self._now_ns)

    @property
    def _untried(self) -> Version | None:
        """The newest that came, or was wished for, and is not worn yet."""
        waiting = [one for one in self._kept.now.versions if one.state is GrownState.TRYING]
        return waiting[-1] if waiting else None

    @property
    def _is_judged(self) -> bool:
        """Whether what is worn is on trial, and nothing waits to be worn in its place."""
        worn = self._kept.now.wearing
        return self._untried is None and worn is not None and worn.state is GrownState.ON_TRIAL

    def _counted(self, known: counting.Counted, decisions: Iterable[m.Decision]) -> counting.Counted:
        is_since = self._is_judged and not self._stands_aside
        decisions = counting.of_purpose(decisions, of_frames=False)
        in_vain = {"was_in_vain": counting.is_sign_in_vain} if self.kind is Kind.SIGNS else {}
        return counting.counted_by(known, decisions, lambda _: is_since, COUNTED[self.kind], **in_vain)

    def _told_anew(self, known: counting.Counted) -> counting.Counted:
        """No row says which numbers were worn: while some are judged, what was counted is not counted again."""
        return counting.told_anew(known) if self._is_judged else counting.Counted()

    def _know(self, now_ns: int) -> None:
        """The record is read to its end: put on what waits for that, else judge what is on trial."""
        if (waiting := self._untried) is None:
            self._on_trial.judge(now_ns)
            return
        if reason := self._why_not(waiting):
            self._kept.change(shelf.failed_trying(self._kept.now, waiting.serial, reason), now_ns)
            return
        now = self._kept.now
        for one in now.versions:
            if one.state is GrownState.TRYING and one.serial != waiting.serial:
                now = shelf.overtaken(now, one.serial)
        self._kept.change(shelf.put_on(now, waiting.serial), now_ns)
        self._kept.say(Trouble.GROWN_ON_TRIAL, self._named(waiting.serial), now_ns, NEW_TOLD_NS)

    def _look(self, base: str, now_ns: int, *, is_factory: bool) -> None:
        """Have the numbers of what is to be worn; that they will be is on the disk before."""
        is_put_on = manifest.CONTENTS[self.kind].is_put_on
        self._base = base if is_put_on else ""
        if self._worn_now == self._has or (is_put_on and not base):
            return
        numbers, self._stands_aside = bundled.FORMS[self.kind](), False
        while version := self._kept.now.wearing:
            if is_put_on and not is_factory and version.base != base:
                self._stand_aside(now_ns)
                break
            if (its := self._numbers(version, base, now_ns)) is not None:
                numbers = its if self._begin(version, now_ns) else numbers
                break
        log.info("numbers: kind=%s serial=%d", self.kind, self._kept.now.worn)
        self._wear(numbers)
        self._has = self._worn_now
        self._kept.change(shelf.proven(self._kept.now, ""), now_ns)

    def _stand_aside(self, now_ns: int) -> None:
        """It is not worn on this model; if the process ends now, it is not at fault."""
        self._stands_aside = True
        self._kept.change(msgspec.structs.replace(self._kept.now, run=None), now_ns)

    @property
    def _worn_now(self) -> tuple[int, int, str]:
        return self._kept.now.worn, self._kept.revision, self._base

    def _numbers(self, version: Version, base: str, now_ns: int) -> Numbers | None:
        """What a version says; None: it cannot be worn, and is rolled back."""
        if manifest.CONTENTS[self.kind].is_put_on and version.base != base:
            reason = f"it was made for the weights {version.base[:12]}, and the kit's model is another one now"
            self._kept.roll_back(Trouble.GROWN_OTHER_BASE, reason, now_ns)
            return None
        try:
            numbers = read(self.kind, self.folder.files(version.serial))
        except (VyborError, OSError) as error:
            self._kept.roll_back(Trouble.GROWN_LOST, str(error), now_ns)
            return None
        if reason := self._overruled(numbers):
            self._kept.roll_back(None, reason, now_ns)
            return None
        return numbers

    def _why_not(self, version: Version) -> str:
        """Why the kit goes by something else than this version; what cannot be read is told where it is worn."""
        try:
            return self._overruled(read(self.kind, self.folder.files(version.serial)))
        except (VyborError, OSError):
            return ""

    def _begin(self, version: Version, now_ns: int) -> bool:
        """Write down that it is about to be worn; whether it may be."""
        if self._begun == version.serial and self._kept.now.run is not None:
            return True
        before = self._kept.now
        self._kept.change(shelf.begun(before, self._boot), now_ns)
        if self._kept.unwritten and version.state is GrownState.ON_TRIAL:
            self._kept.now = before
            return False  # it is tried again when there is room to write down that it is
        self._begun = version.serial
        return True

    def _named(self, serial: int) -> str:
        return f"{self.kind} {serial}"


def read(kind: Kind, folder: Path) -> Numbers:
    """The numbers of a version on the disk. Raises Refused, OSError."""
    most = manifest.CONTENTS[kind].most_bytes
    return bundled.read(kind, small_files.read(folder / bundled.FILE, most))
