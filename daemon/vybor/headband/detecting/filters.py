"""Causal filters that keep their state, so that it does not matter where a signal is cut into chunks."""

from functools import cache
from importlib import import_module

import numpy as np
import scipy
from numpy.typing import NDArray

Samples = NDArray[np.float64]

LID_HZ = 8.0
LID_DELAY_S = float(np.sqrt(2) / (2 * np.pi * LID_HZ))
"""The delay of that filter for slow signals."""
RESTORED_HZ = 0.05
"""As far down as a coupling is undone; further would be drift alone."""


def load() -> None:
    """Load what filters: at the first samples it would keep them waiting for as long as a second of a core.

    SciPy loads a part of it when that is first asked for, and its signals draw in nearly all others (76 MB): where
    nobody wears a headband none of it is loaded.
    """
    import_module("scipy.signal")


@cache
def lid_band(hz: float, coupling_hz: float = 0.0) -> Samples:
    """Below 8 Hz, where blinks are, and alpha is not; the coupling, which makes a blink a swing, undone.

    The slow side is not filtered here; a level that rests while the lids move does it without a rebound.
    """
    low = np.asarray(scipy.signal.butter(2, LID_HZ, "lowpass", fs=hz, output="sos"))
    if not coupling_hz:
        return low
    undone = scipy.signal.bilinear([1, 2 * np.pi * coupling_hz], [1, 2 * np.pi * RESTORED_HZ], fs=hz)
    return np.concatenate([scipy.signal.tf2sos(*undone), low])


@cache
def muscle_band(hz: float) -> Samples:
    """20-110 Hz, as far as the rate allows, without the mains of either continent.

    Steep on either side: what high and quick blinks have above 10 Hz is not to pass for muscle.
    """
    upper = min(110.0, 0.44 * hz)
    band = scipy.signal.butter(4, (20.0, upper), "bandpass", fs=hz, output="sos")
    notches = [scipy.signal.tf2sos(*scipy.signal.iirnotch(mains_hz, 10.0, fs=hz)) for mains_hz in (50.0, 60.0)]
    return np.concatenate([band, *notches])


@cache
def mains_band(hz: float) -> Samples:
    """45-65 Hz, as far as the rate allows: the mains of either continent, and what muscle there is beside them."""
    upper = min(65.0, 0.49 * hz)
    return np.asarray(scipy.signal.butter(2, (45.0, upper), "bandpass", fs=hz, output="sos"))


def settled(sections: Samples, microvolts: Samples) -> Samples:
    """The state of a filter that has seen these constants (one a channel) for ever: offsets make no bang."""
    return np.asarray(scipy.signal.sosfilt_zi(sections))[:, None, :] * microvolts[None, :, None]


def run(sections: Samples, state: Samples, microvolts: Samples) -> tuple[Samples, Samples]:
    """Filter channels x samples; returns the filtered samples and the state to go on with."""
    filtered, after = scipy.signal.sosfilt(sections, microvolts, axis=1, zi=state)
    return np.asarray(filtered), np.asarray(after)
