"""The heartbeat: tells systemd that a process is ready, and feeds its watchdog from the working loop."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from vybor.foundation.errors import Missing

EVERY_S = 5.0
"""Well below a quarter of the limit of any unit."""


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


@contextmanager
def beating(beat: Callable[[], None], most_s: float, every_s: float = EVERY_S) -> Iterator[None]:
    """Beat from a thread while one call of a library holds the loop, and tells nothing of how far it is.

    No longer than `most_s`, which is what the call may take at most: what hangs is ended all the same.
    """
    is_over = threading.Event()

    def go_on() -> None:
        for _ in range(int(most_s / every_s)):
            if is_over.wait(every_s):
                return
            beat()

    thread = threading.Thread(target=go_on, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


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


def is_kept(environ: Mapping[str, str]) -> bool:
    """Whether systemd or supervisor (`vybor up`) started this process, and starts it again when it ends."""
    return "NOTIFY_SOCKET" in environ or "SUPERVISOR_ENABLED" in environ


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
