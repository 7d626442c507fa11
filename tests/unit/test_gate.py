"""The rules of the gate on figures, the budget over months, and what is published: only what passed."""

from pathlib import Path

import msgspec
import pytest

from unit.evaluate_person import KIT, figure, good, make
from vybor.foundation.errors import Missing
from vybor_workshop import json_files
from vybor_workshop.evaluate import keeping as evaluations
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import BY_NAME as SPECS
from vybor_workshop.evaluate.specs import Against
from vybor_workshop.evaluate.subject import EvaluationError
from vybor_workshop.gate import judging, keeping
from vybor_workshop.gate.judging import Past
from vybor_workshop.gate.keeping import GateClosed, GateError
from vybor_workshop.gate.rules import BUDGETED, RULES
from vybor_workshop.growth import Growth
from vybor_workshop.log.data_set import DataSet

NOTHING_BEFORE = Past()


def failing(evaluation: Evaluation, past: Past = NOTHING_BEFORE, *overridden: str) -> list[str]:
    rules = judging.judged(evaluation, past, overridden)
    return [rule.rule for rule in rules if not (rule.holds or rule.overridden)]


def after(evaluation: Evaluation, past: Past = NOTHING_BEFORE) -> Past:
    return Past(judging.accounts(evaluation, past), judging.fixed(evaluation, past))


def test_rules_are_named_once_and_know_their_figures() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert all(rule.figure is None or rule.figure in SPECS for rule in RULES)
    for rule in RULES:  # which side the limit is on is which way the figure gets better
        if rule.figure:
            assert rule.limit.is_least is SPECS[rule.figure].up, rule.name


def test_good_figures_pass_for_the_first_growth_and_for_a_later_one() -> None:
    first = good()
    assert failing(first) == []
    assert {rule.against for rule in judging.judged(first, NOTHING_BEFORE)} == {Against.NOTHING, Against.FACTORY}
    assert failing(good(2, 1), after(first)) == []


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("KSR", 0.5, "ksr"),
        ("KSR_GENERAL", -1.5, "ksr-general"),
        ("RECIPROCAL_RANK", -0.05, "offers"),
        ("ACCEPT_1", -0.05, "accept-at-1"),
        ("NONE_RATE", 0.05, "none-rate"),
        ("PPL_ACCEPTED", 1.01, "ppl-accepted"),
        ("PPL_SPELLED", 1.0, "ppl-spelled"),
        ("OWN_OVER_OTHERS", 0.98, "own-over-others"),
        ("PPL_GENERAL", 1.03, "ppl-general"),
        ("DISTINCT_2", 0.9, "distinct-2"),
        ("RARE_WORDS", -0.2, "rare-words"),
        ("NAMES", -0.2, "names"),
        ("DECODE", 0.7, "speed"),
    ],
)
def test_each_rule_closes_the_gate_by_itself(name: str, change: float, rule: str) -> None:
    assert failing(good(**{name: figure(change)})) == [rule]


def test_one_leak_is_enough() -> None:
    assert failing(msgspec.structs.replace(good(), leaks=1)) == ["leaks"]


def test_a_loss_that_is_not_sure_closes_nothing_where_certainty_is_asked() -> None:
    assert failing(good(RECIPROCAL_RANK=figure(-0.01, wide=0.02))) == []
    assert failing(good(RECIPROCAL_RANK=figure(-0.03, wide=0.02))) == ["offers"]


def test_what_cannot_be_measured_holds_only_where_it_is_not_needed() -> None:
    def without(name: str) -> Evaluation:
        kept = {key: each for key, each in good().figures.items() if key.name != name}
        return msgspec.structs.replace(good(), figures=kept)

    assert failing(without("PPL_SPELLED")) == []
    assert failing(without("PPL_GENERAL")) == ["ppl-general"]
    assert failing(without("KSR")) == ["ksr"]


def test_a_figure_that_is_no_number_holds_nowhere() -> None:
    assert failing(good(PPL_GENERAL=figure(float("nan")))) == ["ppl-general"]


# --- months ------------------------------------------------------------------------------------------------------


def test_small_losses_add_up_until_the_budget_is_spent() -> None:
    """Steps of four and a half thousandths, none of them sure: five are more than two hundredths."""
    past, closed_by = after(good()), []
    for number in range(2, 8):
        month = good(number, number - 1, RECIPROCAL_RANK=figure(0.05, 0.5, -0.0045, wide=0.01))
        closed_by.append(failing(month, past))
        past = after(month, past)
    assert closed_by == [[], [], [], [], ["budget-offers"], ["budget-offers"]]


