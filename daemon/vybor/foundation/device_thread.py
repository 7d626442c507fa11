"""A thread that has a device to itself: to find one, and to let go of it, takes seconds; the loop cannot wait."""

import contextlib
import os
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from vybor.foundation.clock import Clock, seconds

STUCK_NS = seconds(60)
"""Nothing that is asked of a device takes so long; its driver hangs, and only a new process helps."""

Sample = TypeVar("Sample")


class DeviceThread(ABC, Generic[Sample]):
    """Does one `turn` after another, and hands over what comes; a thread does, once it has begun."""

    def __init__(self, name: str, clock: Clock, patience_s: float) -> None:
        """`patience_s`: how long the end waits for the device to be let go of."""
        self._clock = clock
        self._patience_s = patience_s
        self._samples: queue.SimpleQueue[Sample] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._news = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._turned_ns = clock.now_ns()

    @abstractmethod
    def advance(self) -> float:
        """One round: open the device if it is time, take what it has. Returns seconds to wait. Raises nothing."""

    @abstractmethod
    def let_go(self) -> None:
        """Close the device, whatever state it is in."""

    @property
    def news(self) -> int:
        """A file descriptor that is readable while there may be something to take, or `tell` was called."""
        return self._news

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def turn(self) -> float:
        """One round; seconds to wait for the next."""
        self._turned_ns = self._clock.now_ns()
        return self.advance()

    def give(self, samples: Iterable[Sample]) -> None:
        """In the thread: hand these over."""
        for sample in samples:
            self._samples.put(sample)
        self.tell()

    def tell(self) -> None:
        """In the thread: say that something has changed."""
        os.eventfd_write(self._news, 1)

    def take(self) -> list[Sample]:
        """What has come since the last call."""
        with contextlib.suppress(BlockingIOError):  # nothing new
            os.eventfd_read(self._news)
        taken: list[Sample] = []
        with contextlib.suppress(queue.Empty):
            while True:
                taken.append(self._samples.get_nowait())
        return taken

    def has_died(self) -> bool:
        """Whether the thread was begun and is no more; its last words are in the log."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def hangs(self, now_ns: int) -> bool:
        """Whether a round takes too long to end."""
        return now_ns - self._turned_ns > STUCK_NS

    def end(self) -> None:
        """Let go of the device and end the thread, if it does not hang in the driver."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(self._patience_s)

    def _run(self) -> None:
        try:
            while not self._stop.wait(self.turn()):
                pass
        finally:
            self.let_go()
            self.tell()
