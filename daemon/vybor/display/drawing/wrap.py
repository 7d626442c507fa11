"""Words on lines: wrapping, shrinking a little, and cutting where it can be seen. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Sheet, Text, line_height

CUT = "…"
HYPHEN = "-"
MOST_LINES = 3


class Style(msgspec.Struct, frozen=True):
    """How words look."""

    size: int
    colour: Colour
    bold: bool = False


class Run(msgspec.Struct, frozen=True):
    """Words of one style."""

    text: str
    style: Style


class Word(msgspec.Struct, frozen=True):
    """A word in its place on a line."""

    text: str
    style: Style
    x: int
    width: int


class Line(msgspec.Struct, frozen=True):
    """Words beside each other."""

    words: tuple[Word, ...]
    broken: bool = False
    """Whether its last word goes on below."""
    is_cut: bool = False
    """Whether it ends where its sentence goes on; a sentence may end in an ellipsis of its own."""

    @property
    def width(self) -> int:
        """Pixels from the first word's beginning to the last one's end."""
        return self.words[-1].x + self.words[-1].width if self.words else 0

    @property
    def size(self) -> int:
        """The size of the largest letters on it."""
        return max((word.style.size for word in self.words), default=0)

    def texts(self, x: int, baseline: int) -> Iterator[Text]:
        """The line, drawn from `x` on."""
        for word in self.words:
            yield Text(word.text, x + word.x, baseline, word.style.size, word.style.colour, word.style.bold)


def wrap(runs: Iterable[Run], width: int, sheet: Sheet) -> list[Line]:
    """All words on lines of at most `width` pixels; a word that is longer is broken with a hyphen."""
    lines: list[Line] = []
    words: list[Word] = []
    for run in runs:
        space = _width(" ", run.style, sheet)
        for written in run.text.split():
            text = written
            x = words[-1].x + words[-1].width + space if words else 0
            if words and x + _width(text, run.style, sheet) > width:
                lines.append(Line(tuple(words)))
                words, x = [], 0
            while (taken := _as_much_as_fits(text, run.style, width, sheet)) < len(text):
                piece = text[:taken] + HYPHEN
                lines.append(Line((Word(piece, run.style, 0, _width(piece, run.style, sheet)),), broken=True))
                text = text[taken:]
            words.append(Word(text, run.style, x, _width(text, run.style, sheet)))
    return [*lines, Line(tuple(words))] if words else lines


def cut(lines: Sequence[Line], most: int, width: int, sheet: Sheet) -> list[Line]:
    """The first `most` lines; if that is not all, the last of them ends in an ellipsis."""
    if len(lines) <= most:
        return list(lines)
    kept = list(lines[:most])
    dropped = lines[most].words[0]
    words = list(kept[-1].words)
    mark = Word(CUT, dropped.style, 0, _width(CUT, dropped.style, sheet))
    while words and words[-1].x + words[-1].width + mark.width > width:
        last = words.pop()
        if not words:
            words = [_shortened(last, width - mark.width, sheet)]
            break
        mark = Word(CUT, last.style, 0, _width(CUT, last.style, sheet))
    end = words[-1].x + words[-1].width
    kept[-1] = Line((*words, msgspec.structs.replace(mark, x=end)), is_cut=True)
    return kept


def one_line(text: str, style: Style, width: int, sheet: Sheet, smallest: int) -> Line:
    """A sentence on one line: shrunk down to `smallest` if need be, then cut."""
    lines = on_lines(text, style, (1, width), sheet, smallest)
    return lines[0] if lines else Line(())


def on_lines(text: str, style: Style, room: tuple[int, int], sheet: Sheet, smallest: int) -> list[Line]:
    """A sentence on at most so many lines of (lines, width): shrunk down to `smallest` if need be, then cut."""
    most, width = room
    lines: list[Line] = []
    for size in range(style.size, min(style.size, smallest) - 1, -1):
        lines = wrap([Run(text, msgspec.structs.replace(style, size=size))], width, sheet)
        if len(lines) <= most and not any(line.broken for line in lines):
            break
    return cut(lines, most, width, sheet)


def balanced(runs: Sequence[Run], lines: Sequence[Line], sheet: Sheet) -> list[Line]:
    """As many lines as these, but about equally long: no word is left alone on the last one."""
    widest = max((line.width for line in lines), default=0)

    def too_narrow(width: int) -> bool:
        tried = wrap(runs, width, sheet)
        return len(tried) > len(lines) or any(line.broken for line in tried)

    return wrap(runs, bisect_left(range(widest), True, key=lambda width: not too_narrow(max(1, width))), sheet)


def fit(
    label: str, grey: str, styles: Sequence[tuple[Style, Style]], room: tuple[int, int], sheet: Sheet
) -> list[Line]:
    """A label and, behind it, how it would go on, in a room of (width, height) pixels.

    `styles` are pairs for label and grey, largest first. All of it is shown if the first two sizes can; else the
    label is, as large as it can be, and what follows is cut; only a label too long for the smallest size is cut.
    """
    width, height = room

    def lines_at(pair: tuple[Style, Style], text: str, behind: str) -> list[Line]:
        return wrap([Run(text, pair[0]), Run(behind, pair[1])], width, sheet)

    def most(pair: tuple[Style, Style]) -> int:
        return max(1, min(MOST_LINES, height // line_height(pair[0].size)))

    def whole(pair: tuple[Style, Style], lines: Sequence[Line]) -> bool:
        return len(lines) <= most(pair) and not any(line.broken for line in lines)

    for pair in styles[:2]:
        if whole(pair, lines := lines_at(pair, label, grey)):
            return balanced([Run(label, pair[0]), Run(grey, pair[1])], lines, sheet)
    fitting = (pair for pair in styles if whole(pair, lines_at(pair, label, "")))
    chosen = next(fitting, None)
    if chosen is None:
        return cut(lines_at(styles[-1], label, grey), most(styles[-1]), width, sheet)
    if not grey:
        return balanced([Run(label, chosen[0])], lines_at(chosen, label, ""), sheet)
    shown = cut(lines_at(chosen, label, grey), most(chosen), width, sheet)
    begins = [word.text for line in shown for word in line.words][: len(label.split())]
    return shown if begins == label.split() else lines_at(chosen, label, "")  # no label is cut for what is in grey


def _width(text: str, style: Style, sheet: Sheet) -> int:
    return sheet.width_of(text, style.size, style.bold)


def _as_much_as_fits(text: str, style: Style, width: int, sheet: Sheet) -> int:
    """How many characters of a word fit on a line of its own, with the hyphen behind them; at least one."""
    if len(text) == 1 or _width(text, style, sheet) <= width:
        return len(text)
    longer = range(2, len(text))
    return 1 + bisect_right(longer, width, key=lambda taken: _width(text[:taken] + HYPHEN, style, sheet))


def _shortened(word: Word, width: int, sheet: Sheet) -> Word:
    """A word without the letters at its end that do not fit."""
    text = word.text
    while len(text) > 1 and _width(text, word.style, sheet) > width:
        text = text[:-1]
    return Word(text, word.style, 0, _width(text, word.style, sheet))
