"""The rules of the gate, one a row: a figure, what it is held against, and the limit. Pure.

Three kinds. Against the *factory* model: what a model must be worth at all, and what it may cost in all, however
many came before. Against the *predecessor*: no step may surely be a loss. And the *budget*: steps that are each
too small to be sure of add up; since the best model so far they may add up to so much and no more.
"""

from enum import StrEnum

import msgspec

from vybor_workshop.evaluate.specs import Against, Name


class Bound(StrEnum):
    """Which number of the interval counts."""

    VALUE = "value"
    LOW = "low"
    """Its lower end: with at most, it is not surely above…"""
    HIGH = "high"
    """…and its upper end: with at least, it is not surely below."""


class Limit(msgspec.Struct, frozen=True):
    """Where a rule ends."""

    value: float
    is_least: bool

    def holds(self, figure: float) -> bool:
        """Whether a figure is on the right side of it."""
        return figure >= self.value if self.is_least else figure <= self.value


def at_least(value: float) -> Limit:
    """So much, or more."""
    return Limit(value, is_least=True)


def at_most(value: float) -> Limit:
    """So much, or less."""
    return Limit(value, is_least=False)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    name: str
    figure: Name | None
    """None: the number of leaks, or the factory's own figures."""
    against: Against
    says: str
    limit: Limit
    bound: Bound = Bound.VALUE
    needed: bool = False
    """Whether it does not hold where there was nothing to measure. Who never spells a word has no spelled text."""


NO_LOSS, NO_SUM = "no step is surely a loss", "small losses do not add up"
LEAKS, SAME_FACTORY = "leaks", "same-factory"
FACTORY, STEP, BUDGET = Against.FACTORY, Against.PREDECESSOR, Against.BUDGET
RULES = (
    Rule(
        name=LEAKS,
        figure=None,
        against=Against.NOTHING,
        says="nothing private, or said once, comes up on an empty line",
        limit=at_most(0),
        needed=True,
    ),
    Rule(
        name=SAME_FACTORY,
        figure=None,
        against=FACTORY,
        says="the factory model is the one that the first growth was held against",
        limit=at_most(0.001),
    ),
    Rule(
        name="ksr",
        figure=Name.KSR,
        against=FACTORY,
        says="own text takes fewer keystrokes: a point at least",
        limit=at_least(1.0),
        needed=True,
    ),
    Rule(
        name="ksr-general",
        figure=Name.KSR_GENERAL,
        against=FACTORY,
        says="other people's text takes hardly more keystrokes",
        limit=at_least(-1.0),
        needed=True,
    ),
    Rule(
        name="offers",
        figure=Name.RECIPROCAL_RANK,
        against=FACTORY,
        says="words that were taken stand no lower",
        bound=Bound.HIGH,
        limit=at_least(0.0),
    ),
    Rule(
        name="accept-at-1",
        figure=Name.ACCEPT_1,
        against=FACTORY,
        says="words that were taken come first as often",
        bound=Bound.HIGH,
        limit=at_least(0.0),
    ),
    Rule(
        name="none-rate",
        figure=Name.NONE_RATE,
        against=FACTORY,
        says="no more words are found on no tile",
        bound=Bound.LOW,
        limit=at_most(0.0),
    ),
    Rule(
        name="ppl-accepted",
        figure=Name.PPL_ACCEPTED,
        against=FACTORY,
        says="it expects more of what was taken",
        limit=at_most(0.999),
    ),
    Rule(
        name="ppl-spelled",
        figure=Name.PPL_SPELLED,
        against=FACTORY,
        says="it expects more of what was spelled: of what the kit did not bring itself",
        limit=at_most(0.999),
    ),
    Rule(
        name="own-over-others",
        figure=Name.OWN_OVER_OTHERS,
        against=FACTORY,
        says="it learned this person, and not conversation as such",
        limit=at_most(0.97),
    ),
    Rule(
        name="ppl-general",
        figure=Name.PPL_GENERAL,
        against=FACTORY,
        says="it has forgotten hardly anything",
        limit=at_most(1.02),
        needed=True,
    ),
    Rule(
        name="distinct-2",
        figure=Name.DISTINCT_2,
        against=FACTORY,
        says="it says as many different things",
        limit=at_least(0.95),
        needed=True,
    ),
    Rule(
        name="rare-words",
        figure=Name.RARE_WORDS,
        against=FACTORY,
        says="the person's own rare words are found as well",
        bound=Bound.HIGH,
        limit=at_least(0.0),
    ),
    Rule(
        name="names",
        figure=Name.NAMES,
        against=FACTORY,
        says="and their names",
        bound=Bound.HIGH,
        limit=at_least(0.0),
    ),
    Rule(
        name="speed",
        figure=Name.DECODE,
        against=FACTORY,
        says="it is hardly slower",
        bound=Bound.HIGH,
        limit=at_least(0.85),
        needed=True,
    ),
    *(
        Rule(name=f"step-{name}", figure=figure, against=STEP, says=NO_LOSS, bound=bound, limit=limit)
        for name, figure, bound, limit in (
            ("ksr", Name.KSR, Bound.HIGH, at_least(0.0)),
            ("ksr-general", Name.KSR_GENERAL, Bound.VALUE, at_least(-0.5)),
            ("offers", Name.RECIPROCAL_RANK, Bound.HIGH, at_least(0.0)),
            ("none-rate", Name.NONE_RATE, Bound.LOW, at_most(0.0)),
            ("ppl-accepted", Name.PPL_ACCEPTED, Bound.VALUE, at_most(1.01)),
            ("ppl-spelled", Name.PPL_SPELLED, Bound.VALUE, at_most(1.01)),
            ("ppl-general", Name.PPL_GENERAL, Bound.VALUE, at_most(1.01)),
            ("distinct-2", Name.DISTINCT_2, Bound.VALUE, at_least(0.97)),
            ("rare-words", Name.RARE_WORDS, Bound.HIGH, at_least(0.0)),
        )
    ),
    *(
        Rule(name=f"budget-{name}", figure=figure, against=BUDGET, says=NO_SUM, limit=limit)
        for name, figure, limit in (
            ("ksr", Name.KSR, at_least(-1.0)),
            ("ksr-general", Name.KSR_GENERAL, at_least(-1.0)),
            ("offers", Name.RECIPROCAL_RANK, at_least(-0.02)),
            ("none-rate", Name.NONE_RATE, at_most(0.02)),
            ("ppl-accepted", Name.PPL_ACCEPTED, at_most(1.02)),
            ("ppl-spelled", Name.PPL_SPELLED, at_most(1.02)),
            ("ppl-general", Name.PPL_GENERAL, at_most(1.02)),
            ("distinct-2", Name.DISTINCT_2, at_least(0.95)),
            ("rare-words", Name.RARE_WORDS, at_least(-0.03)),
        )
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}
BUDGETED = tuple(rule.figure for rule in RULES if rule.against is BUDGET and rule.figure)
