"""Letters known exactly, or by their groups only: which words fit."""

import sqlite3  # noqa: TID251  (as a stranger opens it)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.composer.letters import GROUPS, KEYS
from vybor.instant.pattern import EVERY_WORD, Pattern
from vybor.instant.tokens import fold

LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_letter_stands_in_one_group_of_the_keypad(language: str) -> None:
    assert sorted("".join(KEYS[language])) == sorted(LETTERS[language])
    assert set(LETTERS[language]) < set("".join(GROUPS[language]))


@pytest.mark.parametrize(
    ("word", "fits"),
    [("water", True), ("wat", True), ("wa", False), ("hat", False), ("w'at", True), ("war", True), ("wax", True)],
)
def test_one_letter_of_each_group_in_order(word: str, fits: bool) -> None:
    assert Pattern.of("", ("pqrstuvwxyz", "abcdefg", "pqrstuvwxyz")).fits(word) is fits


def test_apostrophes_and_hyphens_need_no_look() -> None:
    looks = ("abcdefg", "hijklmno", "hijklmno", "pqrstuvwxyz")
    assert Pattern.of("", looks).fits("don't")
    assert not Pattern.of("don'", ()).fits("dont")


def test_yo_is_ye() -> None:
    assert Pattern.of("", ("абвгдеёжзи",)).fits(fold("ёлка"))
    assert Pattern.of("ё", ()).fits(fold("ель"))


def test_both_at_once_mean_nothing() -> None:
    with pytest.raises(ValueError, match="not both"):
        Pattern.of("a", ("abc",))


@given(st.lists(st.sampled_from(KEYS["en"]), min_size=1, max_size=6), st.text("abhtz'-é", min_size=1, max_size=8))
def test_sqlite_sees_the_same_words(looks: list[str], word: str) -> None:
    pattern = Pattern.of("", tuple(looks))
    bare = fold(word).replace("'", "").replace("-", "")
    (found,) = sqlite3.connect(":memory:").execute("SELECT ? GLOB ?", (bare, pattern.glob)).fetchone()
    assert bool(found) is pattern.fits(fold(word))


@given(st.text(max_size=6))
def test_every_word_fits_when_nothing_is_known(word: str) -> None:
    assert EVERY_WORD.fits(word)
    assert EVERY_WORD.is_open
