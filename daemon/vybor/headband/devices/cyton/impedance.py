"""Ohms of an electrode, from the swing that the board's own current of 6 nA makes on it. Pure.

The current swings at 31.25 Hz, an eighth of the board's rate, made from the same crystal: so eight samples are a
whole swing, and what is not of that period averages out. The figures are those of OpenBCI's own program, which
takes the current for a sine of 6 nA and the board's series resistor of 2.2 kΩ off.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.headband.devices.cyton.frames import FULL_SCALE_MICROVOLTS
from vybor.headband.port import Chunk

CURRENT_A = 6e-9
CURRENT_HZ = 31.25
SERIES_OHMS = 2_200.0
RAILED_MICROVOLTS = 0.98 * FULL_SCALE_MICROVOLTS
SETTLE_S = 0.5
"""What comes sooner was sampled before the command reached the board, or while the electrode still settled."""
WINDOW_S = 1.024
"""Thirty-two swings."""
AVERAGED_S = 0.004
"""With a Daisy each sample is the mean of two that were taken this far apart, which makes the swing smaller."""


class Measuring(msgspec.Struct, frozen=True):
    """What was felt of one channel since its current was switched on."""

    channel: int
    hz: float
    is_averaged: bool = False
    first: int | None = None
    """Index of the first sample since then."""
    places: tuple[int, ...] = ()
    """Of the samples that count, from there."""
    microvolts: tuple[float, ...] = ()


def felt(measuring: Measuring, chunk: Chunk) -> Measuring:
    """Take in a chunk; lost samples are only fewer."""
    first = chunk.first if measuring.first is None else measuring.first
    places = range(chunk.first - first, chunk.end - first)
    felt_here = zip(places, chunk.microvolts[measuring.channel].tolist(), strict=True)
    kept = [
        (place, value) for place, value in felt_here if place >= SETTLE_S * measuring.hz and np.isfinite(value)
    ]
    return msgspec.structs.replace(
        measuring,
        first=first,
        places=(*measuring.places, *(place for place, _ in kept)),
        microvolts=(*measuring.microvolts, *(value for _, value in kept)),
    )


def is_whole(measuring: Measuring) -> bool:
    """Whether enough was felt."""
    return len(measuring.places) >= WINDOW_S * measuring.hz


def ohms(measuring: Measuring) -> float:
    """The electrode's impedance, 0 at least; infinite where the converter is at its end, as with an open one."""
    if np.max(np.abs(measuring.microvolts)) >= RAILED_MICROVOLTS:
        return math.inf
    at_s = np.array(measuring.places) / measuring.hz
    swing = _swing(at_s, np.array(measuring.microvolts))
    if measuring.is_averaged:
        swing /= np.cos(np.pi * CURRENT_HZ * AVERAGED_S)
    return max(0.0, swing * 1e-6 / CURRENT_A - SERIES_OHMS)


def _swing(at_s: NDArray[np.float64], microvolts: NDArray[np.float64]) -> float:
    """Half the height of the sine of that frequency that fits best beside a level and a drift."""
    angle = 2 * np.pi * CURRENT_HZ * at_s
    parts = np.column_stack([np.cos(angle), np.sin(angle), np.ones_like(at_s), at_s - at_s.mean()])
    fitted = np.linalg.lstsq(parts, microvolts, rcond=None)[0]
    return float(np.hypot(fitted[0], fitted[1]))
