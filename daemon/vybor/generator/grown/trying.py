"""The other side of the canary: starts it, waits without waiting, and ends it if it does not end."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.foundation.clock import seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.generator.grown.canary import Found

WITHIN_NS = seconds(240)
"""SmolLM2 takes some seconds; a small board that is busy with the person's own words takes longer."""
LARGEST_ANSWER = 65_536
WITHIN_NS_OF_A_MODEL = seconds(600)
"""Two are loaded, and the new one may be some times as large."""
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "HOME")


class Trying:
    """One look at one version."""

    def __init__(self, kind: Kind, paths: Sequence[Path], now_ns: int) -> None:
        """Start it; `paths` as the canary wants them. Raises OSError where no process can be made."""
        self._within_ns = WITHIN_NS_OF_A_MODEL if kind is Kind.MODEL else WITHIN_NS
        self._until_ns = now_ns + self._within_ns
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (read when the other process has ended)
        self._child = subprocess.Popen(
            [sys.executable, "-m", "vybor.generator.grown.canary", kind.value, *map(str, paths)],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )

    def fault(self, now_ns: int) -> str | None:
        """Why the version is not to be worn, empty if nothing speaks against it; None: it is still looked at."""
        code = self._child.poll()
        if code in (None, -signal.SIGTERM) and now_ns < self._until_ns:
            return None  # whoever switches the kit off asks each of its processes to end
        if code is None:
            self.close()
            return f"nothing came of trying it within {self._within_ns // seconds(1)} s"
        self._said.seek(0)
        said = self._said.read(LARGEST_ANSWER)
        self._said.close()
        return told(code, said)

    def close(self) -> None:
        """End it."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        self._said.close()


def told(code: int, said: bytes) -> str:
    """What is made of how it ended. Pure."""
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        want = ", for want of memory perhaps" if -code in (signal.SIGKILL, signal.SIGABRT) else ""
        return f"the process that tried it was ended ({name}{want})"
    if code:
        return f"the process that tried it failed (code {code})"
    try:
        return msgspec.json.decode(said, type=Found).fault
    except NOT_UNDERSTOOD:
        return "the process that tried it said nothing that can be understood"
