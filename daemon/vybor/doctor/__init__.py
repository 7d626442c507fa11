"""`vybor doctor`: looks at this machine and this kit, changes nothing, and says in words what to mend."""

from collections.abc import Callable
from pathlib import Path

from vybor.doctor import board, listening, rooms, supervised
from vybor.doctor.findings import Findings, Mark, ok, trouble
from vybor.doctor.machine import Machine
from vybor.foundation.errors import SettingsError
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings, load, problems


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
    settings, understood = read_settings(file)
    yield from understood
    yield from board.what_it_is(machine)
    yield from board.packages(machine)
    yield from rooms.packages(settings, machine)
    units = supervised.ask(machine)
    yield from rooms.folders(places, by_systemd=bool(units))
    yield from rooms.model(places)
    yield from rooms.provider(settings.generator, machine)
    yield from rooms.words(places, settings)
    yield from rooms.camera(places, settings.gaze, machine)
    yield from rooms.headband(settings.headband, machine)
    yield from rooms.sound(places, settings, machine)
    yield from rooms.fonts(machine)
    yield from board.keeper(machine)
    yield from board.memory_limits(machine)
    yield from board.power(machine)
    yield from board.heat(machine)
    yield from board.restarts_itself(machine)
    yield from supervised.kept_running(units, machine.clock.now_ns())
    yield from listening.running(listening.listen(places.runtime, listening.LISTEN_S), places.runtime)


def read_settings(file: Path | None) -> tuple[Settings, Findings]:
    """The settings, or the defaults in place of what is wrong with them, and a finding for each wrong line."""
    try:
        return load(file), iter((ok(f"settings: {file or 'none are set'}; every line is understood"),))
    except SettingsError as error:
        try:
            told = problems(file.read_text(encoding="utf-8"), str(file)) if file else ()
        except (OSError, UnicodeDecodeError):
            told = ()
        return Settings(), iter([trouble(f"settings: {sentence}") for sentence in told or (str(error),)])
