"""A sentence in the middle of which a fault comes, and what is left of both.

A fault is survived if the sentence comes out exactly as it was meant, nothing was chosen that was not meant, what
the screen said was saved is in the record, once and in its order, and every unit runs again by itself and goes on
running: the one that was struck started again as often as the fault explains, the others not at all.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vybor.contracts import messages as m
from world import kills
from world.appliance import Appliance, NotThere, unsteady
from world.camera import Camera
from world.fault import Fault
from world.person import Person, Stuck
from world.play import decisions

SENTENCE = "I am here."
ACT = 2
"""The fault comes while the tile of this choice is lit."""
BACK_LIMIT_S = 120.0
"""A hung journal is left in peace for a minute: a slow disk is no reason to be killed."""
RECORD_LIMIT_S = 30.0
"""By then the sentence is in the record, of a kit that has settled."""


@dataclass(frozen=True)
class Outcome:
    """What came of a fault."""

    name: str
    why_not: str = ""
    misquoted: bool = False
    stuck: bool = False
    """Whether the person could not go on."""
    dead_units: int = 0
    lost: tuple[str, ...] = ()
    """Texts that were said to be saved and are not in the record, or a sentence that was spoken and is not."""
    hit: bool | None = None
    """Whether it was felt, of a fault that a kit may be spared; None: of another."""

    @property
    def survived(self) -> bool:
        """Whether nothing was lost and everything runs again."""
        return not self.why_not and not self.lost

    @property
    def told(self) -> str:
        """What was wrong, in a line."""
        felt = {None: "survived", True: "survived, and it was hit", False: "survived, and nobody saw it hit"}
        return "; ".join((*filter(None, [self.why_not]), *self.lost)) or felt[self.hit]


@dataclass
class Seen:
    """What the person saw of a fault."""

    saved: list[str]
    """The text that stood there before, and those that the screen said were saved, each once as it came."""
    said: str = ""
    unmeant: Sequence[str] = ()
    error: Exception | None = None
    """Why it was not seen to the end."""
    came: bool = True
    """Whether there was a fault at all."""
    hit: bool | None = None

    @property
    def is_misquoted(self) -> bool:
        """Whether something came out that was not meant; a sentence that nobody could end says nothing of that."""
        as_meant = (SENTENCE, "") if self.error else (SENTENCE,)
        return bool(self.unmeant) or self.said not in as_meant

    @property
    def told(self) -> list[str]:
        """What came out instead."""
        return [f"said {self.said!r}, unmeant {list(self.unmeant)}"] if self.is_misquoted else []


def endure(machine: Appliance, person: Person, camera: Camera, fault: Fault) -> Outcome:
    """Let a fault come in the middle of a sentence, and see what is left."""
    person.unmeant.clear()
    before, record = machine.units(), machine.state / "journal"
    earlier, seen = len(decisions(record)), Seen([person.text], unmeant=person.unmeant)
    struck: list[int] = []

    def strike(act: int) -> None:  # a tile lights up again when a choice is tried again
        if act == ACT and not struck:
            struck.append(act)
            fault.does(machine, camera)

    person.when_lit, person.while_waiting = strike, lambda shown: kills.note(seen.saved, shown)
    try:
        try:
            seen.said = person.write(SENTENCE).said
        finally:  # whoever is stuck leaves a sound machine to the next fault
            if struck:
                fault.ends(machine, camera)
        machine.until(lambda: not struck or fault.is_over(machine), f"the end of {fault.name}", BACK_LIMIT_S)
        machine.settle(BACK_LIMIT_S)
        seen.came = bool(struck) and fault.came(machine)
        seen.hit = fault.hit(machine) if struck and fault.hit else None
        with suppress(NotThere):
            machine.until(lambda: _is_kept(person, seen, record, earlier), "the record", RECORD_LIMIT_S)
    except (Stuck, NotThere) as error:
        seen.error = error
    finally:
        person.when_lit, person.while_waiting = lambda act: None, lambda shown: None
    found = machine.dead_units() if seen.error else unsteady(machine.units(), before, fault.restarts)
    return judged(fault.name, seen, decisions(record)[earlier:], found)


def _is_kept(person: Person, seen: Seen, record: Path, earlier: int) -> bool:
    """Whether the sentence is in the record; what the screen says meanwhile is seen."""
    person.see()
    return not _unkept(seen, decisions(record)[earlier:])


def _unkept(seen: Seen, kept: Sequence[m.Decision]) -> list[str]:
    """That the record does not end with what was said, if so."""
    if kept and kept[-1].action is m.Action.SPEAK and kept[-1].said == seen.said:
        return []
    return [f"{seen.said!r} was spoken, and the record ends with {kept[-1].text_after if kept else None!r}"]


def judged(name: str, seen: Seen, kept: Sequence[m.Decision], found: Sequence[str]) -> Outcome:
    """What came of a fault: `kept` is in the record since, `found` is not as it should be of the units."""
    lost = kills.lost(seen.saved[1:], kept)
    if seen.error:
        return Outcome(
            name,
            "; ".join((str(seen.error), *seen.told)),
            misquoted=seen.is_misquoted,
            stuck=isinstance(seen.error, Stuck),
            dead_units=len(found),
            lost=tuple(lost),
            hit=seen.hit,
        )
    wrong = seen.told + ([] if seen.came else ["it never came"])
    why_not = "; ".join((*wrong, *found, *kills.doubled(kept)))
    lost += _unkept(seen, kept)
    return Outcome(
        name, why_not, misquoted=seen.is_misquoted, dead_units=len(found), lost=tuple(lost), hit=seen.hit
    )
