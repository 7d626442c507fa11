"""A systemd timer of this user, which syncs again and again."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError
from vybor_workshop.places import anywhere
from vybor_workshop.said import without_password

NAME = "vybor-sync"


def units(program: Sequence[str], every_s: int) -> dict[str, str]:
    """The two units, by the names of their files. Pure."""
    service = (
        "[Unit]\nDescription=Fetch what Vybor kits have written\n\n"
        f"[Service]\nType=oneshot\nExecStart={_command(program)}\nNice=10\n"
    )
    timer = (
        "[Unit]\nDescription=Fetch what Vybor kits have written, again and again\n\n"
        f"[Timer]\nOnStartupSec=60\nOnUnitInactiveSec={every_s}\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {f"{NAME}.service": service, f"{NAME}.timer": timer}


def _ourselves(environ: Mapping[str, str]) -> list[str]:
    """How these commands are started from anywhere: in a checkout with the paths that it was started with."""
    paths = environ.get("PYTHONPATH", "")
    absolute = os.pathsep.join(str(Path(path).absolute()) for path in paths.split(os.pathsep) if path)
    program = [sys.executable, "-m", "vybor_workshop"]
    return ["/usr/bin/env", f"PYTHONPATH={absolute}", *program] if absolute else program


def _command(program: Sequence[str]) -> str:
    """A command line as systemd reads it: a percent sign and a dollar mean something to it."""
    return shlex.join(program).replace("%", "%%").replace("$", "$$")


def _other_command(path: Path, text: str) -> str:
    """What a unit of that name runs by now, if that is something else."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    before = next((line.partition("=")[2] for line in lines if line.startswith("ExecStart=")), "")
    return before if f"ExecStart={before}\n" not in text else ""


def installed(parsed: argparse.Namespace) -> Iterator[str]:
    """Write the units and begin; say what was done. Another timer loses its place. Raises PlaceError."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    program = [*_ourselves(os.environ), "sync", *parsed.kits, "--home", str(parsed.home.absolute())]
    program += ["--data", anywhere(parsed.data)] if parsed.data else []
    program += ["--by", parsed.by] if parsed.by else []
    for name, text in units(program, parsed.every).items():
        if name.endswith(".service") and (before := _other_command(folder / name, text)):
            yield f"it takes the place of the one before: {without_password(before)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            small_files.write(folder / name, text, 0o600)  # --data may have a password
        except OSError as error:
            raise PlaceError(f"{folder / name} cannot be written ({error.strerror})") from None
        yield str(folder / name)
    begin = ["systemctl", "--user", "enable", "--now", f"{NAME}.timer"]
    try:
        subprocess.run(["systemctl", "--user", "daemon-reload"], check=True, capture_output=True)
        subprocess.run(begin, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield f"systemd does not listen to this user here; begin with: {shlex.join(begin)}"
    else:
        yield f"it runs every {parsed.every} s; end it with: systemctl --user disable --now {NAME}.timer"
