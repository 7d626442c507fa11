"""A stand-in OpenBCI Ganglion with firmware 3: samples whose amplitude tells which they are. Pure.

https://docs.openbci.com/Ganglion/GanglionDataFormat: after `b` packets of 20 bytes, whose first says 100 to 199
for 19 bits a sample: two samples of four channels, the most significant bits of 24 and once more the sign.
"""

import numpy as np
from numpy.typing import NDArray

from world.bluetooth_device import Characteristic, Notified

HZ = 200
SAMPLES = 2
"""In a packet."""
SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"
SAYS = "2d30c082-f39f-4ce6-923f-3484ea480596"
HEARS = "2d30c083-f39f-4ce6-923f-3484ea480596"
SOFTWARE = "00002a28-0000-1000-8000-00805f9b34fb"
MICROVOLTS = 1.2 / (8388607.0 * 1.5 * 51.0) * 1e6
"""A step of the 24 bits: its reference of 1.2 V, its gains of 1.5 and 51."""
STEPS = (3701, 3903, 4101, 4303)


def codes(first: int, count: int) -> NDArray[np.int64]:
    """Nineteen signed bits of which the last says nothing, samples x 4."""
    return np.asarray((np.arange(first, first + count)[:, None] * np.array(STEPS)) % 2**18 - 2**17) * 2


def microvolts(first: int, count: int) -> NDArray[np.float64]:
    """The same in microvolts, 4 x samples."""
    return np.asarray(codes(first, count).T * 32 * MICROVOLTS)


class Ganglion:
    """It streams after `b` until `s`."""

    service = SERVICE

    def __init__(self, address: str, name: str = "Ganglion-58f3", speed: float = 1.0) -> None:
        self.name, self.address = name, address
        self.characteristics: tuple[Characteristic, ...] = (
            Characteristic(SOFTWARE, ("read",)),
            Characteristic(SAYS, ("notify",)),
            Characteristic(HEARS, ("write-without-response",)),
        )
        self.commands: list[str] = []
        self.began_ns = 0
        self._speed = speed
        self._packet = 0

    def written(self, uuid: str, value: bytes, now_ns: int) -> list[Notified]:
        """Obey."""
        command = value.decode("ascii", "replace")
        self.commands.append(command)
        if command == "b":
            self.began_ns, self._packet = now_ns, 0
        elif command == "s":
            self.began_ns = 0
        return []

    def read(self, uuid: str) -> bytes:
        """Its firmware."""
        return b"3.0.2" if uuid == SOFTWARE else b""

    def due(self, now_ns: int) -> list[Notified]:
        """The packets that are full by now."""
        said: list[Notified] = []
        elapsed = (now_ns - self.began_ns) / 1e9 * self._speed * HZ
        while self.began_ns and (self._packet + 1) * SAMPLES <= elapsed:
            said.append((SAYS, packet(self._packet)))
            self._packet += 1
        return said

    def left(self) -> None:
        """Stop."""
        self.began_ns = 0


def packet(number: int) -> bytes:
    """A number from 100 to 199, and eight times nineteen bits, most significant first."""
    values = codes(number * SAMPLES, SAMPLES).ravel()
    values = values | (values < 0)
    bits = (values[:, None] >> np.arange(18, -1, -1)) & 1
    return bytes([100 + number % 100]) + np.packbits(bits.ravel().astype(np.uint8)).tobytes()
