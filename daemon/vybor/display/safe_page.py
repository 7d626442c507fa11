"""While the deciding process is silent: large words above the text and below it, and nothing to choose. Pure."""

from vybor.contracts.messages import Saving, Screen
from vybor.display import band, palette
from vybor.display.helping import Stage
from vybor.display.scene import Patch, Rect, Sheet, Thing, baseline, line_height
from vybor.display.words import Sentence, Words
from vybor.display.wrap import SMALLEST, Run, Style, balanced, cut, one_line, wrap

LARGE = 64
MIDDLE = 44
MARGIN = 40
MOST_LINES = 2


def patches(screen: Screen, middle: Rect, call: Stage | None, key: str, sheet: Sheet, words: Words) -> list[Patch]:
    """The text in the middle, that it is kept above, and below, after a while, how to call for help."""
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
        one_line(text, Style(sheet.letters(size), colour, bold), width, sheet, round(sheet.letters(size) * least))
        for text, size, colour, bold, least in (
            (title, LARGE, palette.INK, True, SMALLEST),
            (sentence, MIDDLE, palette.INK, False, SMALLEST / 2),
        )
    ]
    top = rect.y + (rect.height - sum(line_height(line.size) for line in lines)) // 2
    drawn: list[Thing] = []
    for line in lines:
        drawn += line.texts(rect.x + (rect.width - line.width) // 2, top + baseline(line.size))
        top += line_height(line.size)
    return drawn


def _help(text: str, rect: Rect, sheet: Sheet) -> list[Thing]:
    style = Style(sheet.letters(MIDDLE), palette.ACCENT, bold=True)
    width = rect.width - 2 * sheet.px(MARGIN)
    runs = [Run(text, style)]
    whole = wrap(runs, width, sheet)
    lines = balanced(runs, whole, sheet) if len(whole) <= MOST_LINES else cut(whole, MOST_LINES, width, sheet)
    top = rect.y + (rect.height - line_height(style.size) * len(lines)) // 2
    drawn: list[Thing] = []
    for line in lines:
        drawn += line.texts(rect.x + (rect.width - line.width) // 2, top + baseline(style.size))
        top += line_height(style.size)
    return drawn
