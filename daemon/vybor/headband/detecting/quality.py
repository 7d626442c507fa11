"""Which channels are worth listening to, and what is wrong with the others. Pure and causal.

A channel that is missing, railed, flat or loose gives no evidence, nor one that the mains swamp. Mains that a
notch takes out and muscle that does not rest are told, and believed: blinks lie below both, a clench is muscle.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.contracts.messages import ElectrodeState

FLAT_MICROVOLTS = 0.5
"""Skin and amplifier are never as quiet as this for half a second; a shorted or unplugged input is."""
FLAT_S = 0.5
DEAF_S = 0.5
"""A channel is believed again so long after its last bad sample: filters ring."""
RAIL_SHARE = 0.98
SPAN_BLOCKS = 10
LOOSE_MICROVOLTS = 3_000.0
"""From lowest to highest in a second; the highest blinks and clenches stay below, drying electrodes too."""
MAINS_MICROVOLTS = 100.0
"""Root mean square; OpenBCI's sample has 80 to 250, and blinks and clenches are seen in it all the same."""
SWAMPED_MICROVOLTS = 800.0
SWAMPED_SHARE = 0.25
"""Of the rail: with more the amplifier is on its way to it."""
MUSCLE_MICROVOLTS = 30.0
"""Root mean square of a second; a forehead or jaw at rest is at 3 to 12."""
MUSCLE_S = 5.0
"""A clench that calls for help is over by then."""
SMOOTH_S = 1.0

Samples = NDArray[np.float64]
Each = tuple[float, ...]
Ends = tuple[Each, Each]


class Block(msgspec.Struct, frozen=True):
    """The tenth of a second in progress, of each channel."""

    lowest: Each
    highest: Each
    railed: tuple[bool, ...]
    """Whether it has a railed sample…"""
    missing: tuple[bool, ...]
    """…or a missing one."""
    mains: Each
    muscle: Each
    """Sums of squares."""
    count: int = 0


class Contact(msgspec.Struct, frozen=True):
    """What is known of each channel."""

    block: Block
    flat_s: Each
    deaf_s: Each
    mains: Each
    muscle: Each
    """Mean squares of about a second."""
    muscle_s: Each
    """For how long the muscle has not rested."""
    good: tuple[bool, ...]
    states: tuple[ElectrodeState, ...]
    ends: tuple[Ends, ...] = ()
    """Lowest and highest of each of the last blocks."""


class Felt(msgspec.Struct, frozen=True):
    """Some samples of the block in progress, channels x samples each."""

    microvolts: Samples
    missing: NDArray[np.bool_]
    mains: Samples
    """The band of the mains…"""
    muscle: Samples
    """…and that of muscle without them."""


def begin(channels: int) -> Contact:
    """Trust every channel, for now."""
    zeros = (0.0,) * channels
    good, states = (True,) * channels, (ElectrodeState.GOOD,) * channels
    return Contact(_blank(channels), zeros, zeros, zeros, zeros, zeros, good, states)


def felt(contact: Contact, part: Felt, rail: float) -> Contact:
    """Take in some samples of the block in progress."""
    block, microvolts = contact.block, part.microvolts
    railed = np.abs(microvolts) >= rail * RAIL_SHARE
    block = Block(
        lowest=_tuple(np.minimum(block.lowest, microvolts.min(axis=1))),
        highest=_tuple(np.maximum(block.highest, microvolts.max(axis=1))),
        railed=tuple((np.array(block.railed) | railed.any(axis=1)).tolist()),
        missing=tuple((np.array(block.missing) | part.missing.any(axis=1)).tolist()),
        mains=_tuple(np.add(block.mains, (part.mains**2).sum(axis=1))),
        muscle=_tuple(np.add(block.muscle, (part.muscle**2).sum(axis=1))),
        count=block.count + microvolts.shape[1],
    )
    return msgspec.structs.replace(contact, block=block)


