"""The thread that has the headband to itself: connecting may take seconds, and the loop must not wait for it."""

import contextlib
import os
import queue
import threading

from vybor.foundation.clock import Clock, seconds
from vybor.headband.boards import Board
from vybor.headband.devices import link as linking
from vybor.headband.devices.link import Link, Phase
from vybor.headband.port import Chunk, Found, Headband, HeadbandAway, HeadbandMissing, HeadbandStopped, OnBattery

PATIENCE_S = 6.0
"""Letting go of a Bluetooth headband takes up to four seconds."""
STUCK_NS = seconds(60)
"""No driver searches or lets go for so long; this one hangs, and only a new process helps."""


class Acquisition:
    """Connects, reads, notices silence, lets go, tries again. `turn` is one round; `begin` runs it in a thread."""

    def __init__(self, headband: Headband, clock: Clock, why: str = "") -> None:
        self._headband = headband
        self._tells_battery = headband if isinstance(headband, OnBattery) else None
        self.why = why
        """Why this driver speaks with it."""
        self._clock = clock
        self._chunks: queue.SimpleQueue[Chunk] = queue.SimpleQueue()
        self.found: tuple[Board, str] | None = None
        """What it is and how it was found, where that shows only now."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="headband", daemon=True)
        self._news = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._turned_ns = clock.now_ns()
        self.link = Link()
        """How it stands, replaced whole by the thread."""
        self.battery: float | None = None
        """In percent, where the headband tells it."""

    @property
    def headband(self) -> Headband:
        """What it connects to."""
        return self._headband

    @property
    def news(self) -> int:
        """A file descriptor that is readable while there may be chunks to take, or a change of the link."""
        return self._news

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def check(self, now_ns: int) -> None:
        """Raises HeadbandStopped if the thread has died, or hangs in the driver."""
        if self._thread.ident is not None and not self._thread.is_alive():
            raise HeadbandStopped("the headband's thread has ended; its last words are in the log")
        if now_ns - self._turned_ns > STUCK_NS:
            raise HeadbandStopped("the headband's driver hangs; the process must be started anew")

    def take(self) -> list[Chunk]:
        """The chunks that have come since the last call."""
        with contextlib.suppress(BlockingIOError):  # nothing new
            os.eventfd_read(self._news)
        taken: list[Chunk] = []
        while True:
            try:
                taken.append(self._chunks.get_nowait())
            except queue.Empty:
                return taken

    def end(self) -> None:
        """Let go of the headband and end the thread, if it does not hang in the driver."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE_S)

    def turn(self) -> float:
        """One round: connect if it is time, take samples, notice silence. Returns seconds to wait."""
        before = self.link
        self._turned_ns = self._clock.now_ns()
        try:
            self._advance()
        except HeadbandAway as error:
            self._headband.stop()
            self.link = linking.away(self.link, str(error), self._clock.now_ns())
        except (HeadbandMissing, HeadbandStopped) as error:
            self._part(str(error))
        if self.link.trouble is not before.trouble:
            os.eventfd_write(self._news, 1)
        return linking.wait_s(self.link, self._clock.now_ns())

    def _advance(self) -> None:
        if self.link.phase is Phase.APART:
            if self._clock.now_ns() < self.link.retry_ns:
                return
            self._headband.start()
            self.link = linking.started(self.link, self._clock.now_ns())
            if isinstance(self._headband, Found) and self._headband.board:
                self.found = self._headband.board, self._headband.why
        if chunks := self._headband.read():
            self.link = linking.sampled(self._clock.now_ns())
            self.battery = self._tells_battery.battery() if self._tells_battery else None
            for chunk in chunks:
                self._chunks.put(chunk)
            os.eventfd_write(self._news, 1)
        elif linking.is_silent(self.link, self._clock.now_ns()):
            self._part(linking.SILENT)

    def _part(self, why: str) -> None:
        self._headband.stop()
        self.link = linking.parted(self.link, why, self._clock.now_ns())

    def _run(self) -> None:
        try:
            while not self._stop.wait(self.turn()):
                pass
        finally:
            self._headband.stop()
            os.eventfd_write(self._news, 1)
