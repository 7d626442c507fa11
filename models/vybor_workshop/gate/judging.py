"""A growth's figures before the rules. Pure.

The budget goes on from growth to growth: for each figure how far all steps together have come since the factory
model, and how far the best was. A ratio is kept as its logarithm, so that steps add up.
"""

import math
from collections.abc import Collection, Mapping

import msgspec

from vybor.accounting.resampling import Interval
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import BY_NAME, Against, Compare, Name
from vybor_workshop.gate.rules import BUDGETED, LEAKS, RULES, SAME_FACTORY, Bound, Limit, Rule


class Account(msgspec.Struct, frozen=True):
    """How far one figure has come, step by step; more is better, whichever way the figure goes."""

    now: float = 0.0
    best: float = 0.0

    def with_step(self, step: float) -> "Account":
        """After another one."""
        now = self.now + step
        return Account(now, max(self.best, now))


class Fixed(msgspec.Struct, frozen=True):
    """What the factory model made of texts that stay the same, when the first growth was judged."""

    base_sha256: str
    texts: dict[str, str]
    figures: dict[Name, float]


class Past(msgspec.Struct, frozen=True):
    """What the predecessor's gate left behind."""

    accounts: dict[Name, Account] = {}
    factory: Fixed | None = None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and what came of it."""

    rule: str
    says: str
    figure: str
    against: Against
    value: float | None
    """What counts of it; None where there was nothing to measure."""
    limit: Limit
    holds: bool
    overridden: bool = False


FIXED_TEXTS: Mapping[Name, str] = {Name.PPL_OTHERS: "others", Name.PPL_GENERAL: "general"}


def judged(evaluation: Evaluation, past: Past, overridden: Collection[str] = ()) -> tuple[Judged, ...]:
    """Every rule; those against a predecessor only where there is one to be held against."""
    after = accounts(evaluation, past)
    is_step = evaluation.predecessor and not evaluation.before_knew
    wanted = [rule for rule in RULES if is_step or rule.against not in LATER]
    return tuple(_judged(rule, _value(rule, evaluation, past, after), overridden) for rule in wanted)


WHOLLY = 1.0
"""It is another model."""
LATER = (Against.PREDECESSOR, Against.BUDGET)


def passes(rules: Collection[Judged]) -> bool:
    """Whether each holds, or was overridden by its name."""
    return all(rule.holds or rule.overridden for rule in rules)


def accounts(evaluation: Evaluation, past: Past) -> dict[Name, Account]:
    """How far each budgeted figure has come with this growth; what was not measured stays where it was."""
    found = dict(past.accounts)
    if evaluation.before_knew:
        return found
    for name in BUDGETED:
        if (figure := evaluation.figures.get(name)) and (change := _step(figure)):
            found[name] = found.get(name, Account()).with_step(_forward(name, change.value))
    return found


def fixed(evaluation: Evaluation, past: Past, overridden: Collection[str] = ()) -> Fixed:
    """The factory model's figures: those that were kept first, as long as the texts are the same.

    Where the owner let other ones pass, by overriding the rule, later growths are held against those.
    """
    known = past.factory
    is_same = known and known.texts == evaluation.texts and known.base_sha256 == evaluation.model.base_sha256
    if known and is_same and SAME_FACTORY not in overridden:
        return known
    figures = {name: evaluation.figures[name].factory for name in FIXED_TEXTS if name in evaluation.figures}
    return Fixed(evaluation.model.base_sha256, evaluation.texts, figures)


def _judged(rule: Rule, value: float | None, overridden: Collection[str]) -> Judged:
    holds = not rule.needed if value is None else rule.limit.holds(value)
    return Judged(
        rule=rule.name,
        says=rule.says,
        figure=rule.figure or rule.name,
        against=rule.against,
        value=value,
        limit=rule.limit,
        holds=holds,
        overridden=rule.name in overridden and not holds,
    )


def _value(rule: Rule, evaluation: Evaluation, past: Past, after: Mapping[Name, Account]) -> float | None:
    if rule.name == LEAKS:
        return evaluation.leaks
    if rule.name == SAME_FACTORY:
        return _moved(evaluation, past)
    if rule.figure is None or (figure := evaluation.figures.get(rule.figure)) is None:
        return None
    if rule.against is Against.BUDGET:
        return _lost(rule.figure, after[rule.figure]) if rule.figure in after else None
    found = figure.against_predecessor if rule.against is Against.PREDECESSOR else figure.against_factory
    return _bound(found, rule.bound)


def _bound(found: Interval | None, bound: Bound) -> float | None:
    if found is None:
        return None
    return {Bound.VALUE: found.value, Bound.LOW: found.low, Bound.HIGH: found.high}[bound]


def _step(figure: Figure) -> Interval | None:
    """From the predecessor; the first step is from the factory model."""
    return figure.against_predecessor if figure.predecessor is not None else figure.against_factory


def _forward(name: Name, change: float) -> float:
    """A change so that more is better, and steps add up."""
    spec = BY_NAME[name]
    if spec.compare is Compare.RATIO:
        change = math.log(max(change, 1e-9))
    return change if spec.up else -change


def _lost(name: Name, account: Account) -> float:
    """What was lost since the best, told as the figure's change is."""
    spec = BY_NAME[name]
    back = account.now - account.best
    back = back if spec.up else -back
    return math.exp(back) if spec.compare is Compare.RATIO else back


def _moved(evaluation: Evaluation, past: Past) -> float | None:
    """How much the factory model's figures on the same texts differ from those that were kept first."""
    known = past.factory
    if known is None:
        return None
    if known.base_sha256 != evaluation.model.base_sha256:
        return WHOLLY
    same = [
        name
        for name, text in FIXED_TEXTS.items()
        if name in known.figures
        and name in evaluation.figures
        and known.texts.get(text) == evaluation.texts.get(text)
    ]
    return max((_apart(evaluation.figures[name].factory, known.figures[name]) for name in same), default=None)


def _apart(figure: float, known: float) -> float:
    return abs(figure / known - 1) if known else WHOLLY
