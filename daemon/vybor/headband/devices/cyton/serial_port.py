"""A serial port with nobody else on it, by pyserial."""

import contextlib

import serial

from vybor.foundation.clock import Clock, seconds
from vybor.headband.port import HeadbandMissing, HeadbandStopped

BAUD = 115_200
POLL_S = 0.05
"""How long one look for an answer waits."""
WRITE_S = 2.0


class SerialPort:
    """An open port. Every method raises HeadbandStopped once it has gone."""

    def __init__(self, path: str, clock: Clock) -> None:
        """Raises HeadbandMissing if there is no such port, or if it is not ours to use."""
        self._path = path
        self._clock = clock
        try:
            self._port = serial.Serial(path, BAUD, timeout=POLL_S, write_timeout=WRITE_S, exclusive=True)
        except (OSError, ValueError) as error:
            raise HeadbandMissing(f"the serial port {path} {_reason(error)}") from None
        # its adapter hands bytes over every 16 ms otherwise; one that cannot do better is as good, only later
        with contextlib.suppress(OSError, ValueError):
            self._port.set_low_latency_mode(True)

    def arrived(self) -> bytes:
        """What has come since the last call, without waiting."""
        return self._read(0)

    def awaited(self) -> bytes:
        """What has come, or comes within POLL_S; nothing if nothing does."""
        return self._read(1)

    def answer(self, end: bytes, patience_s: float) -> bytes:
        """What comes until `end`, or for so long."""
        until_ns = self._clock.now_ns() + seconds(patience_s)
        heard = b""
        while end not in heard and self._clock.now_ns() < until_ns:
            heard += self.awaited()
        return heard

    def hush(self, patience_s: float) -> None:
        """Throw away what comes, until nothing more does or patience ends."""
        until_ns = self._clock.now_ns() + seconds(patience_s)
        while self.awaited() and self._clock.now_ns() < until_ns:
            pass

    def send(self, sent: bytes) -> None:
        """Send a command."""
        try:
            self._port.write(sent)
        except OSError as error:
            raise self._lost(error) from None

    def close(self) -> None:
        """Let go of the port."""
        with contextlib.suppress(OSError):  # it has gone already
            self._port.close()

    def _read(self, least: int) -> bytes:
        try:
            return bytes(self._port.read(max(least, self._port.in_waiting)))
        except OSError as error:
            raise self._lost(error) from None

    def _lost(self, error: OSError) -> HeadbandStopped:
        return HeadbandStopped(f"the serial port {self._path} has gone ({error}); plug the dongle in again")


def _reason(error: OSError | ValueError) -> str:
    """Why a port does not open, with the remedy."""
    number = getattr(error, "errno", None)
    if number in {2, 6, 19}:  # ENOENT, ENXIO, ENODEV
        return "is not there; plug the dongle in, or name its port in headband.serial_port"
    if number == 13:  # EACCES
        return "is not ours to open; join the group dialout (sudo adduser $USER dialout) and log in again"
    if number in {11, 16}:  # EAGAIN, EBUSY: somebody holds it
        return "is in use by another program; end that first"
    return f"cannot be opened ({error}); name the dongle's port in headband.serial_port"
