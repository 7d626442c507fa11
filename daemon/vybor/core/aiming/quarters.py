"""How far looks fall beside in each quarter of the screen: by tiles that were taken, and signs in vain. Pure.

The gaze room corrects what it knows of; what is left is measured here. A choice that the looks made by themselves,
and that the next one left as it is, says how far the looks at the words fell from their middle. A sign in vain
says more: the tile that it was for could not be taken, so it counts as a look at the nearest border of that tile.
Without those a quarter in which hardly anything can be taken would seem as exact as any other: what is missed is
not taken.
"""

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen, without_pad
from vybor.core.aiming import aim
from vybor.core.aiming.misses import Act, is_in_vain
from vybor.foundation.settings import CommitSettings
from vybor.selector.edge import WITHIN_WORDS
from vybor.selector.state import Selection

UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT, LOWER_RIGHT = range(4)
LEAST_SHARE = 0.25
"""So much of a tile must lie in a quarter to say something of it."""
USUAL_WIDTH, USUAL_HEIGHT = 0.25, 0.21
"""Of the words of a tile on ten zones. Nobody looks at the very middle of words, on large tiles less than on small
ones: what is measured is told as if all were so large."""
WITHIN = (WITHIN_WORDS * USUAL_WIDTH) ** 2 + (WITHIN_WORDS * USUAL_HEIGHT) ** 2
"""What of the squared distance is no error."""


class Sign(msgspec.Struct, frozen=True):
    """Of which quarters one sign speaks, and the squared distance of both axes, in fractions of the screen."""

    quarters: tuple[int, ...]
    square: float


class Quarter(msgspec.Struct, frozen=True):
    """Signs in one quarter, and the mean of their squares."""

    signs: int = 0
    square: float = 0.0

    @property
    def error(self) -> float:
        """Of a look, along one axis, as a standard deviation."""
        return float(max(0.0, (self.square - WITHIN) / 2) ** 0.5)


class Measured(msgspec.Struct, frozen=True):
    """All four quarters, in the order of reading."""

    quarters: tuple[Quarter, ...] = (Quarter(),) * 4
    last: Sign | None = None
    """Of the last choice, if the next one leaves it as it is."""


def saw(known: Measured, act: Act, chosen: m.Decision | None, rule: CommitSettings) -> Measured:
    """Take in a message while tiles can be chosen, and what was decided with it."""
    if chosen is None:
        stood = next((tile for tile in act.before.tiles if tile.slot == act.before.slot), None)
        return _with(known, _missed(stood)) if stood and is_in_vain(act, rule) else known
    tile = next((tile for tile in act.before.tiles if tile.slot == chosen.slot), None)
    holds = tile is not None and aim.holds(chosen.action, tile.role)
    known = _with(known, known.last) if known.last and holds else known
    return msgspec.structs.replace(known, last=_taken(act, tile, chosen) if tile else None)


def of_area(area: m.Area) -> tuple[int, ...]:
    """The quarters in which an area lies, or a good part of it."""
    shown = on_screen(area)
    left = _share(shown.left, shown.right)
    upper = _share(shown.top, shown.bottom)
    columns = [side for side, share in enumerate((left, 1 - left)) if share >= LEAST_SHARE]
    rows = [row for row, share in enumerate((upper, 1 - upper)) if share >= LEAST_SHARE]
    return tuple(2 * row + column for row in rows for column in columns)


def _share(low: float, high: float) -> float:
    """How much of a span lies before the middle of the screen."""
    return max(0.0, min(high, 0.5) - low) / (high - low)


def _taken(act: Act, tile: m.Tile, chosen: m.Decision) -> Sign | None:
    """The looks at the words of the tile that is chosen, against their middle."""
    by = Selection(chosen.offer, chosen.slot, chosen.evidence)
    words = act.before.at_edge.words
    if words is None or aim.of_choice(act.before, by, tile, chosen.at_ns) is None:
        return None
    area = on_screen(without_pad(tile.area, tile.pad))
    width, height = area.right - area.left, area.bottom - area.top
    x, y = words.x - (area.left + area.right) / 2, words.y - (area.top + area.bottom) / 2
    larger = (WITHIN_WORDS * width) ** 2 + (WITHIN_WORDS * height) ** 2 - WITHIN
    return Sign(of_area(tile.area), x**2 + y**2 - larger)


def _missed(tile: m.Tile) -> Sign:
    area = on_screen(tile.area)
    return Sign(of_area(tile.area), (min(area.right - area.left, area.bottom - area.top) / 2) ** 2 + WITHIN)


def _with(known: Measured, sign: Sign) -> Measured:
    quarters = tuple(
        _more(quarter, sign.square) if at in sign.quarters else quarter
        for at, quarter in enumerate(known.quarters)
    )
    return msgspec.structs.replace(known, quarters=quarters)


def _more(quarter: Quarter, square: float) -> Quarter:
    signs = quarter.signs + 1
    return Quarter(signs, quarter.square + (square - quarter.square) / signs)
