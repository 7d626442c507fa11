"""The page of endings: other forms of the word that was written last, one choice behind the menu. Pure.

A language whose words have no forms never shows it.
"""

import re
from collections.abc import Sequence

from vybor.composer import text
from vybor.composer.layout import TEN, Layout
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source

SLOTS = (0, 1, 2, 3, 4, 5, 6, 7)
NEXT_SLOT, BACK_SLOT, TO_MENU_SLOT = 7, 8, 9
MENU_SLOT = 7
"""Where the way here stands in the menu."""
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
    return mode is Mode.ENDINGS or (mode is Mode.MENU and not prefix)


def page(written: str, forms: Sequence[str], number: int, layout: Layout = TEN) -> tuple[m.Tile, ...]:
    """Eight forms and *back*, or seven and the way to the next seven; behind the last page comes the first."""
    word = word_at_end(written)
    turns = len(forms) > len(SLOTS)
    most = len(SLOTS) - turns
    pages = max(1, -(-len(forms) // most))
    shown = forms[number % pages * most :][:most]
    tiles = {
        slot: _tile(layout, slot, Role.CANDIDATE, cased_like(form, word))
        for slot, form in zip(SLOTS, shown, strict=False)
    }
    tiles[BACK_SLOT] = _tile(layout, BACK_SLOT, Role.BACK)
    tiles[TO_MENU_SLOT] = _tile(layout, TO_MENU_SLOT, Role.MENU)
    if turns:
        tiles[NEXT_SLOT] = _tile(layout, NEXT_SLOT, Role.ENDINGS, word)
    return tuple(tiles[slot] for slot in sorted(tiles))


def beside(
    tiles: tuple[m.Tile, ...], written: str, forms: Sequence[str], layout: Layout = TEN
) -> tuple[m.Tile, ...]:
    """The menu's tiles, and the way to the endings in a place that is free."""
    if not forms or any(tile.slot == MENU_SLOT for tile in tiles):
        return tiles
    added = _tile(layout, MENU_SLOT, Role.ENDINGS, word_at_end(written))
    return tuple(sorted((*tiles, added), key=lambda tile: tile.slot))


def _tile(layout: Layout, slot: int, role: Role, label: str = "") -> m.Tile:
    zone = layout.zones[slot]
    source = Source.NGRAM if role is Role.CANDIDATE else None
    return m.Tile(slot=slot, role=role, area=zone.area, pad=zone.pad, label=label, source=source)
