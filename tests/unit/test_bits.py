"""How many bits a choice says, on offers made by hand and drawn at random."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.account_person import Scribe, doubted
from vybor.accounting import bits
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source


def word(slot: int, label: str, p: float | None, source: Source = Source.NGRAM) -> m.OfferedTile:
    return m.OfferedTile(slot=slot, role=Role.CANDIDATE, label=label, grey="", source=source, p=p, gaze_ms=0)


def control(slot: int, role: Role = Role.MENU) -> m.OfferedTile:
    return m.OfferedTile(slot=slot, role=role, label="", grey="", source=None, p=None, gaze_ms=0)


def test_what_no_word_has_is_shared_evenly_by_the_others() -> None:
    shown = (word(0, "tea", 0.5), word(1, "milk", 0.25), control(2), control(3))
    assert bits.chances(shown) == {0: 0.5, 1: 0.25, 2: 0.125, 3: 0.125}


def test_a_word_is_meant_alone_where_nothing_longer_that_stands_there_is() -> None:
    shown = (
        word(0, "I", 0.6),
        word(1, "I am", 0.4),
        word(2, "I am not", 0.1),
        word(3, "Iceland", 0.1),
        control(4),
    )
    few = bits.OVERLOOKED  # overlook the longer words, and take the next shorter ones
    expected = {0: 0.2 + few * 0.3, 1: (1 - few) * 0.3 + few * 0.1, 2: (1 - few) * 0.1, 3: 0.1, 4: 0.3}
    assert bits.chances(shown) == pytest.approx(expected)


def test_a_shorter_tile_of_a_surer_longer_one_is_no_wonder() -> None:
    shown = (word(0, "I", 0.15), word(1, "I want", 0.27), control(2))
    assert 0.04 < bits.chances(shown)[0] < 0.05


def test_words_that_promise_more_than_all_leave_something_for_the_others() -> None:
    found = bits.chances((word(0, "tea", 0.9), word(1, "milk", 0.9), control(2)))
    assert found == pytest.approx({0: 0.475, 1: 0.475, 2: 0.05})


def test_grey_words_that_are_taken_up_have_what_came_true_of_such() -> None:
    found = bits.chances((word(0, "am here", None, Source.REST_OF_TAKEN), control(1), control(2)))
    assert found == pytest.approx({0: 0.4, 1: 0.3, 2: 0.3})


def test_a_fold_is_as_likely_as_what_it_stands_for_and_the_way_through_it_says_the_same() -> None:
    alone = (word(0, "tea", 0.5), word(1, "milk", 0.25), control(2), control(3))
    fold = m.OfferedTile(
        slot=11, role=Role.FOLD, label="", grey="", source=None, p=None, gaze_ms=0, members=alone[1:3]
    )
    assert bits.chances((alone[0], fold, alone[3])) == pytest.approx({0: 0.5, 11: 0.375, 3: 0.125})


tiles = st.lists(
    st.tuples(st.text("ab ", min_size=1, max_size=5), st.none() | st.floats(0, 1)), min_size=1, max_size=10
)


@given(tiles)
def test_the_chances_of_any_offer_are_those_of_one_choice(drawn: list[tuple[str, float | None]]) -> None:
    found = bits.chances([word(slot, label, p) for slot, (label, p) in enumerate(drawn)])
    assert sum(found.values()) == pytest.approx(1)
    assert all(p > 0 for p in found.values())


def test_a_likely_choice_says_little_and_an_unlikely_one_much() -> None:
    scribe = Scribe()
    scribe.take(Role.CANDIDATE, "I want")
    likely = scribe.record[0]
    assert bits.surprise(likely) == pytest.approx(-math.log2(bits.chances(likely.shown)[likely.slot]))
    scribe.take(Role.MENU)
    assert bits.surprise(scribe.record[1]) > bits.surprise(likely)


def test_what_the_language_model_chose_is_nothing_of_the_person_s() -> None:
    scribe = Scribe()
    scribe.take(Role.CANDIDATE)
    decision = scribe.record[0]
    assert bits.of_person(decision) == bits.surprise(decision) > 0
    assert bits.of_person(doubted(decision, 0.49)) == 0
    assert bits.of_person(doubted(decision, 0.5)) == bits.surprise(decision)


def test_letters_are_as_many_bits_as_the_language_has_signs() -> None:
    assert bits.signs("en") == 26 + len("'-") + 1
    assert bits.signs("ru") == 33 + len("'-") + 1
    assert bits.of_letters(10, "en") == pytest.approx(10 * math.log2(29))
    assert bits.signs("xx") == bits.signs("en")


def test_a_record_without_an_offer_says_nothing() -> None:
    scribe = Scribe()
    scribe.take(Role.CANDIDATE)
    assert bits.surprise(msgspec.structs.replace(scribe.record[0], shown=())) == 0
