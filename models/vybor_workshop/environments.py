"""Environments of other programs' Pythons, each in a folder of the cache that is named by what is in it.

The workstation itself has no torch: whoever needs it gets it here, the first time, and runs as a process.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.foundation.errors import PlaceError, VyborError
from vybor_workshop.materials import Say

Pins = tuple[tuple[str, ...], ...]


class NoEnvironment(VyborError):
    """An environment could not be made."""

    exit_code = 69  # EX_UNAVAILABLE


class Environment(msgspec.Struct, frozen=True):
    """What is installed into a Python of its own."""

    name: str
    pins: Pins
    """In this order, each group by itself: which torch pip finds is not decided by what comes after it."""

    def folder(self, cache: Path) -> Path:
        """Where it lies."""
        made_from = repr((sys.version_info[:2], self.pins)).encode()
        return cache / f"{self.name}-{hashlib.sha256(made_from).hexdigest()[:12]}"

    def is_there(self, cache: Path) -> bool:
        """Whether it was made."""
        return (self.folder(cache) / "ready").exists()

    def python(self, cache: Path, say: Say) -> Path:
        """Its Python; made the first time, which takes minutes. Raises NoEnvironment, PlaceError."""
        folder = self.folder(cache)
        python = folder / "bin" / "python"
        if self.is_there(cache):
            return python
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with (cache / f"{folder.name}.lock").open("w", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not self.is_there(cache):
                    self._make(folder, say)
        except OSError as error:
            raise PlaceError(
                f"the environment {folder} cannot be made ({error.strerror}); make room, or name another --cache"
            ) from None
        return python

    def _make(self, folder: Path, say: Say) -> None:
        venv.create(folder, with_pip=True, clear=True)
        for pins in self.pins:
            say(f"installing {', '.join(pins)}")
            command = [str(folder / "bin" / "pip"), "install", "-q", *pins]
            done = subprocess.run(command, env=alone(os.environ), capture_output=True, text=True, check=False)
            if done.returncode != 0:
                reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
                raise NoEnvironment(
                    f"pip could not install {', '.join(pins)} ({reason}); check the network and the room in "
                    f"{folder.parent}"
                )
        (folder / "ready").touch()


def alone(environ: Mapping[str, str]) -> dict[str, str]:
    """The surroundings of such a process: nothing of this Python's, no network, no bars of progress."""
    kept = {name: value for name, value in environ.items() if not name.startswith("PYTHON")}
    return kept | {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
