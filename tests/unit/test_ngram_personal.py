"""The person's own counts: learned at once, forgotten exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.generator.ngram_personal import ALONE, SHARES, Personal

TEXTS = st.lists(
    st.sampled_from(["My sister Anna.", "my dog", "Hello", "Anna, hello! Hello?", "…", "", "I I I I"])
)
CONTEXTS = [(), ("my",), ("my", "sister"), ("never", "said")]


def learned(texts: list[str]) -> Personal:
    own = Personal()
    for text in texts:
        own.learn(text)
    return own


@given(TEXTS, TEXTS)
def test_what_is_forgotten_leaves_no_trace(kept: list[str], passing: list[str]) -> None:
    own = learned(kept)
    for text in passing:
        own.learn(text)
    for text in passing:
        assert own.forget(text)
    for context in CONTEXTS:
        assert own.expectation(context) == learned(kept).expectation(context)
    assert vars(own)["_written"] == vars(learned(kept))["_written"]


@given(TEXTS)
def test_it_is_one_distribution(texts: list[str]) -> None:
    own = learned(texts)
    for context in CONTEXTS:
        expectation = own.expectation(context)
        words = set(expectation.likely(1000))
        total = sum(expectation.p(word) for word in words)
        assert total == pytest.approx(1.0 if words else 0.0)
        assert expectation.p_of_all() == pytest.approx(total)
        assert 0 <= expectation.share <= max(SHARES)


def test_its_share_grows_with_what_was_learned_and_with_what_stands_here() -> None:
    little, much = learned(["My sister Anna."]), learned(["My sister Anna."] * 100)
    shares = [
        own.expectation(context).share for own in (little, much) for context in ((), ("my",), ("my", "sister"))
    ]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


def test_where_the_base_list_knows_nothing_it_has_an_equal_say() -> None:
    own = learned(["My sister Anna."])
    assert own.expectation(("sister",)).share_beside(base_knows=False) == ALONE
    assert own.expectation(("brother",)).share_beside(base_knows=False) < ALONE


def test_the_oldest_goes_when_there_is_too_much() -> None:
    own = Personal(most_words=4)
    own.learn("one two")
    own.learn("three four")
    own.learn("five")
    assert not own.forget("one two")
    assert sorted(own.expectation(()).likely(9)) == ["five", "five", "four", "three", "three"]


def test_a_text_longer_than_all_there_is_room_for_is_not_kept() -> None:
    own = Personal(most_words=2)
    own.learn("one two three")
    assert own.expectation(()).levels[-1].seen == {}


def test_what_was_never_learned_cannot_be_forgotten() -> None:
    own = learned(["Hello"])
    assert not own.forget("hello")
    assert own.forget("Hello")
    assert not own.forget("Hello")


def test_how_a_word_is_written_is_learned_inside_sentences_and_at_their_start_apart() -> None:
    own = learned(["Anna met ANNA and Anna"])
    assert own.written("anna", inside=True, least=1) == "ANNA"
    assert own.written("anna", inside=False, least=1) == "Anna"
    assert own.written("anna", inside=True, least=2) is None
    assert own.written("nobody", inside=True, least=1) is None


def test_trailing_off_is_no_word() -> None:
    own = learned(["well… so…"])
    assert sorted(set(own.expectation(()).likely(9))) == ["so", "well"]
