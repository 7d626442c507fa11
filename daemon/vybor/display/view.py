"""From what holds to a picture. Pure: the same facts on the same sheet give the same scene."""

import math

import msgspec

from vybor.composer.layout import LAYOUTS, TEN
from vybor.contracts import messages as m
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Disc, Patch, Rect, Scene, Sheet, Thing, baseline, line_height
from vybor.display.drawing.wrap import Run, Style, wrap
from vybor.display.pages import band, pin_strip, safe, start, tile
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words
from vybor.display.showing import Showing

RING = 46
"""The radius of a calibration dot's ring before the look has begun, at 720 pixels of height."""
STEPS = 4
"""Where motion is to be little, what fills does so in so many."""
CENTRE = 8
SENTENCE, SMALL = 36, 28
LOOKS = {
    (False, False): Sentence.LOOK_AT_DOT,
    (True, False): Sentence.FOLLOW_DOT,
    (False, True): Sentence.POINT_AT_DOT,
    (True, True): Sentence.POINT_AND_FOLLOW,
}
"""What is said of a dot, by whether it will move, and whether the head points."""


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How a choice can be confirmed, and how that is shown."""

    pad: bool = True
    """Whether looking at a pad confirms."""
    signal: bool = True
    """Whether a press or a biosignal does."""
    switch_key: str = "space"
    reduced_motion: bool = False
    """Whether what fills or closes does so in a few steps, not all the time."""
    by_head: bool = False
    """Whether the head points in place of the eyes."""


def scene(showing: Showing, sheet: Sheet, words: Words, ways: Ways) -> Scene:
    """The picture."""
    middle = sheet.rect(LAYOUTS[showing.screen.zones].band if showing.screen else TEN.band)
    if showing.target is not None and showing.target.dot is not None:
        dot = _standing(showing.target, showing.target.dot, ways, sheet, words)
        patches = [_moving(showing.moved, sheet) if showing.moved else dot]
    elif told := pin_strip.told(showing.panel, showing.power, words):
        patches = _page_with_strip(showing, told, middle, sheet, words, ways)
    else:
        patches = _page(showing, middle, sheet, words, ways)
    return Scene(sheet.width, sheet.height, tuple(patches))


def _page(showing: Showing, middle: Rect, sheet: Sheet, words: Words, ways: Ways) -> list[Patch]:
    """All but dots."""
    if showing.starting is not None:
        return [start.patch(showing.starting, showing.help, ways.switch_key, sheet, words)]
    if showing.screen is None:
        return []
    if showing.core_silent:
        return safe.patches(showing.screen, sheet.rect(TEN.band), showing.help, ways.switch_key, sheet, words)
    light = showing.highlight
    pad = ways.pad or (light is not None and light.pad_open)  # it may stand in for a headband that is gone
    pens = tile.Pens(sheet, words, pad, ways.signal)
    return [
        band.patch(middle, showing.screen, False, sheet, words),
        *(tile.patch(each, showing.screen, _light(each, light, ways), pens) for each in showing.screen.tiles),
    ]


def _page_with_strip(
    showing: Showing, told: pin_strip.Told, middle: Rect, sheet: Sheet, words: Words, ways: Ways
) -> list[Patch]:
    """Tiles stay where they are, and the middle makes room; where there are none, the whole page does."""
    if showing.screen is None or showing.starting is not None or showing.core_silent:
        strip = pin_strip.laid(told, Rect(0, 0, sheet.width, sheet.height), sheet)
        paper = msgspec.structs.replace(sheet, height=strip.rect.y)
        page = _page(showing, middle, paper, words, ways)
    else:
        strip = pin_strip.laid(told, middle, sheet)
        page = _page(showing, middle._replace(height=strip.rect.y - middle.y), sheet, words, ways)
    return [*page, pin_strip.patch(strip, sheet)]


def _light(each: m.Tile, highlight: m.Highlight | None, ways: Ways) -> tile.Light:
    if highlight is None or highlight.slot != each.slot:
        return tile.Light(lit=highlight is not None and each.slot in highlight.scan)
    return tile.Light(
        lit=True,
        armed=highlight.armed,
        pad_open=highlight.pad_open,
        pad_progress=_moved(highlight.pad_progress, ways),
    )


def _moved(progress: float, ways: Ways) -> float:
    """How far something has filled, as it is shown."""
    return math.floor(progress * STEPS) / STEPS if ways.reduced_motion else progress


def _standing(target: m.CalibrationTarget, dot: int, ways: Ways, sheet: Sheet, words: Words) -> Patch:
    """A ring that closes around its centre while the look is taken, and lines of words out of its way."""
    x, y = round(target.x * sheet.width), round(target.y * sheet.height)
    left = min(1.0, max(0.0, 1 - _moved(target.progress, ways)))
    ring = sheet.px(CENTRE) + round(sheet.px(RING - CENTRE) * left)
    said = words.sentence(LOOKS[target.is_followed, ways.by_head], dot=dot + 1, dots=target.dots)
    line_at = 0.5 if abs(target.y - 0.5) > 0.2 else 0.77
    drawn: list[Thing] = [
        *_middle((said, words.sentence(Sentence.END_BY_EYES)), line_at, sheet),
        Disc(x, y, ring, Colour.ACCENT, sheet.px(5)),
        Disc(x, y, sheet.px(CENTRE), Colour.INK),
    ]
    return Patch(Rect(0, 0, sheet.width, sheet.height), tuple(drawn))


def _moving(place: tuple[float, float], sheet: Sheet) -> Patch:
    """The dot alone: words would be read."""
    x, y = round(place[0] * sheet.width), round(place[1] * sheet.height)
    drawn = (
        Disc(x, y, sheet.px(2 * CENTRE), Colour.ACCENT, sheet.px(5)),
        Disc(x, y, sheet.px(CENTRE), Colour.INK),
    )
    return Patch(Rect(0, 0, sheet.width, sheet.height), drawn)


def _middle(texts: tuple[str, str], at: float, sheet: Sheet) -> list[Thing]:
    """Words, and smaller ones below them, in the middle of the width, around a fraction of the height."""
    styles = Style(sheet.letters(SENTENCE), Colour.INK), Style(sheet.letters(SMALL), Colour.GREY)
    width = round(sheet.width * 0.9)
    lines = [
        (line, style)
        for text, style in zip(texts, styles, strict=True)
        for line in wrap([Run(text, style)], width, sheet)
    ]
    gap = styles[1].size // 2
    top = round(sheet.height * at) - (sum(line_height(style.size) for _, style in lines) + gap) // 2
    drawn: list[Thing] = []
    before = styles[0]
    for line, style in lines:
        top += gap if style is not before else 0
        drawn += line.texts((sheet.width - line.width) // 2, top + baseline(style.size))
        top += line_height(style.size)
        before = style
    return drawn
