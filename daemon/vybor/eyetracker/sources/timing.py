"""When the lines of a file that grows were looks: their own times, set by when they came. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.foundation.clock import seconds

WINDOW_NS = seconds(2)
"""The line that came quickest says best how the two clocks stand; they drift, so only for a while."""
AT_SD_NS = seconds(0.03)
"""Half the time between two looks at the file, and what a program keeps before it writes."""

Lag = tuple[int, int]


class Arrivals(msgspec.Struct, frozen=True):
    """By how much times of the file are behind ours, as lines that came lately told."""

    lags: tuple[Lag, ...] = ()
    """When lines came, and how far that was after the newest of them, by its own time."""


def placed(arrivals: Arrivals, times_ns: Sequence[int], arrived_ns: int) -> tuple[Arrivals, list[int]]:
    """The times of lines that came together, on our clock; rising, as theirs do.

    What came late stays late: a line that waited in a buffer is as old as its neighbours in the file say.
    """
    kept = tuple(lag for lag in arrivals.lags if arrived_ns - lag[0] <= WINDOW_NS)
    kept = (*kept, (arrived_ns, arrived_ns - times_ns[-1]))
    behind_ns = min(lag for _, lag in kept)
    return Arrivals(kept), [time_ns + behind_ns for time_ns in times_ns]
