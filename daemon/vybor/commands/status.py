"""`vybor status`: one screen that says how the kit fares: systemd's word for it, and its own."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from vybor import supervision
from vybor.commands.fits import places as standing_places
from vybor.contracts import messages as m
from vybor.contracts.complaints import NO_COMPLAINT
from vybor.doctor import listening, supervised
from vybor.doctor.machine import Machine
from vybor.doctor.rooms import FULL_BELOW_MB, nearest, words_alone
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.places import LONGEST_RUNTIME, Places
from vybor.foundation.version import version
from vybor.generator.grown import worn_now
from vybor.generator.network import bundle

WELL, TROUBLE, NOT_RUNNING = 0, 1, 3
"""Exit codes, as systemctl has them."""
OVERHEAR_S = 1.0
NOBODY = "nobody"


class Faring(msgspec.Struct, frozen=True, kw_only=True):
    """How one process fares."""

    process: str
    answers: bool
    """Whether it is heard on the bus."""
    systemd: supervised.Unit | None
    memory_mb: int | None
    troubles: tuple[m.Notice, ...] = ()

    @property
    def is_well(self) -> bool:
        """It runs, and has nothing to complain of; a call for help is no complaint, nor is a new model."""
        kept = self.systemd is None or self.systemd.active == "active"
        return self.answers and kept and all(notice.trouble in NO_COMPLAINT for notice in self.troubles)


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """What gaze says."""

    eyes: m.Eyes
    per_s: float
    age_ms: float
    """From capture to arrival, the median."""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How the kit fares. What is None was not said. Nothing here is what the wearer writes."""

    version: str
    kept_by: str
    """`systemd`, `supervisor` or `nobody`."""
    runtime: str
    may_listen: bool
    processes: tuple[Faring, ...]
    free_mb: int
    model: str | None
    model_speaks: tuple[str, ...] | None = None
    """Its languages; None: that is not known of the model that answers."""
    saving: m.Saving | None = None
    language: str | None = None
    looks: Looks | None = None
    tracker: m.Tracker | None = None
    """What gives them, where that is not the kit's own camera or a pointer."""
    standing: m.Standing | None = None
    """Where Undo and Speak stand."""
    headband: m.Worn | None = None
    """What it is, what speaks with it and why, its battery, and how it sits."""
    engaged: m.Engaged | None = None
    """What it says of its wearer; None: none is worn."""
    vitals: m.Vitals | None = None
    """Battery, heat, and what is saved for their sake."""

    @property
    def exit_code(self) -> int:
        """0: all is well; 1: something is wrong; 3: the kit does not run."""
        if not any(
            faring.answers or (faring.systemd and faring.systemd.active == "active") for faring in self.processes
        ):
            return NOT_RUNNING
        well = all(faring.is_well for faring in self.processes)
        room = self.free_mb >= FULL_BELOW_MB and self.saving is not m.Saving.NOT_SAVING
        return WELL if well and room else TROUBLE


def gather(places: Places, machine: Machine, for_s: float = OVERHEAR_S) -> Status:
    """Ask systemd or supervisor, and listen to the kit for a moment."""
    units = {unit.process: unit for unit in supervised.ask(machine)}
    heard = listening.listen(places.runtime, listening.LISTEN_S)
    up = _is_up(places.runtime)
    kept = (*units, *(supervision.programs(places.runtime) if up else ()))
    speaking = [name for name, health in heard.items() if health or not kept]  # a socket may be left from before
    names = list(dict.fromkeys((*kept, *speaking)))
    overheard = list(
        listening.overhear(
            places.runtime,
            (m.Gaze, m.Tracker, m.Screen, m.Proposals, m.Worn, m.Engaged, m.Vitals),
            machine.clock,
            for_s if heard else 0,
        )
    )
    model, speaks = _model(places, overheard)
    screen = next((each.message for each in reversed(overheard) if isinstance(each.message, m.Screen)), None)
    return Status(
        version=version(),
        kept_by="systemd"
        if any(unit.active == "active" for unit in units.values())
        else "supervisor"
        if up
        else NOBODY,
        runtime=str(places.runtime),
        may_listen=not listening.may_not_enter(places.runtime),
        processes=tuple(_faring(name, heard.get(name), units.get(name), machine) for name in names),
        free_mb=shutil.disk_usage(nearest(places.state)).free // 1_000_000,
        model=model,
        model_speaks=speaks,
        saving=screen.saving if screen else None,
        language=screen.language if screen else None,
        looks=_looks(overheard, for_s),
        tracker=next((each.message for each in reversed(overheard) if isinstance(each.message, m.Tracker)), None),
        standing=screen.standing if screen else None,
        headband=next((each.message for each in reversed(overheard) if isinstance(each.message, m.Worn)), None),
        engaged=next((each.message for each in reversed(overheard) if isinstance(each.message, m.Engaged)), None),
        vitals=next((each.message for each in reversed(overheard) if isinstance(each.message, m.Vitals)), None),
    )


