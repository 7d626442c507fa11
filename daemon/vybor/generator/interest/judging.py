"""Whether the interest has helped this person: their own record, replayed day by day. Pure.

Each choice of an offered word is predicted twice, with the interest as it was before that choice and without; the
gain is the difference of the logarithms of what the chosen word got among those offered. Nothing is fitted to the
days that are judged but the habits of the looks, and those from earlier choices only. The interest is on while the
lower end of a bootstrap over whole days is above zero.

A day is a start of the machine, or 24 hours of one: a Pi has no clock that could be trusted with dates.
"""

import math
from collections.abc import Iterable

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.generator.interest.profile import USUAL, Meaning, candidates, shifted
from vybor.generator.network.embedding_rows import Floats

DAY_NS = 24 * 3600 * 10**9
EARLY_DAYS = 2
"""They teach the habits of the looks and are not judged."""
LEAST_DAYS, LEAST_CHOICES = 5, 200
"""Fewer can show nothing: there is no lower bound."""
MOST_DAYS = 60
"""Only the last ones are judged: people change, and what once helped may not."""
RESAMPLES = 2000
PERCENTILE = 0.5
"""Of the bootstrap: the lower end of a 99 % interval, because it is looked at every day."""
SEED = 8
MARK = "~interest"
"""Behind the model's name in the record: this offer was shifted. Such choices are not judged by."""


class Choice(msgspec.Struct, frozen=True):
    """An offered word that was taken: on which day, and how many nats more it had with the interest."""

    day: int
    gain: float


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the days that count show."""

    days: int
    choices: int
    gain: float = 0.0
    """Nats a choice, on average."""
    low: float | None = None
    """Its lower bound; None while there are too few days or choices."""

    @property
    def helps(self) -> bool:
        """Whether the interest may shift all that it can; else nothing."""
        return self.low is not None and self.low > 0


class Days:
    """Numbers the days of a record by its decisions' times since the machine's start."""

    def __init__(self) -> None:
        self.day = 0
        self._last_ns = 0

    def tell(self, at_ns: int) -> int:
        """The day of the next decision."""
        if at_ns < self._last_ns or at_ns // DAY_NS != self._last_ns // DAY_NS:
            self.day += 1
        self._last_ns = at_ns
        return self.day


def gain_of(decision: m.Decision, interest: Floats | None, meaning: Meaning) -> float | None:
    """Nats that the interest before a decision would have won or lost for what was taken.

    None where no word was taken from an offer of the model, or the offer was shifted already.
    """
    if (place := place_of(decision)) is None:
        return None
    offered = offered_in(decision)
    chances = shifted(offered, interest, meaning, USUAL.weight)
    return math.log(chances[place]) - math.log(list(offered.values())[place])


def offered_in(decision: m.Decision) -> dict[str, float]:
    """The words that could be taken, each with its probability."""
    return {tile.label: tile.p for tile in candidates(decision) if tile.p}


def place_of(decision: m.Decision) -> int | None:
    """Which of the offered words was taken, where that can be judged by."""
    offered = list(offered_in(decision))
    taken = [tile.label for tile in candidates(decision) if tile.slot == decision.slot]
    judged = (
        decision.learn and decision.action is Action.TAKE and decision.model and not decision.model.endswith(MARK)
    )
    if not judged or len(taken) != 1 or taken[0] not in offered or len(offered) < 2:
        return None
    return offered.index(taken[0])


def judge(choices: Iterable[Choice]) -> Judged:
    """The gain over the days that count, and its lower bound."""
    by_day: dict[int, list[float]] = {}
    for choice in choices:
        by_day.setdefault(choice.day, []).append(choice.gain)
    later = [by_day[day] for day in sorted(by_day)[EARLY_DAYS:][-MOST_DAYS:]]
    count = sum(map(len, later))
    if not count:
        return Judged(days=len(later), choices=0)
    gain = sum(map(sum, later)) / count
    if len(later) < LEAST_DAYS or count < LEAST_CHOICES:
        return Judged(days=len(later), choices=count, gain=gain)
    sums, counts = np.array([sum(day) for day in later]), np.array([len(day) for day in later])
    drawn = np.random.default_rng(SEED).integers(len(later), size=(RESAMPLES, len(later)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return Judged(days=len(later), choices=count, gain=gain, low=float(np.percentile(means, PERCENTILE)))
