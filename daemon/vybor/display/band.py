"""The neutral middle: what has been written, whether it is saved, and what is wrong. Pure."""

from collections.abc import Iterator

import msgspec

from vybor.contracts.messages import Mode, Saving, Screen
from vybor.display import palette
from vybor.display.palette import Colour
from vybor.display.scene import Box, Icon, Patch, Rect, Sheet, Sign, Text, Thing, baseline, line_height
from vybor.display.words import Sentence, Words
from vybor.display.wrap import CUT, Line, Run, Style, cut, one_line, wrap

LARGE = 40
SMALL = 28
MARGIN = 24
GUTTER = 1.5
"""Left of the words, in sizes of the small letters: for an icon, or for what shows that the text began earlier."""
MOST_NOTICES = 2
SMALLEST = 0.72
"""A sentence that must stay on one line may shrink to this part of its size before it is cut."""
SAVING_SIGNS = {Saving.SAVED: Sign.SAVED, Saving.SAVING: Sign.SAVING, Saving.NOT_SAVING: Sign.WARNING}


class _Note(msgspec.Struct, frozen=True):
    """A sentence at the foot of the band."""

    sign: Sign
    text: str
    colour: Colour
    behind: str = ""
    """What stands at the end of the line whatever happens."""


def patch(rect: Rect, screen: Screen, core_silent: bool, sheet: Sheet, words: Words) -> Patch:
    """The band with everything in it."""
    left = rect.x + sheet.px(MARGIN) + _gutter(sheet)
    inner = Rect(left, rect.y, rect.right - sheet.px(MARGIN) - left, rect.height)
    small = line_height(sheet.letters(SMALL))
    notes = _notes(screen, core_silent, words)
    head = inner._replace(y=inner.y + sheet.px(4), height=small)
    foot = inner._replace(y=inner.bottom - sheet.px(6) - small * len(notes), height=small * len(notes))
    middle = inner._replace(y=head.bottom + sheet.px(4), height=foot.y - head.bottom - sheet.px(8))
    drawn: list[Thing] = []
    if not core_silent:
        drawn += _heading(screen, head, sheet, words)
    drawn += (
        _written(screen, middle, sheet) if screen.text or screen.prefix else _empty(screen, middle, sheet, words)
    )
    for place, note in enumerate(notes):
        drawn += _note(note, foot._replace(y=foot.y + place * small, height=small), sheet)
    return Patch(rect, tuple(drawn))


def _gutter(sheet: Sheet) -> int:
    return round(GUTTER * sheet.letters(SMALL))


def _heading(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """On the left the page, if it is not that of words; on the right whether the text is saved."""
    size = sheet.letters(SMALL)
    lost = screen.saving is Saving.NOT_SAVING
    colour = palette.WARNING if lost else palette.GREY
    saving = one_line(words.saving(screen.saving), Style(size, colour, bold=lost), rect.width // 2, sheet, size)
    x = rect.right - saving.width
    yield from saving.texts(x, rect.y + baseline(size))
    yield Icon(
        SAVING_SIGNS[screen.saving], x - round(1.3 * size), rect.y + (rect.height - size) // 2, size, colour
    )
    if screen.mode not in (Mode.WORDS, Mode.REST):
        room = rect.width - saving.width - 3 * size
        page = one_line(words.mode(screen.mode), Style(size, palette.GREY, bold=True), room, sheet, size // 2)
        yield from page.texts(rect.x, rect.y + baseline(page.size))


def _written(screen: Screen, rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    """The end of the text, the letters spelled of the next word underlined, and the caret."""
    style = Style(sheet.letters(LARGE), palette.INK)
    spelled = Style(style.size, palette.ACCENT, bold=True)
    height = line_height(style.size)
    most = max(1, rect.height // height)
    lines = wrap([Run(screen.text, style), Run(screen.prefix, spelled)], rect.width - style.size, sheet)
    if len(lines) > most:
        lines = lines[-most:]
        yield Text(CUT, rect.x - _gutter(sheet), rect.y + baseline(style.size), style.size, style.colour)
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


def _empty(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """A caret and a hint; below, what was said last."""
    style = Style(sheet.letters(LARGE), palette.GREY)
    yield _caret(rect.x, rect.y, style.size, sheet)
    if screen.mode is Mode.WORDS:
        hint = one_line(words.sentence(Sentence.BEGIN), style, rect.width - style.size, sheet, style.size // 2)
        yield from hint.texts(rect.x + style.size // 2, rect.y + baseline(hint.size))
    if not screen.said:
        return
    small = Style(sheet.letters(SMALL), palette.GREY)
    top = rect.y + line_height(style.size) + sheet.px(6)
    most = (rect.bottom - top) // line_height(small.size)
    if most < 1:
        return
    said = wrap([Run(words.sentence(Sentence.SAID, text=screen.said), small)], rect.width, sheet)
    for line in cut(said, most, rect.width, sheet):
        yield from line.texts(rect.x, top + baseline(small.size))
        top += line_height(small.size)


def _notes(screen: Screen, core_silent: bool, words: Words) -> list[_Note]:
    """What must be said: silence above all, else rest and the first troubles."""
    if core_silent:
        return [_Note(Sign.WARNING, words.sentence(Sentence.CORE_SILENT), palette.WARNING)]
    notes = [_Note(Sign.REST, words.mode(Mode.REST), palette.INK)] if screen.mode is Mode.REST else []
    troubles = list(dict.fromkeys(words.notice(notice) for notice in screen.notices))
    more = len(troubles) - MOST_NOTICES
    behind = words.sentence(Sentence.MORE_NOTICES, count=more) if more > 0 else ""
    notes += [_Note(Sign.WARNING, text, palette.WARNING) for text in troubles[:MOST_NOTICES]]
    if behind:
        notes[-1] = msgspec.structs.replace(notes[-1], behind=behind)
    return notes


def _note(note: _Note, rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    size = sheet.letters(SMALL)
    style = Style(size, palette.INK)
    yield Icon(note.sign, rect.x - _gutter(sheet), rect.y + (rect.height - size) // 2, size, note.colour)
    behind = sheet.width_of(note.behind, size, True)
    line = one_line(note.text, style, rect.width - behind - size // 2, sheet, round(size * SMALLEST))
    yield from line.texts(rect.x, rect.y + baseline(size))
    if note.behind:
        yield Text(note.behind, rect.right - behind, rect.y + baseline(size), size, palette.WARNING, bold=True)
