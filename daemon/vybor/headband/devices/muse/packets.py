"""What the bytes of a Muse mean. Pure; whatever is no packet is `None`, and nothing raises.

No maker's document is known; this is what owners wrote down (muse-lsl, BrainFlow). Measurements are packets of 20
bytes that begin with a 16-bit counter; commands are ASCII with a length before them and a newline after.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

PACKET_BYTES = 20
COUNTERS = 65_536
SAMPLES = 12
"""In a packet of one electrode."""
MOTION_SAMPLES = 3
MICROVOLTS = 125.0 / 256.0
"""A step of the converter: 12 bits over 2 mV."""
MIDDLE = 2048
DEGREES_A_SECOND = 0.0074768
"""A step of the gyroscope: 16 bits over 490 degrees a second."""
G = 0.0000610352
"""A step of the accelerometer: 16 bits over 4 g."""
BATTERY_STEP = 512
"""In a percent."""
LONGEST_ANSWER = 1000
"""Characters; what goes on beyond that is no answer."""


def uuid(short: str) -> str:
    """The whole UUID of one of a Muse's characteristics."""
    return f"273e{short}-4c4d-454d-96be-f03bac821358"


SERVICE = "0000fe8d-0000-1000-8000-00805f9b34fb"
CONTROL = uuid("0001")
EEG = (uuid("0003"), uuid("0004"), uuid("0005"), uuid("0006"))
"""TP9, AF7, AF8, TP10: the order of the rows."""
GYRO, ACCEL, BATTERY = uuid("0009"), uuid("000a"), uuid("000b")
ATHENA, ATHENA_TOO = uuid("0013"), uuid("0014")
"""A Muse S Athena says everything here, in another language."""


class Moved(msgspec.Struct, frozen=True):
    """A packet of gyroscope or accelerometer."""

    counter: int
    axes: NDArray[np.float32]
    """3 x 3: axes x samples, in the sensor's unit."""


def command(text: str) -> bytes:
    """A command as the headband wants it: `v1` version, `p21` preset, `d` stream, `h` halt, `k` keep on."""
    return bytes([len(text) + 1]) + text.encode("ascii") + b"\n"


def counter_of(packet: bytes) -> int | None:
    """Which one in turn it is; None if it is cut short or too long to be a measurement."""
    return int.from_bytes(packet[:2], "big") if len(packet) == PACKET_BYTES else None


def microvolts(electrodes: Sequence[bytes]) -> NDArray[np.float32]:
    """Twelve samples of each electrode, electrodes x 12, from its packet."""
    payload = np.frombuffer(b"".join(electrodes), np.uint8).reshape(-1, PACKET_BYTES)[:, 2:]
    three = payload.reshape(len(electrodes), -1, 3).astype(np.int16)
    values = np.empty((len(electrodes), SAMPLES), np.int16)
    values[:, 0::2] = three[..., 0] << 4 | three[..., 1] >> 4
    values[:, 1::2] = (three[..., 1] & 15) << 8 | three[..., 2]
    return ((values - MIDDLE) * MICROVOLTS).astype(np.float32)


def moved(packet: bytes, step: float) -> Moved | None:
    """Three samples of three axes, `step` of a unit each; None if the packet is cut short or too long."""
    if (counter := counter_of(packet)) is None:
        return None
    axes = np.frombuffer(packet, ">i2", offset=2).reshape(MOTION_SAMPLES, 3).T
    return Moved(counter, (axes * step).astype(np.float32))


def battery(packet: bytes) -> float | None:
    """How full the battery is, in percent; None if the packet does not say so."""
    if len(packet) < 4:
        return None
    percent = int.from_bytes(packet[2:4], "big") / BATTERY_STEP
    return percent if percent <= 100 else None


class Answer(msgspec.Struct, frozen=True):
    """What a Muse answers to a command."""

    rc: int = 0
    """0: done; anything else: it does not do that."""
    fw: str = ""
    """Its firmware."""
    bp: float | None = None
    """How full its battery is, in percent."""


class Hearing(msgspec.Struct, frozen=True):
    """Answers come in pieces: a length, and so many characters of JSON."""

    begun: bytes = b""


def heard(hearing: Hearing, piece: bytes) -> tuple[Hearing, Answer | None]:
    """Take in a piece of an answer; returns the answer that it completes, if any."""
    if not piece or piece[0] >= len(piece):
        return Hearing(), None
    text = hearing.begun + piece[1 : piece[0] + 1]
    if not text.endswith(b"}"):
        return Hearing(text if len(text) < LONGEST_ANSWER else b""), None
    try:
        return Hearing(), msgspec.json.decode(text, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Hearing(), None
