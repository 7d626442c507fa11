"""The nearest sentences: what the model reads of a long text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vybor.generator.notes.nearest import PIECE, fronts, nearest

STRIDE, MOST = 1500, 3000
"""Here a character is a token."""
SENTENCE = "This is sentence number {}. "


def near(text: str) -> str:
    return nearest(text, len, STRIDE, MOST)


def sentences(count: int) -> str:
    return "".join(SENTENCE.format(number) for number in range(count))


def test_a_short_text_is_read_whole() -> None:
    assert near("Hello. I am here") == "Hello. I am here"
    assert near("") == ""


def test_a_long_text_begins_with_a_sentence() -> None:
    text = sentences(500)
    part = near(text)
    assert text.endswith(part)
    assert part.startswith("This is sentence")
    assert MOST - STRIDE - 2 * PIECE < len(part) <= MOST


def test_the_beginning_stays_while_the_text_grows_by_a_stride() -> None:
    texts = [sentences(400)[:length] for length in range(MOST - 100, 4 * MOST)]
    beginnings = [len(text) - len(near(text)) for text in texts]
    moves = [later - earlier for earlier, later in pairwise(beginnings) if later != earlier]
    assert len(moves) == 3 * MOST // STRIDE
    assert all(STRIDE <= move < STRIDE + 2 * PIECE for move in moves)


def test_an_endless_sentence_begins_with_a_word() -> None:
    text = "word " * 2000
    assert near(text).startswith("word ")


def test_a_new_line_is_a_beginning_too() -> None:
    text = "one thing\n" * 1000
    assert near(text).startswith("one thing\n")


texts = st.builds(
    lambda piece, times: piece * times, st.text(st.sampled_from("ab .\n"), max_size=50), st.integers(1, 400)
)


@given(texts, st.integers(1, 5000), st.integers(0, 5000))
def test_it_is_always_the_end_of_the_text_and_fits_where_a_stride_does(text: str, stride: int, most: int) -> None:
    part = nearest(text, len, stride, most)
    assert text.endswith(part)
    assert len(part) <= max(most, stride + 4 * PIECE)


@given(texts, st.text(st.sampled_from("ab .\n"), max_size=900), st.integers(1, 2000))
def test_what_is_written_behind_moves_no_front(text: str, more: str, stride: int) -> None:
    known = [begin for begin, _ in fronts(text, len, stride)]
    assert [begin for begin, _ in fronts(text + more, len, stride)][: len(known)] == known
