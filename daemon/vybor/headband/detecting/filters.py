"""Causal filters that keep their state, so that it does not matter where a signal is cut into chunks.

They are our own, though SciPy has them all (a test holds these to those): its signals draw in nearly all else of
it, 76 MB and as long as a second of a core, for a few sections that NumPy runs as fast (decision 79).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

LID_HZ = 8.0
LID_DELAY_S = float(np.sqrt(2) / (2 * np.pi * LID_HZ))
"""The delay of that filter for slow signals."""
RESTORED_HZ = 0.05
"""As far down as a coupling is undone; further would be drift alone."""


@dataclass(frozen=True, eq=False)
class Filter:
    """Sections of second order, one behind the other; each is a row b0, b1, b2, a0 = 1, a1, a2."""

    sections: Samples


@cache
def lid_band(hz: float, coupling_hz: float = 0.0) -> Filter:
    """Below 8 Hz, where blinks are, and alpha is not; the coupling, which makes a blink a swing, undone.

    The slow side is not filtered here; a level that rests while the lids move does it without a rebound.
    """
    low = _lowpass(LID_HZ, hz)
    return Filter(np.array([_first_order(coupling_hz, RESTORED_HZ, hz), low] if coupling_hz else [low]))


@cache
def muscle_band(hz: float) -> Filter:
    """20-110 Hz, as far as the rate allows, without the mains of either continent.

    Steep on either side: what high and quick blinks have above 10 Hz is not to pass for muscle.
    """
    upper = min(110.0, 0.44 * hz)
    notches = [_notch(mains_hz, 10.0, hz) for mains_hz in (50.0, 60.0)]
    return Filter(np.concatenate([_bandpass(4, 20.0, upper, hz), notches]))


@cache
def mains_band(hz: float) -> Filter:
    """45-65 Hz, as far as the rate allows: the mains of either continent, and what muscle there is beside them."""
    return Filter(_bandpass(2, 45.0, min(65.0, 0.49 * hz), hz))


def settled(band: Filter, microvolts: Samples) -> Samples:
    """The state of a filter that has seen these constants (one a channel) for ever: offsets make no bang.

    It has two rows a section, and a column a channel.
    """
    rows: list[Samples] = []
    for section in band.sections:
        _, b1, b2, _, a1, a2 = section
        after = microvolts * (section[:3].sum() / section[3:].sum())
        second = b2 * microvolts - a2 * after
        rows += [b1 * microvolts - a1 * after + second, second]
        microvolts = after
    return np.array(rows)


def run(band: Filter, state: Samples, microvolts: Samples) -> tuple[Samples, Samples]:
    """Filter channels x samples; returns the filtered samples and the state to go on with.

    Each sample by itself: of blocks the last bits would depend on where a chunk ends.
    """
    step, filtered = _step(band), np.empty_like(microvolts)
    held = np.vstack([state, np.zeros(len(microvolts))])
    for place in range(microvolts.shape[1]):
        held[-1] = microvolts[:, place]
        held = step.dot(held)
        filtered[:, place] = held[-1]
    return filtered, held[:-1]


@cache
def _step(band: Filter) -> Samples:
    """What makes of a state and a sample the state after it, and it filtered: all of that is linear."""
    alone = np.eye(2 * len(band.sections) + 1)  # its columns: each value by itself
    state, sample = alone[:-1], alone[-1]
    for place, (b0, b1, b2, _, a1, a2) in enumerate(band.sections):  # direct form II, transposed
        first, second = 2 * place, 2 * place + 1
        after = b0 * sample + state[first]
        state[first], state[second] = b1 * sample - a1 * after + state[second], b2 * sample - a2 * after
        sample = after
    return np.vstack([state, sample])


# --- designs, by the bilinear transform (Oppenheim and Schafer, Discrete-Time Signal Processing, chapter 7) ----


def _lowpass(edge_hz: float, hz: float) -> Samples:
    """A Butterworth of second order."""
    edge = float(np.tan(np.pi * edge_hz / hz))
    through, damping = edge**2, 2**0.5 * edge
    whole = 1 + damping + through
    return np.array([through, 2 * through, through, whole, 2 * (through - 1), 1 - damping + through]) / whole


def _bandpass(order: int, low_hz: float, high_hz: float, hz: float) -> Samples:
    """A Butterworth with as many sections as its order, an even one: none of its poles is real."""
    low, high = 2 * hz * np.tan(np.pi * low_hz / hz), 2 * hz * np.tan(np.pi * high_hz / hz)
    half = np.exp(1j * np.pi * (2 * np.arange(order) + order + 1) / (2 * order)) * (high - low) / 2
    apart = np.sqrt(half**2 - low * high)
    analog = np.concatenate([half + apart, half - apart])
    poles = (2 * hz + analog) / (2 * hz - analog)
    sections: Samples = np.array(
        [(1, 0, -1, 1, -2 * pole.real, abs(pole) ** 2) for pole in poles if pole.imag > 0]
    )
    centre = np.exp(-2j * np.arctan(np.sqrt(low * high) / (2 * hz)) * np.arange(3))
    sections[:, :3] /= np.abs(sections[:, :3] @ centre / (sections[:, 3:] @ centre))[:, None]
    return sections


def _notch(at_hz: float, quality: float, hz: float) -> Samples:
    """Nothing at one frequency; half the power is through where it is `at_hz / quality` wide."""
    turn = 2 * np.pi * at_hz / hz
    gain = 1 / (1 + np.tan(turn / quality / 2))
    return np.array([gain, -2 * gain * np.cos(turn), gain, 1, -2 * gain * np.cos(turn), 2 * gain - 1])


def _first_order(zero_hz: float, pole_hz: float, hz: float) -> Samples:
    """A section that rises or falls between two corners; far above both it lets all through as it is."""
    zero, pole = np.pi * zero_hz / hz, np.pi * pole_hz / hz
    return np.array([1 + zero, zero - 1, 0, 1 + pole, pole - 1, 0]) / (1 + pole)
