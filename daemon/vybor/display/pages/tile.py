"""One tile: its words toward the middle of the screen, its pad at the edge. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from vybor.contracts.areas import Edge, edge_of
from vybor.contracts.messages import Role, Screen, Source, Tile
from vybor.display.drawing.icons import OF_ROLE
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import (
    LINE,
    Box,
    Icon,
    Patch,
    Rect,
    Sheet,
    Sign,
    Text,
    Thing,
    baseline,
    line_height,
)
from vybor.display.drawing.wrap import Line, Run, Style, fit, one_line, wrap
from vybor.display.pages import folds
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

LABEL_SIZES = (40, 36, 32, 28, 24)
GREY_OF_LABEL = 0.8
SMALL = 28
LARGE_MARK = 68
ORIGIN = 24
ICON = 60
SMALLEST_ICON = 36
GAP = 5
NARROW = 4
"""What a narrow tile leaves free beside its words."""
RADIUS = 12
BAR = 6
LIT_EDGE = 6
EDGE = 2


class Light(msgspec.Struct, frozen=True):
    """How much the eyes have done to a tile."""

    lit: bool = False
    armed: bool = False
    pad_open: bool = False
    pad_progress: float = 0.0


class Pens(msgspec.Struct, frozen=True):
    """What a tile is drawn with."""

    sheet: Sheet
    words: Words
    pad: bool
    """Whether looking at the pad confirms."""
    signal: bool
    """Whether a press or a biosignal confirms."""


class _Body(msgspec.Struct, frozen=True):
    """Where a tile's words stand."""

    rect: Rect
    edge: Edge

    @property
    def reads_up(self) -> bool:
        """Whether what comes first stands below: toward the middle of the screen."""
        return self.edge is Edge.TOP

    def top_of(self, height: int) -> int:
        """Where a stack of this height begins, so that it stands toward the middle of the screen."""
        match self.edge:
            case Edge.TOP:
                return self.rect.bottom - height
            case Edge.BOTTOM:
                return self.rect.y
            case Edge.LEFT | Edge.RIGHT:
                return self.rect.y + (self.rect.height - height) // 2


def patch(tile: Tile, screen: Screen, light: Light, pens: Pens) -> Patch:
    """The visible part of a tile and everything on it."""
    sheet = pens.sheet
    visible = sheet.rect(tile.area)
    box = visible.inset(sheet.px(GAP))
    pad = sheet.rect(tile.pad).common(box)
    edge = edge_of(tile.area, tile.pad)
    ground = Box(
        box,
        Colour.TILE_LIT if light.lit else Colour.TILE,
        Colour.ACCENT if light.lit else Colour.TILE_EDGE,
        sheet.px(LIT_EDGE if light.lit else EDGE),
        sheet.px(RADIUS),
    )
    body = _Body(_room_for_words(box, pad, edge, sheet), edge)
    drawn: list[Thing] = [ground, *_face(tile, screen, body, pens)]
    if light.armed:
        drawn += _pad(pad, edge, light, pens)
    return Patch(visible, tuple(drawn))


def _room_for_words(box: Rect, pad: Rect, edge: Edge, sheet: Sheet) -> Rect:
    """Between the pad and the inner edge: always the same, so that nothing moves when the pad opens."""
    beside, inner = sheet.px(14), sheet.px(12)
    left, right, top, bottom = box.x + beside, box.right - beside, box.y + inner, box.bottom - inner
    match edge:
        case Edge.TOP:
            top = pad.bottom
        case Edge.BOTTOM:
            bottom = pad.y
        case Edge.LEFT:
            left, right = pad.right, box.right - sheet.px(NARROW)
        case Edge.RIGHT:
            left, right = box.x + sheet.px(NARROW), pad.x
    return Rect(left, top, max(1, right - left), max(1, bottom - top))


