"""Whether the head moved: a blink that comes with it may be the electrodes'. Pure.

The gyroscope has an offset and a rate of its own; its samples may come a little later than those of the same time.
"""

import msgspec
import numpy as np

from vybor.headband.port import Chunk, Motion

TURNING_DEG_S = 40.0
"""A head that looks elsewhere turns at 50 to 200; one that breathes, talks or trembles at less than 20."""
OFFSET_S = 5.0
REMEMBERED_S = 4.0
AROUND_S = 0.15


class Head(msgspec.Struct, frozen=True):
    """When the head turned, by the index of the electrodes' samples."""

    offset: tuple[float, float, float] | None = None
    """What the gyroscope says on the whole, degrees a second; None: not known yet."""
    turns: tuple[tuple[float, float], ...] = ()
    """First and last moment of each turn, of the last seconds."""


def moved(head: Head, chunk: Chunk) -> Head:
    """Take in what a chunk tells of the head."""
    motion = chunk.motion
    if motion is None or not motion.gyro.shape[1]:
        return head
    turns = list(head.turns)
    offset = head.offset
    share = min(1.0, motion.period_ns / 1e9 / OFFSET_S)
    for place, gyro in enumerate(motion.gyro.T.astype(float)):
        if not np.isfinite(gyro).all():
            continue
        known = gyro if offset is None else np.array(offset)
        if float(np.linalg.norm(gyro - known)) >= TURNING_DEG_S:
            _add(turns, _index(chunk, motion, place), AROUND_S * 1e9 / chunk.period_ns)
        x, y, z = (known + share * (gyro - known)).tolist()
        offset = (x, y, z)
    oldest = chunk.end - REMEMBERED_S * 1e9 / chunk.period_ns
    return Head(offset, tuple(turn for turn in turns if turn[1] >= oldest))


def moved_between(head: Head, first: float, last: float, hz: float) -> bool:
    """Whether it turned between two samples, or a little before or after."""
    around = AROUND_S * hz
    return any(began <= last + around and ended >= first - around for began, ended in head.turns)


def _index(chunk: Chunk, motion: Motion, place: int) -> float:
    at_ns = motion.at_ns + place * motion.period_ns
    return chunk.first + (at_ns - chunk.at_ns) / chunk.period_ns


def _add(turns: list[tuple[float, float]], index: float, around: float) -> None:
    if turns and index - turns[-1][1] <= around:
        turns[-1] = (turns[-1][0], max(index, turns[-1][1]))
    else:
        turns.append((index, index))
