"""What the other person sees on a screen of their own: what was said, large, and that somebody is writing. Pure.

Of a sentence that is still being written nothing is shown unless the settings say so: until it is spoken,
nobody has said it.
"""

import msgspec

from vybor.contracts.messages import Mode, Screen, Trouble
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Icon, Patch, Rect, Scene, Sheet, Sign, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Run, Style, balanced, cut, on_lines, one_line, wrap
from vybor.display.pages import notes
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

SAID_SIZES = (120, 104, 88, 76, 64, 56, 48, 40, 34, 28, 24, 21)
"""The largest at which all of it is seen."""
TITLE = 56
SMALL = 34
MARGIN = 36
HEAD, FOOT = 0.16, 0.24
"""How much of the height what the other person said, and what happens now, take."""


class Now(msgspec.Struct, frozen=True):
    """What happens, and a word of explanation."""

    sign: Sign
    title: Sentence
    detail: Sentence | None = None
    colour: Colour = Colour.INK


def scene(screen: Screen | None, silent: bool, draft: bool, sheet: Sheet, words: Words) -> Scene:
    """The picture; `draft` says whether the text that is being written may be read."""
    now = happens(screen, silent)
    above, middle, below = _parts(screen, now, sheet)
    if not _has_room(_told_of(screen, draft), middle, sheet):
        above, middle, below = _parts(screen, now, sheet, is_long=True)
    if now and now.title is Sentence.CALLS_HELP:  # whoever sits there is to get up
        told, under = _called(now, middle, sheet, words), []
    else:
        told = _said(screen, draft, middle, sheet, words)
        out = _armed(screen, below, sheet, words)
        left = line_height(sheet.letters(SMALL)) + _edge(sheet) if out else 0
        above_out = below._replace(height=below.height - left)
        under = [*(_now(now, above_out, sheet, words) if now else []), *out]
    patches = (
        Patch(above, tuple(_asked(screen, above, sheet, words))),
        Patch(middle, tuple(told)),
        Patch(below, tuple(under)),
    )
    return Scene(sheet.width, sheet.height, patches)


def _parts(
    screen: Screen | None, now: Now | None, sheet: Sheet, *, is_long: bool = False
) -> tuple[Rect, Rect, Rect]:
    """From above: what they said, what was said, what happens; a long text takes what is free."""
    head, foot = round(sheet.height * HEAD), round(sheet.height * FOOT)
    if screen and screen.armed:
        small = line_height(sheet.letters(SMALL))
        foot = max(foot, line_height(sheet.letters(TITLE)) + 2 * small + _edge(sheet))
    if is_long and not (screen and screen.partner):
        head = 0
    if is_long and not now and not (screen and screen.armed):
        foot = 0
    above = Rect(0, 0, sheet.width, head)
    middle = Rect(0, head, sheet.width, sheet.height - head - foot)
    return above, middle, Rect(0, middle.bottom, sheet.width, foot)


def _has_room(text: str, rect: Rect, sheet: Sheet) -> bool:
    """Whether all of it is seen in letters that are easily read."""
    room = rect.inset(sheet.px(MARGIN))
    style = Style(sheet.letters(SMALL), Colour.INK)
    return len(wrap([Run(text, style)], room.width, sheet)) <= room.height // line_height(style.size)


URGENT = {
    Trouble.CALLING_HELP: Now(Sign.HELP, Sentence.CALLS_HELP, colour=Colour.WARNING),
    Trouble.INPUTS_LOST: Now(Sign.WARNING, Sentence.CANNOT_CHOOSE, Sentence.PLEASE_COME, Colour.WARNING),
}


def happens(screen: Screen | None, silent: bool) -> Now | None:
    """What the other person should know now; nothing while nothing is going on, or nothing was heard yet."""
    if silent:
        return Now(Sign.WARNING, Sentence.WAIT_FOR_KIT, colour=Colour.WARNING)
    if screen is None:
        return None
    troubles = {notice.trouble for notice in screen.notices}
    if urgent := next((now for trouble, now in URGENT.items() if trouble in troubles), None):
        return urgent
    if screen.practice:
        return Now(Sign.PRACTICE, Sentence.PRACTISES, Sentence.NOTHING_MEANT)
    if screen.mode is Mode.REST:
        return Now(Sign.REST, Sentence.RESTS)
    if screen.is_writing:
        return Now(Sign.MORE, Sentence.IS_WRITING, Sentence.PLEASE_WAIT)
    return None


