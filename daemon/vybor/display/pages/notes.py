"""Sentences at the foot of the band: rest and troubles. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from vybor.contracts.messages import Mode, Notice, Scope, Screen, Trouble, WayOut
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Icon, Rect, Sheet, Sign, Text, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Style, on_lines, one_line
from vybor.display.pages import read as read_page
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

SMALL = 28
GUTTER = 1.5
"""Left of the words, in sizes of their letters: for the icon."""
MOST_NOTICES, MOST_IN_PRACTICE, MOST_BESIDE_SIGN = 2, 1, 1
MOST_GRAVE = 3
"""Where one of each kind that goes before all others stands."""
LINES_OF_PRACTICE = 3
LINES_OF_QUESTION = 3
URGENT = (
    *(Trouble.CALLING_HELP, Trouble.NOT_SPOKEN, Trouble.PHRASE_NOT_KEPT, Trouble.PHRASES_GIVEN),
    *(Trouble.WORDS_GIVEN, Trouble.NO_PAIRING),
    *(Trouble.NOT_COPIED, Trouble.NOT_TYPED, Trouble.COPIED_STAYS, Trouble.TYPED_STAYS),
    *(Trouble.NOT_ERASED, Trouble.ERASING, Trouble.ERASED, Trouble.ERASED_STALE, Trouble.NOTHING_TO_ERASE),
)
"""Told before all others: they are over soon, and there is something to do."""
UNSEEN = (
    *(Trouble.PHOTOGRAPH, Trouble.NOBODY_SEEN, Trouble.SOMEBODY_ELSE, Trouble.EYES_SMALL),
    *(Trouble.PICTURE_DARK, Trouble.PICTURE_BRIGHT, Trouble.PICTURE_BROKEN),
    *(Trouble.CAMERA_MISSING, Trouble.CAMERA_STOPPED, Trouble.LANDMARKER_MISSING, Trouble.NOT_CALIBRATED),
    *(Trouble.TRACKER_MISSING, Trouble.TRACKER_STOPPED, Trouble.TRACKER_BLIND),
)
"""Why looks choose nothing. Told next while nothing else chooses either: a blink, or somebody's lamp, mends it."""
WAITS = (Trouble.SCAN_WAITS,)
"""Told behind that: the way that is left."""
CHOOSES_NOTHING = {Trouble.INPUTS_LOST, *WAITS}
UNHEARD = (Trouble.SOUND_MISSING, Trouble.SOUND_MUTED)
"""Told next, whichever process came first: who waits for an answer to what nobody heard is stuck."""
AT_RISK = (
    *(Trouble.JOURNAL_LOCKED, Trouble.DISK_FULL, Trouble.JOURNAL_FAILED),
    *(Trouble.BATTERY_EMPTY, Trouble.POWER_WEAK),
)
"""Told behind that: what is written may be lost, or the kit goes out, and somebody can help."""
GRAVE = (URGENT, UNHEARD, AT_RISK)
GRAVE_WHILE_STUCK = (URGENT, UNSEEN, WAITS, UNHEARD, AT_RISK)
LINES_WHERE_NARROW, LINES_IN_COLUMN = 2, 8
"""Of a sentence that one line of the smallest letters cannot hold, on small screens and between four tiles."""
COLUMN = 0.4
"""The text stands in a column if it has less of the screen's width."""


class Armed(NamedTuple):
    """How it is told that what is spoken goes out."""

    sign: Sign
    sentence: Sentence


ARMED = {
    WayOut.COPY: Armed(Sign.COPY, Sentence.COPIES),
    WayOut.TYPE: Armed(Sign.TYPE, Sentence.TYPES),
}


OF_PAGES = {
    Trouble.GROWN_STALE: (Mode.KIT, Mode.SHARING, Mode.ERASING),
    Trouble.HEADBAND_LOOSE: (Mode.KIT, Mode.FITTING),
    Trouble.HEADBAND_MAINS: (Mode.KIT, Mode.FITTING),
    Trouble.MODEL_RESTS: (Mode.KIT,),
}
"""Troubles that stand for long and are no hurry: told on the pages where something can be done."""
NEWS = {
    *(Trouble.MORE_TILES, Trouble.FEWER_TILES, Trouble.PLACES_MOVE, Trouble.PLACES_MOVED, Trouble.DROWSY),
    *(Trouble.GROWN_ON_TRIAL, Trouble.GROWN_CHANGES, Trouble.MODEL_RESTS),
    *(Trouble.PHRASES_GIVEN, Trouble.WORDS_GIVEN, Trouble.PANEL_WATCHED),
    *(Trouble.GIVEN_OUT, Trouble.LOOKS_RECORDED, Trouble.SESSION_RECORDED),
    *(Trouble.ERASING, Trouble.ERASED, Trouble.NOTHING_TO_ERASE),
}
"""No troubles: they are told, and nothing is wrong."""
ERASED = {Scope.TODAY: Sentence.ERASE_TODAY, Scope.EVERYTHING: Sentence.ERASE_ALL}
"""What is gone then; of a sentence it is told which, if that is known."""


