"""What a fit found: numbers, how much better they are on the later part of the record, whether they may go. Pure.

`fit.json` has all of it; no word of the person's is in it.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.accounting.resampling import Interval, interval
from vybor.accounting.worth import LEAST_DAYS
from vybor.bundles.manifest import Kind
from vybor.foundation.errors import VyborError
from vybor_workshop.gate.judging import Judged

SCHEMA = 1
Statistic = Callable[[float, float], float | None]
"""What two sums come to; None where it cannot be reckoned."""


class TooLittle(VyborError):
    """There is not enough to fit anything to."""

    exit_code = 65  # EX_DATAERR


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """A part, fitted and judged."""

    schema: int = SCHEMA
    kit: str
    kind: Kind
    made_at: str
    deletions: int
    """So many deletions the kit had told: with more of them this is stale."""
    base_sha256: str
    """Of the model whose words' vectors were used; zeros where none was."""
    numbers_sha256: str
    """Of numbers.json."""
    predecessor: int = 0
    """The fit that was published before and that the kit goes on with; 0: everybody's numbers."""
    figures: dict[str, Interval] = {}
    """Where there is no interval, both its ends are the figure."""
    passes: bool
    rules: tuple[Judged, ...]


def over_days(units: Sequence[tuple[object, float, float]], statistic: Statistic) -> Interval | None:
    """A figure of (day, top, bottom), and its interval: days are drawn again, or units where days are too few."""
    days: dict[object, list[tuple[float, float]]] = {}
    for day, top, bottom in units:
        days.setdefault(day, []).append((top, bottom))
    if not units:
        return None
    alone = [[unit] for each in days.values() for unit in each]
    groups = list(days.values()) if len(days) >= LEAST_DAYS else alone
    sums = [(sum(top for top, _ in each), sum(bottom for _, bottom in each)) for each in groups]
    return interval(sums, lambda drawn: statistic(sum(a for a, _ in drawn), sum(b for _, b in drawn)))


def exactly(value: float) -> Interval:
    """A figure that nothing was drawn for."""
    return Interval(value, value, value)
