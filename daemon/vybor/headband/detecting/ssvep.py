"""Which of several flickering things is looked at, by the brain's answer to its rhythm. Pure.

Filter-bank canonical correlation (Chen et al. 2015): a window is held against sines of each rhythm and its
harmonics in several bands, and what rises together is weighted. Rhythms close by, which nobody shows, say how much
of that comes by itself: from alpha, or because one rhythm has more harmonics in the band than another. It needs no
training of the person; how far its scores are believed was fitted, on one development recording (decision 54).
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from vybor.contracts import evidence
from vybor.foundation.clock import seconds

SHORTEST_S, LONGEST_S = 1.0, 2.5
"""A window holds so much; what is longer is not one look any more."""
LAG_NS = seconds(0.15)
"""The answer of the brain to what the eyes see comes so much later."""
HARMONICS = 5
BANDS_HZ = (4.0, 10.0, 16.0, 22.0, 28.0)
"""Where each band begins, the first below all that is beside the slowest rhythm of a screen, 7.5 Hz."""
TOP_HZ = 88.0
"""Where all of them end, or at so much of what the rate allows."""
TOP_SHARE = 0.44
MAINS_HZ = (50.0, 60.0)
NEAR_MAINS_HZ = 1.0
"""A harmonic so near to the mains says nothing: what beats there is the wall."""
BESIDE_HZ = (-2.0, -1.5, 1.5, 2.0)
"""Where a rhythm that nobody shows is told from it, in a window of a second too…"""
APART_HZ = 1.0
"""…unless another one that is shown is nearer than this."""
BELIEVED = 7.0
"""Log-likelihood of one unit of score in a window of one second: the most likely one on the development recording
(`deploy/bench headband --ssvep FILE --development`: 7.2), by all channels, those that see nothing of it too: who
looks at none of the rhythms is believed little."""
NO_RANK = 1e-6
"""Channels that say the same but for so little are one…"""
TINY = 1e-3
"""…and so many microvolts, over the whole window, are nothing."""

Samples = NDArray[np.float64]


class Answer(msgspec.Struct, frozen=True):
    """What a window says of each rhythm, in the order in which they were asked about."""

    scores: tuple[float, ...]
    """How much better it is followed than rhythms beside it: weighted squares of correlations."""
    log_odds: tuple[float, ...]
    """That it is the one that is looked at, if one of them is; none is surer than `evidence.CAP`."""

    @property
    def best(self) -> int:
        """The place of the one that is followed best."""
        return max(range(len(self.scores)), key=lambda place: self.scores[place])


def load() -> None:
    """Load what finds the rhythms: the first window would wait for it as long as a second of a core.

    SciPy loads a part of it when that is first asked for (76 MB): where nothing flickers none of it is loaded.
    """
    import_module("scipy.signal")


def answer(microvolts: Samples, good: Sequence[bool], hz: float, rhythms_hz: Sequence[float]) -> Answer | None:
    """Hold a window (channels x samples) against rhythms; None where it says nothing.

    A channel that is not good or has a gap says nothing, nor does a window that is too short, or fewer than two
    rhythms. Of a longer window only the end is taken. Raises ValueError if one rhythm is a multiple of another: an
    answer to the faster one is a harmonic of the slower.
    """
    if any(is_multiple(one, other) for one in rhythms_hz for other in rhythms_hz if one > other):
        raise ValueError(f"of {rhythms_hz} one is a multiple of another")
    window = _believed(microvolts, good)[:, -round(LONGEST_S * hz) :]
    count = window.shape[1]
    if not len(window) or count < round(SHORTEST_S * hz) or len(rhythms_hz) < 2:
        return None
    scores = _scores(_without_mains(window, hz), hz, tuple(rhythms_hz))
    return Answer(tuple(scores.tolist()), _log_odds(scores, count / hz))


def is_multiple(faster_hz: float, slower_hz: float) -> bool:
    """Whether one rhythm is among the harmonics of another, as far as a window of a second can tell."""
    times = round(faster_hz / slower_hz)
    return times > 1 and abs(faster_hz - times * slower_hz) < APART_HZ / 2


def _believed(microvolts: Samples, good: Sequence[bool]) -> Samples:
    """The channels that say something, all of the window."""
    if not microvolts.size:
        return microvolts
    whole = np.isfinite(microvolts).all(axis=1) & (microvolts.max(axis=1) > microvolts.min(axis=1))
    return np.asarray(microvolts[whole & np.asarray(good, dtype=np.bool_)])


def _scores(window: Samples, hz: float, rhythms_hz: tuple[float, ...]) -> Samples:
    """Of each rhythm, how much better it is followed than those beside it."""
    bands = _bands(window, hz)
    return np.array(
        [
            _followed(bands, rhythm, hz)
            - np.mean([_followed(bands, each, hz) for each in _beside(rhythm, rhythms_hz)])
            for rhythm in rhythms_hz
        ]
    )


def _beside(rhythm_hz: float, shown_hz: Sequence[float]) -> list[float]:
    """Rhythms close to one, and not to another one that is shown."""
    near = [rhythm_hz + apart for apart in BESIDE_HZ]
    return [each for each in near if all(abs(each - other) >= APART_HZ for other in shown_hz)] or near


def _bands(window: Samples, hz: float) -> list[Samples]:
    """What spans the channels in each band."""
    lows = [low for low in BANDS_HZ if low < _top(hz)]
    return [_basis(scipy.signal.sosfiltfilt(_band(low, hz), window, axis=1).T) for low in lows]


def _followed(bands: Sequence[Samples], rhythm_hz: float, hz: float) -> float:
    """The weighted squares of the correlations with a rhythm in every band; the weights are Chen's."""
    waves = _sines(rhythm_hz, hz, len(bands[0]))
    weights = [float(place) ** -1.25 + 0.25 for place in range(1, len(bands) + 1)]
    squares = [_correlation(band, waves) ** 2 for band in bands]
    return float(np.dot(weights, squares))


