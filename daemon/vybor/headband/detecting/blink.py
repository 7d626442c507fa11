"""Blinks: an excursion from the resting level over both eyes, and back. Pure, causal, sample by sample.

The signal is the forehead below 10 Hz. A level and its drift follow it with the time constant of a 1 Hz high-pass,
but go straight on while the lids move: a plain high-pass answers every blink with a rebound that looks like
another. Which way a blink points depends on the wiring (a Cyton on its SRB2 shows it upside down), so both ways
count. Steps do not come back, an electrode that moves is alone, drifts are slow: none of them is a blink.
"""

import statistics
from enum import StrEnum

import msgspec

FOLLOW_S = 0.16
"""1 / (2 pi 1 Hz)."""
FOLLOW_DRIFT = (1 / (2 * FOLLOW_S)) ** 2
"""Per second squared: critically damped. Electrodes drift by hundreds of microvolts a second while they settle."""
FOLLOW_FAR_S = 2.0
"""Beyond half the threshold the level follows slowly, else it would run after the blink."""
NOISE_FACTOR = 5.0
LEAST_THRESHOLD = 35.0
"""Microvolts. Blinks are 50 to 500 on a forehead."""
NOISE_BLOCKS = 100
"""The noise is the median of one resting sample a tenth of a second, over ten seconds."""
LEARNING_BLOCKS = 15
SETTLING_S = 1.0
"""A headband's first second is filters and amplifiers."""
BEFORE_S = 0.2
LONGEST_S = 0.5
"""An excursion that lasts longer is a step or a closed eye, no blink."""
WIDTH_S = (0.04, 0.35)
"""At half of its height."""
LONGEST_RISE_S = 0.25
HIGHEST_MICROVOLTS = 1_500.0
LEAST_BALANCE = 0.35
"""The weaker eye's share of the stronger one's."""
ONSET_SHARE = 0.15
RETURN_S = 0.25
REBOUND_S = 1.0
REBOUND_SHARE = 0.4
"""For so long after a blink, less than this share of its height is what lids and amplifier do after it."""


class Phase(StrEnum):
    """Where the signal is."""

    RESTING = "resting"
    AWAY = "away"
    RETURNING = "returning"


class Deflection(msgspec.Struct, frozen=True):
    """An excursion that is over: a blink, or something that spoils the quiet around one."""

    onset: int
    end: int
    """Sample indices; the end is where it has fallen to half of its height."""
    is_blink: bool
    microvolts: float
    margin: float
    """Height over threshold."""


class Lids(msgspec.Struct, frozen=True):
    """All that the detector knows. `index` is that of the last sample."""

    hz: float
    first: int
    index: int
    level: tuple[float, ...] = ()
    """Of each channel; empty: take the next sample for it."""
    drift: tuple[float, ...] = ()
    """Of each channel's level, microvolts a second."""
    noise: tuple[float, ...] = ()
    threshold: float = float("inf")
    phase: Phase = Phase.RESTING
    trace: tuple[float, ...] = ()
    """The mean departure from the level, as far back as it matters."""
    sign: float = 1.0
    since: int = 0
    """When the phase began."""
    peak: float = 0.0
    peak_at: int = 0
    balance: float = 0.0
    low: float = 0.0
    """While returning: the nearest to the level so far."""


def begin(hz: float, first: int) -> Lids:
    """Know nothing; `first` is the index of the sample to come."""
    return Lids(hz=hz, first=first, index=first - 1)


def blinded(lids: Lids) -> Lids:
    """The channels are not to be believed: forget everything but how noisy they used to be."""
    return Lids(lids.hz, lids.first, lids.index, noise=lids.noise, threshold=lids.threshold)


def block_over(lids: Lids) -> Lids:
    """Learn the noise from one departure in a tenth of a second, and set the threshold by it."""
    if lids.phase is not Phase.RESTING or not lids.trace or lids.index < lids.first + SETTLING_S * lids.hz:
        return lids
    noise = (*lids.noise[-NOISE_BLOCKS + 1 :], abs(lids.trace[-1]))
    sigma = 1.4826 * statistics.median(noise)
    learned = len(noise) >= LEARNING_BLOCKS
    threshold = max(LEAST_THRESHOLD, NOISE_FACTOR * sigma) if learned else float("inf")
    return msgspec.structs.replace(lids, noise=noise, threshold=threshold)


