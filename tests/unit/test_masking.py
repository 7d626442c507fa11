"""Names, numbers and addresses are hidden as far as letters tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.utterances.masking import ADDRESS, NAME, NUMBER, Mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("I saw Zelda today.", f"I saw {NAME} today."),
        ("Is this Zelda’s tea? Zelda knows.", f"Is this {NAME} tea? {NAME} knows."),
        ("I think I'm late. Come here.", "I think I'm late. Come here."),
        ("Call 555-0123 or +44 20 7946 0123 at 10:30.", f"Call {NUMBER} or {NUMBER} at {NUMBER}."),
        ("Write to ada.l@example.org, please.", f"Write to {ADDRESS}, please."),
        ("It is on www.example.org/tea?x=1 now.", f"It is on {ADDRESS} now."),
        ("She lives at 12 Linden Street in Perm.", f"She lives at {ADDRESS} in {NAME}."),
        ("Позови Анну, пожалуйста.", f"Позови {NAME}, пожалуйста."),
        ("Анну я люблю. Где Анну?", f"{NAME} я люблю. Где {NAME}?"),
        ("Я живу на улице Ленина, дом 5, кв. 12.", f"Я живу на {ADDRESS}."),
        ("my way is long", "my way is long"),
        ("", ""),
    ],
)
def test_what_is_hidden(text: str, masked: str) -> None:
    assert Mask.of([text]).text(text) == masked


def test_a_name_that_one_text_gives_away_is_hidden_in_all() -> None:
    mask = Mask.of(["I saw Zelda.", "Zelda is here."])
    assert mask.text("Zelda is here.") == f"{NAME} is here."
    assert mask.text("zelda") == NAME


@pytest.mark.parametrize("name", ["Name", "Number", "Address"])
def test_what_was_hidden_is_not_hidden_again_whoever_is_called_so(name: str) -> None:
    mask = Mask.of([f"I saw {name} at 12 Linden Street, 5."])
    once = mask.text(f"I saw {name} at 12 Linden Street, 5.")
    assert once == f"I saw {NAME} at {ADDRESS}, {NUMBER}."
    assert mask.text(once) == once


def test_its_limits_are_those_that_the_page_tells() -> None:
    assert Mask.of(["Zelda knows.", "Room four."]).text("Zelda knows room four.") == "Zelda knows room four."


def test_an_offered_word_is_hidden_like_one_that_was_written() -> None:
    mask = Mask.of(["I saw Zelda."])
    assert mask.label("Zelda", "I saw") == NAME
    assert mask.label("the", "I saw Zelda at") == "the"
    assert Mask.letters("zel") == "•••"


@given(st.text(max_size=80))
def test_no_digit_stays_and_masking_twice_is_masking_once(text: str) -> None:
    mask = Mask.of([text])
    once = mask.text(text)
    assert not any(letter in "0123456789" for letter in once)
    assert mask.text(once) == once


@given(st.lists(st.sampled_from(["Zelda", "is", "my", "Aunt", "I", "saw", ".", "7"]), max_size=12))
def test_no_known_name_stays(words: list[str]) -> None:
    text = " ".join(words)
    masked = Mask.of([text, "I saw Zelda and Aunt."]).text(text)
    assert "Zelda" not in masked
    assert "Aunt" not in masked
