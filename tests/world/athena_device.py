"""A stand-in Muse S Athena: one made of samples whose amplitude tells which they are, and one from a recording.

The recording is a file of `ISO time <tab> UUID <tab> hex` lines, as a real Athena's notifications were kept.
"""

from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from world.bluetooth_device import Characteristic, Notified
from world.muse_device import CONTROL, MOTION_HZ, MOTION_SAMPLES, Muse, axes, uuid

HZ = 256
DATA, DATA_TOO = uuid("0013"), uuid("0014")
EEG_TAG, MOTION_TAG, BATTERY_TAG = 0x12, 0x47, 0x98
SAMPLES, PLACES = 2, 8
"""In a block of electrodes."""
BLOCKS = 4
"""Of electrodes in a packet."""
STEPS = (37, 39, 41, 43, 45, 47, 49, 51)
MICROVOLTS = 1450.0 / 16383.0
G, DEGREES_A_SECOND = 1 / 16384, -0.007476806640625


def codes(first: int, count: int) -> NDArray[np.int64]:
    """What the converter says of the samples from `first` on: samples x 8 places, 0 to 16383."""
    return np.asarray((np.arange(first, first + count)[:, None] * np.array(STEPS) + 911 * np.arange(8)) % 16_384)


def microvolts(first: int, count: int) -> NDArray[np.float64]:
    """The same of the four electrodes, 4 x samples."""
    return np.asarray((codes(first, count).T[:4] - 8192) * MICROVOLTS)


class Athena(Muse):
    """Commands as a Muse; measurements in packets of blocks, all by one characteristic."""

    starts = "dc001"

    def __init__(self, address: str, name: str = "MuseS-A7E4", speed: float = 1.0) -> None:
        super().__init__(address, name, first_counter=65_500, speed=speed)
        self.characteristics = (
            Characteristic(CONTROL, ("read", "write-without-response", "notify")),
            *(Characteristic(one, ("notify",)) for one in (DATA, DATA_TOO)),
        )
        self.presets = ("p21", "p1034", "p1041")

    def due(self, now_ns: int) -> list[Notified]:
        """The packets that are full by now."""
        said: list[Notified] = []
        while self.began_ns and (self._packet + 1) * BLOCKS * SAMPLES <= self._elapsed_s(now_ns) * HZ:
            said.append((DATA, self._next()))
        return said

    def _next(self) -> bytes:
        first, self._packet = self._packet * BLOCKS, self._packet + 1
        made_s = self._packet * BLOCKS * SAMPLES / HZ
        blocks = [(EEG_TAG, block, electrodes(block)) for block in range(first, first + BLOCKS)]
        while (self._motion + 1) * MOTION_SAMPLES <= made_s * MOTION_HZ:
            blocks.append((MOTION_TAG, self._motion, moved(self._motion)))
            self._motion += 1
        if self._told * 10 <= made_s:
            blocks.append((BATTERY_TAG, self._told, round(self.percent * 512).to_bytes(2, "little") + bytes(18)))
            self._told += 1
        return packet((self._counter + self._packet) % 65_536, 1_733_000_000_000 + round(made_s * 1000), blocks)


def electrodes(block: int) -> bytes:
    """Fourteen bits of each place, sample after sample, least bit first."""
    values = codes(block * SAMPLES, SAMPLES).ravel()
    bits = (values[:, None] >> np.arange(14)) & 1
    return np.packbits(bits.ravel().astype(np.uint8), bitorder="little").tobytes()


def moved(block: int) -> bytes:
    """Accelerometer and gyroscope, three samples."""
    first = block * MOTION_SAMPLES
    both = [axes(first, MOTION_SAMPLES, gyro=False), axes(first, MOTION_SAMPLES, gyro=True)]
    return np.hstack(both).astype("<i2").tobytes()


def packet(counter: int, made_ms: int, blocks: list[tuple[int, int, bytes]]) -> bytes:
    """One packet: the first block's head is in its own."""
    tag, count, payload = blocks[0]
    body = bytes([tag, count % 256, 0, 1, 0]) + payload
    body += b"".join(bytes([tag, count % 256, 0, 1, 0]) + payload for tag, count, payload in blocks[1:])
    head = counter.to_bytes(2, "little") + made_ms.to_bytes(6, "little")
    return bytes([1 + len(head) + len(body)]) + head + body


class RecordedAthena(Athena):
    """What a real one said, over and over."""

    def __init__(self, address: str, name: str, recording: Path) -> None:
        super().__init__(address, name)
        self._said = said_in(recording)
        self._place = 0

    def due(self, now_ns: int) -> list[Notified]:
        """What was said by this time after the first."""
        said: list[Notified] = []
        while self.began_ns and self._place < len(self._said):
            after_s, one = self._said[self._place]
            if after_s > self._elapsed_s(now_ns):
                break
            said.append(one)
            self._place += 1
        return said


def said_in(recording: Path) -> list[tuple[float, Notified]]:
    """Seconds after the first, and what was said."""
    rows = [line.split("\t") for line in recording.read_text(encoding="ascii").splitlines()]
    times = [datetime.fromisoformat(row[0]) for row in rows]
    return [
        ((at - times[0]).total_seconds(), (row[1], bytes.fromhex(row[2])))
        for at, row in zip(times, rows, strict=True)
    ]
