"""The middle of the screen while it is shown what leaves the kit, and while a workstation is paired. Pure."""

from collections.abc import Iterator

from vybor.contracts.messages import Mode, Pairing, PairingEnd, Screen, Sharing
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Rect, Sheet, Thing, baseline, line_height
from vybor.display.drawing.wrap import Style, on_lines
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words
from vybor.foundation.clock import on_the_wall

LARGE, MIDDLE, SMALL = 56, 36, 28
MOST_LINES = 2
MODES = (Mode.SHARING, Mode.UNPAIR_SURE, Mode.PAIR_SURE)
"""Pages of which this is the middle."""
ENDED = {
    PairingEnd.DIFFERED: Sentence.PAIR_DIFFERED,
    PairingEnd.BROKEN: Sentence.PAIR_BROKEN,
    PairingEnd.LATE: Sentence.PAIR_LATE,
}


def things(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """All that stands there, as far as there is room."""
    top, sharing = rect.y, screen.sharing
    asked_of = sharing.workstation if sharing and screen.mode is not Mode.SHARING else ""
    for text, size in _asked(screen.mode, asked_of, words) if asked_of else _told(sharing, words):
        style = Style(sheet.letters(size), Colour.INK if size > SMALL else Colour.GREY, bold=size == LARGE)
        for line in on_lines(text, style, (MOST_LINES, rect.width), sheet, sheet.least(SMALL)):
            if top + line_height(line.size) > rect.bottom:
                return
            yield from line.texts(rect.x, top + baseline(line.size))
            top += line_height(line.size)


def _told(sharing: Sharing | None, words: Words) -> Iterator[tuple[str, int]]:
    """Each sentence, and how large it is."""
    if sharing is None:
        yield words.sentence(Sentence.SHARE_UNKNOWN), MIDDLE
    elif sharing.pairing:
        yield from _pairing(sharing.pairing, sharing.pairing_ended, words)
    elif not sharing.workstation:
        yield words.sentence(Sentence.SHARE_UNPAIRED), MIDDLE
        yield from _ended(sharing.pairing_ended, words)
    else:
        agreed = Sentence.SHARE_AGREED if sharing.agreed else Sentence.SHARE_ASKED
        yield words.sentence(agreed, name=sharing.workstation), MIDDLE
        if sharing.agreed:
            waits = Sentence.SHARE_WAITS if sharing.rows else Sentence.SHARE_ALL_THERE
            yield words.sentence(waits, count=sharing.rows), SMALL
        if sharing.synced_at:
            yield words.sentence(Sentence.SHARE_DELETES), SMALL
            yield words.sentence(Sentence.SHARE_LAST, time=on_the_wall(sharing.synced_at)), SMALL
        yield from _ended(sharing.pairing_ended, words)


def _asked(mode: Mode, workstation: str, words: Words) -> Iterator[tuple[str, int]]:
    """What follows if it is removed, or if another one takes its place."""
    keeps = words.sentence(Sentence.UNPAIR_KEEPS, name=workstation)
    if mode is Mode.PAIR_SURE:
        yield words.sentence(Sentence.PAIR_REPLACES, name=workstation), MIDDLE
        yield keeps, SMALL
    else:
        yield keeps, MIDDLE
        yield words.sentence(Sentence.UNPAIR_UNDO), SMALL


def _ended(ended: PairingEnd, words: Words) -> Iterator[tuple[str, int]]:
    """Why nobody was paired, also where another workstation is paired already."""
    if ended is not PairingEnd.NONE:
        yield words.sentence(ENDED[ended]), SMALL


def _pairing(pairing: Pairing, ended: PairingEnd, words: Words) -> Iterator[tuple[str, int]]:
    if not pairing.digits:
        there = pairing.addresses or ("?",)
        if ended is PairingEnd.NONE:
            yield words.sentence(Sentence.PAIR_WAITS), MIDDLE
        yield from _ended(ended, words)
        yield f"vybor-workshop kit add {there[0]}", MIDDLE
        if there[1:]:
            yield ", ".join(there[1:]), SMALL
        return
    yield f"{pairing.digits[:3]} {pairing.digits[3:]}", LARGE
    yield "  ".join(pairing.words), MIDDLE
    asked = Sentence.PAIR_SAID if pairing.is_said else Sentence.PAIR_ASKED
    yield words.sentence(asked, name=pairing.workstation), SMALL
