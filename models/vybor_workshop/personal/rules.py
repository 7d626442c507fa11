"""The gate of numbers alone, a row a rule: what a fit must show on the later part of the record. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from vybor.accounting.resampling import Interval
from vybor.accounting.worth import LEAST_DAYS
from vybor.bundles.manifest import Kind
from vybor.generator.interest.judging import LEAST_CHOICES
from vybor_workshop.evaluate.specs import Against
from vybor_workshop.gate.judging import Judged
from vybor_workshop.gate.rules import Bound, Limit, at_least, at_most
from vybor_workshop.personal.signs import MOST_MISSED

FACTORY, STEP, NOTHING = Against.FACTORY, Against.PREDECESSOR, Against.NOTHING
LEAST_HELD = 50
"""Sentences."""
LEAST_SIGNS = 30
SURELY_BETTER = 0.01
"""Nats a sign."""
SURELY_FEWER = 0.001
"""Of all signs: numbers that change no choice are not worth a trial."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    name: str
    figure: str
    against: Against
    says: str
    limit: Limit
    bound: Bound = Bound.VALUE


CHANGED = Rule(
    name="other-numbers",
    figure="changed",
    against=NOTHING,
    says="the record asks for other numbers than those that are worn",
    limit=at_least(1),
)
RULES: Mapping[Kind, Sequence[Rule]] = {
    Kind.INTEREST: (
        CHANGED,
        Rule(name="days", figure="days", against=NOTHING, says="on days enough", limit=at_least(LEAST_DAYS)),
        Rule(
            name="choices",
            figure="choices",
            against=NOTHING,
            says="of choices enough",
            limit=at_least(LEAST_CHOICES),
        ),
        Rule(
            name="no-loss",
            figure="nats_over_usual",
            against=FACTORY,
            says="what was taken is surely no less likely than by everybody's numbers",
            bound=Bound.LOW,
            limit=at_least(0.0),
        ),
        Rule(
            name="helps",
            figure="nats_over_none",
            against=NOTHING,
            says="and surely no less than without interest",
            bound=Bound.LOW,
            limit=at_least(0.0),
        ),
        Rule(
            name="step-no-loss",
            figure="nats_over_before",
            against=STEP,
            says="no step is surely a loss",
            bound=Bound.LOW,
            limit=at_least(0.0),
        ),
    ),
    Kind.COUNTS: (
        CHANGED,
        Rule(
            name="sentences",
            figure="held",
            against=NOTHING,
            says="on sentences enough",
            limit=at_least(LEAST_HELD),
        ),
        Rule(
            name="no-loss",
            figure="ppl_over_usual",
            against=FACTORY,
            says="what was said is surely no more surprising than by everybody's numbers",
            bound=Bound.HIGH,
            limit=at_most(1.0),
        ),
        Rule(
            name="size",
            figure="rows_over_usual",
            against=FACTORY,
            says="no more is kept than without",
            limit=at_most(1.0),
        ),
        Rule(
            name="step-no-loss",
            figure="ppl_over_before",
            against=STEP,
            says="no step is surely a loss",
            bound=Bound.HIGH,
            limit=at_most(1.0),
        ),
    ),
    Kind.SIGNS: (
        CHANGED,
        Rule(name="days", figure="days", against=NOTHING, says="on days enough", limit=at_least(LEAST_DAYS)),
        Rule(name="signs", figure="signs", against=NOTHING, says="of signs enough", limit=at_least(LEAST_SIGNS)),
        Rule(
            name="better",
            figure="nats_over_worn",
            against=NOTHING,
            says="what came of signs is surely likelier than as the kit believed them",
            bound=Bound.LOW,
            limit=at_least(SURELY_BETTER),
        ),
        Rule(
            name="no-loss",
            figure="nats_over_usual",
            against=FACTORY,
            says="and surely no less likely than if nothing were known of the person",
            bound=Bound.LOW,
            limit=at_least(0.0),
        ),
        Rule(
            name="fewer-wrong",
            figure="wrong_over_worn",
            against=NOTHING,
            says="surely fewer would choose unmeant, or be missed",
            bound=Bound.HIGH,
            limit=at_most(-SURELY_FEWER),
        ),
        Rule(
            name="no-more-false",
            figure="false_over_worn",
            against=NOTHING,
            says="not one more sign that was not meant would choose",
            bound=Bound.HIGH,
            limit=at_most(0.0),
        ),
        Rule(
            name="no-more-missed",
            figure="missed_over_worn",
            against=NOTHING,
            says="surely no more than 1 in 100 signs would be missed that chose",
            bound=Bound.HIGH,
            limit=at_most(MOST_MISSED),
        ),
        Rule(
            name="step-no-loss",
            figure="nats_over_before",
            against=STEP,
            says="no step is surely a loss",
            bound=Bound.LOW,
            limit=at_least(0.0),
        ),
    ),
}
"""A row for each part."""


def judged(kind: Kind, figures: Mapping[str, Interval], *, has_predecessor: bool) -> tuple[Judged, ...]:
    """Every rule; those against a predecessor only where there is one. What cannot be measured does not hold."""
    wanted = [rule for rule in RULES[kind] if has_predecessor or rule.against is not STEP]
    return tuple(_judged(rule, figures.get(rule.figure)) for rule in wanted)


def passes(rules: Sequence[Judged]) -> bool:
    """Whether each holds: numbers that are no surer than everybody's are not worth a night's trial."""
    return all(rule.holds for rule in rules)


def _judged(rule: Rule, figure: Interval | None) -> Judged:
    value = _bound(rule.bound, figure) if figure else None
    return Judged(
        rule=rule.name,
        says=rule.says,
        figure=rule.figure,
        against=rule.against,
        value=value,
        limit=rule.limit,
        holds=value is not None and rule.limit.holds(value),
    )


def _bound(bound: Bound, figure: Interval) -> float:
    return {Bound.VALUE: figure.value, Bound.LOW: figure.low, Bound.HIGH: figure.high}[bound]
