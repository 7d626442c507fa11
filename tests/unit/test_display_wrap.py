"""Words on lines: nothing is lost in silence."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from unit.display_pages import sheet
from vybor.display.drawing.wrap import Line, Run, Style, balanced, cut, fit, one_line, wrap

SHEET = sheet(1280, 720)
PLAIN = Style(20, (255, 255, 255))
GREY = Style(20, (200, 200, 200))
SIZES = [(Style(size, (255, 255, 255), bold=True), Style(size, (200, 200, 200))) for size in (40, 36, 32, 28)]
words = st.lists(st.text("abcЖё'-", min_size=1, max_size=30), max_size=12).map(" ".join)


def read(lines: Sequence[Line]) -> str:
    """The text as a reader puts it together again."""
    joined = ""
    for line in lines:
        said = " ".join(word.text for word in line.words)
        joined += said[:-1] if line.broken else said + " "
    return joined.strip()


@given(words, st.integers(30, 400))
def test_every_word_is_on_a_line_that_is_not_too_wide(text: str, width: int) -> None:
    lines = wrap([Run(text, PLAIN)], width, SHEET)
    assert read(lines) == text
    assert all(line.width <= width for line in lines)


def test_words_of_two_styles_share_lines() -> None:
    lines = wrap([Run("go", PLAIN), Run("home now", GREY)], 100, SHEET)
    assert [[(word.text, word.style) for word in line.words] for line in lines] == [
        [("go", PLAIN), ("home", GREY)],
        [("now", GREY)],
    ]


def test_a_word_wider_than_the_line_is_broken_with_a_hyphen() -> None:
    lines = wrap([Run("internationalisation", PLAIN)], 121, SHEET)
    assert [line.words[0].text for line in lines] == ["internatio-", "nalisation"]


def test_even_a_room_for_less_than_a_letter_ends() -> None:
    assert read(wrap([Run("abc", PLAIN)], 1, SHEET)) == "abc"


def test_what_fits_is_not_cut() -> None:
    lines = wrap([Run("a b c", PLAIN)], 1000, SHEET)
    assert cut(lines, 1, 1000, SHEET) == lines


@given(words, st.integers(30, 300), st.integers(1, 3))
def test_a_cut_is_always_visible(text: str, width: int, most: int) -> None:
    lines = wrap([Run(text, PLAIN)], width, SHEET)
    kept = cut(lines, most, width, SHEET)
    assert len(kept) <= most
    assert all(line.width <= width for line in kept)
    assert (read(kept) == text) != read(kept).endswith("…")


def test_a_sentence_shrinks_before_it_is_cut() -> None:
    text = "The camera has stopped"
    assert one_line(text, PLAIN, 1000, SHEET, 14).size == 20
    shrunk = one_line(text, PLAIN, 200, SHEET, 14)
    assert (shrunk.size, read([shrunk])) == (16, text)
    assert read([one_line(text, PLAIN, 100, SHEET, 14)]) == "The camera …"


def test_nothing_to_say_is_an_empty_line() -> None:
    assert one_line("", PLAIN, 100, SHEET, 14) == Line(())


def test_label_and_continuation_are_large_if_they_fit() -> None:
    (line,) = fit("go", "home", SIZES, (290, 150), SHEET)
    assert [(word.text, word.style.size) for word in line.words] == [("go", 40), ("home", 40)]


def test_the_continuation_is_cut_rather_than_the_label_made_small() -> None:
    lines = fit("think", "that we should all of us talk about it one of these days", SIZES, (290, 150), SHEET)
    assert lines[0].words[0].style.size == 40
    assert read(lines).startswith("think that we")
    assert read(lines).endswith("…")


def test_a_long_label_shrinks_until_no_word_is_broken() -> None:
    lines = fit("internationally", "", SIZES, (290, 150), SHEET)
    assert [(line.size, line.broken) for line in lines] == [(32, False)]


def test_a_label_too_long_for_the_smallest_size_is_broken_and_stays_whole() -> None:
    lines = fit("internationalisation's", "of", SIZES, (290, 150), SHEET)
    assert read(lines) == "internationalisation's of"
    assert lines[0].size == 28


@given(words.filter(bool), words, st.integers(60, 500), st.integers(30, 200))
def test_a_label_is_whole_or_visibly_cut(label: str, grey: str, width: int, height: int) -> None:
    lines = fit(label, grey, SIZES, (width, height), SHEET)
    assert read(lines).startswith(label) or read(lines).endswith("…")
    assert all(line.width <= width for line in lines)


def test_no_word_is_left_alone_on_the_last_line() -> None:
    runs = [Run("a b c d e f g", PLAIN)]
    assert [len(line.words) for line in balanced(runs, wrap(runs, 140, SHEET), SHEET)] == [4, 3]
