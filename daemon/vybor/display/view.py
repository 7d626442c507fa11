"""From what holds to a picture. Pure: the same facts on the same sheet give the same scene."""

from vybor.composer.layout import EIGHT
from vybor.contracts import messages as m
from vybor.display import band, palette, tile
from vybor.display.scene import Disc, Patch, Rect, Scene, Sheet, Thing, baseline, line_height
from vybor.display.showing import Showing
from vybor.display.words import Sentence, Words
from vybor.display.wrap import Run, Style, wrap

RING = 46
"""The radius of a calibration dot's ring before the look has begun, at 720 pixels of height."""
CENTRE = 8
SENTENCE = 36


def scene(showing: Showing, sheet: Sheet, words: Words, *, pad: bool, signal: bool) -> Scene:
    """The picture; `pad` says whether looking at a pad confirms, `signal` whether a press or a biosignal does."""
    if showing.target is not None and showing.target.dot is not None:
        patches: list[Patch] = [_dot(showing.target, showing.target.dot, sheet, words)]
    elif showing.screen is None:
        sentence = Sentence.CORE_SILENT if showing.core_silent else Sentence.STARTING
        patches = [_sentence(words.sentence(sentence), sheet)]
    else:
        patches = [
            band.patch(sheet.rect(EIGHT.band), showing.screen, showing.core_silent, sheet, words),
            *_tiles(showing.screen, showing, tile.Pens(sheet, words, pad, signal)),
        ]
    return Scene(sheet.width, sheet.height, tuple(patches))


def _tiles(screen: m.Screen, showing: Showing, pens: tile.Pens) -> list[Patch]:
    """The tiles; while the deciding process is silent nothing can be chosen, so nothing is offered."""
    if showing.core_silent:
        return []
    return [tile.patch(each, screen, _light(each, showing.highlight), pens) for each in screen.tiles]


def _light(each: m.Tile, highlight: m.Highlight | None) -> tile.Light:
    if highlight is None or highlight.slot != each.slot:
        return tile.Light()
    return tile.Light(
        lit=True,
        armed=highlight.armed,
        pad_open=highlight.pad_open,
        pad_progress=highlight.pad_progress,
    )


def _sentence(text: str, sheet: Sheet) -> Patch:
    """One sentence in the middle of the screen."""
    whole = Rect(0, 0, sheet.width, sheet.height)
    return Patch(whole, tuple(_middle(text, 0.5, sheet)))


def _dot(target: m.CalibrationTarget, dot: int, sheet: Sheet, words: Words) -> Patch:
    """A ring that closes around its centre while the look is taken, and a line of words out of its way."""
    x, y = round(target.x * sheet.width), round(target.y * sheet.height)
    left = min(1.0, max(0.0, 1 - target.progress))
    ring = sheet.px(CENTRE) + round(sheet.px(RING - CENTRE) * left)
    said = words.sentence(Sentence.LOOK_AT_DOT, dot=dot + 1, dots=target.dots)
    line_at = 0.5 if abs(target.y - 0.5) > 0.2 else 0.72
    drawn: list[Thing] = [
        *_middle(said, line_at, sheet),
        Disc(x, y, ring, palette.ACCENT, sheet.px(5)),
        Disc(x, y, sheet.px(CENTRE), palette.INK),
    ]
    return Patch(Rect(0, 0, sheet.width, sheet.height), tuple(drawn))


def _middle(text: str, at: float, sheet: Sheet) -> list[Thing]:
    """Words in the middle of the width, around a height that is a fraction of the screen's."""
    style = Style(sheet.letters(SENTENCE), palette.INK)
    lines = wrap([Run(text, style)], round(sheet.width * 0.9), sheet)
    top = round(sheet.height * at) - line_height(style.size) * len(lines) // 2
    drawn: list[Thing] = []
    for row, line in enumerate(lines):
        base = top + row * line_height(style.size) + baseline(style.size)
        drawn += line.texts((sheet.width - line.width) // 2, base)
    return drawn
