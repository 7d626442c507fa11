"""Both tiers' candidates as one distribution."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.instant.mix import Known, mixed, weight

WORDS = ("the", "a", "London", "все", "всё", "Café", "cafe", "zebra", ".")
KNOWN = Known(ps={"zebra": 0.1})


def one(word: str, p: float, source: Source = Source.MODEL) -> m.Candidate:
    return m.Candidate(words=(word,), p=p, source=source)


def ps(*candidates: m.Candidate) -> dict[str, float]:
    return {candidate.words[0]: candidate.p for candidate in candidates}


SHARES = st.lists(st.floats(0, 1), min_size=len(WORDS) + 1, max_size=len(WORDS) + 1).filter(
    lambda s: sum(s) > 0.01
)
PLACES = st.integers(0, 9)


@given(SHARES, SHARES, PLACES, PLACES, PLACES, st.integers(0, 2))
def test_it_is_one_distribution(
    told: list[float],
    instant: list[float],
    named: int,
    topical: int,
    listed: int,
    own_depth: int,
) -> None:
    by_instant = {"the": 0, "a": 1, "london": 2, "все": 3, "cafe": 4, "zebra": 5, ".": 6}
    q = {word: instant[place] / sum(instant) for word, place in by_instant.items()}
    model = [
        one(word, p / sum(told), Source.TOPIC if place < topical else Source.MODEL)
        for place, (word, p) in enumerate(zip(WORDS, told, strict=False))
    ][:named]
    offered = [one(word, p, Source.NGRAM) for word, p in q.items()][:listed]
    found = mixed(offered, model, Known(q, own_depth))
    assert math.fsum(candidate.p for candidate in found) <= 1 + 1e-9
    assert all(candidate.p >= 0 for candidate in found)
    assert [candidate.p for candidate in found] == sorted((candidate.p for candidate in found), reverse=True)
    keys = [candidate.words[0].casefold() for candidate in found]
    assert len(keys) == len(set(keys))


FOUR = st.lists(st.floats(0.01, 1), min_size=4, max_size=4)


@given(FOUR, FOUR)
def test_where_the_instant_tier_offers_every_word_nothing_is_lost(told: list[float], instant: list[float]) -> None:
    words = ("the", "a", "london", "zebra")
    model = [one(word, p / sum(told)) for word, p in zip(words[:3], told, strict=False)]
    offered = [one(word, p / sum(instant), Source.NGRAM) for word, p in zip(words, instant, strict=True)]
    assert math.fsum(candidate.p for candidate in mixed(offered, model)) == pytest.approx(1.0)


def test_the_model_counts_less_where_the_person_said_this_before() -> None:
    assert weight(Known()) == weight(Known(own_depth=1)) > weight(Known(own_depth=2))


def test_a_word_that_both_named_has_a_share_of_each() -> None:
    w = weight(KNOWN)
    found = ps(*mixed([one("the", 0.2, Source.NGRAM)], [one("the", 1.0)], KNOWN))
    assert found == {"the": pytest.approx(w + (1 - w) * 0.2)}


def test_a_word_that_only_the_model_named_has_what_the_instant_tier_would_give_it() -> None:
    w = weight(KNOWN)
    assert ps(*mixed((), [one("Zebra", 0.3)], KNOWN))["Zebra"] == pytest.approx(w * 0.3 + (1 - w) * 0.1)
    assert ps(*mixed((), [one("xylophone", 0.3)], KNOWN))["xylophone"] == pytest.approx(w * 0.3)


def test_words_that_the_model_did_not_name_share_what_it_left() -> None:
    w = weight(KNOWN)
    instant = [one("the", 0.3, Source.NGRAM), one("a", 0.15, Source.NGRAM)]
    found = ps(*mixed(instant, [one("zebra", 0.6)], KNOWN))
    assert found["the"] == pytest.approx((1 - w) * 0.3 + w * 0.4 * 0.3 / 0.9)
    assert found["the"] == pytest.approx(2 * found["a"])


def test_two_words_of_the_model_that_fold_alike_are_one() -> None:
    w = weight(KNOWN)
    found = ps(*mixed([one("все", 0.5, Source.NGRAM)], [one("всё", 0.4), one("все", 0.2)]))
    assert found == {"всё": pytest.approx(w * 0.6 + (1 - w) * 0.5)}


def test_without_the_model_the_instant_tier_stands_as_it_is() -> None:
    instant = (one("the", 0.3, Source.NGRAM), one("a", 0.2, Source.NGRAM))
    assert mixed(instant, ()) == instant


def test_a_topic_s_share_is_a_share_of_everything() -> None:
    w = weight(KNOWN)
    model = [one("Linden", 0.1, Source.TOPIC), one("zebra", 0.9)]
    found = ps(*mixed([one("the", 0.5, Source.NGRAM)], model, KNOWN))
    assert found["Linden"] == pytest.approx(0.1)
    assert found["zebra"] == pytest.approx(w * 0.9 + (1 - w) * 0.9 * 0.1)
    assert found["the"] == pytest.approx((1 - w) * 0.9 * 0.5)
    alone = ps(*mixed([one("the", 0.5, Source.NGRAM)], [model[0]]))
    assert alone == {"the": pytest.approx(0.45), "Linden": pytest.approx(0.1)}


def test_a_model_that_gives_more_than_there_is_gets_no_more() -> None:
    found = mixed([one("a", 0.5, Source.NGRAM)], [one("the", 0.9), one("zebra", 0.6)], KNOWN)
    assert math.fsum(candidate.p for candidate in found) <= 1
