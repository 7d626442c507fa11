"""A strip at the foot of the middle: what somebody at a browser is asked for, or asks for. Pure.

It takes its room from what stands there, and covers nothing: whoever asks for it need not be near the wearer.
"""

import msgspec

from vybor.contracts.messages import PanelStatus, PowerAsked, PowerWish
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Icon, Patch, Rect, Sheet, Sign, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Style, on_lines
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

SMALL = 28
MARGIN = 24
GUTTER = 1.5
MOST_LINES, MOST_IN_COLUMN = 3, 8
COLUMN = 0.4
"""Between four tiles there is less of the screen's width."""
MIDDLE = 3


POWER = {PowerWish.RESTART: Sentence.POWER_RESTART, PowerWish.OFF: Sentence.POWER_OFF}


class Told(msgspec.Struct, frozen=True):
    """What the strip says."""

    said: str
    sign: Sign


class Strip(msgspec.Struct, frozen=True):
    """The strip in its measures, in pixels."""

    sign: Sign
    rect: Rect
    lines: tuple[Line, ...]


def told(status: PanelStatus | None, power: PowerAsked | None, words: Words) -> Told | None:
    """What it says; what the wearer can stop goes before a PIN. None: there is no strip."""
    if power is not None and power.wish is not None:
        return Told(stoppable(power.wish, power.left_s, words), Sign.WARNING)
    if status is None:
        return None
    pin = f"{status.pin[:MIDDLE]} {status.pin[MIDDLE:]}"
    return Told(words.sentence(Sentence.PANEL_PIN, pin=pin, certificate=status.certificate), Sign.PRIVATE)


def stoppable(wish: PowerWish, left_s: int, words: Words) -> str:
    """What will be done, and that any choice stops it."""
    return words.sentence(POWER[wish], count=left_s)


def laid(told: Told, middle: Rect, sheet: Sheet) -> Strip:
    """The lower part of the middle, as high as the sentence needs."""
    size = sheet.letters(SMALL)
    room = middle.width - 2 * sheet.px(MARGIN) - round(GUTTER * size)
    most = MOST_IN_COLUMN if middle.width < COLUMN * sheet.width else MOST_LINES
    lines = tuple(on_lines(told.said, Style(size, Colour.INK, bold=True), (most, room), sheet, sheet.least(SMALL)))
    height = min(middle.height, sum(line_height(line.size) for line in lines) + 2 * sheet.px(6))
    return Strip(told.sign, middle._replace(y=middle.bottom - height, height=height), lines)


def patch(strip: Strip, sheet: Sheet) -> Patch:
    """An icon and the sentence."""
    size = sheet.letters(SMALL)
    x, top = strip.rect.x + sheet.px(MARGIN), strip.rect.y + sheet.px(6)
    drawn: list[Thing] = [Icon(strip.sign, x, top + (line_height(size) - size) // 2, size, Colour.ACCENT)]
    for line in strip.lines:
        drawn += line.texts(x + round(GUTTER * size), top + baseline(line.size))
        top += line_height(line.size)
    return Patch(strip.rect, tuple(drawn))
