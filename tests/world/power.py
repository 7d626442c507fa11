"""Power cuts: a kit writes to a disk of its own, and at any moment that disk is all that is left."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from world import disks, enduring, kills
from world.appliance import Appliance, NotThere, unsteady
from world.enduring import Outcome
from world.person import Person, Stuck

SENTENCE = " ".join(["I am here."] * 12)
"""Words that are offered, so that each choice adds to the text: letters that are spelled are not kept yet."""
FIRST_CUT_S, LAST_CUT_S = 0.5, 12.0
OFFER_LIMIT_S = 60.0
COMING_S = 20.0
"""By then the text of the last time is on the screen."""


class PlugPulled(Exception):
    """It is dark."""


@dataclass
class Watched:
    """What somebody saw who watched the screen."""

    saved: str = ""
    text: str = ""
    spoke: bool = False
    """The sentence stood there whole, and nothing was saved since but an empty line: it may have been said."""

    def look(self, screen: m.Screen) -> None:
        """Take in a screen."""
        self.text = screen.text
        if screen.saving is m.Saving.SAVED:
            self.saved = screen.text
        if screen.text == SENTENCE:
            self.spoke = True
        elif screen.text and screen.saving is m.Saving.SAVED:
            self.spoke = False


@dataclass
class Cuts:
    """What a series of cuts came to."""

    boot_to_offer_s: list[float] = field(default_factory=list)
    """Of each boot: one more than there are cuts, for what a cut left is seen by the boot after it."""
    made: int = 0
    """Cuts after which somebody booted and looked."""
    lost: list[str] = field(default_factory=list)
    dead_units: int = 0
    """Units that did not run at the moment of a cut, or had started more than once."""
    stuck: int = 0
    """Boots in which nobody could go on, or that did not come to an offer."""
    misquoted: int = 0
    """Boots in which something was chosen that was not meant."""
    survived: int = 0
    """Cuts before and after which all was as it should be."""


@dataclass(frozen=True)
class Boot:
    """What one boot was like."""

    restored: str
    seen: Watched
    took_s: float | None
    """None: no offer came."""
    unwell: list[str]
    stuck: str = ""
    """Why nobody could go on, if so."""
    unmeant: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether there was nothing that should not be."""
        return not (self.unwell or self.stuck or self.unmeant)


def counted(boots: Sequence[Boot]) -> Cuts:
    """What these boots, with a cut between each and the next, came to."""
    cuts = Cuts(
        [boot.took_s for boot in boots if boot.took_s is not None],
        dead_units=sum(len(boot.unwell) for boot in boots),
        stuck=sum(bool(boot.stuck) for boot in boots),
        misquoted=sum(bool(boot.unmeant) for boot in boots),
    )
    for before, after in pairwise(boots):
        seen, restored = before.seen, after.restored
        is_there = fits(restored, seen)
        if not is_there:
            cuts.lost.append(f"saved {seen.saved!r}, seen {seen.text!r}, restored {restored!r}")
        cuts.made += 1
        cuts.survived += is_there and before.is_well and after.is_well
    return cuts


def suffer(installed: Path, folder: Path, clock: Clock, count: int, say: Callable[[str], None]) -> Cuts:
    """Boot, write, lose power at any moment, `count` times; the text must be there each time."""
    chance = random.Random(count)
    image, after = folder / "disk", folder / "disk.after"
    boots: list[Boot] = []
    for number in range(count + 1 if count else 0):
        is_last = number == count
        with (
            disks.disk(image, folder / "mounted") as disk,
            Appliance(installed, folder / "machine", clock, disk).mounted() as machine,
        ):
            before = boots[-1].seen if boots else Watched()
            writes_s = 0.0 if is_last else chance.uniform(FIRST_CUT_S, LAST_CUT_S)
            boot = _booted(machine, before, clock, writes_s, partial(disks.power_is_cut, machine, image, after))
        boots.append(boot)
        if not is_last:
            after.replace(image)
        offered = "no offer" if boot.took_s is None else f"offer after {boot.took_s:.1f} s"
        say(f"boot {number + 1}, {count} cuts: {offered}, text {boot.seen.text!r}")
        for what in (*boot.unwell, *boot.unmeant, *filter(None, [boot.stuck])):
            say(f"in boot {number + 1}: {what}")
    return counted(boots)


def _booted(machine: Appliance, before: Watched, clock: Clock, writes_s: float, cut: Callable[[], None]) -> Boot:
    """Boot, look for what was there before the cut, write for so long, and cut; in the last boot only look.

    Where nobody can go on it is cut at once: what that left is seen by the next boot all the same.
    """
    seen, restored, unmeant = Watched(), "", list[str]()
    took_s: float | None = None
    began_ns = clock.now_ns()
    try:
        machine.boot()
        with machine.person() as (person, _):
            unmeant = person.unmeant
            person.wait_for_offer(OFFER_LIMIT_S)
            took_s = (clock.now_ns() - began_ns) / 1e9
            restored = _restored(person, before, clock)
            seen.saved = seen.text = restored
            if not writes_s:
                return Boot(restored, seen, took_s, _unwell(machine, is_last=True))
            _write_until(person, seen, clock, writes_s)
            unwell = _unwell(machine, is_last=False)
            cut()
            return Boot(restored, seen, took_s, unwell, unmeant=tuple(unmeant))
    except (Stuck, NotThere) as error:
        cut()
        return Boot(restored, seen, took_s, [], str(error), tuple(unmeant))


