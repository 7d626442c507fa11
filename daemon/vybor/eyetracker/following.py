"""The thread that has a source of points to itself (foundation/device_thread.py)."""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.device_thread import DeviceThread
from vybor.points.source import PointSource, Spot, TrackerMissing, TrackerStopped

POLL_S = 0.02
FIRST_PAUSE_NS, LONGEST_PAUSE_NS = seconds(0.25), seconds(2)
"""Between two tries: what is started again is found within the second of them."""
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


class Following(DeviceThread[Spot]):
    """Opens a source, takes its looks, lets go, tries again."""

    def __init__(self, source: PointSource, clock: Clock) -> None:
        super().__init__("eyetracker", clock, PATIENCE_S)
        self._source = source
        self.link = Link()

    @property
    def source(self) -> PointSource:
        """What it follows."""
        return self._source

    def check(self, now_ns: int) -> None:
        """Raises TrackerStopped if the thread has died, or hangs in the source."""
        if self.has_died():
            raise TrackerStopped("the eye tracker's thread has ended; its last words are in the log")
        if self.hangs(now_ns):
            raise TrackerStopped(f"{self._source.told} hangs; the process must be started anew")

    def advance(self) -> float:
        """Open it if it is time, take looks."""
        before = self.link
        try:
            self._open_or_read()
        except TrackerMissing as error:
            self._part(m.Trouble.TRACKER_MISSING, str(error))
        except TrackerStopped as error:
            self._part(m.Trouble.TRACKER_STOPPED, str(error))
        if (self.link.trouble, self.link.detail) != (before.trouble, before.detail):
            self.tell()
        if self.link.is_open:
            return POLL_S
        return max(0.0, (self.link.retry_ns - self._clock.now_ns()) / 1e9)

    def let_go(self) -> None:
        """Stop the source."""
        self._source.stop()

    def _open_or_read(self) -> None:
        if not self.link.is_open:
            if self._clock.now_ns() < self.link.retry_ns:
                return
            self._source.start()
            self.link = msgspec.structs.replace(self.link, is_open=True, since_ns=self._clock.now_ns())
        if spots := self._source.read():
            self.link = Link(is_open=True, since_ns=spots[-1].at_ns, trouble=None, detail="")
            self.give(spots)

    def _part(self, trouble: m.Trouble, why: str) -> None:
        self._source.stop()
        self.link = parted(self.link, trouble, why, self._clock.now_ns())
