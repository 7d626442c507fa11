"""Clenches: a burst of muscle over both jaws at once, or one that is held. Pure, causal, sample by sample.

The strength is the power of 20-110 Hz without the mains, as a multiple of its own usual level, on the weaker side:
chewing and one-sided movements load one side at a time. Muscle moves electrodes too, so while it is loud, and a
little before and after, nothing else is believed.
"""

import math
import statistics

import msgspec

SMOOTH_S = 0.04
"""Time constant of the power."""
LOUD = 4.0
"""A burst begins when the strength passes this…"""
QUIET = 2.0
"""…and is over when it falls below this, about 0.15 s after the muscle rests."""
SHORTEST_S = 0.25
LONGEST_S = 1.7
"""250 to 1500 ms, and the time in which the power falls."""
LEAST_BASELINE = 1.0
"""Microvolts: no amplifier is quieter in this band by enough to matter."""
BASELINE_BLOCKS = 200
"""Twenty seconds of a jaw at rest; one held tight for longer than a clench becomes the usual."""
LEARNING_BLOCKS = 20
REMEMBERED_S = 3.0
LEARNS_AGAIN_S = 1.0
"""So long after a clench could have been held to its end, what is loud counts as usual."""


class Burst(msgspec.Struct, frozen=True):
    """A clench: indices of its first and last loud sample, and its strength over the threshold."""

    onset: int
    end: int
    margin: float
    """Of one that is held, the mean; else the most."""
    balance: float = 1.0
    """The weaker side's share of the stronger one's, where it was strongest."""
    is_held: bool = False
    """It has lasted as long as it must, and goes on."""


class Jaw(msgspec.Struct, frozen=True):
    """All that the detector knows. `index` is that of the last sample."""

    hz: float
    hold_s: float = 0.0
    """How long a clench is held to be told while it lasts; 0: none is."""
    index: int = -1
    power: tuple[float, ...] = ()
    stronger: float = 0.0
    """How loud the louder side is, in multiples of its usual level; 0 while that is being learned."""
    history: tuple[tuple[float, ...], ...] = ()
    """Of each channel: its level once a tenth of a second."""
    baseline: tuple[float, ...] = ()
    """Empty while it is being learned."""
    loud_since: int | None = None
    loud_last: int = 0
    strongest: float = 0.0
    balance: float = 1.0
    """Then."""
    sum: float = 0.0
    """Of the strengths of the samples since then."""
    is_told: bool = False
    """Whether it was told that this one is held."""
    louds: tuple[tuple[int, int], ...] = ()
    """First and last sample of each loud time that is over, of the last seconds."""


def begin(hz: float, first: int, hold_s: float = 0.0) -> Jaw:
    """Know nothing; `first` is the index of the sample to come."""
    return Jaw(hz=hz, hold_s=hold_s, index=first - 1)


def blinded(jaw: Jaw) -> Jaw:
    """The channels are not to be believed: what is loud now is no clench."""
    return msgspec.structs.replace(jaw, power=(), loud_since=None, louds=_louds(jaw))


def block_over(jaw: Jaw) -> Jaw:
    """Learn the usual level from one value a channel in a tenth of a second, while no clench may be under way."""
    loud_s = 0.0 if jaw.loud_since is None else (jaw.index - jaw.loud_since) / jaw.hz
    longest_s = max(LONGEST_S, jaw.hold_s + LEARNS_AGAIN_S) if jaw.hold_s else LONGEST_S
    if not jaw.power or 0 < loud_s <= longest_s:
        return jaw
    history = tuple(
        (*(jaw.history[place] if jaw.history else ())[-BASELINE_BLOCKS + 1 :], math.sqrt(power))
        for place, power in enumerate(jaw.power)
    )
    learned = len(history[0]) >= LEARNING_BLOCKS
    usual = tuple(max(LEAST_BASELINE, statistics.median(levels)) for levels in history)
    return msgspec.structs.replace(jaw, history=history, baseline=usual if learned else ())


def sample(jaw: Jaw, felt: tuple[float, ...]) -> tuple[Jaw, Burst | None]:
    """Take in one sample of each temporal channel, in the muscle band, microvolts; perhaps a clench is over."""
    share = 1 / (SMOOTH_S * jaw.hz)
    before = jaw.power or tuple(value**2 for value in felt)
    power = tuple(known + share * (value**2 - known) for known, value in zip(before, felt, strict=True))
    if not jaw.baseline:
        return msgspec.structs.replace(jaw, index=jaw.index + 1, power=power, stronger=0.0), None
    strengths = [math.sqrt(now) / usual for now, usual in zip(power, jaw.baseline, strict=True)]
    weaker, stronger = min(strengths), max(strengths)
    jaw = msgspec.structs.replace(jaw, index=jaw.index + 1, power=power, stronger=stronger)
    return _listen(jaw, weaker, weaker / stronger if weaker > 0 else 1.0)


def loud_between(jaw: Jaw, first: int, last: int) -> bool:
    """Whether the jaw was loud at any sample from first to last."""
    if jaw.loud_since is not None and jaw.loud_since <= last:
        return True
    return any(began <= last and ended >= first for began, ended in jaw.louds)


def _listen(jaw: Jaw, strength: float, balance: float) -> tuple[Jaw, Burst | None]:
    if jaw.loud_since is None:
        if strength < LOUD:
            return jaw, None
        begun = msgspec.structs.replace(
            jaw,
            loud_since=jaw.index,
            loud_last=jaw.index,
            strongest=strength,
            balance=balance,
            sum=strength,
            is_told=False,
        )
        return begun, None
    if strength >= QUIET:
        last = jaw.index if strength >= LOUD else jaw.loud_last
        strongest = max(jaw.strongest, strength)
        then = balance if strength >= strongest else jaw.balance
        louder = msgspec.structs.replace(
            jaw, loud_last=last, strongest=strongest, balance=then, sum=jaw.sum + strength
        )
        return _held(louder, jaw.loud_since)
    lasted_s = (jaw.index - jaw.loud_since) / jaw.hz
    burst = Burst(jaw.loud_since, jaw.loud_last, jaw.strongest / LOUD, jaw.balance)
    quiet = msgspec.structs.replace(jaw, loud_since=None, louds=_louds(jaw))
    return quiet, burst if SHORTEST_S <= lasted_s <= LONGEST_S else None


def _held(jaw: Jaw, since: int) -> tuple[Jaw, Burst | None]:
    """Whether it has just become one that is held: it never fell quiet, and was loud all in all."""
    if jaw.is_told or not jaw.hold_s or jaw.index - since < jaw.hold_s * jaw.hz:
        return jaw, None
    margin = jaw.sum / (jaw.index - since + 1) / LOUD
    return msgspec.structs.replace(jaw, is_told=True), Burst(since, jaw.index, margin, is_held=True)


def _louds(jaw: Jaw) -> tuple[tuple[int, int], ...]:
    recent = tuple(loud for loud in jaw.louds if jaw.index - loud[1] <= REMEMBERED_S * jaw.hz)
    return recent if jaw.loud_since is None else (*recent, (jaw.loud_since, jaw.index))