def test_a_gain_fills_the_budget_again() -> None:
    past = after(good())
    lost = good(2, 1, KSR=figure(2.0, 50.0, -0.9, wide=1.0))
    assert failing(lost, past) == []
    again = good(3, 2, KSR=figure(3.0, 50.0, 1.5, wide=1.0))
    lost_again = good(4, 3, KSR=figure(2.0, 50.0, -0.9, wide=1.0))
    assert failing(lost_again, after(lost, past)) == ["budget-ksr"]
    assert failing(lost_again, after(again, after(lost, past))) == []


def test_what_learned_the_sentences_that_are_measured_with_is_no_measure() -> None:
    """The newest sentences were deleted, and the one before had learned those that are kept back now."""
    past = after(good())
    worse = {"PPL_ACCEPTED": figure(0.8, 40.0, 1.6), "KSR": figure(2.0, 50.0, -3.0)}
    assert set(failing(good(2, 1, **worse), past)) == {
        *("step-ksr", "budget-ksr", "step-ppl-accepted", "budget-ppl-accepted")
    }
    clean = msgspec.structs.replace(good(2, 1, **worse), before_knew=True)
    assert failing(clean, past) == []
    assert {rule.against for rule in judging.judged(clean, past)} == {Against.NOTHING, Against.FACTORY}
    assert after(clean, past).accounts == past.accounts, "no step was measured"


def test_ratios_are_multiplied() -> None:
    past = after(good())
    for number in (2, 3):
        month = good(number, number - 1, PPL_ACCEPTED=figure(0.8, 40.0, 1.009))
        assert failing(month, past) == []
        past = after(month, past)
    assert failing(good(4, 3, PPL_ACCEPTED=figure(0.8, 40.0, 1.009)), past) == ["budget-ppl-accepted"]
    assert set(past.accounts) <= set(BUDGETED)


def test_another_factory_model_is_noticed() -> None:
    past = after(good())
    other = figure(1.0, 95.0, 1.0)
    assert failing(good(2, 1, PPL_GENERAL=other), past) == ["same-factory"]
    other_texts = msgspec.structs.replace(
        good(2, 1, PPL_GENERAL=other), texts={"others": "e", "general": "other ones"}
    )
    assert failing(other_texts, past) == []
    known = after(other_texts, past).factory
    assert known is not None
    assert known.texts == other_texts.texts, "from then on it is known by the other texts"


def test_figures_that_nobody_measured_are_another_factory_model_s(tmp_path: Path) -> None:
    """A file that somebody wrote: there is no text behind a figure, and none is 0."""
    past = after(good())
    nothing_read = msgspec.structs.replace(good(2, 1), texts={})
    assert failing(nothing_read, past) == []
    assert past.factory
    zeros = dict.fromkeys(past.factory.figures, 0.0)
    of_nobody = Past(past.accounts, msgspec.structs.replace(past.factory, figures=zeros))
    assert failing(good(2, 1), of_nobody) == ["same-factory"]


def test_only_a_rule_that_is_named_is_overridden() -> None:
    bad = good(KSR=figure(0.0), PPL_GENERAL=figure(1.5))
    assert failing(bad, NOTHING_BEFORE, "ksr") == ["ppl-general"]
    rules = judging.judged(bad, NOTHING_BEFORE, ["ksr", "ppl-general", "speed"])
    assert judging.passes(rules)
    assert [rule.rule for rule in rules if rule.overridden] == ["ksr", "ppl-general"]  # speed holds by itself


# --- what is written down -----------------------------------------------------------------------------------


def measured(grown: Growth, evaluation: Evaluation) -> Growth:
    its_hashes = evaluations.hashes(grown.adapter)
    model = msgspec.structs.replace(
        evaluation.model, adapter_sha256=its_hashes.weights, config_sha256=its_hashes.config
    )
    its = msgspec.structs.replace(evaluation, model=model, growth=grown.number)
    json_files.write(grown.evaluation, its)
    return grown


