"""The body of the scripted person before the page in a browser: a pointer in a real Chromium."""

from vybor.contracts import messages as m
from vybor.contracts.areas import Edge, edge_of
from world.chromium import Chromium

WITHIN = 0.01
"""A pointer stops at the edge of the page, in fractions of it."""


class PointerOnPage:
    """Points with the mouse, and confirms by pointing at the tile's edge."""

    uses_pad = True

    def __init__(self, browser: Chromium, size: tuple[int, int]) -> None:
        self._browser = browser
        self._size = size

    def look(self, x: float, y: float) -> None:
        """Move the pointer there."""
        width, height = self._size
        across, down = (min(1 - WITHIN, max(WITHIN, each)) for each in (x, y))
        self._browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=across * width, y=down * height)

    def confirm(self, tile: m.Tile) -> None:
        """Move it to the edge of the page at which the tile lies."""
        x = (max(0.0, tile.area.left) + min(1.0, tile.area.right)) / 2
        y = (max(0.0, tile.area.top) + min(1.0, tile.area.bottom)) / 2
        match edge_of(tile.area, tile.pad):
            case Edge.TOP:
                self.look(x, 0)
            case Edge.BOTTOM:
                self.look(x, 1)
            case Edge.LEFT:
                self.look(0, y)
            case Edge.RIGHT:
                self.look(1, y)

    def call_dots(self) -> None:
        """A pointer has none."""

    def idle(self) -> None:
        """Rest."""
