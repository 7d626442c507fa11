"""Whatever months bring: the budget is what was lost since the best, and naming every rule opens the gate."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.evaluate_person import figure, good
from vybor_workshop.evaluate.specs import BY_NAME, Compare, Name
from vybor_workshop.gate import judging
from vybor_workshop.gate.judging import Past
from vybor_workshop.gate.rules import BY_NAME as RULES

STEPS = st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=12)
FIGURES = st.sampled_from([Name.KSR, Name.NONE_RATE, Name.PPL_ACCEPTED, Name.DISTINCT_2])
RULE = {
    Name.KSR: "ksr",
    Name.NONE_RATE: "none-rate",
    Name.PPL_ACCEPTED: "ppl-accepted",
    Name.DISTINCT_2: "distinct-2",
}


@given(name=FIGURES, steps=STEPS)
def test_the_budget_is_what_was_lost_since_the_best(name: Name, steps: list[float]) -> None:
    spec, past = BY_NAME[name], Past()
    reached, value = [0.0], None
    for number, step in enumerate(steps, start=1):
        told = math.exp(step) if spec.compare is Compare.RATIO else step
        first = figure(told, 10.0) if number == 1 else figure(0.0, 10.0, told)
        month = good(number, number - 1, **{name.name: first})
        judged = {rule.rule: rule for rule in judging.judged(month, past)}
        past = Past(judging.accounts(month, past), judging.fixed(month, past))
        reached.append(reached[-1] + (step if spec.up else -step))
        value = judged[f"budget-{RULE[name]}"].value if number > 1 else value
    lost = max(reached) - reached[-1]
    assert past.accounts[name].now == pytest.approx(reached[-1], abs=1e-9)
    if value is not None:
        told_lost = abs(math.log(value)) if spec.compare is Compare.RATIO else abs(value)
        assert told_lost == pytest.approx(lost, abs=1e-9)


@given(
    changes=st.dictionaries(
        st.sampled_from([*BY_NAME]), st.floats(-3, 3) | st.just(math.nan) | st.just(math.inf), max_size=8
    ),
    leaks=st.integers(0, 3),
    predecessor=st.integers(0, 1),
)
def test_the_gate_is_open_exactly_where_every_rule_holds_or_is_named(
    changes: dict[Name, float], leaks: int, predecessor: int
) -> None:
    step = 0.0 if predecessor else None
    figures = {name.name: figure(change, 1.0, step) for name, change in changes.items()}
    month = msgspec.structs.replace(good(2, predecessor, **figures), leaks=leaks)
    rules = judging.judged(month, Past())
    failed = [rule.rule for rule in rules if not rule.holds]
    assert judging.passes(rules) is (not failed)
    assert judging.passes(judging.judged(month, Past(), failed))
    assert not failed or not judging.passes(judging.judged(month, Past(), failed[1:]))
    assert judging.passes(judging.judged(month, Past(), [*RULES]))
