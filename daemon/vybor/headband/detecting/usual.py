"""How the EEG of one person usually is at each electrode, at rest and while they read. Pure.

Engagement is held against it. It is made of windows of some seconds in which the person made no sign, the still
part of a fitting among them. Once there are enough, a new one takes the oldest one's place, and seldom: it
follows over hours, not over minutes.
"""

import statistics
from typing import Annotated

import msgspec

LEAST = 30
"""Windows of an electrode, two minutes of them; fewer say nothing of what is usual."""
MOST = 150
"""Ten minutes."""
RENEWED_EVERY = 15
"""Of so many windows one is taken once there are MOST: all of them are renewed in two and a half hours of wear."""
MAD = 1.4826
"""Makes a standard deviation of the median deviation of what is normally distributed."""
LEAST_SPREAD = 0.05
"""Nats: nobody's bands are as steady as that."""


Logarithm = Annotated[float, msgspec.Meta(ge=-40, le=40)]
"""No amplifier has more: 40 is a factor of 10 to the 17."""


class Level(msgspec.Struct, frozen=True, array_like=True):
    """An electrode in one window, each the median of its seconds."""

    engagement: Logarithm
    """Of beta / (alpha + theta)."""
    alpha: Logarithm
    """Of alpha / (theta + beta)."""
    muscle: Logarithm
    """Of square microvolts."""


class Centre(msgspec.Struct, frozen=True):
    """The median of something, and a robust standard deviation."""

    median: float
    spread: float

    def z(self, value: float) -> float:
        """How unusual a value is."""
        return (value - self.median) / self.spread


class Usual(msgspec.Struct, frozen=True):
    """Of one electrode."""

    engagement: Centre
    alpha: Centre
    muscle: float
    """The median."""


class Baseline(msgspec.Struct, frozen=True):
    """The windows that are kept, the oldest first."""

    windows: tuple[tuple[Level | None, ...], ...] = ()
    """Each with every electrode; None: it could not be believed then."""
    passed: int = 0
    """How many were let pass since the last one was taken."""


def with_window(known: Baseline, levels: tuple[Level | None, ...]) -> Baseline:
    """One window more, if it is time for one."""
    if len(known.windows) >= MOST and known.passed + 1 < RENEWED_EVERY:
        return msgspec.structs.replace(known, passed=known.passed + 1)
    return Baseline((*known.windows[-MOST + 1 :], levels))


def of(known: Baseline, electrodes: int, least: int = LEAST) -> tuple[Usual | None, ...]:
    """What is usual of each electrode; None where too little is known of it."""
    found: list[Usual | None] = []
    for place in range(electrodes):
        levels = [level for window in known.windows if (level := window[place]) is not None]
        found.append(_of(levels) if len(levels) >= least else None)
    return tuple(found)


def _of(levels: list[Level]) -> Usual:
    return Usual(
        centre([level.engagement for level in levels]),
        centre([level.alpha for level in levels]),
        statistics.median(level.muscle for level in levels),
    )


def centre(values: list[float]) -> Centre:
    """The median of some values, and their robust standard deviation."""
    median = statistics.median(values)
    return Centre(median, max(LEAST_SPREAD, MAD * statistics.median(abs(value - median) for value in values)))
