"""Spectra of electrodes: the median over windows, so that blinks and clenches do not stand for the whole."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vybor.headband.port import Microvolts

WINDOW_S = 2.0
MOST_WINDOWS = 2000
"""Of a longer recording that many, evenly."""
MEDIAN_SHARE = float(np.log(2))
"""The median of a spectrum's values (exponential) over their mean."""


class Band(NamedTuple):
    """A part of the spectrum, in hertz."""

    name: str
    low: float
    high: float


BANDS = (
    Band("delta", 1, 4),
    Band("theta", 4, 8),
    Band("alpha", 8, 13),
    Band("beta", 13, 30),
    Band("gamma", 30, 45),
)
MAINS = (Band("50", 49, 51), Band("60", 59, 61))


class Spectrum(NamedTuple):
    """Of every channel."""

    hz: NDArray[np.float64]
    density: NDArray[np.float64]
    """Channels x frequencies, microvolts squared a hertz; not a number where no window was whole."""

    def microvolts(self, channel: int, band: Band) -> float:
        """Root mean square in a band."""
        inside = (self.hz >= band.low) & (self.hz < band.high)
        return float(np.sqrt(self.density[channel, inside].sum() * self.hz[1]))


def spectrum(microvolts: Microvolts, hz: float) -> Spectrum:
    """Half-overlapping Hann windows without a lost sample, each less its trend."""
    size = round(WINDOW_S * hz)
    frequencies = np.fft.rfftfreq(size, 1 / hz).astype(np.float64)
    taper = np.hanning(size)
    scale = 2 / (hz * float((taper**2).sum()))
    density = np.full((len(microvolts), len(frequencies)), np.nan)
    for channel, felt in enumerate(microvolts):
        if len(windows := whole_windows(felt, size)):
            windows = windows - trend(windows)
            power = np.abs(np.fft.rfft(windows * taper, axis=1)) ** 2 * scale
            density[channel] = np.median(power, axis=0) / (MEDIAN_SHARE if len(windows) > 1 else 1.0)
    return Spectrum(frequencies, density)


def whole_windows(felt: NDArray[np.float32], size: int) -> NDArray[np.float64]:
    """Windows x samples; none if no window is whole."""
    if len(felt) < size:
        return np.zeros((0, size))
    every = np.lib.stride_tricks.sliding_window_view(felt, size)[:: size // 2]
    whole = every[np.isfinite(every).all(axis=1)]
    step = -(-len(whole) // MOST_WINDOWS) or 1
    return whole[::step].astype(np.float64)


def trend(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The straight line through each."""
    at = np.linspace(-1, 1, windows.shape[1])
    slope = windows @ at / (at @ at)
    return np.asarray(windows.mean(axis=1, keepdims=True) + slope[:, None] * at, np.float64)
