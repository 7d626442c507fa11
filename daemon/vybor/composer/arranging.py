"""Where Undo and Speak stand: one order of a layout's zones for each arrangement. Pure.

Pages and plans are made for one arrangement. Another one is an order of the zones: what would stand in a zone
stands in the zone that the order names instead, on every page alike, and whatever stood there takes the place that
is left. Only areas and pads change, after everything else is done: slots, homes and folds know nothing of it.

Words stay above, and rows are read from the left: on ten zones the words make room for Speak at the left end of
their row; at an end of the lower row it is the last group of letters that goes where Speak was. Which opposite
places there are: deploy/decisions/0034.
"""

from collections.abc import Sequence

import msgspec

from vybor.composer.layout import TEN, Layout, Zone
from vybor.composer.placing import CORNER, IN_ROWS
from vybor.contracts import messages as m
from vybor.contracts.messages import Arrangement

Order = tuple[int, ...]
"""By zone: the zone in which stands what would stand there."""

ORDERS: dict[Arrangement, dict[int, Order]] = {
    Arrangement.MIRRORED: {
        10: (1, 2, 3, 0, 4, 5, 6, 7, 9, 8),
        8: (3, 1, 2, 0, 4, 5, 6, 7),
        6: (2, 1, 0, 3, 4, 5),
        4: (1, 0, 2, 3),
        2: (1, 0),
    },
    Arrangement.LOWERED: {
        10: (0, 1, 2, 7, 4, 5, 6, 3, 8, 9),
        8: (4, 1, 2, 7, 0, 5, 6, 3),
        6: (3, 1, 5, 0, 4, 2),
        4: (0, 3, 2, 1),
        2: (0, 1),
    },
    Arrangement.TURNED: {
        10: (0, 1, 2, 4, 5, 6, 7, 3, 9, 8),
        8: (7, 1, 2, 4, 0, 5, 6, 3),
        6: (5, 1, 3, 0, 4, 2),
        4: (0, 2, 1, 3),
        2: (1, 0),
    },
}


def order(zones: int, how: Arrangement) -> Order:
    """The order of the zones of a layout of so many."""
    return ORDERS[how][zones] if how in ORDERS else tuple(range(zones))


def arranged(layout: Layout, how: Arrangement) -> Layout:
    """The layout with its zones in the order of an arrangement: each is where its tile stands."""
    zones = layout.zones
    return msgspec.structs.replace(layout, zones=tuple(zones[zone] for zone in order(len(zones), how)))


def stood(page: Sequence[m.Tile], how: Arrangement) -> tuple[m.Tile, ...]:
    """A page of ten places as it stands.

    Where a tile as wide as two reaches into the corner there is no Speak, and the rows make no room for it.
    """
    if how is Arrangement.DEFAULT:
        return tuple(page)
    is_full = any(tile.slot < CORNER <= _last(tile) for tile in page)
    as_is, moved = TEN.zones, arranged(TEN, how).zones
    return tuple(_stood(tile, as_is if is_full and tile.slot in IN_ROWS else moved) for tile in page)


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
