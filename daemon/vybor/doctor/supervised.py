"""What systemd says of the kit's units. Where the kit is not installed as units there is nothing to say."""

import os
from pathlib import Path

import msgspec

from vybor import unit_files, units
from vybor.doctor.findings import Finding, Findings, note, ok, trouble
from vybor.doctor.machine import Machine
from vybor.processes import PROCESSES, Process

ASKED = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "Result",
    "NRestarts",
    "MemoryCurrent",
    "WatchdogUSec",
    "WatchdogTimestampMonotonic",
    "ActiveEnterTimestampMonotonic",
)
FLAPPING_RESTARTS = 3
SETTLED_S = 600
"""A unit that has started again and again, and last less than so long ago, is not well yet."""
UNLIMITED = 2**63
"""systemd writes no memory figure as 2^64 - 1."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of the kit."""

    process: str
    load: str
    """`loaded`, `not-found`, `masked`, …"""
    active: str
    """`active`, `activating`, `inactive`, `failed`, …"""
    sub: str
    result: str
    """How it last ended: `success`, `watchdog`, `oom-kill`, `exit-code`, …"""
    restarts: int
    memory_mb: int | None
    watchdog_s: float
    """0: systemd does not watch it."""
    started_ns: int
    """Since when it is ready (CLOCK_MONOTONIC); 0: it is not."""
    beat_ns: int
    """When it last said that it works (CLOCK_MONOTONIC)."""


def ask(machine: Machine) -> tuple[Unit, ...]:
    """The kit's units that this machine has; none where there is no systemd or no unit."""
    names = [units.name_of(row) for row in PROCESSES]
    said = machine.said_by("systemctl", "show", f"--property={','.join(ASKED)}", *names)
    read = (_unit(block) for block in said.split("\n\n") if block.strip())
    return tuple(unit for unit in read if unit.load == "loaded")


def _unit(block: str) -> Unit:
    facts = dict(line.partition("=")[::2] for line in block.splitlines())
    memory = _number(facts.get("MemoryCurrent", ""))
    return Unit(
        process=facts.get("Id", "").removeprefix("vybor-").removesuffix(".service"),
        load=facts.get("LoadState", ""),
        active=facts.get("ActiveState", ""),
        sub=facts.get("SubState", ""),
        result=facts.get("Result", ""),
        restarts=_number(facts.get("NRestarts", "")) or 0,
        memory_mb=None if memory is None or memory >= UNLIMITED else memory // 1_000_000,
        watchdog_s=_seconds(facts.get("WatchdogUSec", "")),
        started_ns=(_number(facts.get("ActiveEnterTimestampMonotonic", "")) or 0) * 1000,
        beat_ns=(_number(facts.get("WatchdogTimestampMonotonic", "")) or 0) * 1000,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


SPAN_S = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "us": 1e-6}


def _seconds(span: str) -> float:
    """A time span as systemctl prints it (`1min 30s`); 0 for none and for what is no span."""
    total = 0.0
    for part in span.split():
        number = part.rstrip("abcdefghijklmnopqrstuvwxyz")
        unit = SPAN_S.get(part[len(number) :])
        if unit is None or not number.replace(".", "", 1).isdecimal():
            return 0.0
        total += float(number) * unit
    return total


def settings_readable(file: Path | None, found: tuple[Unit, ...], machine: Machine) -> Findings:
    """Whether the user of each unit may read the settings; this user's own right says nothing of theirs."""
    if file is None:
        return
    known = {unit.process for unit in found}
    rows = [row for row in PROCESSES if row.name in known]
    shut_out = [row.name for row in rows if not _may_read(file, *_identity(row, machine))]
    if shut_out:
        yield trouble(
            f"settings: {file} may not be read by {', '.join(shut_out)}, which start with the defaults; "
            f"sudo chgrp {unit_files.GROUP} {file.parent} {file}; sudo chmod g+rx {file.parent}; "
            f"sudo chmod g+r {file}"
        )


def _identity(row: Process, machine: Machine) -> tuple[int, set[int]]:
    """The user's number and the groups' numbers with which a unit runs; -1 for what is not there."""
    passwd = (line.split(":") for line in machine.text("/etc/passwd").splitlines())
    users = {fields[0]: int(fields[2]) for fields in passwd if len(fields) > 3}
    group = (line.split(":") for line in machine.text("/etc/group").splitlines())
    groups = {fields[0]: int(fields[2]) for fields in group if len(fields) > 2}
    return users.get(unit_files.user_of(row), -1), {
        groups.get(name, -1) for name in (unit_files.GROUP, *row.groups)
    }


def _may_read(file: Path, user: int, groups: set[int]) -> bool:
    """Whether every folder above may be entered and the file be read, by their modes."""
    try:
        path = file.resolve()
        return all(_has(folder.stat(), user, groups, 1) for folder in path.parents) and _has(
            path.stat(), user, groups, 4
        )
    except (OSError, RuntimeError):  # told elsewhere: it cannot be read at all
        return True


def _has(there: os.stat_result, user: int, groups: set[int], right: int) -> bool:
    """A right (4 read, 1 enter): the owner's if it is the owner, else the group's, else that of others."""
    shift = 6 if there.st_uid == user else 3 if there.st_gid in groups else 0
    return bool(there.st_mode >> shift & right)


def kept_running(found: tuple[Unit, ...], now_ns: int) -> Findings:
    """Whether every unit runs, stays running and is watched."""
    if found and all(unit.active == "inactive" for unit in found):
        yield note(f"units: the kit is stopped; start it with `sudo systemctl start {unit_files.TARGET}`")
        return
    yield from (_fares(unit, now_ns) for unit in found)


def _fares(unit: Unit, now_ns: int) -> Finding:
    name = f"vybor-{unit.process}"
    see = f"see journalctl -e -u {name}"
    if unit.active != "active":
        return trouble(f"{name}: {unit.active} ({unit.result}); {see}, then `sudo systemctl restart {name}`")
    young = now_ns - unit.started_ns < SETTLED_S * 1_000_000_000
    if unit.restarts >= FLAPPING_RESTARTS and young:
        return trouble(f"{name}: it started again {unit.restarts} times and may do so once more; {see}")
    if not unit.watchdog_s:
        return trouble(f"{name}: systemd would not notice if it hung; write the unit anew (`vybor units`)")
    if unit.restarts:
        return note(f"{name}: it started again {_times(unit.restarts)}, and runs; {see}")
    return ok(f"{name}: systemd keeps it running")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
