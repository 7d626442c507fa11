"""Where Undo and Speak stand: one order of a layout's zones for each arrangement. Pure.

Pages and plans are made for one arrangement. Another one is an order of the zones: what would stand in a zone
stands in the zone that the order names instead, on every page alike, and whatever stood there takes the place that
is left. Only areas and pads change, after everything else is done: slots, homes and folds know nothing of it.

On ten zones *mirrored* leaves the rows to be read from the left: Speak goes to the left end of its row, the words
make room. *Lowered* exchanges the rows. Which opposite places there are: deploy/decisions/0034.
"""

from collections.abc import Sequence

import msgspec

from vybor.composer.layout import TEN, Layout, Zone
from vybor.composer.placing import CORNER
from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement

Order = tuple[int, ...]
"""By zone: the zone in which stands what would stand there."""

MIRRORED: dict[int, Order] = {
    10: (1, 2, 3, 0, 4, 5, 6, 7, 9, 8),
    8: (3, 1, 2, 0, 4, 5, 6, 7),
    6: (2, 1, 0, 3, 4, 5),
    4: (1, 0, 3, 2),
    2: (1, 0),
}
LOWERED: dict[int, Order] = {
    10: (4, 5, 6, 7, 0, 1, 2, 3, 8, 9),
    8: (4, 5, 6, 7, 0, 1, 2, 3),
    6: (3, 4, 5, 0, 1, 2),
    4: (2, 3, 0, 1),
    2: (0, 1),
}

WITHOUT_ROOM = {Arrangement.MIRRORED: Arrangement.DEFAULT, Arrangement.TURNED: Arrangement.LOWERED}
"""How the upper row stands where nothing goes to its left end."""


def order(zones: int, how: Arrangement) -> Order:
    """The order of the zones of a layout of so many."""
    match how:
        case Arrangement.MIRRORED:
            return MIRRORED[zones]
        case Arrangement.LOWERED:
            return LOWERED[zones]
        case Arrangement.TURNED:
            return tuple(LOWERED[zones][zone] for zone in MIRRORED[zones])
    return tuple(range(zones))


def arranged(layout: Layout, how: Arrangement) -> Layout:
    """The layout with its zones in the order of an arrangement: each is where its tile stands."""
    zones = layout.zones
    return msgspec.structs.replace(layout, zones=tuple(zones[zone] for zone in order(len(zones), how)))


def stood(page: Sequence[m.Tile], how: Arrangement) -> tuple[m.Tile, ...]:
    """A page of ten places as it stands.

    Where a tile as wide as two reaches into the corner there is no Speak, and the row makes no room for it.
    """
    if how is Arrangement.DEFAULT:
        return tuple(page)
    is_full = any(tile.slot < CORNER <= _last(tile) for tile in page)
    in_row = arranged(TEN, WITHOUT_ROOM.get(how, how)).zones if is_full else arranged(TEN, how).zones
    beside = arranged(TEN, how).zones
    return tuple(_stood(tile, in_row if tile.slot <= CORNER else beside) for tile in page)


def _last(tile: m.Tile) -> int:
    """The last place of a tile, which begins at its slot."""
    zones = TEN.zones
    return next(zone for zone in range(tile.slot, len(zones)) if zones[zone].area.right == tile.area.right)


def _stood(tile: m.Tile, zones: Sequence[Zone]) -> m.Tile:
    first, last = zones[tile.slot], zones[_last(tile)]
    return msgspec.structs.replace(
        tile,
        area=msgspec.structs.replace(first.area, right=last.area.right),
        pad=msgspec.structs.replace(first.pad, right=last.pad.right),
    )
