"""A stand-in Muse 2: its commands, its counters, and samples whose amplitude tells which sample they are. Pure.

As owners of the headband have written its protocol down (muse-lsl, BrainFlow): commands are ASCII with a length
before and a newline after, answers are JSON in pieces of 19 characters, measurements are packets of 20 bytes.
"""

import json

import numpy as np
from numpy.typing import NDArray

from world.bluetooth_device import Characteristic, Notified

HZ = 256
SAMPLES = 12
"""In a packet."""
MOTION_HZ = 52
MOTION_SAMPLES = 3
SERVICE = "0000fe8d-0000-1000-8000-00805f9b34fb"


def uuid(short: str) -> str:
    """The whole UUID of one of its characteristics."""
    return f"273e{short}-4c4d-454d-96be-f03bac821358"


CONTROL, GYRO, ACCEL, BATTERY = uuid("0001"), uuid("0009"), uuid("000a"), uuid("000b")
EEG = (uuid("0003"), uuid("0004"), uuid("0005"), uuid("0006"))
"""TP9, AF7, AF8, TP10."""
AUX = uuid("0007")
PPG = (uuid("000f"), uuid("0010"), uuid("0011"))
STEPS = (37, 39, 41, 43)
"""Odd, so that each of the 4096 values comes once in 4096 samples: a value tells which sample it is."""
GYRO_SCALE, ACCEL_SCALE = 0.0074768, 0.0000610352
BATTERY_EVERY_S = 2
"""Oftener than a real one, which says it every ten."""
PRESETS = ("p20", "p21", "p50", "p51", "p60", "p61")


def codes(channel: int, first: int, count: int) -> NDArray[np.int64]:
    """What the converter of a channel says of the samples from `first` on, 0 to 4095."""
    return np.asarray((np.arange(first, first + count, dtype=np.int64) * STEPS[channel] + 911 * channel) % 4096)


def microvolts(channel: int, first: int, count: int) -> NDArray[np.float64]:
    """The same in microvolts."""
    return np.asarray((codes(channel, first, count) - 2048) * 125.0 / 256.0, np.float64)


def axes(first: int, count: int, *, gyro: bool) -> NDArray[np.int64]:
    """What the gyroscope or the accelerometer says of the samples from `first` on, samples x 3."""
    steps = np.arange(first, first + count, dtype=np.int64)[:, None] * (7 if gyro else 5)
    return np.asarray((steps + np.array([0, 100, 200])) % 2000 - 1000, np.int64)


def packed(samples: NDArray[np.int64]) -> bytes:
    """Twelve bits each, two samples in three bytes."""
    pairs = samples.reshape(-1, 2)
    return b"".join(int(high << 12 | low).to_bytes(3, "big") for high, low in pairs)


