"""How far something is, for whoever waits."""

import sys
from collections.abc import Callable

from vybor.foundation.clock import Clock, seconds

QUIET_S = 2.0
"""What takes longer says how far it is."""


class Progress:
    """Says how far something is, once it has taken a while, and then every so often."""

    def __init__(self, what: str, clock: Clock, say: Callable[[str], None], unit: str = "") -> None:
        self._what = what
        self._clock = clock
        self._say = say
        self._unit = unit
        self._said_ns = clock.now_ns()

    def __call__(self, done: int, whole: int) -> None:
        """So much of it is done."""
        now_ns = self._clock.now_ns()
        if now_ns - self._said_ns > seconds(QUIET_S):
            self._said_ns = now_ns
            self._say(f"{self._what}: {done} of {whole}{self._unit}")


def on_stderr(line: str) -> None:
    """One line, at once, and not among what the command was asked for."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
