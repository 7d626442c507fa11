"""The neutral middle: what has been written, whether it is saved, and what is wrong. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from vybor.contracts.messages import Mode, Saving, Screen, Trouble
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Icon, Patch, Rect, Sheet, Sign, Text, Thing, baseline, line_height
from vybor.display.drawing.wrap import CUT, Line, Run, Style, cut, on_lines, one_line, wrap
from vybor.display.pages import alarm as alarm_page
from vybor.display.pages import fit, notes, read, share
from vybor.display.pages.notes import SMALL
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

LARGE = 40
MARGIN = 24
LINES_OF_PAGE = 3
LEAST_LINES, MOST_LINES = 2, 3
"""Of the text, which what the other person said leaves free; and of that."""
SAVING_SIGNS = {Saving.SAVED: Sign.SAVED, Saving.SAVING: Sign.SAVING, Saving.NOT_SAVING: Sign.WARNING}

JOURNAL_DOWN = {Trouble.PROCESS_SILENT, Trouble.JOURNAL_FAILED, Trouble.JOURNAL_LOCKED, Trouble.DISK_FULL}


def saving(screen: Screen) -> Saving:
    """What is said of it: nothing counts as saved while the journal keeps nothing."""
    down = any(notice.process == "journal" and notice.trouble in JOURNAL_DOWN for notice in screen.notices)
    return Saving.SAVING if down and screen.saving is Saving.SAVED else screen.saving


class _Head(NamedTuple):
    """The page's name, if it is told, and whether the text is saved: beside each other, or on two lines."""

    page: tuple[Line, ...]
    told: Line
    beside: bool

    @property
    def lines(self) -> int:
        """How many there are below each other."""
        return len(self.page) if self.beside and self.page else len(self.page) + 1


class _Laid(NamedTuple):
    """The parts of the band, from above, and what is said at its head and its foot."""

    top: Rect
    head: _Head
    middle: Rect
    below: Rect
    foot: notes.Foot
    told: "Told"


def patch(rect: Rect, screen: Screen, core_silent: bool, sheet: Sheet, words: Words) -> Patch:
    """The band with everything in it; letters larger than usual only while they leave room for the rest.

    That is two lines for the text, and all of what the other person said.
    """
    laid = _laid(rect, screen, core_silent, sheet, words)
    if laid.told.is_cut or laid.middle.height < LEAST_LINES * line_height(sheet.letters(LARGE)):
        sheet = sheet.usual
        laid = _laid(rect, screen, core_silent, sheet, words)
    drawn: list[Thing] = []
    if not core_silent:
        drawn += _heading(laid.head, saving(screen), laid.top, sheet)
        drawn += laid.told.things
    if (lost := alarm_page.alarm(screen)) and not core_silent:
        alarm = alarm_page.laid(lost, laid.middle, line_height(sheet.letters(LARGE)), sheet, words)
        drawn += alarm_page.things(alarm, sheet)
        drawn += (
            _written(screen, alarm.text, sheet) if alarm.text.height and (screen.text or screen.prefix) else []
        )
    elif screen.fitting is not None and not core_silent:
        drawn += fit.things(screen.fitting, laid.middle, sheet, words)
    elif screen.mode in share.MODES and not core_silent:
        drawn += share.things(screen, laid.middle, sheet, words)
    elif screen.mode is Mode.READ_ASKED and not core_silent:
        drawn += read.things(screen, laid.middle, sheet, words)
    elif screen.mode is Mode.REST and laid.middle.height < line_height(sheet.letters(LARGE)):
        pass  # how to leave rest, and what is wrong, go before the text
    elif screen.text or screen.prefix:
        drawn += _written(screen, laid.middle, sheet)
    else:
        drawn += _empty(screen, core_silent, laid.middle, sheet, words)
    drawn += notes.drawn(laid.foot, laid.below, sheet)
    return Patch(rect, tuple(drawn))


def _laid(rect: Rect, screen: Screen, core_silent: bool, sheet: Sheet, words: Words) -> _Laid:
    left = rect.x + sheet.px(MARGIN) + notes.gutter(sheet)
    inner = Rect(left, rect.y, rect.right - sheet.px(MARGIN) - left, rect.height)
    head = _head(screen, inner.width, sheet, words)
    top = inner._replace(y=inner.y + sheet.px(4), height=head.lines * line_height(sheet.letters(SMALL)))
    foot = _foot(screen, core_silent, inner, inner.bottom - top.bottom, sheet, words)
    below = inner._replace(y=inner.bottom - sheet.px(6) - foot.height, height=foot.height)
    middle = inner._replace(y=top.bottom + sheet.px(4), height=below.y - top.bottom - sheet.px(8))
    is_taken = core_silent or alarm_page.alarm(screen) or screen.mode is Mode.READ_ASKED
    told = Told() if is_taken else _partner(screen, middle, sheet, words)
    middle = middle._replace(y=middle.y + told.height, height=middle.height - told.height)
    return _Laid(top, head, middle, below, foot, told)


