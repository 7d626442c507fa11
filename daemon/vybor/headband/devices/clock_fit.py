"""When was a sample taken? A line through arrival times over the sample index, which late chunks do not bend.

A chunk can come late, never early: so the line lies along the lower edge of the arrivals. Its slope is the median
of many slopes over half the window; its height follows the earliest of the last seconds and the last one before
them: where nobody listened for longer, because the process stood still, all that then comes at once is late.
"""

import statistics

import msgspec

from vybor.foundation.clock import SECOND_NS, seconds

WINDOW_NS = seconds(20)
HEIGHT_NS = seconds(3)
"""Long enough that some chunk of it was not late; short enough to follow samples lost without a trace."""
SLOPE_FROM_NS = seconds(6)
"""Over less time than this, late chunks bend the slope more than a crystal is off."""
SLOPE_LIMIT = 0.005
"""No crystal is off by more than half a percent; a slope outside says that samples were lost uncounted."""
SPACING_NS = seconds(0.1)
"""Arrivals closer together than this add work and no knowledge."""


class Arrival(msgspec.Struct, frozen=True):
    """The newest sample of a chunk, and when the chunk was there."""

    index: int
    at_ns: int


class ClockFit(msgspec.Struct, frozen=True):
    """The line, and the arrivals that it goes through."""

    nominal_period_ns: float
    arrivals: tuple[Arrival, ...] = ()
    period_ns: float = 0.0
    origin_index: int = 0
    origin_ns: int = 0
    sd_ns: int = 0

    def time_of(self, index: int) -> int:
        """Capture time of a sample, CLOCK_MONOTONIC nanoseconds."""
        return self.origin_ns + round((index - self.origin_index) * self.period_ns)


def begin(hz: float) -> ClockFit:
    """Know nothing but the headband's nominal rate."""
    return ClockFit(SECOND_NS / hz)


def arrived(fit: ClockFit, index: int, at_ns: int) -> ClockFit:
    """Take in that the sample `index` is there, and was the newest, at `at_ns`."""
    newest = Arrival(index, at_ns)
    arrivals = _spaced(fit.arrivals, newest)
    period_ns = _slope(arrivals, fit.nominal_period_ns)
    # residuals are taken from the newest sample back, so that they stay small numbers
    late_ns = [past.at_ns - at_ns - (past.index - index) * period_ns for past in arrivals]
    recent = late_ns[_since(arrivals, at_ns - HEIGHT_NS) :]
    return msgspec.structs.replace(
        fit,
        arrivals=arrivals,
        period_ns=period_ns,
        origin_index=index,
        origin_ns=at_ns + round(min(recent)),
        sd_ns=_spread(recent, period_ns),
    )


def _spaced(arrivals: tuple[Arrival, ...], newest: Arrival) -> tuple[Arrival, ...]:
    """The window, with the newest arrival in place of the last if that one came just after its forerunner."""
    kept = arrivals[_since(arrivals, newest.at_ns - WINDOW_NS) :]
    if len(kept) >= 2 and newest.at_ns - kept[-2].at_ns < SPACING_NS:
        kept = kept[:-1]
    return (*kept, newest)


def _since(arrivals: tuple[Arrival, ...], at_ns: int) -> int:
    """The place of the last arrival before a time."""
    before = [place for place, past in enumerate(arrivals) if past.at_ns < at_ns]
    return before[-1] if before else 0


def _slope(arrivals: tuple[Arrival, ...], nominal_ns: float) -> float:
    """Nanoseconds a sample: the median over pairs half the window apart, within what crystals do."""
    if arrivals[-1].at_ns - arrivals[0].at_ns < SLOPE_FROM_NS:
        return nominal_ns
    half = len(arrivals) // 2
    slopes = [
        (late.at_ns - early.at_ns) / (late.index - early.index)
        for early, late in zip(arrivals[:half], arrivals[-half:], strict=True)
        if late.index > early.index
    ]
    if not slopes:
        return nominal_ns
    return min(max(statistics.median(slopes), nominal_ns * (1 - SLOPE_LIMIT)), nominal_ns * (1 + SLOPE_LIMIT))


def _spread(late_ns: list[float], period_ns: float) -> int:
    """Half a period of rounding, and the usual lateness of a chunk over the earliest."""
    usual_ns = statistics.median(late_ns) - min(late_ns)
    return round(period_ns / 2 + usual_ns)
