"""Which part of a long text the model reads: the nearest sentences. Pure."""

import re
from collections.abc import Callable

STRIDE = 1500
"""Characters. The beginning moves by about so much at a time, so that the cache is built anew only rarely."""
MOST = 8000
"""Characters. More than this is not even tried: it is far more than fits."""

_BOUNDARY = re.compile(r"[.?!…][\"”')]*\s+|\n+")
_GAP = re.compile(r"\s+")


def nearest(text: str, fits: Callable[[str], bool]) -> str:
    """The end of the text that fits, from the beginning of a sentence on if there is one.

    It depends on the text alone and keeps its beginning while the text grows by up to a stride.
    """
    first = max(0, -(-(len(text) - MOST) // STRIDE))
    for strides in range(first, len(text) // STRIDE + 1):
        part = text[_beginning(text, strides * STRIDE) :]
        if fits(part):
            return part
    return text[-(STRIDE // 4) :]


def _beginning(text: str, least: int) -> int:
    """The first beginning of a sentence from here on; of a word, if the sentence is endless."""
    if least == 0:
        return 0
    for boundary in (_BOUNDARY, _GAP):
        if found := boundary.search(text, least, least + STRIDE):
            return found.end()
    return least
