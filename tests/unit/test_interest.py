"""Interest: what counts and what does not, what it moves and what it never moves."""

import math
import random

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.interest_record import BAKERY, SEA, SURE, Record, meaning, rare, tile
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source
from vybor.core.decision.unmoved import first_kept
from vybor.generator.interest.attention import LEAST_LOOKS, Attention, Looked
from vybor.generator.interest.profile import USUAL, Interest, shifted, with_interest
from vybor.instant.mix import mixed


def told(record: Record) -> Interest:
    interest = Interest(rare)
    for decision in record.kept:
        interest.tell(decision)
    return interest


def counts(interest: Interest) -> dict[str, float]:
    return {felt.word: felt.counts(USUAL) for felt in interest.felt}


# --- what counts ----------------------------------------------------------------------------------------------


def test_a_word_that_was_taken_counts_by_what_eyes_and_body_said_without_the_prior() -> None:
    record = Record()
    record.take("boat", sure=0.9)
    record.take("the")
    record.take("harbour", sure=0.5)
    assert counts(told(record)) == {"boat": 0.9, "harbour": 0.5}


def test_what_was_passed_over_counts_nothing() -> None:
    record = Record()
    record.more([tile(0, "bread"), tile(1, "flour", gaze_s=0.1), tile(2, "oven", gaze_s=0.2)])
    assert counts(told(record)) == {}


def test_undoing_takes_back_what_it_undoes_and_only_that() -> None:
    record = Record()
    record.take("boat")
    record.take("bread")
    record.undo("boat")
    record.take("sail")
    assert counts(told(record)) == {"boat": SURE, "sail": SURE}


def test_undoing_the_first_word_of_a_sentence_leaves_the_sentence_before() -> None:
    record = Record()
    record.take("boat")
    record.speak()
    record.take("bread")
    record.undo("")
    assert counts(told(record)) == {"boat": SURE}


def test_undoing_a_page_takes_back_nothing() -> None:
    record = Record()
    record.take("boat")
    record.undo("boat")
    assert counts(told(record)) == {"boat": SURE}


def test_a_phrase_for_everybody_says_nothing_of_this_person() -> None:
    record = Record()
    phrase = m.OfferedTile(
        slot=6, role=Role.PHRASE, label="Bread.", grey="", source=Source.PHRASE, p=None, gaze_ms=900.0
    )
    record.take("Bread.", (phrase,))
    assert told(record).vector(meaning) is None


def test_the_interest_ends_with_the_session() -> None:
    record = Record()
    record.take("boat")
    record.session = "next"
    record.speak()
    interest = told(record)
    assert interest.felt == []
    assert interest.taken == 1


def test_it_fades_and_is_shrunk() -> None:
    record = Record()
    record.take("bread")
    first = told(record).vector(meaning)
    assert first is not None
    assert first[1] == pytest.approx(SURE / (USUAL.shrunk + SURE))
    for _ in range(30):
        record.take("boat")
    later = told(record).vector(meaning)
    assert later is not None
    assert 0 < later[1] < 0.1 < later[0] < 1


# --- attention ------------------------------------------------------------------------------------------------


def habitual(chance: random.Random, word: str, more: float = 0.0) -> Looked:
    """Long words and the second place are looked at longer."""
    slot, p = chance.randrange(4), chance.uniform(0.01, 0.3)
    log_s = -0.5 + 0.08 * len(word) + 0.3 * (slot == 1) - 0.1 * math.log(p) + chance.gauss(0, 0.2) + more
    return Looked(gaze_s=math.exp(log_s), characters=len(word), commonness=1e-5, slot=slot, p=p)


def test_length_place_and_surprise_are_taken_out() -> None:
    chance, attention = random.Random(1), Attention()
    for _ in range(400):
        attention.learn(habitual(chance, "x" * chance.randrange(2, 12)))
    short = [attention.residual(habitual(chance, "xx")) for _ in range(300)]
    long = [attention.residual(habitual(chance, "x" * 11)) for _ in range(300)]
    liked = [attention.residual(habitual(chance, "x" * 6, more=0.4)) for _ in range(300)]
    means = [float(np.mean([each for each in some if each is not None])) for some in (short, long, liked)]
    assert abs(means[0]) < 0.3
    assert abs(means[1]) < 0.3
    assert means[2] > 1.2


def test_looks_that_are_far_off_hardly_move_the_line() -> None:
    chance, clean, soiled = random.Random(2), Attention(), Attention()
    for number in range(600):
        looked = habitual(chance, "x" * chance.randrange(2, 12))
        clean.learn(looked)
        wrong = msgspec.structs.replace(looked, gaze_s=20.0) if number % 20 == 0 else looked
        soiled.learn(wrong)
    asked = habitual(random.Random(3), "xxxxxx")
    before, after = clean.residual(asked), soiled.residual(asked)
    assert before is not None
    assert after is not None
    assert abs(before - after) < 0.7


