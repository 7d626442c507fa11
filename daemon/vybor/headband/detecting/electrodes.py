"""Which electrodes see the lids and hear the jaw, of those that can be believed: a mask may sit on some. Pure."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.headband.boards import Board
from vybor.headband.detecting.clench import Jaw

Samples = NDArray[np.float64]
Eye = tuple[int, int | None]
"""The channel over an eye, and the one that is taken from it."""


class Used(msgspec.Struct, frozen=True):
    """What is listened to."""

    eyes: tuple[Eye, ...]
    jaws: tuple[int, ...]


def of(board: Board, good: tuple[bool, ...]) -> Used:
    """The eyes and jaws of a board whose electrodes are as good as this."""
    far = [channel for channel in board.against if good[channel]]
    eyes: list[Eye] = []
    for place, channel in enumerate(board.frontal):
        if good[channel]:
            own = board.against[place] if board.against else None
            eyes.append((channel, own if own in far else far[0] if far else None))
    return Used(tuple(eyes), tuple(channel for channel in board.temporal if good[channel]))


def over_eyes(microvolts: Samples, eyes: tuple[Eye, ...]) -> Samples:
    """What is over each eye: eyes x samples, of channels x samples."""
    return np.array(
        [microvolts[over] - (microvolts[far] if far is not None else 0.0) for over, far in eyes]
    ).reshape(len(eyes), microvolts.shape[1])


def heard_by(jaw: Jaw, before: tuple[int, ...], now: tuple[int, ...]) -> Jaw:
    """The same jaw, listened to by other channels; what was learned is kept if none of them is new."""
    if set(now) <= set(before):
        places = [before.index(channel) for channel in now]
        return msgspec.structs.replace(
            jaw,
            power=tuple(jaw.power[place] for place in places) if jaw.power else (),
            history=tuple(jaw.history[place] for place in places) if jaw.history else (),
            baseline=tuple(jaw.baseline[place] for place in places) if jaw.baseline else (),
        )
    return msgspec.structs.replace(jaw, power=(), history=(), baseline=())
