"""While the deciding process is silent: large words above the text and below it, and nothing to choose. Pure."""

import msgspec

from vybor.contracts.messages import Saving, Screen
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Patch, Rect, Sheet, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Run, Style, balanced, on_lines, one_line
from vybor.display.helping import Stage
from vybor.display.pages import band
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

LARGE = 64
MIDDLE = 44
MARGIN = 40
MOST_LINES = 2


def patches(screen: Screen, middle: Rect, call: Stage | None, key: str, sheet: Sheet, words: Words) -> list[Patch]:
    """The text in the middle, that it is kept above, and below, after a while, how to call for help.

    Of practice nothing is kept, so nothing of it stands there.
    """
    if screen.practice:
        screen = msgspec.structs.replace(screen, text="", prefix="", said="", practice=None)
    above = Rect(0, 0, sheet.width, middle.y)
    below = Rect(0, middle.bottom, sheet.width, sheet.height - middle.bottom)
    kept = band.saving(screen) is Saving.SAVED
    sentence = words.sentence(Sentence.TEXT_KEPT if kept else Sentence.TEXT_IN_DOUBT)
    return [
        band.patch(middle, screen, True, sheet, words),
        Patch(above, tuple(_two(words.sentence(Sentence.STARTS_AGAIN), sentence, above, sheet))),
        Patch(below, tuple(_help(words.call(call, key), below, sheet)) if call is not None else ()),
    ]


def _two(title: str, sentence: str, rect: Rect, sheet: Sheet) -> list[Thing]:
    """Two lines in the middle of a part of the screen, the first one larger."""
    width = rect.width - 2 * sheet.px(MARGIN)
    lines = [
        one_line(title, Style(sheet.letters(LARGE), Colour.INK, bold=True), width, sheet, sheet.least(LARGE)),
        one_line(sentence, Style(sheet.letters(MIDDLE), Colour.INK), width, sheet, sheet.least(MIDDLE // 2)),
    ]
    return _centred(lines, rect)


def _help(text: str, rect: Rect, sheet: Sheet) -> list[Thing]:
    width = rect.width - 2 * sheet.px(MARGIN)
    style = Style(sheet.letters(MIDDLE), Colour.ACCENT, bold=True)
    lines = on_lines(text, style, (MOST_LINES, width), sheet, sheet.least(MIDDLE))
    if lines and not lines[-1].is_cut:
        lines = balanced([Run(text, lines[0].words[0].style)], lines, sheet)
    return _centred(lines, rect)


def _centred(lines: list[Line], rect: Rect) -> list[Thing]:
    top = rect.y + (rect.height - sum(line_height(line.size) for line in lines)) // 2
    drawn: list[Thing] = []
    for line in lines:
        drawn += line.texts(rect.x + (rect.width - line.width) // 2, top + baseline(line.size))
        top += line_height(line.size)
    return drawn