def _correlation(one: Samples, other: Samples) -> float:
    """The greatest between any mixtures of what two orthonormal bases span; 0 if one spans nothing."""
    if not one.shape[1] or not other.shape[1]:
        return 0.0
    return min(1.0, float(np.linalg.norm(one.T @ other, 2)))


def _log_odds(scores: Samples, lasts_s: float) -> tuple[float, ...]:
    """Scores as log-odds of one against all others together."""
    believed = BELIEVED * lasts_s * scores
    others = [scipy.special.logsumexp(np.delete(believed, place)) for place in range(len(believed))]
    return tuple(np.clip(believed - others, -evidence.CAP, evidence.CAP).tolist())


def _without_mains(window: Samples, hz: float) -> Samples:
    """A window without its level, its drift and the mains, each fitted over the whole of it."""
    known = _mains(hz, window.shape[1])
    return np.asarray(window - (window @ known) @ known.T)


def _basis(columns: Samples) -> Samples:
    """An orthonormal basis of what columns span, without those that add nothing."""
    turned, upper, _ = scipy.linalg.qr(columns - columns.mean(axis=0), mode="economic", pivoting=True)
    sizes = np.abs(np.diag(upper))
    return np.asarray(turned[:, sizes > NO_RANK * max(sizes[0], TINY)])


def _top(hz: float) -> float:
    return min(TOP_HZ, TOP_SHARE * hz)


@cache
def _band(low: float, hz: float) -> Samples:
    return np.asarray(scipy.signal.butter(4, (low, _top(hz)), "bandpass", fs=hz, output="sos"))


@cache
def _sines(rhythm_hz: float, hz: float, count: int) -> Samples:
    """A basis of the sines of a rhythm and of those of its harmonics that can be told from the mains."""
    harmonics = [rhythm_hz * times for times in range(1, HARMONICS + 1)]
    heard = [each for each in harmonics if each < _top(hz) and not _is_mains(each)]
    return _basis(_waves(heard, hz, count)) if heard else np.zeros((count, 0))


@cache
def _mains(hz: float, count: int) -> Samples:
    drift = np.linspace(-1.0, 1.0, count)
    heard = [each for each in MAINS_HZ if each < hz / 2]
    return np.asarray(
        scipy.linalg.qr(np.column_stack([np.ones(count), drift, _waves(heard, hz, count)]), mode="economic")[0]
    )


def _waves(at_hz: Sequence[float], hz: float, count: int) -> Samples:
    """Sines and cosines, samples x two a frequency."""
    angles = 2 * np.pi * np.outer(np.arange(count) / hz, at_hz)
    return np.hstack([np.sin(angles), np.cos(angles)])


def _is_mains(at_hz: float) -> bool:
    return any(abs(at_hz - mains) < NEAR_MAINS_HZ for mains in MAINS_HZ)
