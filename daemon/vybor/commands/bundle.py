"""`vybor bundle`: one file for who helps from afar. Never what the wearer writes, never looks, no names of people.

What goes in is listed below and nothing else is read: no journal database, no kept look, no message's text.
"""

import io
import os
import platform
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import IO

import msgspec

from vybor import units
from vybor.commands import status, wordless
from vybor.commands.settings import carer_may, keys
from vybor.doctor import board, examining
from vybor.doctor.machine import Machine
from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places
from vybor.foundation.version import version
from vybor.processes import PROCESSES

LONGEST_CHARACTERS = 4_000_000
"""Of a log, its end: what went wrong last is what is asked about."""
NOT_READ = "it is not there, or this user may not read it (sudo vybor bundle)"
KERNEL = re.compile(
    r"usb|volt|thrott|oom|out of memory|killed process|i/o error|ext4|mmc|v4l|uvc|camera|hci|bluetooth|watchdog",
    re.IGNORECASE,
)


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the members are made from."""

    places: Places
    file: Path | None
    machine: Machine


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the bundle."""

    name: str
    holds: str
    make: Callable[[Surroundings], str]


def _about(around: Surroundings) -> str:
    found = {"vybor": version(), "python": platform.python_version(), **board.facts(around.machine)}
    return "".join(f"{name}: {words}\n" for name, words in found.items())


def _doctor(around: Surroundings) -> str:
    findings = examining.findings_of(around.places, around.file, around.machine)
    return "".join(f"{finding.mark:8} {finding.text}\n" for finding in findings)


def _status(around: Surroundings) -> str:
    return "\n".join(status.shown(status.gather(around.places, around.machine))) + "\n"


def _settings(around: Surroundings) -> str:
    settings, findings = examining.read_settings(around.file)
    told = "".join(f"# {finding.text}\n" for finding in findings)
    own = f"# the wearer's own, and not here: {', '.join(carer_may.NOT_SHOWN)}\n"
    return told + own + "\n".join(keys.documented(settings, without=carer_may.NOT_SHOWN)) + "\n"


def _units(around: Surroundings) -> str:
    names = (units.name_of(row) for row in PROCESSES)
    return around.machine.said_by("systemctl", "status", "--no-pager", "--lines=0", "vybor.target") + (
        around.machine.said_by("systemctl", "show", "--no-pager", *names)
    )


def _log(around: Surroundings) -> str:
    asked = ("--output=json", f"--output-fields={','.join(wordless.ASKED)}")
    said = around.machine.said_by("journalctl", "--no-pager", "--all", *asked, "--since=-1day", "--unit=vybor-*")
    if not said:
        return f"no log: {NOT_READ}; where `vybor up` runs, the log is on its terminal\n"
    return "\n".join(wordless.ending(wordless.wordless(wordless.entries(said)), LONGEST_CHARACTERS)) + "\n"


def _kernel(around: Surroundings) -> str:
    machine = around.machine
    said = machine.said_by(
        "journalctl", "--no-pager", "--no-hostname", "--output=short-iso", "--dmesg", "--since=-1day"
    )
    lines = (said or machine.said_by("dmesg")).splitlines()
    if not lines:
        return f"no lines: {NOT_READ}\n"
    return "\n".join(wordless.ending(filter(KERNEL.search, lines), LONGEST_CHARACTERS)) + "\n"


def _packages(around: Surroundings) -> str:
    rows = [f"{name} {installed} {state}" for name, installed, state in board.debian_packages(around.machine)]
    wheels = sorted({f"{each.name} {each.version}" for each in metadata.distributions()}, key=str.lower)
    return "\n".join(("# dpkg", *rows, "# Python", *wheels)) + "\n"


def _disk(around: Surroundings) -> str:
    return around.machine.said_by("df", "--human-readable", "--local", "--print-type")


MEMBERS = (
    Member(name="about.txt", holds="versions, board, kernel", make=_about),
    Member(name="doctor.txt", holds="what `vybor doctor` says", make=_doctor),
    Member(name="status.txt", holds="what `vybor status` says", make=_status),
    Member(name="settings.toml", holds="the settings in force", make=_settings),
    Member(name="units.txt", holds="what systemd says of the kit's units", make=_units),
    Member(name="log.txt", holds="the units' log of the last day", make=_log),
    Member(name="kernel.txt", holds="the kernel's lines on USB, power, memory, disk, camera, radio", make=_kernel),
    Member(name="packages.txt", holds="versions of Debian and Python packages", make=_packages),
    Member(name="disk.txt", holds="how full the disks are", make=_disk),
)


def made(around: Surroundings) -> Iterator[tuple[Member, bytes]]:
    """Each member with its content, people's names taken out."""
    hide = hider(around.machine)
    for member in MEMBERS:
        yield member, hide(member.make(around)).encode()


def listed(members: list[tuple[Member, bytes]]) -> list[str]:
    """What is inside, in lines for a person."""
    return [f"{member.name:15} {len(content):>8} bytes  {member.holds}" for member, content in members]


def can_be_written(out: Path) -> None:
    """Whether there will be a place for it, asked before anything is gathered. Raises PlaceError."""
    try:
        if out.exists():
            raise PlaceError(f"{out} is there already; name another file with --out")
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise _no_place(out, error) from None


def write(out: Path, members: list[tuple[Member, bytes]]) -> None:
    """Write a .tar.gz that only its owner may read. Raises PlaceError, also if the file is there already."""
    can_be_written(out)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    except OSError as error:
        raise _no_place(out, error) from None
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            pack(opened, members)
        temporary.replace(out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _no_place(out, error) from None


def _no_place(out: Path, error: OSError) -> PlaceError:
    return PlaceError(f"{out} cannot be written ({error.strerror}); name another file with --out")


def pack(opened: IO[bytes], members: list[tuple[Member, bytes]]) -> None:
    """Write a .tar.gz into what is open, without ever going back in it. Raises OSError."""
    with tarfile.open(fileobj=opened, mode="w|gz") as tar:
        for member, content in members:
            entry = tarfile.TarInfo(f"vybor-bundle/{member.name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


# --- what is taken out ----------------------------------------------------------------------------------------


def hider(machine: Machine) -> Callable[[str], str]:
    """Takes out what names a person or their things: homes, log-in and full names, host, radio and serial ids."""
    rows = [line.split(":") for line in machine.text("/etc/passwd").splitlines()]
    people = [row for row in rows if len(row) > 5 and row[5].startswith("/home/")]
    names = {name for row in people for name in (row[0], row[4].split(",")[0], Path(row[5]).name)}
    host = machine.text("/etc/hostname").strip()
    kit = {row.name for row in PROCESSES} | {"vybor", "pi"}
    logins = [re.escape(name) for name in sorted(names - kit, key=len, reverse=True) if name]
    hidden = [
        (re.compile(r"/home/[^/\s\"':,;]+"), "/home/someone"),
        (re.compile(r"\b(?:[0-9A-Fa-f]{2}[:_]){5}[0-9A-Fa-f]{2}\b"), "(radio address)"),
        (re.compile(r"(?i)(serial ?(?:number)?\s*[:=]\s*)\S+"), r"\1(hidden)"),
    ]
    if logins:
        hidden.append((re.compile(rf"(?<![\w-])(?:{'|'.join(logins)})(?![\w-])"), "someone"))
    if host and host not in kit:
        hidden.append((re.compile(rf"(?<![\w-]){re.escape(host)}(?![\w-])"), "kit"))

    def hide(text: str) -> str:
        for pattern, instead in hidden:
            text = pattern.sub(instead, text)
        return text

    return hide
