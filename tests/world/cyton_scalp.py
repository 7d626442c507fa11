"""What eight electrodes feel: a seeded EEG background, and the blinks and clenches laid over it. Pure.

Channels 1-2 sit on the forehead, 3-4 over the jaw muscles, 5-8 at the back. The shapes follow a public OpenBCI
recording: a blink is a lopsided bump, a clench is a burst of muscle with a deep, slow swing under it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

HZ = 250
CHANNELS = 8
Microvolts = NDArray[np.float64]

BACKGROUND_RMS = 10.0
ALPHA_HZ = 10.0
ALPHA_RMS = np.array([3.0, 3.0, 3.0, 3.0, 8.0, 8.0, 10.0, 10.0])
MAINS_HZ = 50.0
MAINS_RMS = 3.0
OFFSET_LIMIT = 15_000.0
"""Electrodes have offsets of millivolts."""
PINK_TIMES_S = (1.0, 0.1, 0.01)
"""Three first-order processes of equal power make a spectrum that falls about as 1/f."""

BLINK_SPREAD = np.array([1.0, 0.95, 0.12, 0.12, 0.05, 0.05, 0.03, 0.03])
LID_CLOSING_SHARE = 0.35
MUSCLE_RMS = np.array([25.0, 25.0, 70.0, 70.0, 40.0, 40.0, 15.0, 15.0])
MUSCLE_BAND_HZ = (20.0, 110.0)
MUSCLE_RAMP_S = 0.03
SWING = np.array([-190.0, -190.0, -400.0, -400.0, -200.0, -200.0, -60.0, -60.0])
SWING_S = 0.11
REBOUND_SHARE = -0.5
REBOUND_TIME_S = 0.12


class Scalp:
    """Samples without end: the background goes on, and acts are added where they were asked for."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._acting = np.random.default_rng(seed + 1)
        self.next = 0
        """Index of the next sample."""
        self._offsets = self._random.uniform(-OFFSET_LIMIT, OFFSET_LIMIT, CHANNELS)
        self._pink = [_Coloured(_first_order(time_s)) for time_s in PINK_TIMES_S]
        self._alpha = _Coloured(_resonance(ALPHA_HZ))
        self._acts: list[tuple[int, Microvolts]] = []

    def samples(self, count: int) -> Microvolts:
        """The next `count` samples, channels x samples."""
        first, self.next = self.next, self.next + count
        # drawn sample after sample, so that the sizes of the chunks change nothing
        white = np.moveaxis(self._random.standard_normal((count, 1 + len(self._pink), CHANNELS)), 0, 2)
        felt = self._offsets[:, None] + self._alpha.of(white[0]) * ALPHA_RMS[:, None]
        for noise, drawn in zip(self._pink, white[1:], strict=True):
            felt += noise.of(drawn) * (BACKGROUND_RMS / np.sqrt(len(self._pink)))
        felt += MAINS_RMS * np.sqrt(2) * np.sin(2 * np.pi * MAINS_HZ / HZ * np.arange(first, self.next))
        for start, shape in self._acts:
            low, high = max(first, start), min(self.next, start + shape.shape[1])
            if low < high:
                felt[:, low - first : high - first] += shape[:, low - start : high - start]
        self._acts = [(start, shape) for start, shape in self._acts if start + shape.shape[1] > self.next]
        return np.asarray(felt)

    def blink(self, duration_s: float, microvolts: float, after_s: float = 0.0) -> tuple[int, int]:
        """Close and open the lids; returns the samples at which that begins and ends."""
        height = microvolts * self._acting.uniform(0.9, 1.1)
        return self._act(BLINK_SPREAD[:, None] * height * lid_shape(duration_s)[None, :], after_s)

    def clench(self, duration_s: float) -> tuple[int, int]:
        """Set the teeth; returns the samples at which the muscle begins and ends."""
        length = round(duration_s * HZ)
        muscle = muscle_shape(self._acting, length)
        swing = np.zeros((CHANNELS, length + round(4 * REBOUND_TIME_S * HZ)))
        swing += SWING[:, None] * swing_shape(swing.shape[1])[None, :]
        swing[:, :length] += muscle
        start, _ = self._act(swing, 0.0)
        return start, start + length

    def _act(self, shape: Microvolts, after_s: float) -> tuple[int, int]:
        start = self.next + round(after_s * HZ)
        self._acts.append((start, shape))
        return start, start + shape.shape[1]


def lid_shape(duration_s: float) -> Microvolts:
    """The bump of one blink, 0 to 1: the lids close faster than they open."""
    closing = max(2, round(duration_s * LID_CLOSING_SHARE * HZ))
    opening = max(2, round(duration_s * HZ) - closing)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(closing) / closing)
    fall = 0.5 + 0.5 * np.cos(np.pi * np.arange(opening) / opening)
    return np.concatenate([rise, fall])


def muscle_shape(random: np.random.Generator, length: int) -> Microvolts:
    """A burst of surface EMG, channels x samples."""
    sections = signal.butter(4, MUSCLE_BAND_HZ, "bandpass", fs=HZ, output="sos")
    settle = HZ // 5
    noise = signal.sosfilt(sections, random.standard_normal((CHANNELS, length + settle)), axis=1)[:, settle:]
    noise /= np.sqrt(np.mean(noise**2, axis=1, keepdims=True))
    from_edge_s = np.minimum(np.arange(length), np.arange(length)[::-1]) / HZ
    shaped: Microvolts = noise * MUSCLE_RMS[:, None] * np.minimum(1.0, from_edge_s / MUSCLE_RAMP_S)
    return shaped


def swing_shape(length: int) -> Microvolts:
    """The slow swing under a clench: a dip of about a tenth of a second, then a rebound that dies away."""
    shape = np.zeros(length)
    dip = round(SWING_S * HZ)
    shape[:dip] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(dip) / dip)
    after_s = np.arange(length - dip) / HZ
    shape[dip:] = REBOUND_SHARE * np.exp(-after_s / REBOUND_TIME_S) * (1 - np.exp(-after_s / 0.03)) * 1.6
    return shape


class _Coloured:
    """White noise through a filter that keeps its state, with unit power."""

    def __init__(self, coefficients: tuple[list[float], list[float]]) -> None:
        self._b, self._a = coefficients
        response = signal.lfilter(self._b, self._a, np.r_[1.0, np.zeros(20 * HZ)])
        self._scale = 1 / float(np.sqrt(np.sum(response**2)))
        self._state = np.zeros((CHANNELS, len(self._a) - 1))

    def of(self, white: Microvolts) -> Microvolts:
        coloured, self._state = signal.lfilter(self._b, self._a, white, axis=1, zi=self._state)
        return np.asarray(coloured) * self._scale


def _first_order(time_s: float) -> tuple[list[float], list[float]]:
    return [1.0], [1.0, -float(np.exp(-1 / (HZ * time_s)))]


def _resonance(centre_hz: float, quality: float = 0.985) -> tuple[list[float], list[float]]:
    return [1.0], [1.0, -2 * quality * float(np.cos(2 * np.pi * centre_hz / HZ)), quality**2]
