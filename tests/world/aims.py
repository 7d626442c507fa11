"""Where eyes go to read a tile, and to mean it."""

from vybor.contracts import messages as m
from vybor.contracts.areas import Edge, edge_of, on_screen, without_pad


def middle(tile: m.Tile) -> tuple[float, float]:
    """The middle of the part of a tile that is for reading, as far as it is on the screen."""
    return _middle(on_screen(without_pad(tile.area, tile.pad)))


def beyond(tile: m.Tile, by: float) -> tuple[float, float]:
    """The place at a tile's pad, so far past the screen's edge, in fractions of the screen."""
    x, y = _middle(on_screen(tile.area))
    match edge_of(tile.area, tile.pad):
        case Edge.TOP:
            return x, -by
        case Edge.BOTTOM:
            return x, 1 + by
        case Edge.LEFT:
            return -by, y
        case Edge.RIGHT:
            return 1 + by, y


def _middle(area: m.Area) -> tuple[float, float]:
    return (area.left + area.right) / 2, (area.top + area.bottom) / 2