class Note(msgspec.Struct, frozen=True):
    """A sentence."""

    sign: Sign
    text: str
    colour: Colour
    most_lines: int = 1
    behind: str = ""
    """What stands at the end of its line whatever happens."""


class Foot(msgspec.Struct, frozen=True):
    """Notes on their lines."""

    noted: tuple[tuple[Note, tuple[Line, ...]], ...]
    height: int


def gutter(sheet: Sheet) -> int:
    """Pixels left of the words."""
    return round(GUTTER * sheet.letters(SMALL))


def notes(screen: Screen, words: Words, most: int = MOST_GRAVE) -> list[Note]:
    """What must be said: rest, and the first troubles, the grave ones before all others.

    That nothing can be chosen any more stands large above them.
    """
    said: list[Note] = []
    if screen.mode is Mode.REST:
        said.append(Note(Sign.REST, words.mode(Mode.REST), Colour.INK, most_lines=2))
    if screen.erasing:
        one = Sentence.ERASE_THIS if screen.erased else Sentence.ERASE_LAST
        gone = words.sentence(ERASED.get(screen.erasing, one), text=screen.erased)
        said.append(Note(Sign.WARNING, gone, Colour.WARNING, most_lines=LINES_OF_QUESTION))
    briefly = bool(screen.partner and screen.notices)
    if screen.practice and (told := words.practice(screen, screen.practice, briefly=briefly)):
        said.append(Note(Sign.PRACTICE, told, Colour.INK, most_lines=LINES_OF_PRACTICE))
    elif screen.saying and (screen.text or screen.prefix):  # on an empty line it stands where the text would
        heard = fate(screen)
        sign = Sign.SPEAK if heard is Sentence.SAID else Sign.WARNING
        said.append(Note(sign, words.sentence(heard, text=screen.said), Colour.INK))
    if screen.check:
        asked = Sentence.CHECK if screen.check.number else Sentence.CHECK_BEGINS
        told = words.sentence(asked, number=screen.check.number, count=screen.check.count)
        said.append(Note(Sign.PHRASES, told, Colour.INK, most_lines=2))
    if screen.incognito or screen.private:
        said.append(Note(Sign.PRIVATE, words.sentence(_unlearned(screen)), Colour.INK))
    elif screen.armed:
        out = ARMED[screen.armed]
        said.append(Note(out.sign, words.sentence(out.sentence), Colour.ACCENT))
    said += _readers(screen, words)
    noted = [notice for notice in screen.notices if is_told(notice.trouble, screen.mode)]
    grave = _grave(screen)
    noted.sort(key=lambda notice: _rank(notice, grave))
    troubles = {_text(notice, screen, words): notice.trouble for notice in noted}
    most = min(most, most_troubles(screen))
    said += [_told(text, trouble) for text, trouble in list(troubles.items())[:most]]
    if most and (more := len(troubles) - most) > 0:
        behind = words.sentence(Sentence.MORE_NOTICES, count=more)
        said[-1] = msgspec.structs.replace(said[-1], behind=behind)
    return said


def _text(notice: Notice, screen: Screen, words: Words) -> str:
    """What is told of a trouble; how a call ends only while undo ends it, and takes no word of the text."""
    ends = notice.trouble is Trouble.CALLING_HELP and screen.calling
    return words.sentence(Sentence.CALLING) if ends else words.notice(notice)


def _told(text: str, trouble: Trouble) -> Note:
    """What nobody has to mend has not the sign of what somebody has."""
    return Note(Sign.NEWS, text, Colour.ACCENT) if trouble in NEWS else Note(Sign.WARNING, text, Colour.WARNING)


