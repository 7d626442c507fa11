"""What a word is, for the word lists and for the instant tier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.composer.text import at_sentence_start
from vybor.instant.tokens import before_next, fold, is_mark, sentences, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, Anna!", ("Hello", ",", "Anna", "!")),
        ("I don’t know.", ("I", "don't", "know", ".")),
        ("well-known 'quoted' words'", ("well-known", "quoted", "words")),
        ("At 3:30 or 12.5, 2nd", ("At", "3:30", "or", "12.5", ",", "2nd")),
        ("What?! No!! So.. and… so...", ("What", "?", "No", "!", "So", "…", "and", "…", "so", "…")),
        ("(a) [b] <c> #d 😂 *e*", ("a", "b", "c", "d", "e")),
        ("Я — ёж", ("Я", "ёж")),
        ("x" * 41, ()),
        ("", ()),
    ],
)
def test_text_falls_into_words_and_marks(text: str, found: tuple[str, ...]) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Don’t", "don't"),
        ("CAFÉ", "cafe"),
        ("naïve", "naive"),
        ("Ещё", "еще"),
        ("Ёлка", "елка"),
        ("Йод", "йод"),
        ("Straße", "strasse"),
        ("e\u0301", "e"),
    ],
)
def test_spellings_of_one_word_fold_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_hold_no_whitespace_and_are_never_empty(text: str) -> None:
    for token in tokens(text):
        assert token
        assert token.split() == [token]


@given(st.text())
def test_sentences_are_the_tokens_in_order(text: str) -> None:
    assert tuple(token for sentence in sentences(text) for token in sentence) == tokens(text)


@given(st.text(alphabet="abИй ,.?!…'\"(«»)-5", max_size=30))
def test_it_agrees_with_the_composer_where_a_sentence_begins(text: str) -> None:
    if tokens(text) and text.rstrip(" \"')»«(")[-1:] not in "-":  # a dash is no word, but it begins no sentence
        assert (before_next(text) == ()) == at_sentence_start(text)


def test_the_next_word_belongs_to_the_last_sentence() -> None:
    assert before_next("Hello. I am, Anna") == ("i", "am", ",", "anna")
    assert before_next("Hello.") == before_next("") == ()


def test_marks_are_no_words() -> None:
    assert [is_mark(token) for token in (".", "?", "!", ",", "…", "a", "-")] == [True] * 5 + [False] * 2