def _foot(screen: Screen, core_silent: bool, rect: Rect, room: int, sheet: Sheet, words: Words) -> notes.Foot:
    """What is to be said; less of it where it would leave no line for the text, or no room for the alarm.

    One sentence beside the alarm goes before the line of the text: whoever comes in has to know why it calls.
    """
    if core_silent:
        return notes.foot([], rect.width, sheet)
    alarm, line = alarm_page.alarm(screen), line_height(sheet.letters(LARGE))
    is_full = bool(screen.partner and read.sign(screen))  # two things that are left out for no trouble
    asked = read.height(screen, rect.width, sheet, words)  # a yes to half a question is none
    for most in range(notes.MOST_GRAVE, -1 if alarm or is_full or asked else 0, -1):
        foot = notes.foot(notes.notes(screen, words, most), rect.width, sheet)
        left = room - foot.height - sheet.px(14)
        if left >= max((1 + bool(alarm) + is_full) * line, asked):
            break
        if alarm and most == 1 and alarm_page.is_whole(alarm, rect._replace(height=left), sheet, words):
            break
    return foot


def _head(screen: Screen, width: int, sheet: Sheet, words: Words) -> _Head:
    """Whether the text is saved in full, else in a word, beside the page's name; both whole in any case."""
    size, least = sheet.letters(SMALL), sheet.least(SMALL)
    named = _page(screen, words)
    now = saving(screen)
    style, bold = Style(size, _colour(now), bold=now is Saving.NOT_SAVING), Style(size, Colour.GREY, bold=True)
    full, brief = words.saving(now), words.saving_briefly(now)
    for text, smallest in ((full, size), (brief, least)):
        told = one_line(text, style, width - _beside(size), sheet, least)
        page = one_line(named, bold, max(1, width - told.width - _beside(size)), sheet, smallest)
        if not told.is_cut and not page.is_cut:
            return _Head((page,), told, beside=True)
    room = width - _beside(size)
    alone = one_line(full, style, room, sheet, least)
    if alone.is_cut:
        alone = one_line(brief, style, room, sheet, least)
    return _Head(tuple(on_lines(named, bold, (LINES_OF_PAGE, width), sheet, least)), alone, beside=False)


def _heading(head: _Head, now: Saving, rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    """On the left the page, if it is named; on the right, or above, whether the text is saved."""
    size = sheet.letters(SMALL)
    height = line_height(size)
    x = rect.right - head.told.width
    yield from head.told.texts(x, rect.y + baseline(size))
    yield Icon(SAVING_SIGNS[now], x - round(1.3 * size), rect.y + (height - size) // 2, size, _colour(now))
    top = rect.y if head.beside else rect.y + height
    for line in head.page:
        yield from line.texts(rect.x, top + baseline(line.size or size))
        top += height


def _colour(now: Saving) -> Colour:
    return Colour.WARNING if now is Saving.NOT_SAVING else Colour.GREY


def _beside(size: int) -> int:
    """Pixels for the icon of saving, and between it and the page's name."""
    return 2 * size


class Told(NamedTuple):
    """What the other person said, drawn, and how much of the height it takes."""

    things: tuple[Thing, ...] = ()
    height: int = 0
    is_cut: bool = False


def _partner(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Told:
    """Their turn in smaller letters, on as many lines as leave two for the text, but on one at least."""
    if not screen.partner:
        return Told()
    style = Style(sheet.letters(SMALL), Colour.GREY)
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
    return Told(tuple(drawn), len(lines) * height + sheet.px(10), lines[-1].is_cut)


def _page(screen: Screen, words: Words) -> str:
    """The heading of the page, none on that of words and at rest; in practice always, with the exercise.

    In the menu, whether the person's interest moves the words.
    """
    name = "" if screen.mode in (Mode.WORDS, Mode.REST) else words.mode(screen.mode)
    if screen.practice and screen.practice.exercise:
        return words.practice_page(name, screen.practice)
    told = screen.mode is Mode.MENU and screen.interest_is_on
    return f"{name} · {words.sentence(Sentence.INTEREST_IS_ON)}" if told else name


def _written(screen: Screen, rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    """The end of the text, the letters spelled of the next word underlined, and the caret."""
    style = Style(sheet.letters(LARGE), Colour.INK)
    spelled = Style(style.size, Colour.ACCENT, bold=True)
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
    return Box(Rect(x, top + round(size * 0.12), sheet.px(4), size), Colour.ACCENT)


def _empty(screen: Screen, core_silent: bool, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """A caret and a hint; below, what was said last."""
    style = Style(sheet.letters(LARGE), Colour.GREY)
    yield _caret(rect.x, rect.y, style.size, sheet)
    if screen.mode is Mode.WORDS and not core_silent and not screen.practice:
        hint = one_line(words.sentence(Sentence.BEGIN), style, rect.width - style.size, sheet, sheet.least(SMALL))
        yield from hint.texts(rect.x + style.size // 2, rect.y + baseline(hint.size))
    if not screen.said:
        return
    small = Style(sheet.letters(SMALL), Colour.GREY)
    top = rect.y + line_height(style.size) + sheet.px(6)
    most = (rect.bottom - top) // line_height(small.size)
    if most < 1:
        return
    said = wrap([Run(words.sentence(notes.fate(screen), text=screen.said), small)], rect.width, sheet)
    for line in cut(said, most, rect.width, sheet):
        yield from line.texts(rect.x, top + baseline(small.size))
        top += line_height(small.size)
