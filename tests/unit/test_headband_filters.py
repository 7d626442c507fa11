"""The filters of the headband are those that SciPy designs and runs, wherever a signal is cut."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal

from vybor.headband.detecting import filters
from vybor.headband.detecting.filters import Filter, Samples

RATES_HZ = (125.0, 200.0, 250.0, 256.0, 500.0, 512.0, 1000.0, 1024.0)
COUPLING_HZ = 0.5


def lid_band(hz: float) -> Samples:
    return np.asarray(signal.butter(2, filters.LID_HZ, "lowpass", fs=hz, output="sos"))


def uncoupled_lid_band(hz: float) -> Samples:
    undone = signal.bilinear([1, 2 * np.pi * COUPLING_HZ], [1, 2 * np.pi * filters.RESTORED_HZ], fs=hz)
    return np.concatenate([signal.tf2sos(*undone), lid_band(hz)])


def muscle_band(hz: float) -> Samples:
    band = signal.butter(4, (20.0, min(110.0, 0.44 * hz)), "bandpass", fs=hz, output="sos")
    return np.concatenate([band, *(signal.tf2sos(*signal.iirnotch(at, 10.0, fs=hz)) for at in (50.0, 60.0))])


def mains_band(hz: float) -> Samples:
    return np.asarray(signal.butter(2, (45.0, min(65.0, 0.49 * hz)), "bandpass", fs=hz, output="sos"))


def skin(hz: float) -> Samples:
    """Channels that drift, far from zero, in microvolts."""
    dice = np.random.default_rng(round(hz))
    return dice.normal(scale=20.0, size=(4, round(8 * hz))).cumsum(axis=1) + dice.normal(scale=1e4, size=(4, 1))


def in_pieces(band: Filter, microvolts: Samples) -> Samples:
    """Filtered as a kit does it, by chunks of any length, of none too."""
    state, heard, first = filters.settled(band, microvolts[:, 0]), [], 0
    lengths = np.random.default_rng(7).integers(0, 80, size=microvolts.shape[1])
    for length in lengths:
        filtered, state = filters.run(band, state, microvolts[:, first : first + length])
        heard.append(filtered)
        first += length
    return np.concatenate(heard, axis=1)


@pytest.mark.parametrize("hz", RATES_HZ)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (filters.lid_band, lid_band),
        (lambda hz: filters.lid_band(hz, COUPLING_HZ), uncoupled_lid_band),
        (filters.muscle_band, muscle_band),
        (filters.mains_band, mains_band),
    ],
    ids=["lids", "lids, uncoupled", "muscle", "mains"],
)
def test_they_are_scipys(ours: Callable[[float], Filter], theirs: Callable[[float], Samples], hz: float) -> None:
    sections, microvolts = theirs(hz), skin(hz)
    settled = signal.sosfilt_zi(sections)[:, None, :] * microvolts[None, :, :1]
    expected, _ = signal.sosfilt(sections, microvolts, axis=1, zi=settled)
    heard = in_pieces(ours(hz), microvolts)
    assert heard.shape == microvolts.shape
    assert np.abs(heard - expected).max() < 1e-11 * max(np.abs(microvolts).max(), np.abs(expected).max())
