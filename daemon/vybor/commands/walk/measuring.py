"""What the walk with a person can measure by itself while the kit runs: pictures, gestures, sound, power, heat."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.commands import asking, status
from vybor.contracts import messages as m
from vybor.doctor import board, listening, supervised
from vybor.doctor.machine import Machine
from vybor.foundation.errors import VyborError
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings

LEAST_OF_RATE = 0.8
"""So much of the camera's rate must arrive."""
OLDEST_LOOK_MS = 150.0
"""From capture to publication, the median."""
LEAST_SEEN = 0.9
"""Of the looks: in so many the eyes must be seen."""
LEAST_DOUBLE_BLINKS = 4
"""Of five that were asked for."""
LONGEST_START_S = 60.0
SPOKEN = {"en": "This is the voice of the kit.", "ru": "Это голос прибора."}


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, in words, and whether it is good enough. None: it could not be measured here."""

    good: bool | None
    words: str


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The kit and the machine that are measured."""

    places: Places
    settings: Settings
    machine: Machine
    listen_s: float = 10.0
    """How long pictures are counted."""
    gesture_s: float = 30.0
    patience_s: float = 60.0
    """How long a trouble, or its end, is waited for."""


Measure = Callable[[Bench], Measured]


def all_processes(bench: Bench) -> Measured:
    """Whether every process answers and has no trouble."""
    found = status.gather(bench.places, bench.machine)
    ill = [faring.process for faring in found.processes if not faring.is_well]
    if found.exit_code == status.NOT_RUNNING:
        return Measured(good=False, words="the kit does not run")
    return Measured(good=not ill, words=f"not well: {', '.join(ill)}" if ill else "every process is well")