def block_over(contact: Contact, block_s: float, rail: float) -> Contact:
    """Judge the block that has just become whole, and begin the next."""
    block = contact.block
    spans = np.subtract(block.highest, block.lowest)
    jolted = spans > LOOSE_MICROVOLTS
    bad = np.array(block.railed) | np.array(block.missing) | jolted
    deaf_s = np.where(bad, DEAF_S, np.maximum(0.0, np.subtract(contact.deaf_s, block_s)))
    deaf = deaf_s >= block_s / 2
    flat_s = np.where(spans < FLAT_MICROVOLTS, np.add(contact.flat_s, block_s), 0.0)
    flat = flat_s >= FLAT_S - block_s / 2
    ends = _ends(contact.ends, block, deaf | flat)
    loose = _loose(ends)
    mains = _smoothed(contact.mains, block.mains, block.count, deaf, block_s)
    muscle = _smoothed(contact.muscle, block.muscle, block.count, deaf, block_s)
    muscle_s = np.where(muscle >= MUSCLE_MICROVOLTS**2, np.add(contact.muscle_s, block_s), 0.0)
    swamped = mains >= min(SWAMPED_MICROVOLTS, rail * SWAMPED_SHARE) ** 2
    ills = {  # the worst last
        ElectrodeState.MUSCLE: muscle_s >= MUSCLE_S,
        ElectrodeState.MAINS: (mains >= MAINS_MICROVOLTS**2) | swamped,
        ElectrodeState.LOOSE: loose | deaf,
        ElectrodeState.FLAT: flat,
        ElectrodeState.MISSING: deaf & _goes_on(contact, ElectrodeState.MISSING, block.missing, block.railed),
        ElectrodeState.RAILED: deaf & _goes_on(contact, ElectrodeState.RAILED, block.railed, block.missing),
    }
    return Contact(
        _blank(len(contact.good)),
        flat_s=_tuple(flat_s),
        deaf_s=_tuple(deaf_s),
        mains=_tuple(mains),
        muscle=_tuple(muscle),
        muscle_s=_tuple(muscle_s),
        good=tuple((~(deaf | flat | loose | swamped)).tolist()),
        states=_worst(ills, len(contact.good)),
        ends=ends,
    )


def _blank(channels: int) -> Block:
    zeros, no = (0.0,) * channels, (False,) * channels
    return Block((np.inf,) * channels, (-np.inf,) * channels, no, no, zeros, zeros)


def _tuple(values: Samples) -> Each:
    return tuple(values.tolist())


def _worst(ills: dict[ElectrodeState, NDArray[np.bool_]], channels: int) -> tuple[ElectrodeState, ...]:
    """Of each channel the last that is so."""
    states = [ElectrodeState.GOOD] * channels
    for state, which in ills.items():
        states = [state if has else before for before, has in zip(states, which.tolist(), strict=True)]
    return tuple(states)


def _smoothed(known: Each, sums: Each, count: int, deaf: NDArray[np.bool_], block_s: float) -> NDArray[np.float64]:
    """The mean square, a little nearer to that of the block; of a deaf channel as it was: filters ring."""
    share = block_s / SMOOTH_S
    now = np.divide(sums, max(1, count))
    return np.where(deaf, known, np.multiply(known, 1 - share) + share * now)


def _ends(before: tuple[Ends, ...], block: Block, none: NDArray[np.bool_]) -> tuple[Ends, ...]:
    """Those of the last blocks; what was railed, missing or flat, or jumped, has none."""
    lowest, highest = np.where(none, np.inf, block.lowest), np.where(none, -np.inf, block.highest)
    return (*before[-SPAN_BLOCKS + 1 :], (_tuple(lowest), _tuple(highest)))


def _loose(ends: tuple[Ends, ...]) -> NDArray[np.bool_]:
    lowest = np.min([low for low, _ in ends], axis=0)
    highest = np.max([high for _, high in ends], axis=0)
    return np.array(highest - lowest > LOOSE_MICROVOLTS, dtype=np.bool_)


def _goes_on(
    contact: Contact, state: ElectrodeState, now: tuple[bool, ...], other: tuple[bool, ...]
) -> NDArray[np.bool_]:
    """Whether it is so now, or was so before and nothing worse has come since."""
    before = np.array([each is state for each in contact.states])
    goes_on: NDArray[np.bool_] = np.array(now) | (before & ~np.array(other))
    return goes_on
