"""The middle of the screen while it is found how the person chooses: what to do now, and how far it is. Pure."""

from collections.abc import Iterator

from vybor.contracts.messages import FitPhase, FitResult, FitStage
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Icon, Rect, Sheet, Sign, Thing, baseline, line_height
from vybor.display.drawing.wrap import Style, on_lines, one_line
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

LARGE = 40
SMALL = 28
MOST_LINES = 2
BEAD = 14
GAP = 10
RIM = 3
FRAME = 4
SIGNS = {FitPhase.STILL: Sign.CALM, FitPhase.PAUSE: Sign.SAVING, FitPhase.CUE: Sign.BEGIN}
"""Three shapes for nothing, wait and now."""


def things(stage: FitStage, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """All that stands there."""
    if stage.phase is FitPhase.SUMMARY:
        yield from _summary(stage, rect, sheet, words)
        return
    is_cue = stage.phase is FitPhase.CUE
    size = sheet.letters(LARGE)
    style = Style(size, Colour.INK, bold=is_cue)
    sign = SIGNS.get(stage.phase)
    beside = round(1.4 * size) if sign else 0
    room = Rect(rect.x + beside, rect.y, rect.width - beside, rect.height)
    lines = on_lines(
        words.fitting(stage), style, (MOST_LINES, room.width - sheet.px(GAP)), sheet, sheet.least(SMALL)
    )
    height = sum(line_height(line.size) for line in lines)
    if is_cue:
        frame = Rect(rect.x - sheet.px(GAP), rect.y, rect.width + sheet.px(GAP), height)
        yield Box(frame, Colour.FILL, Colour.ACCENT, sheet.px(FRAME), sheet.px(GAP))
    if sign:
        yield Icon(sign, rect.x, rect.y + (line_height(size) - size) // 2, size, style.colour)
    top = rect.y
    for line in lines:
        yield from line.texts(room.x, top + baseline(line.size))
        top += line_height(line.size)
    yield from _progress(stage, rect._replace(y=top, height=rect.bottom - top), sheet, words)


def _progress(stage: FitStage, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """Which sign of how many, which cue of how many, and a bead for each cue."""
    counted = Sentence.FIT_CUES if stage.cue else Sentence.FIT_PLACE
    told = words.sentence(counted, trial=stage.trial, trials=stage.trials, cue=stage.cue, cues=stage.cues)
    style = Style(sheet.letters(SMALL), Colour.GREY)
    line = one_line(told, style, rect.width, sheet, sheet.least(SMALL))
    top = rect.y + sheet.px(GAP)
    yield from line.texts(rect.x, top + baseline(line.size))
    side = sheet.px(BEAD)
    x = rect.x + line.width + sheet.px(2 * GAP)
    y = top + (line_height(line.size) - side) // 2
    for number in range(1, stage.cues + 1):
        bead = Rect(x + (number - 1) * (side + sheet.px(GAP)), y, side, side)
        if bead.right <= rect.right:
            ground = Colour.ACCENT if number <= stage.cue else Colour.GROUND
            yield Box(bead, ground, Colour.ACCENT, sheet.px(RIM))


def _summary(stage: FitStage, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """A line for each sign that has room, what can be relied on first, and what can be done now."""
    size = sheet.letters(SMALL)
    top = rect.y
    lead = round(1.4 * size)
    closing = [
        one_line(told, Style(size, Colour.INK, bold=True), rect.width, sheet, sheet.least(SMALL))
        for told in _closing(stage, words)
    ]
    below = rect.bottom - sum(line_height(line.size) for line in closing)
    for found in sorted(stage.results, key=lambda each: (not each.reliable, each.skipped)):
        if top + line_height(size) > below:
            break
        colour = Colour.INK if found.reliable else Colour.GREY
        sign = Sign.SPELLED if found.reliable else Sign.CALM
        line = one_line(_found(found, words), Style(size, colour), rect.width - lead, sheet, sheet.least(SMALL))
        yield Icon(sign, rect.x, top + (line_height(size) - size) // 2, size, colour)
        yield from line.texts(rect.x + lead, top + baseline(line.size))
        top += line_height(size)
    for line in closing:
        yield from line.texts(rect.x, below + baseline(line.size))
        below += line_height(line.size)


def _closing(stage: FitStage, words: Words) -> Iterator[str]:
    """What would hold, and what can be done now."""
    if not stage.changes:
        yield words.sentence(Sentence.FIT_STAYS)
        return
    if stage.ways:
        yield words.sentence(Sentence.FIT_WAYS, ways=", ".join(map(words.sign_within, stage.ways)))
    yield words.sentence(Sentence.FIT_CHANGES)


def _found(found: FitResult, words: Words) -> str:
    name = words.sign(found.sign)
    if found.skipped:
        return words.sentence(Sentence.FIT_SKIPPED, sign=name)
    return words.sentence(
        Sentence.FIT_FOUND, sign=name, hits=found.hits, cues=found.cues, count=found.false_alarms
    )
