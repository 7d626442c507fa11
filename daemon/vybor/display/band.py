"""The neutral middle: what has been written, whether it is saved, and what is wrong. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from vybor.contracts.messages import Mode, Saving, Screen, Trouble
from vybor.display import notes, palette
from vybor.display.notes import SMALL
from vybor.display.scene import Box, Icon, Patch, Rect, Sheet, Sign, Text, Thing, baseline, line_height
from vybor.display.words import Sentence, Words
from vybor.display.wrap import CUT, SMALLEST, Line, Run, Style, cut, one_line, wrap

LARGE = 40
MARGIN = 24
LEAST_LINES, MOST_LINES = 2, 3
"""Of the text, which what the other person said leaves free; and of that."""
SAVING_SIGNS = {Saving.SAVED: Sign.SAVED, Saving.SAVING: Sign.SAVING, Saving.NOT_SAVING: Sign.WARNING}

JOURNAL_DOWN = {Trouble.PROCESS_SILENT, Trouble.JOURNAL_FAILED, Trouble.DISK_FULL}


def saving(screen: Screen) -> Saving:
    """What is said of it: nothing counts as saved while the journal keeps nothing."""
    down = any(notice.process == "journal" and notice.trouble in JOURNAL_DOWN for notice in screen.notices)
    return Saving.SAVING if down and screen.saving is Saving.SAVED else screen.saving


def patch(rect: Rect, screen: Screen, core_silent: bool, sheet: Sheet, words: Words) -> Patch:
    """The band with everything in it."""
    left = rect.x + sheet.px(MARGIN) + notes.gutter(sheet)
    inner = Rect(left, rect.y, rect.right - sheet.px(MARGIN) - left, rect.height)
    foot = notes.foot([] if core_silent else notes.notes(screen, words), inner.width, sheet)
    head = inner._replace(y=inner.y + sheet.px(4), height=line_height(sheet.letters(SMALL)))
    below = inner._replace(y=inner.bottom - sheet.px(6) - foot.height, height=foot.height)
    middle = inner._replace(y=head.bottom + sheet.px(4), height=below.y - head.bottom - sheet.px(8))
    drawn: list[Thing] = []
    if not core_silent:
        drawn += _heading(screen, head, sheet, words)
        told = _partner(screen, middle, sheet, words)
        drawn += told.things
        middle = middle._replace(y=middle.y + told.height, height=middle.height - told.height)
    if screen.text or screen.prefix:
        drawn += _written(screen, middle, sheet)
    else:
        drawn += _empty(screen, core_silent, middle, sheet, words)
    drawn += notes.drawn(foot, below, sheet)
    return Patch(rect, tuple(drawn))


def _heading(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """On the left the page, if it is not that of words; on the right whether the text is saved."""
    size = sheet.letters(SMALL)
    now = saving(screen)
    lost = now is Saving.NOT_SAVING
    style = Style(size, palette.WARNING if lost else palette.GREY, bold=lost)
    told = one_line(words.saving(now), style, rect.width // 2, sheet, round(size * SMALLEST))
    x = rect.right - told.width
    yield from told.texts(x, rect.y + baseline(size))
    yield Icon(SAVING_SIGNS[now], x - round(1.3 * size), rect.y + (rect.height - size) // 2, size, style.colour)
    if screen.mode not in (Mode.WORDS, Mode.REST):
        room = rect.width - told.width - 3 * size
        page = one_line(
            _page(screen, words), Style(size, palette.GREY, bold=True), room, sheet, round(size * SMALLEST)
        )
        yield from page.texts(rect.x, rect.y + baseline(page.size))


class Told(NamedTuple):
    """What the other person said, drawn, and how much of the height it takes."""

    things: tuple[Thing, ...] = ()
    height: int = 0


def _partner(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Told:
    """Their turn in smaller letters, on as many lines as leave two for the text, but on one at least."""
    if not screen.partner:
        return Told()
    style = Style(sheet.letters(SMALL), palette.GREY)
    height = line_height(style.size)
    room = rect.height - LEAST_LINES * line_height(sheet.letters(LARGE))
    most = min(MOST_LINES, max(1, room // height))
    said = wrap([Run(words.sentence(Sentence.PARTNER, text=screen.partner), style)], rect.width, sheet)
    drawn: list[Thing] = [
        Icon(
            Sign.PHRASES,
            rect.x - notes.gutter(sheet),
            rect.y + (height - style.size) // 2,
            style.size,
            style.colour,
        )
    ]
    lines = cut(said, most, rect.width, sheet)
    for row, line in enumerate(lines):
        drawn += line.texts(rect.x, rect.y + row * height + baseline(style.size))
    return Told(tuple(drawn), len(lines) * height + sheet.px(10))


def _page(screen: Screen, words: Words) -> str:
    """The heading of the page; in the menu, whether the person's interest moves the words."""
    name = words.mode(screen.mode)
    told = screen.mode is Mode.MENU and screen.interest_is_on
    return f"{name} · {words.sentence(Sentence.INTEREST_IS_ON)}" if told else name