class Muse:
    """A Muse 2. It streams after `d`, and says what it is asked."""

    service = SERVICE
    starts = "d"

    def __init__(
        self, address: str, name: str = "Muse-1A2B", first_counter: int = 65_500, speed: float = 1.0
    ) -> None:
        self.name, self.address = name, address
        self.characteristics = (
            Characteristic(CONTROL, ("read", "write-without-response", "notify")),
            *(Characteristic(one, ("notify",)) for one in (*EEG, AUX, GYRO, ACCEL, BATTERY, *PPG)),
        )
        self.commands: list[str] = []
        self.began_ns = 0
        self.percent = 87.5
        self.presets: tuple[str, ...] = PRESETS
        self.firmware = "1.2.13"
        self.sleeps_after_ns = 0
        """It stops if it is told nothing for so long; 0: it goes on."""
        self._counter = first_counter
        self._speed = speed
        self._packet = self._motion = self._told = 0
        self._heard_ns = 0

    def written(self, uuid: str, value: bytes, now_ns: int) -> list[Notified]:
        """Obey a command; anything else is not understood."""
        if uuid != CONTROL or len(value) < 2 or value[0] != len(value) - 1 or not value.endswith(b"\n"):
            return []
        command = value[1:-1].decode("ascii", "replace")
        self.commands.append(command)
        self._heard_ns = now_ns
        return [(CONTROL, piece) for piece in in_pieces(self._obey(command, now_ns))]

    def read(self, uuid: str) -> bytes:
        """Nothing of it is read."""
        return b""

    def due(self, now_ns: int) -> list[Notified]:
        """The packets that are full by now, in the order in which they became so."""
        if not self.began_ns:
            return []
        if self.sleeps_after_ns and now_ns - self._heard_ns > self.sleeps_after_ns:
            self.left()
            return []
        elapsed_s = self._elapsed_s(now_ns)
        said: list[Notified] = []
        while (self._packet + 1) * SAMPLES <= elapsed_s * HZ:
            said.extend(self._eeg())
        while (self._motion + 1) * MOTION_SAMPLES <= elapsed_s * MOTION_HZ:
            said.extend(self._moved())
        if self._told * BATTERY_EVERY_S <= elapsed_s:
            said.append((BATTERY, self._battery()))
        return said

    def left(self) -> None:
        """Stop."""
        self.began_ns = 0

    def _elapsed_s(self, now_ns: int) -> float:
        return (now_ns - self.began_ns) / 1e9 * self._speed

    def _obey(self, command: str, now_ns: int) -> dict[str, object]:
        if command == self.starts and not self.began_ns:
            self.began_ns = now_ns
            self._counter = (self._counter + self._packet) % 65_536
            self._packet = self._motion = self._told = 0
        elif command == "h":
            self.began_ns = 0
        elif command in ("v1", "v6"):
            return {"ap": "headset", "sp": "RevE", "tp": "consumer", "fw": self.firmware, "pv": 1, "rc": 0}
        elif command == "s":
            return {"hn": self.name, "bp": round(self.percent), "ps": 33, "rc": 0}
        elif command not in ("k", "L1", self.starts, *self.presets):
            return {"rc": 1}
        return {"rc": 0}

    def _eeg(self) -> list[Notified]:
        counter = ((self._counter + self._packet) % 65_536).to_bytes(2, "big")
        first, self._packet = self._packet * SAMPLES, self._packet + 1
        return [(one, counter + packed(self._codes(place, first))) for place, one in enumerate(EEG)]

    def _codes(self, place: int, first: int) -> NDArray[np.int64]:
        return codes(place, first, SAMPLES)

    def _moved(self) -> list[Notified]:
        counter = (self._motion % 65_536).to_bytes(2, "big")
        first, self._motion = self._motion * MOTION_SAMPLES, self._motion + 1
        return [
            (one, counter + axes(first, MOTION_SAMPLES, gyro=one == GYRO).astype(">i2").tobytes())
            for one in (ACCEL, GYRO)
        ]

    def _battery(self) -> bytes:
        self._told += 1
        words = (self._told, round(self.percent * 512), 1800, 3600, 25)
        return b"".join(word.to_bytes(2, "big") for word in words) + bytes(10)


class RestingMuse(Muse):
    """On somebody's head who does nothing: ten waves a second of ten microvolts, and a little noise."""

    def _codes(self, place: int, first: int) -> NDArray[np.int64]:
        turns = np.arange(first, first + SAMPLES) / HZ * 10 + place / 8
        noise = np.random.default_rng(first * 4 + place).normal(0, 8, SAMPLES)
        return np.asarray(np.round(2048 + 20 * np.sin(2 * np.pi * turns) + noise), np.int64)


def in_pieces(answer: dict[str, object]) -> list[bytes]:
    """JSON in packets of 20 bytes: how many characters count, the characters, nothing."""
    text = json.dumps(answer).encode()
    cut = [text[start : start + 19] for start in range(0, len(text), 19)]
    return [bytes([len(piece)]) + piece.ljust(19, b"\0") for piece in cut]
