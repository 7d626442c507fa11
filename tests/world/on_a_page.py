"""The body of the scripted person before the page in a browser: a pointer in a real Chromium."""

from vybor.contracts import messages as m
from world.aims import beyond
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
        self.look(*beyond(tile, 0.0))

    def call_dots(self) -> None:
        """A pointer has none."""

    def idle(self) -> None:
        """Rest."""