def _faring(name: str, health: m.Health | None, unit: supervised.Unit | None, machine: Machine) -> Faring:
    memory_mb = unit.memory_mb if unit else None
    if memory_mb is None and health is not None:
        memory_mb = resident_mb(machine, health.pid)
    return Faring(
        process=name,
        answers=health is not None,
        systemd=unit,
        memory_mb=memory_mb,
        troubles=health.troubles if health else (),
    )


def resident_mb(machine: Machine, pid: int) -> int | None:
    """The memory of a process; None if it is gone."""
    for line in machine.text(f"/proc/{pid}/status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 // 1_000_000
    return None


def _looks(overheard: Sequence[listening.Overheard], for_s: float) -> Looks | None:
    looks = [(each.arrived_ns, each.message) for each in overheard if isinstance(each.message, m.Gaze)]
    if not looks:
        return None
    ages_ms = sorted((arrived_ns - look.at_ns) / 1e6 for arrived_ns, look in looks)
    fresh = sum(
        age_ms <= for_s * 1000 for age_ms in ages_ms
    )  # who begins to listen hears the last one, however old
    return Looks(
        eyes=looks[-1][1].eyes,
        per_s=round(fresh / for_s, 1),
        age_ms=round(ages_ms[len(ages_ms) // 2], 1),
    )


def _model(places: Places, overheard: Sequence[listening.Overheard]) -> tuple[str | None, tuple[str, ...] | None]:
    """The model that answers, else the one that is to be loaded; and its languages, if they can be told."""
    answering = (each.message.model for each in reversed(overheard) if isinstance(each.message, m.Proposals))
    heard = next(filter(None, answering), None)
    place = worn_now.in_use(places).place
    try:
        written = (place / bundle.MANIFEST).read_bytes()
        manifest = msgspec.json.decode(written, type=bundle.Manifest)
        there = bundle.Bundle(folder=place, manifest=manifest).identity
    except (OSError, KeyError, *NOT_UNDERSTOOD):
        return heard, None
    if heard and not heard.startswith(there):  # the kit runs with another folder than this command was told
        return heard, None
    return heard or there, manifest.languages


def _is_up(runtime: Path) -> bool:
    return len(os.fsencode(runtime)) <= LONGEST_RUNTIME and supervision.is_up(runtime)


# --- the screen -----------------------------------------------------------------------------------------------


def shown(status: Status) -> Iterator[str]:
    """The status in lines for a person."""
    if status.exit_code == NOT_RUNNING:
        yield f"vybor {status.version}: the kit does not run in {status.runtime}"
    else:
        keeper = f"kept running by {status.kept_by}" if status.kept_by != NOBODY else "run by hand"
        yield f"vybor {status.version}: {keeper}, sockets in {status.runtime}"
    if not status.may_listen:
        yield "this user may not listen to the kit: use sudo, or join the group (sudo adduser $USER vybor)"
    for faring in status.processes:
        if status.exit_code == NOT_RUNNING and faring.systemd is None:
            continue
        yield from _process_lines(faring, may_listen=status.may_listen)
    yield _row("model", status.model or "none")
    speaks = status.model_speaks
    if status.language and speaks is not None and (unspoken := words_alone(status.language, speaks)):
        yield _row("", f"{unspoken} (deploy/docs/russian.md)")
    yield _row("disk", f"{status.free_mb} MB free{'' if status.free_mb >= FULL_BELOW_MB else ': too little'}")
    if status.saving:
        yield _row("text", status.saving.value.replace("_", " "))
    if status.standing:
        yield _row("places", standing_places.line(status.standing))
    yield from _bodies(status)
    if tracker := status.tracker:
        left_out = f"; {tracker.skipped} lines or samples were no look" if tracker.skipped else ""
        yield _row("looks by", f"{tracker.what}{left_out}")
    if looks := status.looks:
        yield _row("eyes", _eyes(looks))


SAVES: dict[m.Thrift, str] = {
    m.Thrift.NOTHING: "nothing is saved",
    m.Thrift.FRAMES: "saves looks: ten a second at most",
    m.Thrift.CANDIDATES: "saves looks (ten a second at most) and words of the model (few, and none ahead)",
    m.Thrift.MODEL: "saves looks (ten a second at most); the model rests",
    m.Thrift.WORDS: "saves looks (ten a second at most); the model rests; phrases come first",
}


def _power(vitals: m.Vitals) -> str:
    """Battery, heat and thrift in a line."""
    words = []
    if vitals.battery_percent is not None:
        words.append(f"battery {vitals.battery_percent} %{', and nothing else' if vitals.is_discharging else ''}")
    if vitals.temperature_c is not None:
        words.append(f"{vitals.temperature_c} °C")
    return "; ".join([*words, SAVES[vitals.thrift]])


def _bodies(status: Status) -> Iterator[str]:
    """The kit's own, the headband's, and the wearer's."""
    if status.vitals:
        yield _row("power", _power(status.vitals))
    if status.headband:
        yield from _worn(status.headband)
    if status.engaged:
        yield _row("engagement", _engaged(status.engaged))


def _worn(worn: m.Worn) -> Iterator[str]:
    if worn.driver:
        why = f" ({worn.why})" if worn.why else ""
        yield _row("worn", f"a {worn.board}, by {worn.driver}{why}")
    if worn.battery is not None:
        yield _row("battery", f"{worn.battery:.0f} %")
    for place, each in enumerate(worn.electrodes):
        yield _row("" if place else "electrodes", f"{each.at.replace('_', ' ')}: {each.state}")


def _engaged(told: m.Engaged) -> str:
    if told.z is None:
        what = "not known (electrodes, muscle or blinks, or too little was seen of this wearer: a few minutes)"
    else:
        what = f"{told.z:+.1f} deviations from what is usual of the wearer"
    return f"{what}; drowsy, by alpha" if told.drowsy else what


def _eyes(looks: Looks) -> str:
    if not looks.per_s:
        return f"no look arrives; the last one is {looks.age_ms / 1000:.0f} s old"
    many = "look" if looks.per_s == 1 else "looks"
    return f"{looks.eyes}; {looks.per_s:g} {many} a second, {looks.age_ms:.0f} ms old"


def _process_lines(faring: Faring, *, may_listen: bool) -> Iterator[str]:
    unit = faring.systemd
    silent = "silent" if may_listen else "not known"
    words = ["well" if faring.is_well else "trouble" if faring.answers else silent]
    if unit and unit.active != "active":
        words = [f"{unit.active} ({unit.sub}, {unit.result})"]
    if faring.memory_mb is not None:
        words.append(f"{faring.memory_mb} MB")
    if unit and unit.restarts:
        words.append(f"restarts: {unit.restarts}")
    yield _row(faring.process, ", ".join(words))
    for notice in faring.troubles:
        yield _row("", f"{notice.trouble}: {notice.detail}" if notice.detail else f"{notice.trouble}")


def _row(name: str, words: str) -> str:
    return f"{name:10} {words}"
