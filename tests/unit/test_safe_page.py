"""What stands on the console."""

import itertools
import re

import pytest

from vybor.foundation.settings import Language
from vybor.safe import letters
from vybor.safe.help import Stage
from vybor.safe.page import BEGIN, Facts, page
from vybor.safe.words import LANGUAGES, large

SIZES = ((80, 25), (80, 30), (100, 30), (160, 45), (240, 67))
WHY = "no screen can be opened (No available video device); connect one, or start the kit on a desktop"
EVERY = [
    Facts(language=language, hears=hears, stage=stage, text_kept=kept, reason=WHY, problem=problem)
    for language, hears, stage, kept, problem in itertools.product(
        LANGUAGES, (True, False), Stage, (True, False), ("", "aplay: no card")
    )
]


def seen(drawn: str) -> list[str]:
    """What the page looks like: dots as `#`, no colours."""
    assert drawn.startswith(BEGIN)
    dotted = re.sub(r"\x1b\[7m( *)\x1b\[27m", lambda run: "#" * len(run[1]), drawn.removeprefix(BEGIN))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", dotted)
    assert "\x1b" not in plain
    return plain.split("\r\n")


def said(drawn: str) -> str:
    return " ".join(" ".join(seen(drawn)).split())


@pytest.mark.parametrize("size", SIZES)
def test_a_page_stays_on_the_console(size: tuple[int, int]) -> None:
    for facts in EVERY:
        lines = seen(page(facts, *size))
        assert len(lines) < size[1], facts
        assert max(map(len, lines)) < size[0], facts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_setting_is_told_with_its_line(language: str) -> None:
    wrong = "/etc/vybor/vybor.toml, line 2: gaze.hz is a number from 5 to 60, not 900"
    drawn = said(page(Facts(language=language, hears=True, wrong=wrong), 80, 30))
    assert LANGUAGES[language].wrong_settings.format(problem=wrong) in drawn
    assert LANGUAGES[language].carer in drawn


@pytest.mark.parametrize("size", SIZES)
def test_large_letters_are_there_and_under_them_what_matters(size: tuple[int, int]) -> None:
    for facts in EVERY:
        drawn = page(facts, *size)
        words = LANGUAGES[facts.language]
        assert any("###" in line for line in seen(drawn)), facts
        assert words.restarts in said(drawn), facts
        assert (words.text_kept if facts.text_kept else words.text_in_doubt) in said(drawn), facts
        assert WHY in said(drawn), facts
        assert words.carer in said(drawn), facts


def test_the_large_letters_can_be_read() -> None:
    drawn = seen(page(Facts(language="en", hears=True), 80, 25))
    assert [line.strip() for line in drawn[1:6]] == [row.strip() for row in letters.rows("PRESS A KEY")]


def test_on_a_large_console_they_are_larger() -> None:
    drawn = seen(page(Facts(language="ru", hears=True), 160, 45))
    once = [row.strip() for row in letters.rows("ПОМОЩЬ?")]
    assert [line.strip() for line in drawn[1:3]] == ["".join(dot * 2 for dot in once[0])] * 2


@pytest.mark.parametrize(("stage", "hears"), list(itertools.product(Stage, (True, False))))
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_large_word_has_its_letters_and_fits_on_the_usual_console(
    language: str, stage: Stage, hears: bool
) -> None:
    for text in large(LANGUAGES[language], stage, hears=hears):
        assert len(letters.rows(text)[0]) <= 76


def test_letters_are_five_rows_of_dots() -> None:
    for letter, dots in letters.DOTS.items():
        rows = dots.split()
        assert len(rows) == letters.ROWS, letter
        assert len({len(row) for row in rows}) == 1, letter
        assert set(dots) <= set("01 "), letter
    assert len(set(letters.DOTS.values())) == len(letters.DOTS)


def test_where_keys_are_not_read_nobody_is_told_to_press_one() -> None:
    for words in LANGUAGES.values():
        deaf = said(page(Facts(language="ru", hears=False), 240, 67))
        assert words.press not in deaf
        assert words.cannot_press in deaf


def test_a_call_that_is_not_heard_says_why() -> None:
    told = said(page(Facts(language="en", hears=True, stage=Stage.NOT_HEARD, problem="aplay: no card"), 80, 25))
    assert "The call for help cannot be heard: aplay: no card. Call in another way." in told


def test_what_a_carer_can_do_is_told_in_both_languages() -> None:
    for language in LANGUAGES:
        told = said(page(Facts(language=language, hears=True, reason=WHY), 80, 25))
        assert all(words.carer in told for words in LANGUAGES.values())


def test_a_console_that_is_too_small_for_large_letters_has_the_sentences() -> None:
    told = page(Facts(language="en", hears=True), 40, 12)
    assert "#" not in said(told)
    assert LANGUAGES["en"].press in said(told)


def test_it_speaks_every_language_of_the_kit() -> None:
    assert set(LANGUAGES) == set(Language)
