"""The machine as the doctor sees it: files, programs, modules, time. Everything is read and nothing is written."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.foundation.clock import Clock, SystemClock

PROGRAM_LONGEST_S = 20.0
"""A program that takes longer hangs; what it would have said is left out."""


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at beside the kit's own folders."""

    root: Path = Path("/")
    search: str | None = None
    """Where programs are looked for; None: where the shell does."""
    has_module: Callable[[str], bool] = _has_module
    clock: Clock = msgspec.field(default_factory=SystemClock)

    def at(self, path: str) -> Path:
        """A place on the machine."""
        return self.root / path.lstrip("/")

    def has_program(self, name: str) -> bool:
        """Whether a program can be started by this name."""
        return shutil.which(name, path=self.search) is not None

    def text(self, path: str) -> str:
        """The text of a file; empty if it cannot be read."""
        try:
            return self.at(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def said_by(self, name: str, *arguments: str) -> str:
        """What a program prints, in English; empty if it is not there, fails or hangs."""
        program = shutil.which(name, path=self.search)
        if program is None:
            return ""
        try:
            done = subprocess.run(
                [program, *arguments],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"},
                timeout=PROGRAM_LONGEST_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
