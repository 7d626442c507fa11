"""The thread that has the headband to itself (foundation/device_thread.py)."""

from vybor.foundation.clock import Clock
from vybor.foundation.device_thread import DeviceThread
from vybor.headband.boards import Board
from vybor.headband.devices import link as linking
from vybor.headband.devices.link import Link, Phase
from vybor.headband.port import Chunk, Found, Headband, HeadbandAway, HeadbandMissing, HeadbandStopped, OnBattery

PATIENCE_S = 6.0
"""Letting go of a Bluetooth headband takes up to four seconds."""


class Acquisition(DeviceThread[Chunk]):
    """Connects, reads, notices silence, lets go, tries again."""

    def __init__(self, headband: Headband, clock: Clock, why: str = "") -> None:
        super().__init__("headband", clock, PATIENCE_S)
        self._headband = headband
        self._tells_battery = headband if isinstance(headband, OnBattery) else None
        self.why = why
        """Why this driver speaks with it."""
        self.found: tuple[Board, str] | None = None
        """What it is and how it was found, where that shows only now."""
        self.link = Link()
        """How it stands, replaced whole by the thread."""
        self.battery: float | None = None
        """In percent, where the headband tells it."""

    @property
    def headband(self) -> Headband:
        """What it connects to."""
        return self._headband

    def check(self, now_ns: int) -> None:
        """Raises HeadbandStopped if the thread has died, or hangs in the driver."""
        if self.has_died():
            raise HeadbandStopped("the headband's thread has ended; its last words are in the log")
        if self.hangs(now_ns):
            raise HeadbandStopped("the headband's driver hangs; the process must be started anew")

    def advance(self) -> float:
        """Connect if it is time, take samples, notice silence."""
        before = self.link
        try:
            self._connect_or_read()
        except HeadbandAway as error:
            self._headband.stop()
            self.link = linking.away(self.link, str(error), self._clock.now_ns())
        except (HeadbandMissing, HeadbandStopped) as error:
            self._part(str(error))
        if self.link.trouble is not before.trouble:
            self.tell()
        return linking.wait_s(self.link, self._clock.now_ns())

    def let_go(self) -> None:
        """Stop the headband."""
        self._headband.stop()

    def _connect_or_read(self) -> None:
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
            self.give(chunks)
        elif linking.is_silent(self.link, self._clock.now_ns()):
            self._part(linking.SILENT)

    def _part(self, why: str) -> None:
        self._headband.stop()
        self.link = linking.parted(self.link, why, self._clock.now_ns())
