"""Blinks: an excursion from the resting level over both eyes, and back. Pure, causal, sample by sample.

The signal is the forehead below 8 Hz. A level and its drift follow it with the time constant of a 1 Hz high-pass,
but go straight on while the lids move: a plain high-pass answers every blink with a rebound that looks like
another. Which way a blink points depends on the wiring (a Cyton on its SRB2 shows it upside down), so both ways
count. Steps do not come back, an electrode that moves is alone, drifts are slow: none of them is a blink.
"""

import math
import statistics
from enum import StrEnum

import msgspec

FOLLOW_S = 0.16
"""1 / (2 pi 1 Hz)."""
FOLLOW_DRIFT = (1 / (2 * FOLLOW_S)) ** 2
"""Per second squared: critically damped. Electrodes drift by hundreds of microvolts a second while they settle."""
FOLLOW_FAR_S = 2.0
"""Beyond half the threshold the level follows slowly, else it would run after the blink."""
NOISE_FACTOR = 4.5
LEAST_THRESHOLD = 35.0
"""Microvolts. Blinks are 50 to 500 on a forehead."""
LEANS = 0.6
"""From here on it is known which way blinks point: what points the other way has to be…"""
AGAINST = 2.0
"""…so much higher to count as anything."""
LEANING_SHARE = 0.25
SURELY = 1.5
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
SLOW_S = 0.22
SLOW_MARGIN = 2.0
"""A wider one has to be so high: slow lids are seen too, but faint and slow is a glance or drift."""
LONGEST_RISE_S = 0.25
"""From this share of its height: lower down, drift looks like a slow beginning."""
STEEP_SHARE = 0.3
FOOT_S = 0.06
"""Its foot lies no longer before that."""
HIGHEST_MICROVOLTS = 1_500.0
LEAST_BALANCE = 0.35
"""The weaker eye's share of the stronger one's."""
JUMP_S = 0.1
"""From a quarter to three quarters of its height: a step that the low pass has rounded, or lids, take less."""
LEAST_FALL = 0.4
"""Of its height, that the signal itself comes back: of a step it is the level that comes after."""
ONSET_SHARE = 0.15
RETURN_S = 0.25
BEGINS_S = 0.08
BEGINS_SHARE = 0.25
"""Of a blink's height, that the signal rises by in this time where another one may be on its way."""
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
    width_s: float = 0.0
    """At half of its height."""
    rise_s: float = 0.0
    """From STEEP_SHARE of its height to the whole."""


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
    """The mean departure from the level, as far back as it matters…"""
    felt: tuple[float, ...] = ()
    """…and the mean signal itself."""
    sign: float = 1.0
    since: int = 0
    """When the phase began."""
    peak: float = 0.0
    peak_at: int = 0
    balance: float = 0.0
    low: float = 0.0
    """While returning: the nearest to the level so far."""
    leaning: float = 0.0
    """Which way blinks point, -1 to 1, by those that were seen: 0 as long as that is not known."""
    judged: int = 0
    """Where the last excursion was over: the next one's foot lies after it."""
    drifted: tuple[int, int] = (0, 0)
    """From where to where the last excursion went that was too slow for lids: the level had moved."""


def begin(hz: float, first: int, leaning: float = 0.0) -> Lids:
    """Know nothing but perhaps which way blinks point; `first` is the index of the sample to come."""
    return Lids(hz=hz, first=first, index=first - 1, leaning=leaning)


def blinded(lids: Lids) -> Lids:
    """The channels are not to be believed: forget everything but how noisy they used to be."""
    known = Lids(lids.hz, lids.first, lids.index, noise=lids.noise, threshold=lids.threshold)
    return msgspec.structs.replace(known, leaning=lids.leaning)


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
    lids = msgspec.structs.replace(
        lids,
        index=lids.index + 1,
        level=level,
        drift=drift,
        trace=(*lids.trace, away),
        felt=(*lids.felt, sum(felt) / len(felt)),
    )
    match lids.phase:
        case Phase.RESTING:
            return _rest(lids, departures), None
        case Phase.AWAY:
            return _away(lids, felt, departures)
        case Phase.RETURNING:
            return _return(lids, felt), None


def begins(lids: Lids, microvolts: float) -> bool:
    """Whether another blink like one of these (signed) microvolts may just be beginning."""
    way = math.copysign(1.0, microvolts)
    recent = [way * away for away in lids.trace[-round(BEGINS_S * lids.hz) :]]
    return bool(recent) and recent[-1] - min(recent) >= BEGINS_SHARE * abs(microvolts)


def _rest(lids: Lids, departures: tuple[float, ...]) -> Lids:
    away = lids.trace[-1]
    against = AGAINST if _is_against(lids, away) else 1.0
    if abs(away) >= against * _threshold(lids):
        return _leave(lids, departures)
    near = abs(away) <= _threshold(lids) / 2 or _is_against(lids, away)
    share = 1 / ((FOLLOW_S if near else FOLLOW_FAR_S) * lids.hz)
    pull = FOLLOW_DRIFT / lids.hz if near else 0.0
    return msgspec.structs.replace(
        lids,
        level=tuple(rest + share * departure for rest, departure in zip(lids.level, departures, strict=True)),
        drift=tuple(by + pull * departure for by, departure in zip(lids.drift, departures, strict=True)),
        trace=lids.trace[-round(BEFORE_S * lids.hz) :],
        felt=lids.felt[-round(BEFORE_S * lids.hz) :],
    )


