"""From frames to samples: with a Daisy, two frames make one sample of sixteen channels at 125 Hz. Pure.

Frames with an even counter are the Daisy's, each is followed by one of the Cyton's own, whose counter is odd. Each
is the mean of the two samples up to it, so the Daisy's channels are 4 ms older. BrainFlow puts the same together.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.headband.devices.cyton.frames import CHANNELS, COUNTER_MODULO, Frame, microvolts
from vybor.headband.port import Microvolts

PAIRS_MODULO = COUNTER_MODULO // 2


class Samples(msgspec.Struct, frozen=True):
    """Samples in the order in which they were taken."""

    counters: tuple[int, ...]
    """Of each sample; a jump says how many are lost."""
    microvolts: Microvolts
    """Channels x samples."""


def single(frames: Sequence[Frame]) -> Samples:
    """Without a Daisy each frame is a sample."""
    return Samples(tuple(frame.counter for frame in frames), microvolts(frames))


def paired(half: Frame | None, frames: Sequence[Frame]) -> tuple[Frame | None, Samples]:
    """Put the Cyton's frames to the Daisy's; `half` is a frame of the Daisy whose other is still to come.

    Where one of the two was lost, its eight channels are not a number.
    """
    pairs: list[tuple[int, Frame | None, Frame | None]] = []
    for frame in frames:
        of_daisy = frame.counter % 2 == 0
        if half is not None and (of_daisy or place_of(half) != place_of(frame)):
            pairs.append((place_of(half), None, half))
            half = None
        if of_daisy:
            half = frame
        else:
            pairs.append((place_of(frame), frame, half))
            half = None
    own_side = _side([own for _, own, _ in pairs])
    daisy_side = _side([daisy for _, _, daisy in pairs])
    return half, Samples(tuple(place for place, _, _ in pairs), np.vstack([own_side, daisy_side]))


def place_of(frame: Frame) -> int:
    """The counter of the sample that a frame is a half of, up to PAIRS_MODULO."""
    return frame.counter // 2


def _side(frames: list[Frame | None]) -> Microvolts:
    """Eight channels x samples."""
    side = np.full((CHANNELS, len(frames)), np.nan, np.float32)
    there = [place for place, frame in enumerate(frames) if frame is not None]
    if there:
        side[:, there] = microvolts([frame for frame in frames if frame is not None])
    return side
