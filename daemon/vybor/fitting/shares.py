"""What a few tries say of all: bounds for shares and rates, and quantiles. Pure."""

import math
from collections.abc import Sequence

NINE_OF_TEN = 1.2816
"""One-sided 90 %, in standard deviations."""


def at_least(hits: int, of: int, sure: float = NINE_OF_TEN) -> float:
    """Wilson's lower bound of a share; 0 where nothing was tried."""
    return _wilson(hits, of, -sure) if of else 0.0


def at_most(hits: int, of: int, sure: float = NINE_OF_TEN) -> float:
    """Wilson's upper bound of a share; 1 where nothing was tried."""
    return _wilson(hits, of, sure) if of else 1.0


def most_a_minute(count: int, seen_s: float) -> float:
    """Of a rate, a minute: were it higher, one such time in ten or fewer would show so few. Infinite if unseen."""
    if seen_s <= 0:
        return math.inf
    low, high = 0.0, 10.0 + 4.0 * count
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _poisson(count, middle) > 0.1 else (low, middle)
    return high / (seen_s / 60)


def quantile(values: Sequence[float], share: float) -> float | None:
    """Between the values, as the share lies between them; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _wilson(hits: int, of: int, z: float) -> float:
    share = hits / of
    middle = share + z * z / (2 * of)
    half = math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle + math.copysign(abs(z), z) * half) / (1 + z * z / of)


def _poisson(count: int, mean: float) -> float:
    """The probability of at most `count`."""
    term = total = math.exp(-mean)
    for number in range(1, count + 1):
        term *= mean / number
        total += term
    return total
