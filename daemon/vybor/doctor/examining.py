"""Everything that is looked at, one after another, and what it comes to."""

from collections.abc import Callable
from pathlib import Path

from vybor.doctor import board, fitting, hearing, listening, rooms, supervised, tracking
from vybor.doctor.findings import Findings, Mark, ok, trouble
from vybor.doctor.machine import Machine
from vybor.foundation import settings_reading
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings


def examine(places: Places, file: Path | None, machine: Machine, say: Callable[[str], object] = print) -> int:
    """Say every finding and what they come to; returns 1 if something must be mended, else 0."""
    findings = list(findings_of(places, file, machine))
    for finding in findings:
        say(f"{finding.mark:8} {finding.text}")
    troubles = sum(finding.mark is Mark.TROUBLE for finding in findings)
    say("")
    say(f"{troubles} to mend" if troubles else "nothing to mend")
    return 1 if troubles else 0


def findings_of(places: Places, file: Path | None, machine: Machine) -> Findings:
    """All findings, in the order in which a person would mend them."""
    read, understood = read_settings(file)
    told: set[str] = set()
    for finding in _of_the_machine(places, file, read, understood, machine):
        if finding.mark is Mark.TROUBLE:
            told.add(finding.text.partition(":")[0])
        yield finding
    yield from listening.running(listening.listen(places.runtime, listening.LISTEN_S), places.runtime, told)


def _of_the_machine(
    places: Places, file: Path | None, read: Settings, understood: Findings, machine: Machine
) -> Findings:
    """All that is found without asking the kit itself."""
    yield from understood
    yield from board.what_it_is(machine)
    yield from board.packages(machine)
    yield from rooms.packages(read, machine)
    units = supervised.ask(machine)
    yield from supervised.settings_readable(file, units, machine)
    yield from rooms.folders(places, by_systemd=bool(units))
    yield from rooms.model(places, read)
    yield from rooms.provider(read.generator, machine)
    yield from rooms.words(places, read)
    yield from rooms.camera(places, read.gaze, machine)
    yield from tracking.eyetracker(read, machine, by_systemd=bool(units))
    yield from rooms.headband(read.headband, machine)
    yield from rooms.choosing(read.gaze, read.commit)
    yield from fitting.fitted_there(places, read)
    yield from hearing.sound(places, read, machine)
    yield from rooms.fonts(machine)
    yield from board.keeper(machine)
    yield from board.memory_limits(machine)
    yield from board.power(machine)
    yield from board.heat(machine)
    yield from board.restarts_itself(machine)
    yield from supervised.kept_running(units, machine.clock.now_ns())


def read_settings(file: Path | None) -> tuple[Settings, Findings]:
    """The settings with the defaults in place of what is wrong with them, and a finding for each wrong line."""
    read = settings_reading.understood(file)
    if not read.problems:
        return read.settings, iter((ok(f"settings: {file or 'none are set'}; every line is understood"),))
    return read.settings, iter([trouble(f"settings: {sentence}") for sentence in read.problems])
