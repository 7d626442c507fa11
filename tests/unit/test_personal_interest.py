"""Interest fitted to one person: reckoned as the kit reckons it, found where it is, and else nothing."""

import math
import random

import numpy as np
import pytest

from unit.interest_record import BAKERY, SEA, Record, meaning, of_days, rare, tile
from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts.numbers import InterestNumbers
from vybor.generator.interest.judging import EARLY_DAYS, Days, offered_in, place_of
from vybor.generator.interest.profile import USUAL, Interest, Meaning, shifted
from vybor.generator.network.embedding_rows import Floats
from vybor_workshop.evaluate.specs import Against
from vybor_workshop.personal import fitting, interest, rules
from vybor_workshop.personal.fit import TooLittle

OTHERS = (
    USUAL,
    InterestNumbers(gazed=0.7, half_life=2.0, shrunk=8.0, weight=3.0),
    InterestNumbers(gazed=0.0, half_life=100.0, shrunk=0.5, weight=18.0),
)
DAYS = 24


def quiet(_line: str) -> None:
    """Progress is for people."""


def varied(days: int = 6, seed: int = 3) -> Record:
    """Offers of both topics with long looks at some, at random."""
    record, lot = Record(), random.Random(seed)
    for day in range(days):
        record.at_ns, record.session = 10**9, f"day {day}"
        for _ in range(12):
            for _ in range(3):
                words = lot.sample((*SEA, *BAKERY, "the", "so"), 4)
                shown = [
                    tile(at, word, round(lot.uniform(0.05, 0.3), 3), lot.choice((0.0, 0.3, 0.5, 2.5)))
                    for at, word in enumerate(words)
                ]
                record.take(lot.choice(words), shown, sure=lot.uniform(0.5, 1))
            record.speak()
    return record


@pytest.mark.parametrize("numbers", OTHERS)
def test_a_gain_is_what_the_kit_itself_would_have_moved(numbers: InterestNumbers) -> None:
    record = varied()
    found = interest.offers(record.kept, meaning, rare, quiet)
    kit, days, expected = Interest(rare), Days(), []
    for decision in record.kept:
        day, place = days.tell(decision.at_ns), place_of(decision)
        if place is not None and day >= EARLY_DAYS:
            offered = offered_in(decision)
            moved = shifted(offered, kit.vector(meaning, numbers), meaning, numbers.weight)
            expected.append(math.log(moved[place]) - math.log(list(offered.values())[place]))
        kit.tell(decision)
    assert [interest.gain(offer, numbers) for offer in found] == pytest.approx(expected, abs=1e-6)
    assert len(expected) > 100
    assert any(abs(gain) > 0.01 for gain in expected)


def faint(word: str) -> Floats | None:
    """The words of a topic have a little in common: a cosine of .1."""
    words = (*SEA, *BAKERY)
    if word not in words:
        return None
    found = np.zeros(2 + len(words), np.float32)
    found[0 if word in SEA else 1], found[2 + words.index(word)] = 0.1**0.5, 0.9**0.5
    return found


def fitted(record: Record, meaning: Meaning = meaning) -> tuple[InterestNumbers, dict[str, Interval]]:
    found = interest.fit(interest.offers(record.kept, meaning, rare, quiet), quiet)
    return found.numbers, fitting.figures_of_interest(found, None)


def test_whom_interest_helps_gets_numbers_that_help_more_and_they_pass() -> None:
    numbers, figures = fitted(of_days(DAYS, right=True, sentences=40), faint)
    assert numbers.weight > USUAL.weight
    assert figures["nats_over_usual"].low > 0
    judged = rules.judged(Kind.INTEREST, figures, has_predecessor=False)
    assert rules.passes(judged), judged
    assert "step-no-loss" not in {rule.rule for rule in judged}


def test_whom_it_misleads_gets_none() -> None:
    _, figures = fitted(of_days(DAYS, right=False, sentences=40))
    judged = rules.judged(Kind.INTEREST, figures, has_predecessor=False)
    assert "helps" in {rule.rule for rule in judged if not rule.holds}


def test_at_random_nothing_is_sure() -> None:
    _, figures = fitted(varied(DAYS))
    judged = rules.judged(Kind.INTEREST, figures, has_predecessor=False)
    assert not rules.passes(judged)


def test_it_is_fitted_to_earlier_days_alone() -> None:
    found = interest.fit(interest.offers(varied(DAYS).kept, meaning, rare, quiet), quiet)
    assert max(offer.day for offer in found.fitted) < min(offer.day for offer in found.held)
    assert len(found.held) / (len(found.held) + len(found.fitted)) == pytest.approx(interest.HELD, abs=0.05)


def test_against_what_was_published_before_no_step_may_be_a_loss() -> None:
    found = interest.fit(interest.offers(varied().kept, faint, rare, quiet), quiet)
    figures = fitting.figures_of_interest(found, found.numbers)
    judged = rules.judged(Kind.INTEREST, figures, has_predecessor=True)
    assert {rule.rule for rule in judged if rule.holds and rule.against is Against.PREDECESSOR} == {"step-no-loss"}
    assert "other-numbers" in {rule.rule for rule in judged if not rule.holds}


def test_too_little_is_said_in_a_sentence() -> None:
    with pytest.raises(
        TooLittle, match=r"there are \d+ choices of offered words to learn interest from, and 100 are"
    ):
        fitted(of_days(4, right=True))
