"""What a picture consists of: patches of the screen, each with the things drawn on it, in pixels. Pure."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from vybor.contracts.messages import Area
from vybor.display.drawing.palette import Colour

MEASURED = 1024
"""Texts whose width is remembered: those of some fifty screens."""


class Rect(NamedTuple):
    """Pixels, from the top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is outside."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is outside."""
        return self.y + self.height

    def inset(self, by: int) -> "Rect":
        """The rectangle without a frame of so many pixels."""
        return Rect(self.x + by, self.y + by, max(0, self.width - 2 * by), max(0, self.height - 2 * by))

    def common(self, other: "Rect") -> "Rect":
        """What both cover; empty (no width or no height) if nothing."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(x, y, max(0, right - x), max(0, bottom - y))


class Sign(StrEnum):
    """A drawn mark; icons.py has its lines."""

    MORE = "more"
    LETTERS = "letters"
    MARKS = "marks"
    DIGITS = "digits"
    CAPITAL = "capital"
    BACK = "back"
    UNDO = "undo"
    SPEAK = "speak"
    MENU = "menu"
    PHRASES = "phrases"
    CLEAR = "clear"
    REST = "rest"
    WAKE = "wake"
    HELP = "help"
    SPELLED = "spelled"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    SAVED = "saved"
    SAVING = "saving"
    WARNING = "warning"
    NEWS = "news"
    CALM = "calm"
    DOCUMENT = "document"
    TOOLS = "tools"
    AGAIN = "again"
    DELETE = "delete"
    PRIVATE = "private"
    LEARNING = "learning"
    KEEP = "keep"
    KIT = "kit"
    PRACTICE = "practice"
    COLOURS = "colours"
    COPY = "copy"
    TYPE = "type"
    FIT = "fit"
    BEGIN = "begin"
    SHARING = "sharing"
    PAIR = "pair"
    NO = "no"


class Thing(msgspec.Struct, frozen=True):
    """Something drawn."""


class Box(Thing, frozen=True):
    """A filled rectangle, with an edge and round corners if they have a size."""

    rect: Rect
    fill: Colour
    edge: Colour = Colour.GROUND
    edge_width: int = 0
    radius: int = 0


class Text(Thing, frozen=True):
    """Words on one line, from `x` to the right, standing on `baseline`."""

    text: str
    x: int
    baseline: int
    size: int
    """The height of the letters' square (em), in pixels."""
    colour: Colour
    bold: bool = False


class Icon(Thing, frozen=True):
    """A drawn mark in a square."""

    sign: Sign
    x: int
    y: int
    side: int
    colour: Colour


class Disc(Thing, frozen=True):
    """A filled circle, or a ring of so much width."""

    x: int
    y: int
    radius: int
    colour: Colour
    width: int = 0


class Patch(msgspec.Struct, frozen=True):
    """A part of the screen that is drawn again as a whole, and only when something on it changes."""

    rect: Rect
    things: tuple[Thing, ...]


class Scene(msgspec.Struct, frozen=True):
    """A whole picture: patches on an empty ground."""

    width: int
    height: int
    patches: tuple[Patch, ...]


class Sheet(msgspec.Struct, frozen=True):
    """The paper: its size, how wide words are on it, and how large the person wants them."""

    width: int
    height: int
    width_of: Callable[[str, int, bool], int]
    """Pixels that a text takes on a line, in letters of so many pixels, bold or not."""
    text: float = 1.0
    """Letters are so many times as large as usual, where there is room."""

    def px(self, at_720: float) -> int:
        """A length that is meant for a screen 720 pixels high; on an upright one, 720 pixels wide."""
        return max(1, round(at_720 * min(self.width, self.height) / 720))

    def letters(self, at_720: int) -> int:
        """A size of letters that is meant for 1280 by 720; on small screens not below what can be read."""
        least = SMALLEST_LETTERS if at_720 < LARGE else SMALLEST_LARGE_LETTERS
        return max(least, round(at_720 * self._scale * self.text))

    def least(self, at_720: int) -> int:
        """How small such letters may become, rather than that a word is broken or cut."""
        return max(SMALLEST_SHRUNK_LETTERS, round(at_720 * SHRUNK * self._scale * min(1.0, self.text)))

    @property
    def usual(self) -> "Sheet":
        """The same paper with letters of the usual size at most: for what has no room for larger ones."""
        return msgspec.structs.replace(self, text=1.0) if self.text > 1 else self

    @property
    def _scale(self) -> float:
        return min(self.height / 720, self.width / 1060)

    def rect(self, area: Area) -> Rect:
        """The visible part of an area, in pixels."""
        left, right = (round(min(1, max(0, edge)) * self.width) for edge in (area.left, area.right))
        top, bottom = (round(min(1, max(0, edge)) * self.height) for edge in (area.top, area.bottom))
        return Rect(left, top, right - left, bottom - top)


LARGE = 36
SMALLEST_LETTERS = 14
SMALLEST_LARGE_LETTERS = 17
SHRUNK = 0.8
"""What has no room may shrink to this part of its usual size before it is cut."""
SMALLEST_SHRUNK_LETTERS = 11
"""And no further than this, on the smallest screens."""
LINE = 1.22
"""The height of a line in sizes of its letters."""
ABOVE_BASELINE = 0.93
"""How much of a letters' square, and of the room above it, stands over the baseline."""


def line_height(size: int) -> int:
    """Pixels from one line to the next."""
    return round(size * LINE)


def baseline(size: int) -> int:
    """Pixels from the top of a line to its baseline."""
    return round(size * ABOVE_BASELINE)