def _written(screen: Screen, rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    """The end of the text, the letters spelled of the next word underlined, and the caret."""
    style = Style(sheet.letters(LARGE), palette.INK)
    spelled = Style(style.size, palette.ACCENT, bold=True)
    height = line_height(style.size)
    most = max(1, rect.height // height)
    lines = wrap([Run(screen.text, style), Run(screen.prefix, spelled)], rect.width - style.size, sheet)
    if len(lines) > most:
        lines = lines[-most:]
        yield Text(CUT, rect.x - notes.gutter(sheet), rect.y + baseline(style.size), style.size, style.colour)
    for row, line in enumerate(lines):
        base = rect.y + row * height + baseline(style.size)
        yield from line.texts(rect.x, base)
        yield from _underlines(line, spelled, rect.x, base, sheet)
    gap = sheet.px(4) if screen.prefix else sheet.width_of(" ", style.size, False)
    end = lines[-1].width if lines else 0
    yield _caret(rect.x + end + gap, rect.y + max(0, len(lines) - 1) * height, style.size, sheet)


def _underlines(line: Line, style: Style, x: int, base: int, sheet: Sheet) -> Iterator[Box]:
    for word in line.words:
        if word.style == style:
            yield Box(Rect(x + word.x, base + sheet.px(5), word.width, sheet.px(4)), style.colour)


def _caret(x: int, top: int, size: int, sheet: Sheet) -> Box:
    return Box(Rect(x, top + round(size * 0.12), sheet.px(4), size), palette.ACCENT)


def _fate(screen: Screen) -> Sentence:
    """Whether what was given to the voice can have been heard: not while it has no sound, is gone, or refused."""
    for notice in screen.notices:
        silent = notice.process == "voice" and notice.trouble is Trouble.PROCESS_SILENT
        if silent or notice.trouble in {Trouble.SOUND_MISSING, Trouble.SOUND_MUTED, Trouble.NOT_SPOKEN}:
            return Sentence.NOT_HEARD
    return Sentence.SAID


def _empty(screen: Screen, core_silent: bool, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """A caret and a hint; below, what was said last."""
    style = Style(sheet.letters(LARGE), palette.GREY)
    yield _caret(rect.x, rect.y, style.size, sheet)
    if screen.mode is Mode.WORDS and not core_silent:
        hint = one_line(
            words.sentence(Sentence.BEGIN), style, rect.width - style.size, sheet, round(style.size * SMALLEST)
        )
        yield from hint.texts(rect.x + style.size // 2, rect.y + baseline(hint.size))
    if not screen.said:
        return
    small = Style(sheet.letters(SMALL), palette.GREY)
    top = rect.y + line_height(style.size) + sheet.px(6)
    most = (rect.bottom - top) // line_height(small.size)
    if most < 1:
        return
    said = wrap([Run(words.sentence(_fate(screen), text=screen.said), small)], rect.width, sheet)
    for line in cut(said, most, rect.width, sheet):
        yield from line.texts(rect.x, top + baseline(small.size))
        top += line_height(small.size)
