"""What a radio and a cable do to a Cyton's frames on their way. Pure but for the dice that are handed in."""

import random
from collections.abc import Iterable
from enum import StrEnum


class Fault(StrEnum):
    """What happens to some of the frames."""

    LOST = "lost"
    REPEATED = "repeated"
    TRUNCATED = "truncated"
    REORDERED = "reordered"
    FLIPPED = "flipped"
    """One bit is another one, anywhere in the frame."""
    NOISE = "noise"
    """Bytes of nothing come in between."""


def spoilt(frames: Iterable[bytes], fault: Fault, share: float, dice: random.Random) -> list[bytes]:
    """The frames as they arrive, with that fault on this share of them."""
    sent: list[bytes] = []
    for frame in frames:
        if dice.random() >= share:
            sent.append(frame)
        elif fault is Fault.REORDERED and sent:
            sent.insert(len(sent) - 1, frame)
        else:
            sent.extend(_one(frame, fault, dice))
    return sent


def _one(frame: bytes, fault: Fault, dice: random.Random) -> list[bytes]:
    match fault:
        case Fault.LOST:
            return []
        case Fault.REPEATED:
            return [frame, frame]
        case Fault.TRUNCATED:
            return [frame[: dice.randrange(1, len(frame))]]
        case Fault.FLIPPED:
            place = dice.randrange(len(frame))
            return [frame[:place] + bytes([frame[place] ^ 1 << dice.randrange(8)]) + frame[place + 1 :]]
        case Fault.NOISE:
            return [frame, dice.randbytes(dice.randrange(1, 40))]
        case Fault.REORDERED:
            return [frame]
