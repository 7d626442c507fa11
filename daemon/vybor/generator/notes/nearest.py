"""Which part of a long text the model reads: the nearest sentences. Pure.

The model reads from a front to the text's end. Fronts lie a stride apart and depend on the text before them alone:
what is written behind moves none of them, and where the model will begin to read next is known before it must.
"""

import re
from collections.abc import Callable, Iterator

PIECE = 200
"""Characters. A front lies at the first beginning of a sentence behind a multiple of these."""

_BOUNDARY = re.compile(r"[.?!…][\"”')]*\s+|\n+")
_GAP = re.compile(r"\s+")

Length = Callable[[str], int]
"""How many tokens a part of the text has."""


def nearest(text: str, length: Length, stride: int, most: int) -> str:
    """The end of the text from the first front on behind which at most so many tokens lie."""
    known = list(fronts(text, length, stride))
    fitting = (begin for begin, tokens in known if tokens <= most)
    return text[next(fitting, known[-1][0]) :]


def fronts(text: str, length: Length, stride: int) -> Iterator[tuple[int, int]]:
    """Each front, the text's beginning first, and how many tokens lie behind it.

    It counts by pieces, which makes a token more of some: that there are more than it says is next to impossible.
    """
    begins = [0, *_beginnings(text)]
    lengths = [length(text[begin:end]) for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]
    behind, passed = sum(lengths), 0
    yield 0, behind
    for end, tokens in zip(begins[1:], lengths, strict=False):
        passed += tokens
        behind -= tokens
        if passed >= stride:
            yield end, behind
            passed = 0


def _beginnings(text: str) -> Iterator[int]:
    """One for each piece, as far as what is still to be written can move none of them."""
    for least in range(PIECE, len(text), PIECE):
        if (begin := _beginning(text, least)) is None:
            return
        yield begin


def _beginning(text: str, least: int) -> int | None:
    """The first beginning of a sentence from here on, of a word if it is endless; None while that is not known."""
    sentence = _BOUNDARY.search(text, least, least + PIECE)
    if sentence and sentence.end() < len(text):
        return sentence.end()
    if len(text) <= least + PIECE:
        return None
    found = sentence or _GAP.search(text, least, least + PIECE)
    return found.end() if found else least
