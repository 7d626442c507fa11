"""Text as words and marks: what the word lists are counted in and what the instant tier reads. Pure.

The workshop counts with these functions and the kit looks up with them, so both mean the same by a word.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

END_MARKS = (".", "?", "!")
"""Marks behind which a sentence begins."""
PAUSE = "…"
"""Trailing off: ends a sentence too, and is never offered."""
MARKS = (*END_MARKS, ",")
"""Marks that can be offered like words."""
MOST_IN_A_ROW = 3
LONGEST_WORD = 40
"""Longer runs of letters are no words: web addresses, shouting, held keys."""

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*[^\W\d_]*)"
    r"|(?P<word>[^\W\d_](?:[^\W_]|['-](?=[^\W_]))*)"
    r"|(?P<end>[.?!…]+)"
    r"|(?P<comma>,)"
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ′`´", "'") | {"‐": "-", "‑": "-"})


def straight(text: str) -> str:
    """Composed letters, straight apostrophes, plain hyphens."""
    if text.isascii():
        return text.replace("`", "'")
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES)


def fold(text: str) -> str:
    """What two spellings of one word share: no case, no accents on Latin letters, straight apostrophes, ё = е.

    Marks on other letters stay: й is not и. Folding twice changes nothing.
    """
    if text.isascii():
        return straight(text).lower()
    kept: list[str] = []
    for letter in unicodedata.normalize("NFD", straight(text).casefold()):
        if unicodedata.combining(letter) and kept and kept[-1].isascii():
            continue
        kept.append(letter)
    return straight(unicodedata.normalize("NFC", "".join(kept)).replace("ё", "е"))


def tokens(text: str) -> tuple[str, ...]:
    """Words as they are written, and marks; everything else (brackets, symbols, pictures) is left out.

    A run of marks counts as one: `?!` is `?`, `!!` is `!`, `..` and `…` are a pause.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(straight(text)):
        token = match.group()
        if match.lastgroup == "end":
            found.append(_end_mark(token))
        elif len(token) <= LONGEST_WORD:
            found.append(token)
    return tuple(found)


def without_runs(sentence: Sequence[str]) -> tuple[str, ...]:
    """A word three times or more in a row is a slip and counts once; twice ("no no") is meant."""
    runs = (list(run) for _, run in groupby(sentence, key=fold))
    return tuple(token for run in runs for token in (run if len(run) < MOST_IN_A_ROW else run[:1]))


def sentences(text: str) -> tuple[tuple[str, ...], ...]:
    """The tokens, a sentence at a time; the mark at the end belongs to its sentence."""
    found: list[tuple[str, ...]] = []
    begun: list[str] = []
    for token in tokens(text):
        begun.append(token)
        if ends_sentence(token):
            found.append(tuple(begun))
            begun = []
    return (*found, tuple(begun)) if begun else tuple(found)


def ends_sentence(token: str) -> bool:
    """Whether the next word begins a sentence."""
    return token in END_MARKS or token == PAUSE


def is_mark(token: str) -> bool:
    """Whether this is a mark and no word."""
    return token in MARKS or token == PAUSE


def before_next(text: str) -> tuple[str, ...]:
    """The folded tokens of the sentence that the next word belongs to; nothing at the start of one."""
    last = sentences(text)[-1:]
    if not last or ends_sentence(last[0][-1]):
        return ()
    return tuple(fold(token) for token in last[0])


def capitalised(word: str) -> str:
    """The word with its first letter large; the rest is left as it is."""
    return word[:1].upper() + word[1:]


def _end_mark(run: str) -> str:
    if "?" in run:
        return "?"
    if "!" in run:
        return "!"
    return "." if run == "." else PAUSE
