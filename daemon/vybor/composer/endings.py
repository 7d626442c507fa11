"""The page of endings: other forms of the word that was written last, among the tools. Pure.

A language whose words have no forms never shows it.
"""

import re
from collections.abc import Sequence

from vybor.composer import text
from vybor.composer.placing import IN_ROWS, LEFT, LOWER, RIGHT, Choice, tiles_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source

NEXT = LOWER[-1]
"""Where the way to further forms stands; among the tools, the way here."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")


def word_at_end(written: str) -> str:
    """The word that the text ends with; empty behind a mark, a number or a space."""
    found = _WORD.search(written)
    return found.group() if found else ""


def with_ending(written: str, form: str) -> str:
    """The text with another form of its last word."""
    return written[: len(written) - len(word_at_end(written))] + form


def cased_like(form: str, word: str) -> str:
    """A form with the capitals that the word had."""
    if len(word) > 1 and word == word.upper():
        return form.upper()
    return text.capitalised(form) if word[:1].isupper() else form


def is_asked(mode: Mode, prefix: str) -> bool:
    """Whether forms have a place on this page."""
    return mode is Mode.ENDINGS or (mode is Mode.TOOLS and not prefix)


def page(written: str, forms: Sequence[str], number: int) -> tuple[m.Tile, ...]:
    """Eight forms and *back*, or seven and the way to the next seven; behind the last page comes the first."""
    word = word_at_end(written)
    turns = len(forms) > len(IN_ROWS)
    most = len(IN_ROWS) - turns
    pages = max(1, -(-len(forms) // most))
    shown = forms[number % pages * most :][:most]
    forms_shown = [
        Choice(role=Role.CANDIDATE, label=cased_like(form, word), source=Source.NGRAM) for form in shown
    ]
    placed = dict(zip(IN_ROWS, forms_shown, strict=False))
    placed |= {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}
    if turns:
        placed[NEXT] = Choice(role=Role.ENDINGS, label=word)
    return tiles_of(placed)


def beside(tiles: tuple[m.Tile, ...], written: str, forms: Sequence[str]) -> tuple[m.Tile, ...]:
    """The tools, the way to the endings in place of saying something again."""
    if not forms:
        return tiles
    added = tiles_of({NEXT: Choice(role=Role.ENDINGS, label=word_at_end(written))})
    return tuple(sorted((*(tile for tile in tiles if tile.slot != NEXT), *added), key=lambda tile: tile.slot))
