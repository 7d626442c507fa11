"""The starting page: what comes up, part by part; at a first start also what a carer wants to know. Pure."""

from collections.abc import Iterator

import msgspec

from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Icon, Patch, Rect, Sheet, Sign, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Style, on_lines, one_line
from vybor.display.helping import Stage
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words
from vybor.display.starting import Part, Row, Standing, Starting

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
    laid = _laid(starting, call, key, sheet, words)
    if not laid.fits:
        laid = _laid(starting, call, key, sheet.usual, words)
    drawn: list[Thing] = list(laid.title.texts(laid.inner.x, laid.inner.y + baseline(laid.title.size)))
    top, below = laid.top, laid.below
    for row, name, says in laid.rows:
        drawn += _row(row, name, says, laid.inner._replace(y=top), laid)
        top += laid.step
    for told, lines in laid.foot:
        drawn += _told(told, lines, laid.inner._replace(y=below, height=laid.height), laid.size)
        below += laid.height * len(lines)
    return Patch(Rect(0, 0, sheet.width, sheet.height), tuple(drawn))


class _Laid(msgspec.Struct, frozen=True, kw_only=True):
    """The page in its measures, in pixels."""

    inner: Rect
    size: int
    height: int
    """Of a line."""
    title: Line
    rows: tuple[tuple[Row, Line, Line], ...]
    """Each part of the kit with its name and how it is doing."""
    name_width: int
    top: int
    """Where the rows begin, and the foot."""
    below: int
    step: int
    """From one row to the next."""
    foot: tuple[tuple[Told, list[Line]], ...]
    fits: bool


def _laid(starting: Starting, call: Stage | None, key: str, sheet: Sheet, words: Words) -> _Laid:
    inner = Rect(0, 0, sheet.width, sheet.height).inset(sheet.px(MARGIN))
    size = sheet.letters(SMALL)
    height = round(line_height(size) * SPACED)
    title = _title(starting, call, inner.width, sheet, words)
    foot = tuple((told, _lines(told, inner.width, sheet)) for told in _foot(starting, call, key, words))
    below = inner.bottom - height * sum(len(lines) for _, lines in foot)
    top = inner.y + round(line_height(title.size) * SPACED)
    needed = height * len(starting.rows)
    step = max(height, min(round(height * WIDEST), (below - top) // (len(starting.rows) + 1)))
    name_width = max(sheet.width_of(words.part(row.part), size, True) for row in starting.rows)
    says_width = inner.width - round(GUTTER * size) - name_width - size
    rows = tuple(
        (row, _name(row, name_width, sheet, words), _says(row, says_width, sheet, words)) for row in starting.rows
    )
    whole = not title.is_cut and not any(says.is_cut for _, _, says in rows)
    return _Laid(
        inner=inner,
        size=size,
        height=height,
        title=title,
        rows=rows,
        name_width=name_width,
        top=top + max(0, below - top - step * len(starting.rows)) // 2,
        below=below,
        step=step,
        foot=foot,
        fits=whole and top + needed <= below and not any(lines[-1].is_cut for _, lines in foot),
    )


def _title(starting: Starting, call: Stage | None, width: int, sheet: Sheet, words: Words) -> Line:
    """That the kit starts, until nothing but the dots is missing."""
    wrong = any(row.standing is Standing.TROUBLE and row.part is Part.EYES for row in starting.rows)
    dots = starting.first and starting.can_go_on and call is None and not wrong
    come = Sentence.DOT_COMES if starting.pursuit else Sentence.DOTS_COME
    sentence = come if dots else Sentence.STARTING
    style = Style(sheet.letters(TITLE), Colour.INK, bold=True)
    return one_line(words.sentence(sentence), style, width, sheet, sheet.least(SMALL))


def _name(row: Row, width: int, sheet: Sheet, words: Words) -> Line:
    size = sheet.letters(SMALL)
    return one_line(words.part(row.part), Style(size, Colour.INK, bold=True), width, sheet, size)


def _says(row: Row, width: int, sheet: Sheet, words: Words) -> Line:
    style = Style(sheet.letters(SMALL), _colour(row))
    return one_line(words.says(row.says), style, width, sheet, sheet.least(SMALL))


def _colour(row: Row) -> Colour:
    return Colour.WARNING if row.standing is Standing.TROUBLE else Colour.GREY


def _row(row: Row, name: Line, says: Line, rect: Rect, laid: _Laid) -> Iterator[Thing]:
    """An icon, the part's name, and how it is doing."""
    size = laid.size
    x = rect.x + round(GUTTER * size)
    yield Icon(SIGNS[row.standing], rect.x, rect.y + (line_height(size) - size) // 2, size, _colour(row))
    yield from name.texts(x, rect.y + baseline(size))
    yield from says.texts(x + laid.name_width + size, rect.y + baseline(size))


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
        named = words.sentence(identity, version=starting.version, model=starting.model)
        yield Told(named.strip().replace(" ,", ","), Sign.CALM)  # a checkout has no version
    yield Told(words.sentence(Sentence.UNPLUG), Sign.SAVED, bold=True)


def _lines(told: Told, width: int, sheet: Sheet) -> list[Line]:
    """On one line if it can be read there, else on two: an address must be whole."""
    room = width - round(GUTTER * sheet.letters(SMALL))
    style = Style(sheet.letters(SMALL), Colour.INK if told.bold else Colour.GREY, told.bold)
    line = one_line(told.text, style, room, sheet, sheet.least(SMALL))
    return [line] if not line.is_cut else on_lines(told.text, style, (2, room), sheet, sheet.least(SMALL))


def _told(told: Told, lines: list[Line], rect: Rect, size: int) -> Iterator[Thing]:
    colour = Colour.INK if told.bold else Colour.GREY
    yield Icon(told.sign, rect.x, rect.y + (line_height(size) - size) // 2, size, colour)
    for row, line in enumerate(lines):
        yield from line.texts(rect.x + round(GUTTER * size), rect.y + row * rect.height + baseline(size))
