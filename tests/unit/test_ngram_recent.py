"""What was said lately comes again sooner, and is forgotten when it is undone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.instant.counts import MOST_RECENT, Change, CountsFile
from vybor.instant.personal import Personal
from vybor.instant.recent import SHARE, SHARE_OF_A_PAIR, Recent
from vybor.instant.texts import folded

SENTENCES = st.lists(st.sampled_from(["my sister anna .", "hello", "anna hello ?", "i i i i"]).map(str.split))
CONTEXTS = [(), ("my",), ("my", "sister"), ("never", "said")]


def recent(*sentences: str) -> Recent:
    """The newest first."""
    return Recent.of(tuple(sentence.split()) for sentence in sentences)


@given(SENTENCES)
def test_it_is_one_distribution(sentences: list[list[str]]) -> None:
    counts = Recent.of(map(tuple, sentences))
    for context in CONTEXTS:
        expectation = counts.expectation(context)
        words = set(expectation.likely(1000))
        assert sum(map(expectation.p, words)) == pytest.approx(1.0 if words else 0.0)
        assert 0 <= expectation.share <= max(SHARE, SHARE_OF_A_PAIR)


def test_the_later_a_word_was_said_the_likelier_it_is() -> None:
    expected = recent("tea", *["nothing of this"] * 30, "coffee").expectation(("the",))
    assert expected.p("tea") > 1.2 * expected.p("coffee") > 0


def test_nothing_said_has_no_share() -> None:
    assert recent().expectation(("the",)).share == 0


def test_how_it_went_on_behind_the_last_word_weighs_more() -> None:
    expected = recent("my sister anna", "my brother").expectation(("sister",))
    assert expected.p("anna") > expected.p("brother")
    assert list(expected.behind().likely(9)) == ["anna"]
    assert recent("hello you").expectation(()).p("hello") > recent("you hello").expectation(()).p("hello")


def test_marks_end_a_sentence_and_trailing_off_is_no_word() -> None:
    assert folded("Well… Hello, Anna! I") == (("well",), ("hello", ",", "anna", "!"), ("i",))


def test_the_text_being_written_is_nearer_than_what_was_said() -> None:
    own = Personal()
    own.learn("My sister Zelda.")
    counts = own.recent("I met Anna. She").expectation(("she",))
    assert counts.p("anna") > counts.p("zelda") > 0
    assert own.recent("").expectation(("she",)).p("anna") == 0


TEXTS = st.lists(st.sampled_from(["My sister Anna.", "my dog", "Hello", "Anna, hello! Hello?", "…", ""]))


@given(TEXTS, TEXTS)
def test_what_is_undone_was_never_said(kept: list[str], passing: list[str]) -> None:
    own, other = Personal(), Personal()
    for text in kept:
        own.learn(text)
        other.learn(text)
    for text in passing:
        own.learn(text)
    for text in reversed(passing):
        assert own.forget(text)
    assert own.recent("I am") == other.recent("I am")


def test_of_two_equal_texts_the_later_one_is_taken_back() -> None:
    own = Personal()
    for text in ("tea", "coffee", "tea"):
        own.learn(text)
    own.forget("tea")
    assert own.file.recent() == (("tea",), ("coffee",))


def test_as_much_as_can_be_undone_brings_back_what_was_recent_before() -> None:
    own = Personal()
    earlier = [f"earlier {number}" for number in range(MOST_RECENT)]
    own.file.change(map(Change, earlier))
    before = own.file.recent()
    assert len(before) == MOST_RECENT
    own.file.change(Change(f"later {number}") for number in range(200))
    assert "earlier" not in {word for sentence in own.file.recent() for word in sentence}
    own.file.change(Change(f"later {number}", said=False) for number in reversed(range(200)))
    assert own.file.recent() == before


def test_a_restart_and_another_connection_know_the_same(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    writing, reading = CountsFile(path), Personal(CountsFile(path))
    assert reading.recent("") == Recent.of([])
    writing.change([Change("My sister Anna. Hello.")])
    assert reading.file.recent() == (("my", "sister", "anna", "."), ("hello", "."))
    before = reading.recent("I")
    writing.close()
    reading.file.close()
    again = Personal(CountsFile(path))
    assert again.recent("I") == before
    again.file.forget_all()
    assert again.file.recent() == ()
    again.file.close()
