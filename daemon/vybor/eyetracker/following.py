"""The thread that has a source of points to itself: to find a stream takes seconds, and the loop must not wait."""

import contextlib
import os
import queue
import threading

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from vybor.points.source import PointSource, Spot, TrackerMissing, TrackerStopped

POLL_S = 0.02
FIRST_PAUSE_NS, LONGEST_PAUSE_NS = seconds(0.25), seconds(2)
"""Between two tries: what is started again is found within the second of them."""
STUCK_NS = seconds(60)
"""Nothing that is asked of a source takes so long; it hangs, and only a new process helps."""
PATIENCE_S = 4.0


class Link(msgspec.Struct, frozen=True):
    """How it stands between the kit and the source; replaced whole by the thread."""

    is_open: bool = False
    since_ns: int = 0
    """While open, since when: or the capture time of the newest look."""
    failures: int = 0
    """Since the last look."""
    retry_ns: int = 0
    trouble: m.Trouble | None = m.Trouble.TRACKER_MISSING
    """Missing until there are looks."""
    detail: str = "it is looked for"


def parted(link: Link, trouble: m.Trouble, why: str, now_ns: int) -> Link:
    """It is not there, or no longer; try again soon."""
    pause_ns = min(FIRST_PAUSE_NS << min(link.failures, 8), LONGEST_PAUSE_NS)
    return Link(failures=link.failures + 1, retry_ns=now_ns + pause_ns, trouble=trouble, detail=why)


class Following:
    """Opens a source, takes its looks, lets go, tries again. `turn` is one round; `begin` has a thread do it."""

    def __init__(self, source: PointSource, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._spots: queue.SimpleQueue[Spot] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="eyetracker", daemon=True)
        self._news = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._turned_ns = clock.now_ns()
        self.link = Link()

    @property
    def news(self) -> int:
        """A file descriptor that is readable while there may be looks to take, or a change of the link."""
        return self._news

    @property
    def source(self) -> PointSource:
        """What it follows."""
        return self._source

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def check(self, now_ns: int) -> None:
        """Raises TrackerStopped if the thread has died, or hangs in the source."""
        if self._thread.ident is not None and not self._thread.is_alive():
            raise TrackerStopped("the eye tracker's thread has ended; its last words are in the log")
        if now_ns - self._turned_ns > STUCK_NS:
            raise TrackerStopped(f"{self._source.told} hangs; the process must be started anew")

    def take(self) -> list[Spot]:
        """The looks that have come since the last call."""
        with contextlib.suppress(BlockingIOError):  # nothing new
            os.eventfd_read(self._news)
        taken: list[Spot] = []
        with contextlib.suppress(queue.Empty):
            while True:
                taken.append(self._spots.get_nowait())
        return taken

    def end(self) -> None:
        """Let go of the source and end the thread, if it does not hang."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE_S)

    def turn(self) -> float:
        """One round: open it if it is time, take looks. Returns seconds to wait."""
        before = self.link
        self._turned_ns = self._clock.now_ns()
        try:
            self._advance()
        except TrackerMissing as error:
            self._part(m.Trouble.TRACKER_MISSING, str(error))
        except TrackerStopped as error:
            self._part(m.Trouble.TRACKER_STOPPED, str(error))
        if (self.link.trouble, self.link.detail) != (before.trouble, before.detail):
            os.eventfd_write(self._news, 1)
        if self.link.is_open:
            return POLL_S
        return max(0.0, (self.link.retry_ns - self._clock.now_ns()) / 1e9)

    def _advance(self) -> None:
        if not self.link.is_open:
            if self._clock.now_ns() < self.link.retry_ns:
                return
            self._source.start()
            self.link = msgspec.structs.replace(self.link, is_open=True, since_ns=self._clock.now_ns())
        if spots := self._source.read():
            self.link = Link(is_open=True, since_ns=spots[-1].at_ns, trouble=None, detail="")
            for spot in spots:
                self._spots.put(spot)
            os.eventfd_write(self._news, 1)

    def _part(self, trouble: m.Trouble, why: str) -> None:
        self._source.stop()
        self.link = parted(self.link, trouble, why, self._clock.now_ns())

    def _run(self) -> None:
        try:
            while not self._stop.wait(self.turn()):
                pass
        finally:
            self._source.stop()
            os.eventfd_write(self._news, 1)
