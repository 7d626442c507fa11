"""How words become text."""

import pytest

from vybor.composer.text import at_sentence_start, fitted, join, next_case, with_last_word


@pytest.mark.parametrize(
    ("text", "added", "joined"),
    [
        ("", "Hello", "Hello"),
        ("Hello", "world", "Hello world"),
        ("Hello", ",", "Hello,"),
        ("Hello,", "world", "Hello, world"),
        ("I", "'m", "I'm"),
        ("He said:", '"', 'He said: "'),
        ('He said: "', "No", 'He said: "No'),
        ('He said: "No', '"', 'He said: "No"'),
        ('"No"', "he", '"No" he'),
        ("It costs", "$", "It costs $"),
        ("It costs $", "5", "It costs $5"),
        ("5", "%", "5%"),
        ("one ", "two", "one two"),
        ("well", "-", "well -"),
        ("Hello", "", "Hello"),
    ],
)
def test_join_puts_the_space_where_it_belongs(text: str, added: str, joined: str) -> None:
    assert join(text, added) == joined


@pytest.mark.parametrize("text", ["", "Yes. ", 'He said "Yes."', "Really?!", "…"])
def test_a_sentence_begins_here(text: str) -> None:
    assert at_sentence_start(text)
    assert fitted("anna", text) == "Anna"


@pytest.mark.parametrize("text", ["Yes", "Yes,", "at 3:", "(well"])
def test_no_sentence_begins_here(text: str) -> None:
    assert not at_sentence_start(text)
    assert fitted("anna", text) == "anna"


def test_capitals_go_round() -> None:
    assert [next_case("anna"), next_case("Anna"), next_case("ANNA")] == ["Anna", "ANNA", "anna"]
    assert [next_case("i"), next_case("I")] == ["I", "i"]
    assert with_last_word("call anna", "Anna") == "call Anna"
    assert with_last_word("anna", "Anna") == "Anna"
