"""The middle of the screen while the wearer is asked who may read, and the sign while somebody does. Pure."""

from collections.abc import Iterator

from vybor.contracts.messages import Mode, Readable, Readers, Screen
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Rect, Sheet, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Style, on_lines
from vybor.display.says.read_texts import ASKS, QUESTIONS, READS, ReadSentence
from vybor.display.says.words import Words

MIDDLE, SMALL = 36, 28
MOST_LINES = 4


def things(screen: Screen, rect: Rect, sheet: Sheet, words: Words) -> Iterator[Thing]:
    """The question and what follows from a yes, whole sentences of it as far as there is room."""
    asked = screen.readers.asked if screen.readers else None
    if asked is None:
        return
    said = [
        (QUESTIONS[asked], MIDDLE),
        (ReadSentence.COPY_STAYS if asked is Readable.EXPORT else ReadSentence.HOLDS, SMALL),
        (ReadSentence.PRIVATE_STAYS, SMALL),
    ]
    top = rect.y
    for sentence, size in said:
        lines = _lines(sentence, size, rect.width, sheet, words)
        if size == SMALL and top + sum(line_height(line.size) for line in lines) > rect.bottom:
            return
        for line in lines:
            yield from line.texts(rect.x, top + baseline(line.size))
            top += line_height(line.size)


def height(screen: Screen, width: int, sheet: Sheet, words: Words) -> int:
    """Pixels that the question takes on its own page; 0 where none is asked there."""
    asked = screen.readers.asked if screen.readers else None
    if asked is None or screen.mode is not Mode.READ_ASKED:
        return 0
    return sum(line_height(line.size) for line in _lines(QUESTIONS[asked], MIDDLE, width, sheet, words))


def _lines(sentence: ReadSentence, size: int, width: int, sheet: Sheet, words: Words) -> list[Line]:
    style = Style(sheet.letters(size), Colour.INK if size > SMALL else Colour.GREY)
    return list(on_lines(words.sentence(sentence), style, (MOST_LINES, width), sheet, sheet.least(SMALL)))


def asks(screen: Screen) -> ReadSentence | None:
    """What is said of a question at the foot of other pages."""
    asked = screen.readers.asked if screen.readers else None
    return ASKS[asked] if asked and screen.mode is not Mode.READ_ASKED else None


def sign(screen: Screen) -> ReadSentence | None:
    """What is said while somebody may read; None while nobody may."""
    readers = screen.readers
    if readers is None or not readers.grants:
        return None
    is_hidden = screen.incognito or screen.private
    return _of_several(readers) if len(readers.grants) > 1 else _of_one(readers, is_hidden)


def _of_one(readers: Readers, is_hidden: bool) -> ReadSentence:
    (grant,) = readers.grants
    if grant.what is Readable.MIRROR and is_hidden:
        return ReadSentence.READS_NOT_THIS
    return ReadSentence.READS_DRAFTS if grant.drafts else READS[grant.what]


def _of_several(readers: Readers) -> ReadSentence:
    """The one that shows the most."""
    return ReadSentence.READS_DRAFTS if any(grant.drafts for grant in readers.grants) else ReadSentence.READS_MORE
