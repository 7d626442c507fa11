"""For the tests of the headband: a scalp that follows a script, and the detectors run over what it felt."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vybor.contracts.messages import GestureKind
from vybor.headband.boards import BY_NAME, Board
from vybor.headband.detecting import gestures
from vybor.headband.port import Chunk
from world.cyton_scalp import HZ, Scalp

Microvolts = NDArray[np.float32]
Act = tuple[float, Callable[[Scalp], object]]
CYTON = BY_NAME["cyton"]
READY_S = 4.0
"""The detectors have learned what is usual by then."""


def felt(acts: Sequence[Act], lasts_s: float, seed: int = 1) -> Microvolts:
    """What a scalp feels, channels x samples, with each act begun at its second."""
    scalp, parts = Scalp(seed), []
    for at_s, act in sorted(acts, key=lambda one: one[0]):
        parts.append(scalp.samples(round(at_s * HZ) - scalp.next))
        act(scalp)
    parts.append(scalp.samples(round(lasts_s * HZ) - scalp.next))
    return np.hstack(parts).astype(np.float32)


def blink(microvolts: float = 120.0, duration_s: float = 0.28) -> Callable[[Scalp], object]:
    return lambda scalp: scalp.blink(duration_s, microvolts)


def blinks(count: int, gap_s: float = 0.2, microvolts: float = 120.0) -> Callable[[Scalp], object]:
    def act(scalp: Scalp) -> None:
        for place in range(count):
            scalp.blink(0.28, microvolts, after_s=place * (0.28 + gap_s))

    return act


def clench(duration_s: float = 0.6) -> Callable[[Scalp], object]:
    return lambda scalp: scalp.clench(duration_s)


def chunk(first: int, microvolts: Microvolts, hz: float = HZ, began_ns: int = 0) -> Chunk:
    """Samples with the times of a perfect clock."""
    period_ns = 1e9 / hz
    at_ns = began_ns + round(first * period_ns)
    return Chunk(first=first, microvolts=microvolts, at_ns=at_ns, period_ns=period_ns, at_sd_ns=0)


def seen(
    microvolts: Microvolts, cuts: Sequence[int] = (), board: Board = CYTON, hold_s: float = 0.0
) -> list[gestures.Seen]:
    """The gestures in a signal; without cuts in chunks of 40 ms."""
    rule = gestures.Rule(board, pair_s=0.7, hold_s=hold_s)
    edges = [0, *(cuts or range(10, microvolts.shape[1], 10)), microvolts.shape[1]]
    state: gestures.Sensing | None = None
    found: list[gestures.Seen] = []
    for start, end in itertools.pairwise(edges):
        state, noticed = gestures.step(state, chunk(start, microvolts[:, start:end], board.hz), rule)
        found.extend(noticed)
    return found


def kinds(found: Sequence[gestures.Seen], kind: GestureKind) -> list[gestures.Seen]:
    return [one for one in found if one.kind is kind]
