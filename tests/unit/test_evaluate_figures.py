"""Figures of sentences under two models, paired, with their certainty."""

import math

import pytest

from vybor_workshop.evaluate import figures
from vybor_workshop.evaluate.figures import Unit, Who
from vybor_workshop.evaluate.specs import BY_NAME, SPECS, Name

KSR, PPL, RATE = BY_NAME[Name.KSR], BY_NAME[Name.PPL_OWN], BY_NAME[Name.OFFERED_1]
FACTORY, GROWN = Who.FACTORY, Who.GROWN


def units(*pairs: tuple[float, float]) -> list[Unit]:
    return [Unit(top, bottom) for top, bottom in pairs]


def test_every_figure_has_a_row() -> None:
    assert [spec.name for spec in SPECS] == list(Name)


def test_sums_are_divided_and_not_means_averaged() -> None:
    its = units((1, 2), (9, 10))
    assert figures.value(RATE, its) == pytest.approx(10 / 12)
    assert figures.value(KSR, its) == pytest.approx(100 * (1 - 10 / 12))
    assert figures.value(PPL, its) == pytest.approx(math.exp(10 / 12))
    assert figures.value(RATE, units((0, 0))) is None


def test_distinct_pairs_are_counted_over_all_sentences() -> None:
    pairs = (("a", "b"), ("b", "c"))
    its = [Unit(pairs=pairs), Unit(pairs=pairs)]
    assert figures.value(BY_NAME[Name.DISTINCT_2], its) == 0.5


def test_a_sure_gain_is_told_from_an_unsure_one() -> None:
    before = units(*((5.0, 10.0) for _ in range(20)))
    better = units(*((4.0, 10.0) for _ in range(20)))
    mixed = units(*((4.0 + 2 * (number % 2), 10.0) for number in range(20)))
    sure = figures.figure(KSR, {FACTORY: before, GROWN: better})
    unsure = figures.figure(KSR, {FACTORY: before, GROWN: mixed})
    assert sure is not None
    assert sure.against_factory is not None
    assert sure.against_factory.low == pytest.approx(10.0)
    assert unsure is not None
    assert unsure.against_factory is not None
    assert unsure.against_factory.low < 0 < unsure.against_factory.high


def test_pairing_makes_small_changes_sure() -> None:
    before = units(*((number + 1.0, 10.0) for number in range(9)))
    after = units(*((number + 0.9, 10.0) for number in range(9)))
    found = figures.figure(RATE, {FACTORY: before, GROWN: after})
    assert found is not None
    assert found.against_factory is not None
    assert found.against_factory.high == pytest.approx(-0.01)


def test_a_sentence_that_one_model_cannot_do_counts_for_none() -> None:
    found = figures.figure(KSR, {FACTORY: units((5, 10), (0, 0)), GROWN: units((4, 10), (100, 10))})
    assert found is not None
    assert (found.units, found.grown) == (1, pytest.approx(60.0))


def test_days_are_resampled_where_there_are_enough() -> None:
    its = units(*((1.0, 2.0) for _ in range(10)))
    for days, over_days in ((["a", "b"] * 5, False), ([*"abcdefghij"], True)):
        found = figures.figure(RATE, {FACTORY: its, GROWN: its}, days)
        assert found is not None
        assert found.over_days is over_days


def test_units_that_are_not_the_same_are_no_pairs() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        figures.figure(RATE, {FACTORY: units((1, 2)), GROWN: units((1, 2), (1, 2))})


def test_own_over_others_is_below_one_only_for_who_learned_this_person() -> None:
    def fell(share: float) -> dict[Who, list[Unit]]:
        return {FACTORY: [Unit(40.0, 10)] * 9, GROWN: [Unit(40.0 + 10 * math.log(share), 10)] * 9}

    learned = figures.of_own_and_others(fell(0.8), fell(0.95))
    talked = figures.of_own_and_others(fell(0.8), fell(0.8))
    assert learned is not None
    assert learned.grown == pytest.approx(0.8 / 0.95)
    assert learned.against_factory is not None
    assert learned.against_factory.high < 0.97
    assert talked is not None
    assert talked.grown == pytest.approx(1.0)
    assert figures.of_own_and_others(fell(0.8), {FACTORY: [], GROWN: []}) is None