def _is_against(lids: Lids, away: float) -> bool:
    """Whether it is known which way blinks point, and this is the other one."""
    return lids.leaning * math.copysign(1.0, away) < -LEANS


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
        # one that was so long on its way is drift, and spoils no quiet
        is_drift = (lids.peak_at - lids.since) / lids.hz > LONGEST_RISE_S
        drifted = (lids.since, lids.index) if is_drift and not _jumped(lids) else lids.drifted
        return msgspec.structs.replace(_settle(lids, felt), drifted=drifted), None if is_drift else step
    if height >= lids.peak / 2:
        return lids, None
    judged: Deflection | None = _judge(lids)
    if judged and not judged.is_blink and judged.rise_s > LONGEST_RISE_S and _is_against(lids, lids.sign):
        judged = None
    returning = msgspec.structs.replace(
        lids,
        phase=Phase.RETURNING,
        since=lids.index,
        low=height,
        judged=lids.index,
        leaning=_leaning(lids, judged),
    )
    return returning, judged


def _jumped(lids: Lids) -> bool:
    """Whether most of its height came at once: noise on what stays there has its peak anywhere."""
    heights = [lids.sign * away for away in lids.trace]
    rising = next(place for place, height in enumerate(heights) if height >= lids.peak / 4)
    risen = next(place for place, height in enumerate(heights) if height >= lids.peak * 3 / 4)
    return (risen - rising) / lids.hz < JUMP_S


def _leaning(lids: Lids, judged: Deflection | None) -> float:
    """A little more towards where a blink pointed that was surely one."""
    if judged is None or not judged.is_blink or judged.margin < SURELY:
        return lids.leaning
    return lids.leaning + LEANING_SHARE * (lids.sign - lids.leaning)


def _return(lids: Lids, felt: tuple[float, ...]) -> Lids:
    height = lids.sign * lids.trace[-1]
    low = min(lids.low, height)
    if abs(height) <= _threshold(lids) / 2:
        return msgspec.structs.replace(lids, phase=Phase.RESTING)
    if height - low > _threshold(lids):
        kept = lids.index - lids.since + 1
        return msgspec.structs.replace(
            lids,
            phase=Phase.AWAY,
            since=lids.index,
            peak=height,
            peak_at=lids.index,
            trace=lids.trace[-kept:],
            felt=lids.felt[-kept:],
        )
    if lids.index - lids.since > RETURN_S * lids.hz:
        return _settle(lids, felt)
    return msgspec.structs.replace(lids, low=low)


def _settle(lids: Lids, felt: tuple[float, ...]) -> Lids:
    """It stays where it went: that is the level now."""
    return msgspec.structs.replace(
        lids,
        phase=Phase.RESTING,
        level=felt,
        drift=(),
        since=lids.index,
        peak=0.0,
        trace=(0.0,),
        felt=lids.felt[-1:],
    )


def _judge(lids: Lids) -> Deflection:
    """Whether an excursion that has fallen to half of its height was a blink."""
    heights = [lids.sign * away for away in lids.trace]
    top = len(heights) - 1 - (lids.index - lids.peak_at)
    least = min(top, max(0, len(heights) - 1 - (lids.index - lids.judged)))
    rising = next((place for place in range(top, least - 1, -1) if heights[place] < lids.peak / 2), least)
    foot = next(
        (place for place in range(rising, least - 1, -1) if heights[place] < lids.peak * ONSET_SHARE), None
    )
    if foot is None:  # the lids were hardly open since the last one: the valley between
        foot = min(range(least, rising + 1), key=heights.__getitem__)
    steep = next(
        (place for place in range(rising, least - 1, -1) if heights[place] < lids.peak * STEEP_SHARE), foot
    )
    foot = max(foot, steep - round(FOOT_S * lids.hz))
    width_s = (len(heights) - 1 - rising) / lids.hz
    rise_s = (top - steep) / lids.hz
    is_blink = (
        WIDTH_S[0] <= width_s <= WIDTH_S[1]
        and rise_s <= LONGEST_RISE_S
        and lids.peak <= HIGHEST_MICROVOLTS
        and (width_s <= SLOW_S or lids.peak >= SLOW_MARGIN * lids.threshold)
        and lids.balance >= LEAST_BALANCE
        and _fallen(lids, top) >= LEAST_FALL * lids.peak
    )
    onset = lids.index - (len(heights) - 1 - foot)
    margin = lids.peak / lids.threshold
    return Deflection(onset, lids.index, is_blink, lids.sign * lids.peak, margin, width_s, rise_s)


def _fallen(lids: Lids, top: int) -> float:
    """By how much the signal itself has come back from its top, but for the drift of before."""
    drift = sum(lids.drift) / len(lids.drift) if lids.drift else 0.0
    since_s = (len(lids.felt) - 1 - top) / lids.hz
    return lids.sign * (lids.felt[top] - lids.felt[-1] + drift * since_s)
