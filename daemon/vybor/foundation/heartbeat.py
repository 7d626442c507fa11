"""The heartbeat: tells systemd that a process is ready, and feeds its watchdog from the working loop."""

import os
from collections.abc import Callable, Mapping
from typing import Protocol

from vybor.foundation.errors import Missing


class Heartbeat(Protocol):
    """What a loop says of itself."""

    def ready(self) -> None:
        """The process does its work from now on."""
        ...

    def beat(self, now_ns: int) -> None:
        """One more turn of the loop is done."""
        ...

    def stopping(self) -> None:
        """The process ends of its own will."""
        ...


class NoHeartbeat:
    """Nobody listens: the process was not started by systemd."""

    def ready(self) -> None:
        """Say nothing."""

    def beat(self, now_ns: int) -> None:
        """Say nothing."""

    def stopping(self) -> None:
        """Say nothing."""


class SystemdHeartbeat:
    """sd_notify(3): READY, WATCHDOG at a quarter of the unit's limit, STOPPING."""

    def __init__(self, notify: Callable[[str], object], watchdog_ns: int) -> None:
        self._notify = notify
        self._every_ns = watchdog_ns // 4
        self._last_ns: int | None = None

    def ready(self) -> None:
        """Say READY=1."""
        self._notify("READY=1")

    def beat(self, now_ns: int) -> None:
        """Say WATCHDOG=1 when a quarter of the limit has passed since the last time."""
        if self._every_ns and (self._last_ns is None or now_ns - self._last_ns >= self._every_ns):
            self._last_ns = now_ns
            self._notify("WATCHDOG=1")

    def stopping(self) -> None:
        """Say STOPPING=1."""
        self._notify("STOPPING=1")


def heartbeat(environ: Mapping[str, str]) -> Heartbeat:
    """The heartbeat for this process's surroundings; raises Missing if systemd listens and nothing can speak."""
    if "NOTIFY_SOCKET" not in environ:
        return NoHeartbeat()
    try:
        import systemd.daemon  # noqa: PLC0415  (only under systemd, where the distribution has it)
    except ImportError:
        raise Missing(
            "systemd started this process but Python's systemd module is missing; install python3-systemd"
        ) from None
    watched = environ.get("WATCHDOG_PID") in (None, str(os.getpid()))
    return SystemdHeartbeat(systemd.daemon.notify, int(environ.get("WATCHDOG_USEC", "0")) * 1000 if watched else 0)