def test_nothing_is_said_of_a_person_of_whom_little_was_seen_nor_of_what_was_not_read() -> None:
    chance, attention = random.Random(4), Attention()
    for _ in range(LEAST_LOOKS - 1):
        attention.learn(habitual(chance, "xxxxxx", more=1.0))
    assert attention.residual(habitual(chance, "xxxxxx", more=1.0)) is None
    attention.learn(habitual(chance, "xxxxxx", more=1.0))
    assert attention.residual(habitual(chance, "xxxxxx", more=1.0)) is not None
    passed = Looked(gaze_s=0.2, characters=3, commonness=0.1, slot=0, p=0.5)
    assert attention.residual(passed) is None
    looks = attention.looks
    attention.learn(passed)
    assert attention.looks == looks


def test_a_word_examined_for_long_counts_little_and_the_one_that_was_taken_is_not_looked_at_twice() -> None:
    record, chance = Record(), random.Random(5)
    for _ in range(60):
        record.more([tile(slot, "flour", gaze_s=math.exp(chance.gauss(-0.4, 0.1))) for slot in range(4)])
    before = len(told(record).felt)
    record.take("boat", [tile(0, "boat", gaze_s=9.0), tile(1, "oven", gaze_s=3.0), tile(2, "yeast", gaze_s=0.3)])
    interest = told(record)
    assert {felt.word: felt.counts(USUAL) for felt in interest.felt[before:]} == {
        "oven": USUAL.gazed,
        "boat": SURE,
    }
    assert interest.lingered > 0


@pytest.mark.parametrize(
    ("z", "times"), [(None, 1.0), (0.0, 1.0), (1.0, 1.25), (-1.0, 0.75), (9.0, 1.5), (-9.0, 0.5), (math.nan, 1.0)]
)
def test_engagement_weighs_a_long_look_within_bounds_and_never_a_word_that_was_taken(
    z: float | None, times: float
) -> None:
    record, chance = Record(), random.Random(5)
    for _ in range(60):
        record.more([tile(slot, "flour", gaze_s=math.exp(chance.gauss(-0.4, 0.1))) for slot in range(4)])
    before = len(told(record).felt)
    shown = [tile(0, "boat", gaze_s=9.0, engagement=z), tile(1, "oven", gaze_s=3.0, engagement=z)]
    record.take("boat", shown)
    interest = told(record)
    found = {felt.word: felt.counts(USUAL) for felt in interest.felt[before:]}
    assert found == {"oven": pytest.approx(USUAL.gazed * times), "boat": SURE}
    assert (interest.engaged, interest.engaged_weights) == ((0, 0.0) if z is None else (1, times))


# --- what it moves --------------------------------------------------------------------------------------------

AT_SEA = np.array([0.8, 0.0], np.float32)
CHANCES = st.lists(st.floats(1e-4, 0.1), min_size=2, max_size=8)


@given(chances=CHANCES, seed=st.integers(0, 50))
def test_the_likeliest_stays_the_sum_stays_and_nothing_moves_by_more_than_a_nat(
    chances: list[float], seed: int
) -> None:
    labels = random.Random(seed).sample([*SEA, *BAKERY], len(chances))
    offered = dict(zip(labels, chances, strict=True))
    moved = shifted(offered, AT_SEA, meaning, USUAL.weight)
    first = chances.index(max(chances))
    assert moved[first] == chances[first]
    assert max(moved) <= chances[first] * (1 + 1e-9)
    assert sum(moved) == pytest.approx(sum(chances))
    for before, after in zip(chances, moved, strict=True):
        assert abs(math.log(after / before)) <= 1 + 1e-6


def test_words_like_the_interest_come_before_others_and_none_is_put_down_for_being_unlike() -> None:
    offered = {"the": 0.3, "bread": 0.11, "boat": 0.1, "then": 0.1}
    moved = dict(zip(offered, shifted(offered, AT_SEA, meaning, USUAL.weight), strict=True))
    assert moved["boat"] > moved["bread"]
    assert moved["bread"] / moved["then"] == pytest.approx(1.1)


def test_with_no_weight_or_no_interest_the_offer_is_the_very_same() -> None:
    offered = tuple(m.Candidate(words=(word,), p=0.1, source=Source.MODEL) for word in ("the", *SEA))
    assert with_interest(offered, AT_SEA, meaning, 0.0) == offered
    assert with_interest(offered, None, meaning, USUAL.weight) == offered


ALL = (*SEA, *BAKERY)


@given(
    model=st.dictionaries(st.sampled_from(ALL), st.floats(1e-4, 0.2), min_size=1, max_size=8),
    instant=st.dictionaries(st.sampled_from(ALL), st.floats(1e-4, 0.3), max_size=5),
)
def test_the_word_that_would_stand_first_in_the_whole_offer_stands_there(
    model: dict[str, float], instant: dict[str, float]
) -> None:
    proposed = tuple(
        m.Candidate(words=(word,), p=p, source=Source.MODEL)
        for word, p in sorted(model.items(), key=lambda item: -item[1])
    )
    known = [m.Candidate(words=(word,), p=p, source=Source.NGRAM) for word, p in instant.items()]
    moved = with_interest(proposed, AT_SEA, meaning, USUAL.weight)[:4]
    unmoved = mixed(known, proposed[:4])
    offer = first_kept(mixed(known, moved), unmoved)
    assert offer[0] == unmoved[0]
    assert len({candidate.words[0] for candidate in offer}) == len(offer)