def _asked(screen: Screen | None, rect: Rect, sheet: Sheet, words: Words) -> list[Thing]:
    """What they said themselves, as the kit was told: the person who writes sees the same."""
    if screen is None or not screen.partner:
        return []
    inner = rect.inset(sheet.px(MARGIN) // 2)
    text = words.sentence(Sentence.YOU_ASKED, text=screen.partner)
    style = Style(sheet.letters(SMALL), Colour.GREY)
    lines = on_lines(text, style, (2, inner.width), sheet, sheet.least(SMALL))
    return _stacked(lines, inner.y, rect)


def _said(screen: Screen | None, draft: bool, rect: Rect, sheet: Sheet, words: Words) -> list[Thing]:
    """What was said, as large as it can be; if it cannot have been heard, that too."""
    if screen is None:
        return []
    writes, text = _writes(screen, draft), _told_of(screen, draft)
    told: list[Line] = []
    if not text:
        style = Style(sheet.letters(SMALL), Colour.GREY)
        told = [one_line(words.sentence(Sentence.SAID_HERE), style, rect.width, sheet, sheet.least(SMALL))]
    elif not writes and notes.fate(screen) is Sentence.NOT_HEARD:
        style = Style(sheet.letters(SMALL), Colour.WARNING, bold=True)
        told = [one_line(words.sentence(Sentence.READ_THIS), style, rect.width, sheet, sheet.least(SMALL))]
    room = rect.inset(sheet.px(MARGIN))
    room = room._replace(height=room.height - sum(line_height(line.size) for line in told))
    lines = [*told, *_largest(text, Colour.GREY if writes else Colour.INK, room, sheet)]
    height = sum(line_height(line.size) for line in lines)
    return _stacked(lines, rect.y + (rect.height - height) // 2, rect)


def _writes(screen: Screen, draft: bool) -> bool:
    return draft and bool(screen.text or screen.prefix) and not screen.practice


def _told_of(screen: Screen | None, draft: bool) -> str:
    """The words in the middle; what was said before their last turn is no answer to it, and is gone."""
    if screen is None or screen.practice:
        return ""
    if _writes(screen, draft):
        return f"{screen.text}{screen.prefix}"
    return "" if screen.said_before else screen.said


def _called(now: Now, rect: Rect, sheet: Sheet, words: Words) -> list[Thing]:
    """A large bell, and large words below it."""
    room = rect.inset(sheet.px(MARGIN))
    side = room.height // 2
    lines = _largest(words.sentence(now.title), now.colour, room._replace(height=room.height - side), sheet)
    height = side + sum(line_height(line.size) for line in lines)
    top = room.y + max(0, room.height - height) // 2
    icon = Icon(now.sign, rect.x + (rect.width - side) // 2, top, side, now.colour)
    return [icon, *_stacked(lines, top + side, rect)]


def _largest(text: str, colour: Colour, room: Rect, sheet: Sheet) -> list[Line]:
    """All of a text in the largest letters that leave room for it; the end of one that is too long is cut."""
    style, most, lines = Style(1, colour), 1, list[Line]()
    for size in SAID_SIZES:
        style = Style(sheet.letters(size), colour, bold=size >= TITLE)
        most = max(1, room.height // line_height(style.size))
        lines = wrap([Run(text, style)], room.width, sheet)
        if len(lines) <= most and not any(line.broken for line in lines):
            return balanced([Run(text, style)], lines, sheet)
    return cut(lines, most, room.width, sheet)


def _now(now: Now, rect: Rect, sheet: Sheet, words: Words) -> list[Thing]:
    """An icon and what happens; below, in smaller letters, what that means."""
    style = Style(sheet.letters(TITLE), now.colour, bold=True)
    side, gap = style.size, style.size // 2
    width = rect.width - 2 * sheet.px(MARGIN) - side - gap
    title = one_line(words.sentence(now.title), style, width, sheet, sheet.least(SMALL))
    small = Style(sheet.letters(SMALL), Colour.GREY)
    detail = [one_line(words.sentence(now.detail), small, width, sheet, sheet.least(SMALL))] if now.detail else []
    height = sum(line_height(line.size) for line in (title, *detail))
    top = rect.y + max(0, rect.height - height) // 2
    x = rect.x + (rect.width - title.width - side - gap) // 2
    icon = Icon(now.sign, x, top + (line_height(title.size) - side) // 2, side, now.colour)
    drawn: list[Thing] = [icon, *title.texts(x + side + gap, top + baseline(title.size))]
    return drawn + _stacked(detail, top + line_height(title.size), rect)


def _armed(screen: Screen | None, rect: Rect, sheet: Sheet, words: Words) -> list[Thing]:
    """At the foot, where else goes what is spoken."""
    if screen is None or screen.armed is None:
        return []
    style = Style(sheet.letters(SMALL), Colour.GREY)
    text = words.sentence(notes.ARMED[screen.armed].sentence)
    line = one_line(text, style, rect.width - 2 * sheet.px(MARGIN), sheet, sheet.least(SMALL))
    return _stacked([line], rect.bottom - line_height(style.size) - _edge(sheet), rect)


def _edge(sheet: Sheet) -> int:
    """Pixels that stay free below the last line."""
    return sheet.px(MARGIN) // 2


def _stacked(lines: list[Line], top: int, rect: Rect) -> list[Thing]:
    """Lines below each other, each in the middle of the width."""
    drawn: list[Thing] = []
    for line in lines:
        drawn += line.texts(rect.x + (rect.width - line.width) // 2, top + baseline(line.size))
        top += line_height(line.size)
    return drawn
