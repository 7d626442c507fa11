"""Which channels are worth listening to: a flat, railed or silent one gives no evidence. Pure and causal."""

import msgspec
import numpy as np
from numpy.typing import NDArray

FLAT_MICROVOLTS = 0.5
"""Skin and amplifier are never as quiet as this for half a second; a shorted or unplugged input is."""
FLAT_S = 0.5
DEAF_S = 0.5
"""A channel is believed again so long after its last bad sample: filters ring."""
RAIL_SHARE = 0.98


class Contact(msgspec.Struct, frozen=True):
    """What is known of each channel, by blocks of a tenth of a second."""

    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    bad: tuple[bool, ...]
    """Whether the block in progress has a railed or missing sample."""
    flat_s: tuple[float, ...]
    deaf_s: tuple[float, ...]
    good: tuple[bool, ...]


def begin(channels: int) -> Contact:
    """Trust every channel, for now."""
    zeros = (0.0,) * channels
    no, yes = (False,) * channels, (True,) * channels
    return Contact((np.inf,) * channels, (-np.inf,) * channels, no, zeros, zeros, yes)


def felt(contact: Contact, microvolts: NDArray[np.float64], missing: NDArray[np.bool_], rail: float) -> Contact:
    """Take in some samples of the block in progress (channels x samples)."""
    bad = missing | (np.abs(microvolts) >= rail * RAIL_SHARE)
    return msgspec.structs.replace(
        contact,
        lowest=tuple(np.minimum(contact.lowest, microvolts.min(axis=1)).tolist()),
        highest=tuple(np.maximum(contact.highest, microvolts.max(axis=1)).tolist()),
        bad=tuple((np.array(contact.bad) | bad.any(axis=1)).tolist()),
    )


def block_over(contact: Contact, block_s: float) -> Contact:
    """Judge the block that has just become whole, and begin the next."""
    still = np.subtract(contact.highest, contact.lowest) < FLAT_MICROVOLTS
    flat_s = np.where(still, np.add(contact.flat_s, block_s), 0.0)
    deaf_s = np.where(contact.bad, DEAF_S, np.maximum(0.0, np.subtract(contact.deaf_s, block_s)))
    good = (flat_s < FLAT_S - block_s / 2) & (deaf_s < block_s / 2)
    fresh = begin(len(contact.good))
    return msgspec.structs.replace(
        fresh, flat_s=tuple(flat_s.tolist()), deaf_s=tuple(deaf_s.tolist()), good=tuple(good.tolist())
    )


def all_good(contact: Contact, channels: tuple[int, ...]) -> bool:
    """Whether all these channels can be believed."""
    return all(contact.good[channel] for channel in channels)
