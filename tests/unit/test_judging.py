"""Whether interest is on: shown by later days of the person's own record, or it stays off."""

import msgspec
import pytest

from unit.interest_record import Record, meaning, of_days, rare, tile
from vybor.generator.interest.judging import (
    DAY_NS,
    EARLY_DAYS,
    LEAST_CHOICES,
    LEAST_DAYS,
    MARK,
    Choice,
    Days,
    Judged,
    gain_of,
    judge,
)
from vybor.generator.interest.profile import Interest
from vybor.generator.network.embedding_rows import Floats

ENOUGH = EARLY_DAYS + LEAST_DAYS + 3


def replayed(record: Record) -> list[Choice]:
    interest, days, found = Interest(rare), Days(), []
    for decision in record.kept:
        day = days.tell(decision.at_ns)
        gain = gain_of(decision, interest.vector(meaning), meaning)
        found += [] if gain is None else [Choice(day, gain)]
        interest.tell(decision)
    return found


def test_a_person_who_stays_with_a_topic_gets_it() -> None:
    found = judge(replayed(of_days(ENOUGH, right=True, sentences=40)))
    assert found.low is not None
    assert found.low > 0
    assert found.helps
    assert found.days == ENOUGH - EARLY_DAYS


def test_a_person_whom_it_misleads_does_not() -> None:
    found = judge(replayed(of_days(ENOUGH, right=False, sentences=40)))
    assert found.low is not None
    assert found.gain < 0
    assert not found.helps


@pytest.mark.parametrize(("days", "sentences"), [(EARLY_DAYS + LEAST_DAYS - 1, 80), (ENOUGH, 5)])
def test_few_days_or_choices_show_nothing(days: int, sentences: int) -> None:
    found = judge(replayed(of_days(days, right=True, sentences=sentences)))
    assert found.gain > 0
    assert found.low is None
    assert not found.helps


def test_one_good_day_among_others_does_not_carry_it() -> None:
    choices = [Choice(day, 0.0) for day in range(ENOUGH) for _ in range(LEAST_CHOICES)]
    lucky = [Choice(4, 0.5) for _ in range(50)]
    found = judge(choices + lucky)
    assert found.gain > 0
    assert not found.helps


def test_nothing_at_all_is_no_gain() -> None:
    assert judge([]) == Judged(days=0, choices=0)


def test_a_choice_of_the_likeliest_word_gains_nothing_and_loses_nothing() -> None:
    record = Record()
    record.take("boat")
    vector = replay_vector(record)
    made = record.take("the", (tile(0, "the", 0.4), tile(1, "wave", 0.2)))
    assert gain_of(made, vector, meaning) == 0


def test_what_cannot_be_judged_is_left_out() -> None:
    record = Record()
    record.take("boat")
    vector = replay_vector(record)
    offer = (tile(0, "the", 0.4), tile(1, "dough", 0.2), tile(2, "wave", 0.2))
    made = record.take("wave", offer)
    gain = gain_of(made, vector, meaning)
    assert gain is not None
    assert gain > 0
    for change in (
        {"model": f"tiny{MARK}"},  # it was moved already
        {"model": ""},  # the model had not answered
        {"slot": 6},  # it was spelled
        {"shown": offer[2:]},  # there was nothing else
    ):
        assert gain_of(msgspec.structs.replace(made, **change), vector, meaning) is None
    assert gain_of(record.speak(), vector, meaning) is None


def test_a_day_is_a_start_of_the_machine_or_a_day_of_one() -> None:
    days = Days()
    first = days.tell(10)
    assert days.tell(20) == first
    assert days.tell(5) == first + 1
    assert days.tell(DAY_NS + 5) == first + 2
    assert days.tell(DAY_NS + 6) == first + 2


def replay_vector(record: Record) -> Floats | None:
    interest = Interest(rare)
    for decision in record.kept:
        interest.tell(decision)
    return interest.vector(meaning)
