"""The Cyton's bytes made into frames: cut, found again after corrupt bytes, in the order of their counters. Pure.

A frame has 33 bytes: 0xA0, a counter, eight numbers of 24 bits, six bytes of accelerometer, 0xC0 to 0xCF. It has
no checksum, so what can be known of its wholeness is where it begins and ends, whether another follows at once,
and whether its counter fits.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.headband.devices import ordering
from vybor.headband.port import Microvolts

BEGIN = 0xA0
END = 0xC0
"""The upper half of the last byte; the lower says what the six bytes before it are."""
FRAME_BYTES = 33
CHANNELS = 8
COUNTER_MODULO = 256
FULL_SCALE_MICROVOLTS = 4.5 / 24 * 1e6
"""The ADS1299 with its reference of 4.5 V, at the gain of 24 that the board has after a reset."""
MICROVOLTS_PER_COUNT = FULL_SCALE_MICROVOLTS / (2**23 - 1)


class Frame(msgspec.Struct, frozen=True):
    """One frame as it came."""

    counter: int
    channels: bytes
    """Eight numbers of 24 bits, the most significant byte first."""


class Received(msgspec.Struct, frozen=True):
    """What is known between two readings of the port, and what was lost so far."""

    held: bytes = b""
    """The beginning of a frame, less than two frames long."""
    is_locked: bool = False
    """Whether a frame ended where `held` begins. If not, two frames in a row must be found first."""
    last: int | None = None
    """The counter of the last frame that was let through."""
    waiting: Frame | None = None
    """A frame whose counter jumped: the next one tells whether the counter is true."""
    junk_bytes: int = 0
    """Bytes that belonged to no frame."""
    odd_frames: int = 0
    """Frames that were left out because they came again, or because their counter fits neither neighbour."""


def parse(received: Received, arrived: bytes) -> tuple[Received, tuple[Frame, ...]]:
    """Take in bytes, however they are cut; returns the frames that are known to be in their place by now."""
    received, cut = _cut(received, received.held + arrived)
    come = [received.waiting, *cut] if received.waiting else cut
    decided = ordering.passed(received.last, [frame.counter for frame in come], COUNTER_MODULO)
    known = msgspec.structs.replace(
        received,
        last=decided.last,
        waiting=come[-1] if decided.waits else None,
        odd_frames=received.odd_frames + len(come) - len(decided.places) - decided.waits,
    )
    return known, tuple(come[place] for place in decided.places)


def microvolts(frames: Sequence[Frame]) -> Microvolts:
    """What the electrodes felt, channels x frames."""
    raw = np.frombuffer(b"".join(frame.channels for frame in frames), np.uint8)
    parts = raw.reshape(len(frames), CHANNELS, 3).astype(np.int32)
    counts = (parts[..., 0] << 24 | parts[..., 1] << 16 | parts[..., 2] << 8) >> 8  # the shift keeps the sign
    scaled: Microvolts = (counts.T * MICROVOLTS_PER_COUNT).astype(np.float32)
    return scaled


def _cut(received: Received, data: bytes) -> tuple[Received, list[Frame]]:
    """The whole frames in these bytes, and where the next one may begin."""
    frames: list[Frame] = []
    place, junk, is_locked = 0, 0, received.is_locked
    while True:
        if is_locked and _is_frame(data, place):
            frames.append(Frame(data[place + 1], data[place + 2 : place + 2 + 3 * CHANNELS]))
            place += FRAME_BYTES
            continue
        if is_locked and len(data) - place <= FRAME_BYTES:
            break
        is_locked = False
        found = _first_of_two(data, place)
        junk += found - place
        place = found
        if len(data) - place < 2 * FRAME_BYTES:
            break
        is_locked = True
    known = msgspec.structs.replace(
        received, held=data[place:], is_locked=is_locked, junk_bytes=received.junk_bytes + junk
    )
    return known, frames


def _is_frame(data: bytes, place: int) -> bool:
    """Whether a whole frame lies here, and another begins behind it: else it may hold bytes of that one."""
    after = place + FRAME_BYTES
    return after < len(data) and data[place] == data[after] == BEGIN and data[after - 1] & 0xF0 == END


def _first_of_two(data: bytes, place: int) -> int:
    """Where two frames follow each other, or could once more bytes have come.

    One alone is not believed: numbers may hold the byte with which a frame begins, and another 32 bytes later.
    """
    while (place := data.find(BEGIN, place)) >= 0:
        ends = (place + FRAME_BYTES - 1, place + 2 * FRAME_BYTES - 1)
        begins = place + FRAME_BYTES
        if all(end >= len(data) or data[end] & 0xF0 == END for end in ends) and (
            begins >= len(data) or data[begins] == BEGIN
        ):
            return place
        place += 1
    return len(data)