def test_a_verdict_is_written_and_lets_publish(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    grown = measured(make(tmp_path), good())
    verdict = keeping.judge(grown, tmp_path, data)
    assert verdict.passes
    assert keeping.read(grown.gate) == keeping.passed(grown) == verdict
    assert grown.gate.stat().st_mode & 0o777 == 0o600


def test_a_closed_gate_publishes_nothing_unless_overridden_by_name(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    grown = measured(make(tmp_path), good(KSR=figure(0.2)))
    assert not keeping.judge(grown, tmp_path, data).passes
    with pytest.raises(GateClosed, match=r"did not pass its gate \(ksr\)"):
        keeping.passed(grown)
    keeping.judge(grown, tmp_path, data, ["ksr"], because="a short month")
    verdict = keeping.passed(grown)
    assert (verdict.overridden, verdict.because) == (("ksr",), "a short month")


def test_what_is_published_is_what_was_measured(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    grown = measured(make(tmp_path), good())
    keeping.judge(grown, tmp_path, data)
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        as_it_was = (grown.adapter / name).read_bytes()
        (grown.adapter / name).write_bytes(as_it_was + b" ")
        with pytest.raises(GateClosed, match="is not what was measured"):
            keeping.passed(grown)
        (grown.adapter / name).write_bytes(as_it_was)
    keeping.passed(grown)
    (grown.adapter / "adapter_config.json").write_bytes(b"{}")
    with pytest.raises(GateError, match="is not what was measured"):
        keeping.judge(grown, tmp_path, data)
    grown = measured(grown, good(KSR=figure(9.0)))
    with pytest.raises(GateClosed, match="was measured anew"):
        keeping.passed(grown)


def test_what_is_measured_while_it_is_judged_is_not_what_was_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    grown = measured(make(tmp_path), good())
    read = evaluations.read

    def read_and_overtaken(path: Path) -> Evaluation:
        found = read(path)
        measured(grown, good(KSR=figure(0.0)))
        return found

    monkeypatch.setattr(evaluations, "read", read_and_overtaken)
    assert keeping.judge(grown, tmp_path, data).passes
    with pytest.raises(GateClosed, match="was measured anew since it was judged"):
        keeping.passed(grown)


def test_a_later_growth_is_held_against_the_published_one_and_goes_on_with_its_budget(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    first = measured(make(tmp_path), good())
    before = keeping.judge(first, tmp_path, data)
    first.published.write_text("{}")
    second = measured(make(tmp_path, seed=3), good())
    with pytest.raises(GateError, match="against the factory model, and what was published last before it"):
        keeping.judge(second, tmp_path, data)
    measured(second, good(2, 1, KSR=figure(2.0, 50.0, -0.5, wide=1.0)))
    verdict = keeping.judge(second, tmp_path, data)
    assert verdict.factory == before.factory
    accounts = {name.name: account.now for name, account in verdict.accounts.items()}
    assert (accounts["KSR"], verdict.passes) == (1.5, True)
    with pytest.raises(GateError, match="is published"):
        keeping.judge(first, tmp_path, data)
    for lost, remedy in ((first.gate.unlink, "judge it"), (lambda: first.gate.write_text("{"), "judge it anew")):
        lost()
        with pytest.raises((Missing, GateError), match=rf"gate\.json.*; {remedy} with `vybor-workshop gate`"):
            keeping.judge(second, tmp_path, data)
        assert keeping.judge(first, tmp_path, data).factory == before.factory, "what is lost is judged again"
        assert keeping.judge(second, tmp_path, data).passes


def test_a_factory_model_that_the_owner_let_pass_is_the_one_from_then_on(tmp_path: Path) -> None:
    """A newer runtime reckons a little otherwise, for good: that is overridden once."""
    data, grown = DataSet(str(tmp_path / "data"), tmp_path), list[Growth]()
    for number in range(3):
        figures = {"PPL_GENERAL": figure(1.0, 90.0 if number == 0 else 95.0, 1.0 if number else None)}
        grown.append(measured(make(tmp_path, seed=number + 1), good(number + 1, number, **figures)))
        verdict = keeping.judge(grown[-1], tmp_path, data, ["same-factory"] if number == 1 else [])
        assert (verdict.passes, verdict.overridden) == (True, ("same-factory",) if number == 1 else ())
        grown[-1].published.write_text(f'{{"serial": {number + 1}}}')


def test_a_stale_or_damaged_or_unmeasured_growth_is_not_judged(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    grown = make(tmp_path)
    with pytest.raises(Missing, match="; measure it with `vybor-workshop evaluate`"):
        keeping.judge(grown, tmp_path, data)
    grown.evaluation.write_text('{"schema": 1')
    with pytest.raises(EvaluationError, match="says nothing that this version knows"):
        keeping.judge(grown, tmp_path, data)
    measured(grown, msgspec.structs.replace(good(), schema=0))
    with pytest.raises(EvaluationError, match="of another version"):
        keeping.judge(grown, tmp_path, data)
    measured(grown, msgspec.structs.replace(good(), schema=2))
    with pytest.raises(EvaluationError, match=r"by a newer workshop \(2, not 1\); update this one"):
        keeping.judge(grown, tmp_path, data)
    measured(grown, msgspec.structs.replace(good(), kit="f" * 32))
    with pytest.raises(GateError, match="of another growth"):
        keeping.judge(grown, tmp_path, data)
    data.put(f"rows/kit={KIT}/stale.json", stale_json())
    with pytest.raises(EvaluationError, match="is stale"):
        keeping.judge(grown, tmp_path, data)
    grown.gate.write_text("{}")
    with pytest.raises(GateError, match="says nothing"):
        keeping.read(grown.gate)


def stale_json() -> bytes:
    one = {"boot": 1, "sequence": 9, "at": "", "spans": [{"boot": 1, "first": 2, "last": 3}], "rows": 2}
    return msgspec.json.encode({"kit": KIT, "deletions": [one]})
