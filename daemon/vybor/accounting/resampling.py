"""How sure a figure is: a bootstrap over whole days, or over sentences where there are too few days. Pure."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

RESAMPLES = 2000
PERCENTILES = (0.025, 0.975)
SEED = 5

Unit = TypeVar("Unit")


class Interval(msgspec.Struct, frozen=True):
    """A figure, and where 95 in 100 resamplings of the record have it."""

    value: float
    low: float
    high: float


def interval(units: Sequence[Unit], statistic: Callable[[Sequence[Unit]], float | None]) -> Interval | None:
    """The figure of all units and its interval; None where it cannot be reckoned.

    A resampling of which the figure cannot be reckoned (one of two groups is empty in it) is drawn again.
    """
    value = statistic(units)
    if value is None:
        return None
    draw = random.Random(SEED)
    found: list[float] = []
    for _ in range(4 * RESAMPLES):
        if (again := statistic(draw.choices(units, k=len(units)))) is not None:
            found.append(again)
        if len(found) == RESAMPLES:
            break
    if len(found) < RESAMPLES:
        return None
    found.sort()
    low, high = (found[round(share * (RESAMPLES - 1))] for share in PERCENTILES)
    return Interval(value, low, high)
