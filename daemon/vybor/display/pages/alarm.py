"""That nothing can be chosen, large in the middle of the screen: whoever comes into the room is to see it. Pure.

The tiles stay where they are, for the moment in which they can be chosen again, and so does the end of the text.
"""

from collections.abc import Iterator
from typing import NamedTuple

from vybor.contracts.messages import Notice, Screen, Trouble
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Icon, Rect, Sheet, Sign, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Run, Style, balanced, cut, wrap
from vybor.display.says.words import Words

LARGEST, SMALLEST = 56, 28
PADDING = 12
RADIUS = 10


def alarm(screen: Screen) -> Notice | None:
    """That no way to choose is left; None while there is one."""
    return next((notice for notice in screen.notices if notice.trouble is Trouble.INPUTS_LOST), None)


class Laid(NamedTuple):
    """Where the text goes on, and the alarm below it."""

    text: Rect
    rect: Rect
    icon: Rect
    lines: list[Line]


def laid(told: Notice, middle: Rect, line: int, sheet: Sheet, words: Words) -> Laid:
    """A line is left for the text, if the alarm is whole beside it."""
    beside = _laid(told, middle, line, sheet, words) if middle.height > 2 * line else None
    if beside and _is_legible(beside, sheet):
        return beside
    return _laid(told, middle, 0, sheet, words)


def is_whole(told: Notice, middle: Rect, sheet: Sheet, words: Words) -> bool:
    """Whether so much room, without a line for the text, holds all of it in letters of the usual size."""
    return middle.height > 0 and _is_legible(_laid(told, middle, 0, sheet, words), sheet)


def _is_legible(laid: Laid, sheet: Sheet) -> bool:
    return not laid.lines[-1].is_cut and laid.lines[-1].size >= sheet.letters(SMALLEST)


def _laid(told: Notice, middle: Rect, left: int, sheet: Sheet, words: Words) -> Laid:
    rect = middle._replace(y=middle.y + left, height=middle.height - left)
    pad = sheet.px(PADDING)
    side = min(sheet.letters(LARGEST), max(1, rect.height - pad))
    icon = Rect(rect.x + pad, rect.y + (rect.height - side) // 2, side, side)
    width = max(1, rect.right - icon.right - 2 * pad)
    inner = Rect(icon.right + pad, rect.y, width, max(1, rect.height - pad // 2))
    return Laid(middle._replace(height=left), rect, icon, _largest(words.notice(told), inner, sheet))


def things(laid: Laid, sheet: Sheet) -> Iterator[Thing]:
    """A box of the warning's colour, and on it the largest words that have room."""
    rect, lines = laid.rect, laid.lines
    yield Box(rect, Colour.WARNING, radius=sheet.px(RADIUS))
    yield Icon(Sign.WARNING, laid.icon.x, laid.icon.y, laid.icon.width, Colour.GROUND)
    top = rect.y + max(0, rect.height - sum(line_height(line.size) for line in lines)) // 2
    for line in lines:
        yield from line.texts(laid.icon.right + sheet.px(PADDING), top + baseline(line.size))
        top += line_height(line.size)


def _largest(text: str, room: Rect, sheet: Sheet) -> list[Line]:
    lines: list[Line] = []
    for size in range(sheet.letters(LARGEST), sheet.least(SMALLEST) - 1, -1):
        runs = [Run(text, Style(size, Colour.GROUND, bold=True))]
        lines = wrap(runs, room.width, sheet)
        if len(lines) * line_height(size) <= room.height and not any(line.broken for line in lines):
            return balanced(runs, lines, sheet)
    return cut(lines, max(1, room.height // line_height(sheet.least(SMALLEST))), room.width, sheet)
