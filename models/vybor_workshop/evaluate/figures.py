"""The figures, each with its certainty: a paired bootstrap of the same sentences under two models. Pure.

A measure gives a `Units` for each model: a sum and what it is divided by for every sentence (or text), in the same
order. Days are resampled where there are enough, else sentences, whose intervals are narrower than they should be.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import msgspec

from vybor.accounting.resampling import Interval, interval
from vybor.accounting.worth import LEAST_DAYS
from vybor_workshop.evaluate.specs import BY_NAME, Combine, Compare, Name, Spec


class Who(StrEnum):
    """Which model."""

    FACTORY = "factory"
    """As it was built, without any adapter."""
    PREDECESSOR = "predecessor"
    """With the adapter that was published before."""
    GROWN = "grown"
    """With the one that is measured."""


class Unit(msgspec.Struct, frozen=True):
    """Of one sentence: what was counted, and out of how much; or which pairs of words were said."""

    top: float = 0.0
    bottom: float = 0.0
    pairs: tuple[tuple[str, str], ...] = ()


Units = Sequence[Unit]
Found = dict[Name, list[Unit]]
"""Figures with the units of every sentence or text."""
PERCENT = 100.0
MOST_NATS = 50.0
"""A token less likely than that is nonsense anyway, and exp() has an end."""
Tell = Callable[[str], None]
"""One line of progress."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of all models, and how the grown one's differs."""

    factory: float
    grown: float
    predecessor: float | None = None
    """None where there was none before."""
    against_factory: Interval | None = None
    """The difference, or where the figure is a perplexity or a speed the ratio."""
    against_predecessor: Interval | None = None
    units: int = 0
    """So many sentences or texts were measured."""
    over_days: bool = False
    """Whether whole days were resampled."""


def value(spec: Spec, units: Units) -> float | None:
    """The figure of some sentences together; None where it cannot be reckoned."""
    if spec.combine is Combine.DISTINCT:
        pairs = [pair for unit in units for pair in unit.pairs]
        return len(set(pairs)) / len(pairs) if pairs else None
    top, bottom = sum(unit.top for unit in units), sum(unit.bottom for unit in units)
    if bottom <= 0:
        return None
    match spec.combine:
        case Combine.PERPLEXITY:
            return math.exp(min(top / bottom, MOST_NATS))
        case Combine.SAVED:
            return PERCENT * (1 - top / bottom)
    return top / bottom


def figure(spec: Spec, of: Mapping[Who, Units], days: Sequence[str] = ()) -> Figure | None:
    """One figure with its intervals; None where there was nothing to measure. `days` has one a unit, or none."""
    of, days = _paired(spec, of, days)
    factory, grown = value(spec, of[Who.FACTORY]), value(spec, of[Who.GROWN])
    if factory is None or grown is None:
        return None
    before = of.get(Who.PREDECESSOR)
    groups = by_day(days, len(of[Who.GROWN]))
    over_days = len(groups) >= LEAST_DAYS
    return Figure(
        factory=factory,
        grown=grown,
        predecessor=value(spec, before) if before else None,
        against_factory=_against(spec, of[Who.FACTORY], of[Who.GROWN], groups if over_days else ()),
        against_predecessor=_against(spec, before, of[Who.GROWN], groups if over_days else ()) if before else None,
        units=len(of[Who.GROWN]),
        over_days=over_days,
    )


def of_own_and_others(own: Mapping[Who, Units], others: Mapping[Who, Units]) -> Figure | None:
    """How much more the person's own perplexity fell than other people's: below 1 if it learned *this* person."""
    spec = BY_NAME[Name.PPL_OTHERS]
    falls = {
        who: [_fall(spec, each[Who.FACTORY], each[who]) for each in (own, others)]
        for who in own
        if own.get(who) and others.get(who)
    }
    if Who.GROWN not in falls or None in falls[Who.GROWN]:
        return None
    found = {who: fell[0] / fell[1] for who, fell in falls.items() if fell[0] and fell[1]}
    return Figure(
        factory=1.0,
        grown=found[Who.GROWN],
        predecessor=found.get(Who.PREDECESSOR),
        against_factory=_ratio_of_ratios(own, others, Who.FACTORY),
        against_predecessor=_ratio_of_ratios(own, others, Who.PREDECESSOR) if Who.PREDECESSOR in found else None,
        units=len(own[Who.GROWN]) + len(others[Who.GROWN]),
    )


def by_day(days: Sequence[str], count: int) -> list[list[int]]:
    """The numbers of the units of each day; nothing where days are not known."""
    if len(days) != count:
        return []
    found: dict[str, list[int]] = {}
    for number, day in enumerate(days):
        found.setdefault(day, []).append(number)
    return list(found.values())


# --- reckoning ------------------------------------------------------------------------------------------------


def _paired(spec: Spec, of: Mapping[Who, Units], days: Sequence[str]) -> tuple[Mapping[Who, Units], Sequence[str]]:
    """Without sentences that one of the models had nothing to measure of."""
    if spec.combine is Combine.DISTINCT:
        return of, days
    kept = [
        number for number, each in enumerate(zip(*of.values(), strict=True)) if all(u.bottom > 0 for u in each)
    ]
    some = {who: [units[number] for number in kept] for who, units in of.items()}
    return some, [days[number] for number in kept] if days else ()


def _against(spec: Spec, before: Units, after: Units, groups: Sequence[Sequence[int]]) -> Interval | None:
    if len(before) != len(after):
        raise ValueError(f"{spec.name}: {len(before)} units beside {len(after)}")
    drawn_from = groups or [[number] for number in range(len(after))]

    def change(drawn: Sequence[Sequence[int]]) -> float | None:
        numbers = [number for group in drawn for number in group]
        old = value(spec, [before[number] for number in numbers])
        new = value(spec, [after[number] for number in numbers])
        return compared(spec, old, new)

    return interval(drawn_from, change)


def compared(spec: Spec, old: float | None, new: float | None) -> float | None:
    """The difference, or the ratio."""
    if old is None or new is None:
        return None
    if spec.compare is Compare.DIFFERENCE:
        return new - old
    return new / old if old > 0 else None


def _fall(spec: Spec, before: Units, after: Units) -> float | None:
    old, new = value(spec, before), value(spec, after)
    return new / old if old and new else None


def _ratio_of_ratios(own: Mapping[Who, Units], others: Mapping[Who, Units], since: Who) -> Interval | None:
    """Own and others' sentences are drawn together; a resampling without one of the kinds is drawn again."""
    spec = BY_NAME[Name.PPL_OTHERS]
    marked = [(0, number) for number in range(len(own[since]))]
    marked += [(1, number) for number in range(len(others[since]))]

    def change(drawn: Sequence[tuple[int, int]]) -> float | None:
        falls = []
        for kind, of in enumerate((own, others)):
            numbers = [number for which, number in drawn if which == kind]
            falls.append(_fall(spec, *([of[who][number] for number in numbers] for who in (since, Who.GROWN))))
        return falls[0] / falls[1] if falls[0] and falls[1] else None

    return interval(marked, change)