def looks(bench: Bench) -> Measured:
    """How many looks a second arrive, how old they are, and how often eyes are seen."""
    heard = list(listening.overhear(bench.places.runtime, (m.Gaze,), bench.machine.clock, bench.listen_s))
    seen = [(each.arrived_ns, each.message) for each in heard if isinstance(each.message, m.Gaze)]
    if not seen:
        return Measured(good=False, words="no look arrived")
    rate = len(seen) / bench.listen_s
    ages_ms = sorted((arrived_ns - look.at_ns) / 1e6 for arrived_ns, look in seen)
    median_ms, slow_ms = ages_ms[len(ages_ms) // 2], ages_ms[len(ages_ms) * 95 // 100]
    share = sum(look.eyes is not m.Eyes.ABSENT for _, look in seen) / len(seen)
    good = rate >= LEAST_OF_RATE * bench.settings.gaze.hz and median_ms <= OLDEST_LOOK_MS and share >= LEAST_SEEN
    words = (
        f"{rate:.1f} looks a second of {bench.settings.gaze.hz:g}, {median_ms:.0f} ms old (95 of 100 under "
        f"{slow_ms:.0f} ms), eyes seen in {share:.0%}"
    )
    return Measured(good=good, words=words)


def double_blinks(bench: Bench) -> Measured:
    """How many double blinks the headband notices."""
    return _gestures(bench, m.GestureKind.DOUBLE_BLINK)


def clenches(bench: Bench) -> Measured:
    """How many clenches the headband notices."""
    return _gestures(bench, m.GestureKind.CLENCH)


def _gestures(bench: Bench, kind: m.GestureKind) -> Measured:
    heard = listening.overhear(bench.places.runtime, (m.Gesture,), bench.machine.clock, bench.gesture_s)
    counted = sum(isinstance(each.message, m.Gesture) and each.message.kind is kind for each in heard)
    words = f"{counted} noticed in {bench.gesture_s:.0f} s"
    return Measured(good=counted >= LEAST_DOUBLE_BLINKS, words=words)


def still(bench: Bench) -> Measured:
    """Whether the headband keeps quiet while nobody means anything."""
    heard = listening.overhear(bench.places.runtime, (m.Gesture,), bench.machine.clock, bench.gesture_s)
    false = sum(
        isinstance(each.message, m.Gesture) and each.message.kind is not m.GestureKind.BLINK for each in heard
    )
    return Measured(good=false == 0, words=f"{false} gestures in {bench.gesture_s:.0f} s that nobody made")


def camera_gone(bench: Bench) -> Measured:
    """How soon the kit says that the camera is gone."""
    return _until(bench, "gaze", _has(m.Trouble.CAMERA_MISSING, m.Trouble.CAMERA_STOPPED), "the loss was said")


def camera_back(bench: Bench) -> Measured:
    """How soon the kit sees again."""
    gone = _has(m.Trouble.CAMERA_MISSING, m.Trouble.CAMERA_STOPPED)
    return _until(bench, "gaze", lambda health: not gone(health), "it sees again")


def headband_gone(bench: Bench) -> Measured:
    """How soon the kit says that the headband is gone."""
    gone = _has(m.Trouble.HEADBAND_MISSING, m.Trouble.HEADBAND_STOPPED)
    return _until(bench, "headband", gone, "the loss was said")


def headband_back(bench: Bench) -> Measured:
    """How soon the headband is heard again."""
    gone = _has(m.Trouble.HEADBAND_MISSING, m.Trouble.HEADBAND_STOPPED)
    return _until(bench, "headband", lambda health: not gone(health), "it is heard again")


def _has(*troubles: m.Trouble) -> Callable[[m.Health], bool]:
    return lambda health: any(notice.trouble in troubles for notice in health.troubles)


def _until(bench: Bench, process: str, holds: Callable[[m.Health], bool], words: str) -> Measured:
    clock = bench.machine.clock
    began_ns = clock.now_ns()
    for each in listening.overhear(bench.places.runtime, (m.Health,), clock, bench.patience_s):
        if isinstance(each.message, m.Health) and each.message.process == process and holds(each.message):
            return Measured(good=True, words=f"{words} after {(each.arrived_ns - began_ns) / 1e9:.0f} s")
    return Measured(good=False, words=f"nothing of the kind within {bench.patience_s:.0f} s")


def screens(bench: Bench) -> Measured:
    """Which displays are plugged in, and in which mode."""
    found = []
    for connector in sorted(bench.machine.at("/sys/class/drm").glob("card*-*")):
        place = f"/sys/class/drm/{connector.name}"
        if bench.machine.text(f"{place}/status").strip() == "connected":
            modes = bench.machine.text(f"{place}/modes").split()
            found.append(f"{connector.name.partition('-')[2]} {modes[0] if modes else 'without a mode'}")
    return Measured(good=bool(found), words=", ".join(found) or "no display is plugged in")


def sentence(bench: Bench) -> Measured:
    """Has the voice say a sentence, and tells whether it took it."""
    language = bench.settings.language.value
    try:
        with asking.reached("voice", "carer", bench.places.runtime, bench.machine.clock) as voice:
            say = m.Say(request=voice.new_request(), text=SPOKEN[language], language=language)
            voice.told(say, patience_s=bench.listen_s)
    except VyborError as error:
        return Measured(good=False, words=str(error))
    return Measured(good=True, words="the voice took it")


def power_and_heat(bench: Bench) -> Measured:
    """How warm the board is, and whether it ever lacked power since the start."""
    findings = [*board.heat(bench.machine), *board.power(bench.machine)]
    if not findings:
        return Measured(good=None, words="this board tells neither heat nor power")
    degrees = board.temperature_c(bench.machine)
    good = not board.throttled(bench.machine) and (degrees is None or degrees < board.TOO_HOT_C)
    return Measured(good=good, words="; ".join(finding.text for finding in findings))


def start_time(bench: Bench) -> Measured:
    """How long after the machine's start the last process was ready (systemd only)."""
    units = supervised.ask(bench.machine)
    ready = {unit.process: unit.started_ns / 1e9 for unit in units if unit.active == "active"}
    if not ready:
        return Measured(good=False, words="systemd does not run the kit here: it does not start with the power")
    last = max(ready, key=lambda process: ready[process])
    good = ready[last] <= LONGEST_START_S and len(ready) == len(units)
    return Measured(good=good, words=f"{len(ready)} of {len(units)} ready; {last} after {ready[last]:.0f} s")


def memory(bench: Bench) -> Measured:
    """What each process holds in memory."""
    held = {each.process: each.memory_mb for each in status.gather(bench.places, bench.machine).processes}
    known = {name: size for name, size in held.items() if size is not None}
    if not known:
        return Measured(good=None, words="no process tells")
    words = ", ".join(f"{name} {size} MB" for name, size in known.items())
    return Measured(good=True, words=f"{sum(known.values())} MB in all: {words}")


def saved(bench: Bench) -> Measured:
    """Whether the screen says that everything is saved."""
    said = status.gather(bench.places, bench.machine).saving
    return Measured(good=said is m.Saving.SAVED, words=f"the kit says: {said or 'nothing'}".replace("_", " "))


def restarts(bench: Bench) -> Measured:
    """How often systemd has started each process again."""
    units = supervised.ask(bench.machine)
    if not units:
        return Measured(good=None, words="systemd does not run the kit here")
    again = [f"{unit.process} {unit.restarts}" for unit in units if unit.restarts]
    well = all(unit.active == "active" for unit in units)
    return Measured(
        good=well, words=f"started again: {', '.join(again) or 'none'}; all run: {'yes' if well else 'no'}"
    )


def disk_writes(bench: Bench) -> Measured:
    """Whether the disk that holds the record was written to without errors (the kernel's count)."""
    errors = [
        f"{path.parent.name} {count}"
        for path in sorted(bench.machine.at("/sys/fs/ext4").glob("*/errors_count"))
        if (count := _count(bench.machine, path))
    ]
    return Measured(good=not errors, words=f"errors of the file system: {', '.join(errors) or 'none'}")


def _count(machine: Machine, path: Path) -> int:
    text = machine.text(str(path.relative_to(machine.root))).strip()
    return int(text) if text.isdecimal() else 0