def sample(lids: Lids, felt: tuple[float, ...]) -> tuple[Lids, Deflection | None]:
    """Take in one sample of each frontal channel, low-passed microvolts; perhaps an excursion is over."""
    drift = lids.drift or (0.0,) * len(felt)
    level = tuple(rest + by / lids.hz for rest, by in zip(lids.level, drift, strict=True)) if lids.level else felt
    departures = tuple(now - rest for now, rest in zip(felt, level, strict=True))
    away = sum(departures) / len(departures)
    lids = msgspec.structs.replace(lids, index=lids.index + 1, level=level, drift=drift, trace=(*lids.trace, away))
    match lids.phase:
        case Phase.RESTING:
            return _rest(lids, departures), None
        case Phase.AWAY:
            return _away(lids, felt, departures)
        case Phase.RETURNING:
            return _return(lids, felt), None


def _rest(lids: Lids, departures: tuple[float, ...]) -> Lids:
    away = lids.trace[-1]
    if abs(away) >= _threshold(lids):
        return _leave(lids, departures)
    near = abs(away) <= _threshold(lids) / 2
    share = 1 / ((FOLLOW_S if near else FOLLOW_FAR_S) * lids.hz)
    pull = FOLLOW_DRIFT / lids.hz if near else 0.0
    return msgspec.structs.replace(
        lids,
        level=tuple(rest + share * departure for rest, departure in zip(lids.level, departures, strict=True)),
        drift=tuple(by + pull * departure for by, departure in zip(lids.drift, departures, strict=True)),
        trace=lids.trace[-round(BEFORE_S * lids.hz) :],
    )


def _threshold(lids: Lids) -> float:
    """What an excursion must reach: just after a blink, more than its rebound does."""
    just_after = lids.index - lids.since <= REBOUND_S * lids.hz
    return max(lids.threshold, REBOUND_SHARE * lids.peak if just_after else 0.0)


def _leave(lids: Lids, departures: tuple[float, ...]) -> Lids:
    sign = 1.0 if lids.trace[-1] > 0 else -1.0
    fresh = msgspec.structs.replace(lids, phase=Phase.AWAY, sign=sign, since=lids.index, peak=0.0)
    return _peak(fresh, departures)


def _peak(lids: Lids, departures: tuple[float, ...]) -> Lids:
    height = lids.sign * lids.trace[-1]
    if height <= lids.peak:
        return lids
    heights = [lids.sign * departure for departure in departures]
    balance = min(heights) / max(heights)
    return msgspec.structs.replace(lids, peak=height, peak_at=lids.index, balance=balance)


def _away(lids: Lids, felt: tuple[float, ...], departures: tuple[float, ...]) -> tuple[Lids, Deflection | None]:
    lids = _peak(lids, departures)
    height = lids.sign * lids.trace[-1]
    if lids.index - lids.since > LONGEST_S * lids.hz:
        step = Deflection(lids.since, lids.index, False, lids.sign * lids.peak, 0.0)
        return _settle(lids, felt), step
    if height >= lids.peak / 2:
        return lids, None
    returning = msgspec.structs.replace(lids, phase=Phase.RETURNING, since=lids.index, low=height)
    return returning, _judge(lids)


def _return(lids: Lids, felt: tuple[float, ...]) -> Lids:
    height = lids.sign * lids.trace[-1]
    low = min(lids.low, height)
    if abs(height) <= _threshold(lids) / 2:
        return msgspec.structs.replace(lids, phase=Phase.RESTING)
    if height - low > _threshold(lids):
        trace = lids.trace[-(lids.index - lids.since + 1) :]
        again = msgspec.structs.replace(lids, phase=Phase.AWAY, since=lids.index, peak=height, trace=trace)
        return msgspec.structs.replace(again, peak_at=lids.index)
    if lids.index - lids.since > RETURN_S * lids.hz:
        return _settle(lids, felt)
    return msgspec.structs.replace(lids, low=low)


def _settle(lids: Lids, felt: tuple[float, ...]) -> Lids:
    """It stays where it went: that is the level now."""
    return msgspec.structs.replace(
        lids, phase=Phase.RESTING, level=felt, drift=(), since=lids.index, peak=0.0, trace=(0.0,)
    )


def _judge(lids: Lids) -> Deflection:
    """Whether an excursion that has fallen to half of its height was a blink."""
    heights = [lids.sign * away for away in lids.trace]
    top = len(heights) - 1 - (lids.index - lids.peak_at)
    rising = next((place for place in range(top, -1, -1) if heights[place] < lids.peak / 2), 0)
    foot = next((place for place in range(rising, -1, -1) if heights[place] < lids.peak * ONSET_SHARE), 0)
    width_s = (len(heights) - 1 - rising) / lids.hz
    is_blink = (
        WIDTH_S[0] <= width_s <= WIDTH_S[1]
        and (top - foot) / lids.hz <= LONGEST_RISE_S
        and lids.peak <= HIGHEST_MICROVOLTS
        and lids.balance >= LEAST_BALANCE
    )
    onset = lids.index - (len(heights) - 1 - foot)
    return Deflection(onset, lids.index, is_blink, lids.sign * lids.peak, lids.peak / lids.threshold)
