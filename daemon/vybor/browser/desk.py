"""What the two threads have in common: the server's, in which pages speak, and the loop of the bus.

One page at a time is the display, the one that came last: a phone that is gone for good must not keep another out.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest
from threading import Lock

import msgspec

from vybor.browser.talk import AnySaid
from vybor.foundation.clock import Clock

MOST_WAITING = 400
"""What a page says is read sixty times a second; one that floods the kit is let go."""


class Came(msgspec.Struct, frozen=True):
    """Something that the page said, and when the kit had it."""

    said: AnySaid
    got_ns: int


class Line(msgspec.Struct, frozen=True, eq=False):
    """The way to a page; both may be called by any thread."""

    send: Callable[[bytes], None]
    end: Callable[[int, str], None]


class Desk:
    """State behind a lock."""

    def __init__(self, clock: Clock, key: str) -> None:
        self._clock = clock
        self._key = key.encode()
        self._lock = Lock()
        self._line: Line | None = None
        self._came: list[Came] = []
        self._news = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    @property
    def news(self) -> int:
        """A file descriptor that is readable while there may be something to take."""
        return self._news

    # --- the server -------------------------------------------------------------------------------------------

    def opens(self, key: str) -> bool:
        """Whether that is the key."""
        return compare_digest(key.encode(), self._key)

    def come(self, line: Line, said: AnySaid) -> Line | None:
        """A page is the display from now on; returns the one that was."""
        with self._lock:
            before, self._line = self._line, line
            self._came = [Came(said, self._clock.now_ns())]
        self._wake()
        return before

    def said(self, line: Line, said: AnySaid) -> bool:
        """It says something; returns whether that was taken in."""
        with self._lock:
            if line is not self._line or len(self._came) >= MOST_WAITING:
                return False
            self._came.append(Came(said, self._clock.now_ns()))
        self._wake()
        return True

    def gone(self, line: Line) -> None:
        """It is gone."""
        with self._lock:
            if line is self._line:
                self._line = None
        self._wake()

    # --- the loop of the bus ----------------------------------------------------------------------------------

    def take(self) -> tuple[Line | None, list[Came]]:
        """The page that is there, and what it said since the last call."""
        with suppress(BlockingIOError):  # nothing new
            os.eventfd_read(self._news)
        with self._lock:
            came, self._came = self._came, []
            return self._line, came

    def close(self) -> None:
        """Let go of the descriptor."""
        os.close(self._news)

    def _wake(self) -> None:
        os.eventfd_write(self._news, 1)
