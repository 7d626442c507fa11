"""The nearest sentences: what the model reads of a long text."""

from hypothesis import given
from hypothesis import strategies as st

from vybor.generator.nearest import STRIDE, nearest

MOST = 2 * STRIDE
SENTENCE = "This is sentence number {}. "


def fits(text: str) -> bool:
    return len(text) <= MOST


def sentences(count: int) -> str:
    return "".join(SENTENCE.format(number) for number in range(count))


def test_a_short_text_is_read_whole() -> None:
    assert nearest("Hello. I am here", fits) == "Hello. I am here"
    assert nearest("", fits) == ""


def test_a_long_text_begins_with_a_sentence() -> None:
    text = sentences(500)
    part = nearest(text, fits)
    assert text.endswith(part)
    assert part.startswith("This is sentence")
    assert MOST - 1.5 * STRIDE < len(part) <= MOST


def test_the_beginning_stays_while_the_text_grows() -> None:
    beginnings = {len(text) - len(nearest(text, fits)) for text in map(sentences, range(100, 300))}
    assert len(beginnings) <= 2 + len(SENTENCE) * 200 // STRIDE


def test_an_endless_sentence_begins_with_a_word() -> None:
    text = "word " * 2000
    assert nearest(text, fits).startswith("word ")


def test_a_new_line_is_a_beginning_too() -> None:
    text = "one thing\n" * 1000
    assert nearest(text, fits).startswith("one thing\n")


@given(st.text(st.sampled_from("ab .\n"), max_size=50), st.integers(1, 400), st.integers(0, 5000))
def test_it_is_always_the_end_of_the_text_and_always_fits(piece: str, times: int, most: int) -> None:
    text = piece * times
    part = nearest(text, lambda some: len(some) <= most)
    assert text.endswith(part)
    assert len(part) <= max(most, STRIDE // 4)