def _readers(screen: Screen, words: Words) -> Iterator[Note]:
    """Who reads along, whatever else stands there; and who asks to, unless there is no room for that now."""
    if reads := read_page.sign(screen):
        yield Note(Sign.SHARING, words.sentence(reads), Colour.ACCENT)
    if (asks := read_page.asks(screen)) and not (screen.partner and screen.notices):
        yield Note(Sign.PHRASES, words.sentence(asks), Colour.INK, most_lines=2)


def is_told(trouble: Trouble, mode: Mode) -> bool:
    """Whether a trouble is told at the foot of this page."""
    return trouble is not Trouble.INPUTS_LOST and mode in OF_PAGES.get(trouble, (mode,))


def _grave(screen: Screen) -> tuple[tuple[Trouble, ...], ...]:
    """The kinds that go before all others. Who can choose nothing is told first why, and what is left."""
    is_stuck = any(notice.trouble in CHOOSES_NOTHING for notice in screen.notices)
    return GRAVE_WHILE_STUCK if is_stuck else GRAVE


def _rank(notice: Notice, grave: tuple[tuple[Trouble, ...], ...]) -> int:
    """Which troubles go first; the same number keeps their order."""
    if notice.process == "voice" and notice.trouble is Trouble.PROCESS_SILENT:
        return grave.index(UNHEARD)
    return next((rank for rank, troubles in enumerate(grave) if notice.trouble in troubles), len(grave))


def _unlearned(screen: Screen) -> Sentence:
    """Whether it is this text alone that is not learned, or all; where what is spoken goes out, this does not."""
    if screen.armed:
        return Sentence.KEPT_IN_ALL if screen.incognito else Sentence.KEPT_IN
    return Sentence.INCOGNITO if screen.incognito else Sentence.PRIVATE


def most_troubles(screen: Screen) -> int:
    """So many have room: two, or one of each grave kind; few beside what practice says, or who reads.

    None have beside that and what the other person said. How to choose, if that has changed, practice says
    itself; what is over soon stands there all the same.
    """
    if screen.partner and read_page.sign(screen):
        return MOST_BESIDE_SIGN
    if not screen.practice:
        grave = _grave(screen)
        kinds = {rank for notice in screen.notices if (rank := _rank(notice, grave)) < len(grave)}
        return max(MOST_NOTICES, len(kinds))
    is_urgent = any(notice.trouble in URGENT for notice in screen.notices)
    return MOST_IN_PRACTICE if is_urgent or not screen.partner else 0


def fate(screen: Screen) -> Sentence:
    """Whether what was given to the voice can have been heard; in practice nothing is given to it."""
    if screen.practice:
        return Sentence.NOT_SAID
    return Sentence.NOT_HEARD if screen.unheard else Sentence.SAID


def foot(said: list[Note], width: int, sheet: Sheet) -> Foot:
    """The notes, wrapped or shrunk to this width."""
    noted = tuple((note, tuple(_lines(note, width, sheet))) for note in said)
    height = line_height(sheet.letters(SMALL)) * sum(len(lines) for _, lines in noted)
    return Foot(noted, height)


def drawn(laid: Foot, rect: Rect, sheet: Sheet) -> Iterator[Thing]:
    """Icons in the gutter left of the rectangle, sentences in it."""
    size = sheet.letters(SMALL)
    height, top = line_height(size), rect.y
    for note, lines in laid.noted:
        yield Icon(note.sign, rect.x - gutter(sheet), top + (height - size) // 2, size, note.colour)
        for line in lines:
            yield from line.texts(rect.x, top + baseline(size))
            top += height
        if note.behind:
            x = rect.right - sheet.width_of(note.behind, size, True)
            yield Text(note.behind, x, top - height + baseline(size), size, Colour.WARNING, bold=True)


def _lines(note: Note, width: int, sheet: Sheet) -> list[Line]:
    """On as few lines as hold the sentence in letters that can be read."""
    style, smallest = Style(sheet.letters(SMALL), Colour.INK), sheet.least(SMALL)
    is_column = width < COLUMN * sheet.width
    if note.most_lines > 1 and not is_column:
        return on_lines(note.text, style, (note.most_lines, width), sheet, smallest)
    behind = sheet.width_of(note.behind, style.size, True) + style.size // 2 if note.behind else 0
    if is_column:
        lines = on_lines(note.text, style, (LINES_IN_COLUMN, width), sheet, smallest)
        return [*lines, Line(())] if note.behind else lines
    line = one_line(note.text, style, width - behind, sheet, smallest)
    if not line.is_cut:
        return [line]
    return on_lines(note.text, style, (LINES_WHERE_NARROW, width - behind), sheet, smallest)
