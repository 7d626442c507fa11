"""When something happened in a browser, by the kit's clock. Pure.

A page answers each tick with its own time. That lies between when the tick was sent and when the answer came, so
the quickest of the last answers says how the clocks stand to each other, to within half of the time that it took.
"""

import msgspec

from vybor.display.drawing.surface import Moment

KEPT = 16
"""Answers, at two a second: a browser's clock may stand still while its machine sleeps."""
NS_IN_MS = 1_000_000
SD_OF_WIDTH = 12**-0.5
"""The standard deviation of what is anywhere within a width."""
COARSE_NS = NS_IN_MS
"""Browsers round their clocks: to .1 ms, some to 1."""


class Trip(msgspec.Struct, frozen=True):
    """A tick and its answer."""

    sent_ns: int
    got_ns: int
    page_ms: float

    @property
    def took_ns(self) -> int:
        """Back and forth."""
        return self.got_ns - self.sent_ns

    @property
    def offset_ns(self) -> int:
        """The kit's clock less the page's, as likely as not."""
        return (self.sent_ns + self.got_ns) // 2 - round(self.page_ms * NS_IN_MS)


class Timing(msgspec.Struct, frozen=True):
    """The last answers of one page."""

    trips: tuple[Trip, ...] = ()


def answered(timing: Timing, trip: Trip) -> Timing:
    """An answer came; one that came before it was asked for says nothing."""
    return Timing((*timing.trips, trip)[-KEPT:]) if trip.took_ns >= 0 else timing


def moment(timing: Timing, page_ms: float, got_ns: int) -> Moment | None:
    """When that was, and how exactly it is known; never after it was heard of. None: no answer came yet."""
    if not timing.trips:
        return None
    best = min(timing.trips, key=lambda trip: trip.took_ns)
    at_ns = min(round(page_ms * NS_IN_MS) + best.offset_ns, got_ns)
    return Moment(at_ns=at_ns, at_sd_ns=round((best.took_ns + COARSE_NS) * SD_OF_WIDTH))