def _face(tile: Tile, screen: Screen, body: _Body, pens: Pens) -> list[Thing]:
    """What stands on the tile: a large mark, an icon with a word, or words."""
    if tile.role in (Role.LETTER, Role.MARK) and len(tile.label) <= 2:
        return _mark(tile.label, pens.words.mark(tile.label), body, pens.sheet)
    if tile.role is Role.FOLD:
        return folds.face(pens.words.folded(tile, screen), body.rect, pens.sheet)
    text = pens.words.tile(tile, screen)
    if sign := OF_ROLE.get(tile.role):
        return _control(sign, text, body, pens.sheet)
    from_where = _Origin(pens.words.origin(tile), Sign.PHRASES if tile.source is Source.OWN else Sign.DOCUMENT)
    return _words(text, tile.grey, from_where, body, pens.sheet)


class _Origin(NamedTuple):
    """Where a word is from, if that is said, and its picture."""

    text: str
    sign: Sign


def _words(text: str, grey: str, origin: _Origin, body: _Body, sheet: Sheet) -> list[Thing]:
    """A label with its grey words toward the middle, and toward the edge, in small, where it comes from."""
    size = sheet.letters(ORIGIN)
    room = body.rect.height - (line_height(size) if origin.text else 0)
    lines = fit(text, grey, _styles(sheet), (body.rect.width, max(1, room)), sheet)
    if not origin.text:
        return list(_stack(lines, body.top_of(_height(lines)), body))
    style = Style(size, Colour.GREY)
    line = one_line(origin.text, style, max(1, body.rect.width - round(1.2 * size)), sheet, sheet.least(ORIGIN))
    top = body.top_of(_height(lines) + line_height(size))
    text_top, line_top = (top + line_height(size), top) if body.reads_up else (top, top + _height(lines))
    x = body.rect.x + (body.rect.width - line.width - round(1.2 * size)) // 2
    icon = Icon(origin.sign, x, line_top + (line_height(size) - size) // 2, size, Colour.GREY)
    named = line.texts(x + round(1.2 * size), line_top + baseline(size))
    return [*_stack(lines, text_top, body), icon, *named]


def _styles(sheet: Sheet) -> list[tuple[Style, Style]]:
    """Label and grey, from the largest; small ones are for what would be broken otherwise."""
    papers = (sheet, sheet.usual)
    sizes = {paper.letters(size) for paper in papers for size in LABEL_SIZES} | {sheet.least(LABEL_SIZES[-1])}
    grey = sheet.usual.letters(SMALL)
    return [
        (
            Style(size, Colour.INK, bold=True),
            Style(min(size, max(grey, round(size * GREY_OF_LABEL))), Colour.GREY),
        )
        for size in sorted(sizes, reverse=True)
    ]


def _control(sign: Sign, text: str, body: _Body, sheet: Sheet) -> list[Thing]:
    """An icon toward the edge, the word toward the middle; a long word leaves less room for the icon."""
    gap = sheet.px(8)
    room = (body.rect.width, body.rect.height - gap - sheet.px(SMALLEST_ICON))
    lines = fit(text, "", _styles(sheet), room, sheet)
    height = _height(lines)
    side = max(1, min(sheet.px(ICON), body.rect.width, body.rect.height - gap - height))
    top = body.top_of(height + gap + side)
    text_top, icon_top = (top, top + height + gap) if body.edge is Edge.BOTTOM else (top + side + gap, top)
    icon = Icon(sign, body.rect.x + (body.rect.width - side) // 2, icon_top, side, Colour.INK)
    return [icon, *_stack(lines, text_top, body)]


def _mark(mark: str, name: str, body: _Body, sheet: Sheet) -> list[Thing]:
    """One character, large, and its name where it has one."""
    small = Style(sheet.letters(SMALL), Colour.GREY)
    named = [one_line(name, small, body.rect.width, sheet, sheet.least(SMALL))] if name else []
    below = _height(named)
    size = min(sheet.letters(LARGE_MARK), round((body.rect.height - below) / 1.25))
    large = wrap([Run(mark, Style(size, Colour.INK, bold=True))], body.rect.width, sheet)
    height = _height(large) + below
    top = body.top_of(height)
    return [*_stack(large, top, body), *_stack(named, top + height - below, body)]


def _height(lines: list[Line]) -> int:
    return sum(line_height(line.size) for line in lines)


def _stack(lines: list[Line], top: int, body: _Body) -> Iterator[Text]:
    """Lines below each other, each in the middle of the tile's width."""
    for line in lines:
        yield from line.texts(body.rect.x + (body.rect.width - line.width) // 2, top + baseline(line.size))
        top += line_height(line.size)


def _pad(pad: Rect, edge: Edge, light: Light, pens: Pens) -> Iterator[Thing]:
    """The pad of an armed tile: an invitation on a ground that fills from the middle outward."""
    if edge in (Edge.LEFT, Edge.RIGHT):
        yield from _side_pad(pad, edge, light, pens)
        return
    sheet, upper = pens.sheet, edge is Edge.TOP
    lit = sheet.px(LIT_EDGE)  # the tile's own edge, on three sides
    frame = Rect(pad.x + lit, pad.y + (lit if upper else 0), pad.width - 2 * lit, pad.height - lit)
    well = frame.inset(sheet.px(2))
    bar = sheet.px(BAR)
    filled = round(well.width * min(1.0, light.pad_progress))
    fill = well._replace(x=well.x + (well.width - filled) // 2, width=filled)
    yield Box(frame, Colour.GROUND, Colour.ACCENT, sheet.px(2))
    yield Box(fill, Colour.FILL)
    yield Box(fill._replace(y=well.bottom - bar if upper else well.y, height=bar), Colour.ACCENT)
    yield from _invitation(
        well._replace(y=well.y + (0 if upper else bar), height=well.height - bar), upper, light, pens
    )


def _side_pad(pad: Rect, edge: Edge, light: Light, pens: Pens) -> Iterator[Thing]:
    """The same beside the text, where there is room for an arrow and no words."""
    sheet, left = pens.sheet, edge is Edge.LEFT
    lit = sheet.px(LIT_EDGE)
    frame = Rect(pad.x + (lit if left else 0), pad.y + lit, pad.width - lit, pad.height - 2 * lit)
    well = frame.inset(sheet.px(2))
    bar = min(sheet.px(BAR), well.width // 3)
    filled = round(well.height * min(1.0, light.pad_progress))
    fill = well._replace(y=well.y + (well.height - filled) // 2, height=filled)
    yield Box(frame, Colour.GROUND, Colour.ACCENT, sheet.px(2))
    yield Box(fill, Colour.FILL)
    yield Box(fill._replace(x=well.right - bar if left else well.x, width=bar), Colour.ACCENT)
    if pens.pad and light.pad_open:
        side = min(sheet.letters(SMALL), well.width - bar)
        x = well.x + (0 if left else bar) + (well.width - bar - side) // 2
        sign = Sign.LEFT if left else Sign.RIGHT
        yield Icon(sign, x, well.y + (well.height - side) // 2, side, Colour.INK)


def _invitation(room: Rect, upper: bool, light: Light, pens: Pens) -> Iterator[Thing]:
    """What to do now: words between two arrows to the edge, or words alone while the pad does not confirm."""
    looks = pens.pad and light.pad_open
    if not looks and (pens.pad or not pens.signal):
        return  # words at the edge would draw the eyes there before the edge listens
    size = min(pens.sheet.letters(SMALL), round(room.height / LINE))
    side = size if looks else 0
    text = pens.words.sentence(Sentence.LOOK_HERE if looks else Sentence.CONFIRM)
    style = Style(size, Colour.INK, bold=True)
    line = one_line(text, style, max(1, room.width - 3 * side), pens.sheet, pens.sheet.least(SMALL))
    x = room.x + (room.width - line.width) // 2
    yield from line.texts(x, room.y + (room.height - line_height(line.size)) // 2 + baseline(line.size))
    if looks:
        sign = Sign.UP if upper else Sign.DOWN
        for left in (x - side - side // 4, x + line.width + side // 4):
            yield Icon(sign, left, room.y + (room.height - side) // 2, side, Colour.INK)
