"""The starting page: what comes up, part by part; at a first start also what a carer wants to know. Pure."""

from collections.abc import Iterator

import msgspec

from vybor.display import palette
from vybor.display.helping import Stage
from vybor.display.scene import Icon, Patch, Rect, Sheet, Sign, Thing, baseline, line_height
from vybor.display.starting import Part, Row, Standing, Starting
from vybor.display.words import Sentence, Words
from vybor.display.wrap import SMALLEST, Line, Run, Style, cut, one_line, wrap

MARGIN = 40
TITLE = 44
SMALL = 28
SPACED = 1.15
"""Lines of the page stand a little wider apart than those of a text…"""
WIDEST = 1.5
"""…and the parts of the kit still wider, where there is room."""
GUTTER = 1.6
"""For the icon, in sizes of the letters beside it."""
SIGNS = {
    Standing.STARTING: Sign.SAVING,
    Standing.READY: Sign.SAVED,
    Standing.CALM: Sign.CALM,
    Standing.TROUBLE: Sign.WARNING,
}


class Told(msgspec.Struct, frozen=True):
    """A line at the foot of the page."""

    text: str
    sign: Sign
    bold: bool = False


def patch(starting: Starting, call: Stage | None, key: str, sheet: Sheet, words: Words) -> Patch:
    """The whole screen; `call` is how far a call for help by the switch is, `key` is the switch's."""
    whole = Rect(0, 0, sheet.width, sheet.height)
    inner = whole.inset(sheet.px(MARGIN))
    height = round(line_height(sheet.letters(SMALL)) * SPACED)
    title = _title(starting, call, inner.width, sheet, words)
    foot = [(told, _lines(told, inner.width, sheet)) for told in _foot(starting, call, key, words)]
    below = inner.bottom - height * sum(len(lines) for _, lines in foot)
    top = inner.y + round(line_height(title.size) * SPACED)
    step = max(height, min(round(height * WIDEST), (below - top) // (len(starting.rows) + 1)))
    top += max(0, below - top - step * len(starting.rows)) // 2
    name_width = max(sheet.width_of(words.part(row.part), sheet.letters(SMALL), True) for row in starting.rows)
    drawn: list[Thing] = list(title.texts(inner.x, inner.y + baseline(title.size)))
    for row in starting.rows:
        drawn += _row(row, Rect(inner.x, top, inner.width, height), name_width, sheet, words)
        top += step
    for told, lines in foot:
        drawn += _told(told, lines, Rect(inner.x, below, inner.width, height), sheet)
        below += height * len(lines)
    return Patch(whole, tuple(drawn))


def _title(starting: Starting, call: Stage | None, width: int, sheet: Sheet, words: Words) -> Line:
    """That the kit starts, until nothing but the dots is missing."""
    wrong = any(row.standing is Standing.TROUBLE and row.part is Part.EYES for row in starting.rows)
    dots = starting.first and starting.can_go_on and call is None and not wrong
    sentence = Sentence.DOTS_COME if dots else Sentence.STARTING
    style = Style(sheet.letters(TITLE), palette.INK, bold=True)
    return one_line(words.sentence(sentence), style, width, sheet, sheet.letters(SMALL))


def _row(row: Row, rect: Rect, name_width: int, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """An icon, the part's name, and how it is doing."""
    size = sheet.letters(SMALL)
    trouble = row.standing is Standing.TROUBLE
    colour = palette.WARNING if trouble else palette.GREY
    x = rect.x + round(GUTTER * size)
    yield Icon(SIGNS[row.standing], rect.x, rect.y + (line_height(size) - size) // 2, size, colour)
    name = one_line(words.part(row.part), Style(size, palette.INK, bold=True), name_width, sheet, size)
    yield from name.texts(x, rect.y + baseline(size))
    beside = x + name_width + size
    says = one_line(words.says(row.says), Style(size, colour), rect.right - beside, sheet, round(size * SMALLEST))
    yield from says.texts(beside, rect.y + baseline(size))


def _foot(starting: Starting, call: Stage | None, key: str, words: Words) -> Iterator[Told]:
    """How help is called, or how to go on; the carer's facts; and that the plug may be pulled."""
    if call is not None:
        yield Told(words.call(call, key), Sign.HELP, bold=True)
    elif starting.first and starting.can_go_on:
        yield Told(words.sentence(Sentence.GO_ON, key=key), Sign.MORE)
    if starting.first:
        there = ", ".join(starting.addresses)
        network = Sentence.ADDRESSES if there else Sentence.NO_NETWORK
        yield Told(words.sentence(network, addresses=there), Sign.CALM)
        identity = Sentence.IDENTITY_WITH_MODEL if starting.model else Sentence.IDENTITY
        yield Told(words.sentence(identity, version=starting.version, model=starting.model).strip(), Sign.CALM)
    yield Told(words.sentence(Sentence.UNPLUG), Sign.SAVED, bold=True)


def _lines(told: Told, width: int, sheet: Sheet) -> list[Line]:
    """On one line if it can be read there, else on two: an address must be whole."""
    size = sheet.letters(SMALL)
    room = width - round(GUTTER * size)
    style = Style(size, palette.INK if told.bold else palette.GREY, told.bold)
    smallest = msgspec.structs.replace(style, size=round(size * SMALLEST))
    if len(lines := wrap([Run(told.text, smallest)], room, sheet)) > 1:
        return cut(lines, 2, room, sheet)
    return [one_line(told.text, style, room, sheet, smallest.size)]


def _told(told: Told, lines: list[Line], rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    size = sheet.letters(SMALL)
    yield Icon(
        told.sign,
        rect.x,
        rect.y + (line_height(size) - size) // 2,
        size,
        palette.INK if told.bold else palette.GREY,
    )
    for row, line in enumerate(lines):
        yield from line.texts(rect.x + round(GUTTER * size), rect.y + row * rect.height + baseline(size))