def _unwell(machine: Appliance, *, is_last: bool) -> list[str]:
    """Units that died or started again since power came on.

    A cut may come while a unit still starts for the first time, which is no fault; the last boot is let come up.
    """
    if not is_last:
        return unsteady({name: unit for name, unit in machine.units().items() if not unit.starts_first})
    with suppress(NotThere):
        machine.settle()
    return unsteady(machine.units())


def card_turns_read_only(installed: Path, folder: Path, clock: Clock) -> Outcome:
    """The card takes no more writes in the middle of a sentence, as worn ones do.

    The kernel does it itself: an error is reported to ext4, which was mounted with errors=remount-ro. The sentence
    is written on in memory, and the screen says that it is not kept; after a cut, what had been saved is there.
    """
    try:
        return _wears_out(installed, folder, clock)
    except (Stuck, NotThere) as error:  # before the sentence, or after the cut
        return Outcome("disk.read_only", str(error), stuck=True)


def _wears_out(installed: Path, folder: Path, clock: Clock) -> Outcome:
    image = folder / "worn.disk"
    with (
        disks.disk(image, folder / "worn.mounted") as disk,
        Appliance(installed, folder / "worn", clock, disk).mounted() as machine,
    ):
        machine.boot()
        with machine.person() as (person, _):
            person.wait_for_offer(OFFER_LIMIT_S)
            seen = enduring.Seen([person.text], unmeant=person.unmeant)
            worn: list[int] = []
            told: list[m.Saving] = []

            def wear_out(act: int) -> None:
                if act == enduring.ACT and not worn:
                    worn.append(act)
                    disks.break_disk(disk)

            def look(shown: m.Shown | None) -> None:
                kills.note(seen.saved, shown)
                if worn and shown and shown.screen:
                    told.append(shown.screen.saving)

            person.when_lit, person.while_waiting = wear_out, look
            try:
                seen.said = person.write(enduring.SENTENCE).said
            except Stuck as error:
                seen.error = error
            machine.cut()
    restored = _comes_back(installed, folder, clock, seen.saved[-1])
    return worn_out(seen, restored, was_told=m.Saving.NOT_SAVING in told)


def worn_out(seen: enduring.Seen, restored: str, *, was_told: bool) -> Outcome:
    """What came of a card that turned read-only: what was saved last is to be there again, and nothing else.

    `was_told`: the screen said then that nothing is saved.
    """
    wrong = [
        *([str(seen.error)] if seen.error else []),
        *seen.told,
        *([] if was_told else ["the screen never said that nothing is saved"]),
        *([] if seen.saved[-1] else ["nothing had been saved before"]),
    ]
    lost = () if restored == seen.saved[-1] else (f"saved {seen.saved[-1]!r}, restored {restored!r}",)
    return Outcome(
        "disk.read_only", "; ".join(wrong), misquoted=seen.is_misquoted, stuck=seen.error is not None, lost=lost
    )


def _comes_back(installed: Path, folder: Path, clock: Clock, saved: str) -> str:
    """The text that is there on the mended card; what had been saved is waited for."""
    image = folder / "worn.disk"
    disks.mend_disk(image)
    with (
        disks.disk(image, folder / "worn.mounted") as disk,
        Appliance(installed, folder / "worn", clock, disk).mounted() as machine,
    ):
        machine.boot()
        with machine.person() as (person, _):
            person.wait_for_offer(OFFER_LIMIT_S)
            return _restored(person, Watched(saved=saved, text=saved), clock)


def fits(restored: str, before: Watched) -> bool:
    """Whether a restored text keeps all that was said to be saved, and has nothing that was not meant."""
    if before.spoke and restored in ("", SENTENCE):
        return True
    return restored.startswith(before.saved) and SENTENCE.startswith(restored)


def _restored(person: Person, before: Watched, clock: Clock) -> str:
    """The text on the screen once it is the last one, or when there was time enough for it to come."""
    deadline_ns = clock.now_ns() + seconds(COMING_S if before.saved else 0.5)
    text = ""

    def look(shown: m.Shown | None) -> None:
        nonlocal text
        if shown and shown.screen:
            text = shown.screen.text
        if (text and fits(text, before)) or clock.now_ns() > deadline_ns:
            raise PlugPulled

    return _watched(person, look, lambda: text)


def _watched(person: Person, look: Callable[[m.Shown | None], None], result: Callable[[], str]) -> str:
    person.while_waiting = look
    try:
        while True:
            person.see()
    except PlugPulled:
        return result()
    finally:
        person.while_waiting = lambda shown: None


def _write_until(person: Person, seen: Watched, clock: Clock, cut_s: float) -> None:
    """Write on for so long."""
    deadline_ns = clock.now_ns() + seconds(cut_s)

    def look(shown: m.Shown | None) -> None:
        if shown and shown.screen:
            seen.look(shown.screen)
        if clock.now_ns() > deadline_ns:
            raise PlugPulled

    person.while_waiting = look
    try:
        while True:
            person.write(SENTENCE)
    except PlugPulled:
        pass
    finally:
        person.while_waiting = lambda shown: None
