"""Indices and times of samples that bring a time stamp each, from somebody else's clock. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.foundation.clock import SECOND_NS, seconds
from vybor.headband.devices import clock_fit

GAP_NS = seconds(0.25)
"""A stamp that is so far ahead of the count says that samples are missing."""
OLD_NS, AHEAD_NS = seconds(10), seconds(0.5)
"""A stamp beyond these of the time at which it came is no time of ours: the sender's clock was set."""

Run = tuple[int, int, int]


class Stamps(msgspec.Struct, frozen=True):
    """Where the count stands."""

    fit: clock_fit.ClockFit
    next: int = 0
    """Index of the sample to come, if none is lost."""


def begin(hz: float) -> Stamps:
    """Nothing has come."""
    return Stamps(clock_fit.begin(hz))


def placed(stamps: Stamps, at_ns: Sequence[int], now_ns: int) -> tuple[Stamps, tuple[Run, ...]]:
    """Number samples by their stamps: runs of (index of the first, from, to) over them."""
    fit, index = stamps.fit, stamps.next
    runs: list[Run] = []
    start = 0
    for place, stamp_ns in enumerate(_believed(at_ns, now_ns, fit.nominal_period_ns)):
        if fit.arrivals:
            ahead_ns = stamp_ns - fit.time_of(index)
            if ahead_ns > GAP_NS:
                if place > start:
                    runs.append((index - (place - start), start, place))
                start = place
                index += round(ahead_ns / fit.period_ns)
        fit = clock_fit.arrived(fit, index, stamp_ns)
        index += 1
    if len(at_ns) > start:
        runs.append((index - (len(at_ns) - start), start, len(at_ns)))
    return Stamps(fit, index), tuple(runs)


def _believed(at_ns: Sequence[int], now_ns: int, period_ns: float) -> list[int]:
    """The stamps; where one cannot be true, the time at which it came, as if nothing had kept it."""
    count = len(at_ns)
    return [
        stamp_ns if -OLD_NS <= stamp_ns - now_ns <= AHEAD_NS else now_ns - round((count - 1 - place) * period_ns)
        for place, stamp_ns in enumerate(at_ns)
    ]


def whole_ns(at_s: float) -> int:
    """Seconds as nanoseconds; what is no number is no time at all."""
    return round(at_s * SECOND_NS) if abs(at_s) < 1e9 else -(10**18)
