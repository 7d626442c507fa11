"""A machine that a test furnishes: a folder for its files, and programs that print what they are told to."""

import shlex
from pathlib import Path

from vybor.doctor.machine import Machine
from vybor.foundation.clock import Clock, SystemClock


def bare(folder: Path, clock: Clock | None = None) -> Machine:
    """A machine with nothing on it, in a new folder."""
    for name in ("machine", "programs"):
        (folder / name).mkdir()
    return Machine(
        root=folder / "machine",
        search=str(folder / "programs"),
        has_module=lambda _: False,
        clock=clock or SystemClock(),
    )


def put(machine: Machine, path: str, text: str = "") -> None:
    """A file on the machine."""
    place = machine.at(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def install(machine: Machine, program: str, prints: str = "", ends_with: int = 0) -> None:
    """A program on the machine, which prints a text whatever it is asked."""
    path = Path(machine.search or "") / program
    path.write_text(f"#!/bin/sh\nprintf %s {shlex.quote(prints)}\nexit {ends_with}\n", encoding="utf-8")
    path.chmod(0o755)
