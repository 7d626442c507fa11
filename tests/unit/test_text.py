"""How words become text."""

import shutil
import subprocess

import pytest

from vybor.composer.text import at_sentence_start, ended, fitted, join, next_case, with_last_word
from vybor.voice import speech


@pytest.mark.parametrize(
    ("text", "added", "joined"),
    [
        ("", "Hello", "Hello"),
        ("Hello", "world", "Hello world"),
        ("Hello", ",", "Hello,"),
        ("Hello,", "world", "Hello, world"),
        ("I", "'m", "I'm"),
        ("I", "’ve", "I’ve"),
        ("do", "n't know", "don't know"),
        ("tell", "'em", "tell 'em"),
        ("dogs", "'", "dogs'"),
        ("dogs'", "bark", "dogs' bark"),
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


def test_a_sentence_that_begins_with_a_quote_begins_large() -> None:
    assert [fitted(word, "") for word in ('"no', "(no", "3rd")] == ['"No', "(No", "3rd"]


@pytest.mark.parametrize("text", ["Yes", "Yes,", "at 3:", "(well"])
def test_no_sentence_begins_here(text: str) -> None:
    assert not at_sentence_start(text)
    assert fitted("anna", text) == "anna"


def test_capitals_go_round() -> None:
    assert [next_case("anna"), next_case("Anna"), next_case("ANNA")] == ["Anna", "ANNA", "anna"]
    assert [next_case("i"), next_case("I")] == ["I", "i"]
    assert [next_case('"no'), next_case('"No'), next_case('"NO')] == ['"No', '"NO', '"no']
    assert [next_case("(no"), next_case("$no"), next_case("3rd"), next_case("$5")] == ["(No", "$No", "3RD", "$5"]
    assert with_last_word("call anna", "Anna") == "call Anna"
    assert with_last_word("anna", "Anna") == "Anna"


@pytest.mark.parametrize(
    ("spelled", "shown"), [("i", "I"), ("i'm", "I'm"), ("i'll", "I'll"), ("it", "it"), ("ill", "ill"), ("и", "и")]
)
def test_i_is_large_wherever_it_stands(spelled: str, shown: str) -> None:
    assert fitted(spelled, "So do") == shown


@pytest.mark.parametrize(
    "written",
    [
        "I am tired",
        "so do I",
        "We meet at 5",
        "Yes. I will",
        "Where there is a will, there is a way. I know",
        "My e-mail to the U.S. came back. he said so",
        "ANNA IS HERE",
        "Я устал",
    ],
)
def test_what_is_spoken_has_its_full_stop(written: str) -> None:
    assert ended(written) == f"{written}."


@pytest.mark.parametrize(
    "written",
    [
        "",
        "I am tired.",
        "Are you there?",
        "Wait…",
        'He said "no"',
        "How are you",
        "Yes. Can you come",
        "Isn’t it cold",
        "Как дела",
        "Сколько, Анна, это стоит",
        "5",
        "10:30",
        "Write to anna@example.org",
        "See example.org",
        "It is in notes/today",
        "iPhone (the old one)",
        "Hello :)",
    ],
)
def test_where_only_the_person_knows_no_full_stop_comes(written: str) -> None:
    assert ended(written) == written


@pytest.mark.skipif(not shutil.which(speech.SPEAKER), reason="needs espeak-ng")
@pytest.mark.parametrize(
    ("language", "written"), [("en", "I am tired"), ("en", "We meet at 5"), ("ru", "Я устал"), ("ru", "В 5 часов")]
)
def test_nobody_hears_the_full_stop_and_everybody_a_question(language: str, written: str) -> None:
    def sound(text: str) -> bytes:
        spoken = speech.command(language, 160)
        return subprocess.run(spoken, input=text.encode(), capture_output=True, check=True, timeout=30).stdout

    assert sound(ended(written)) == sound(written)
    assert sound(f"{written}?") != sound(written)
