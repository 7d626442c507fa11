"""What a fold shows: everything that it stands for, each in a frame of its own, as small tiles. Pure."""

from collections.abc import Sequence

from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Rect, Sheet, Thing, baseline, line_height
from vybor.display.drawing.wrap import Line, Run, Style, balanced, cut, wrap

LARGEST, SMALLEST = 36, 28
GAP = 6
"""Between the frames, and between a frame and its words."""
RADIUS = 8
EDGE = 1
MOST_IN_A_COLUMN = 5
MOST_LINES = 2
SMALLER = 2
"""So many pixels smaller than usual, rather than that the letters of a group run together."""
CLOSE_TOGETHER = 9
"""Letters of a group that stand close together; longer groups may be parted there."""


def face(labels: Sequence[str], room: Rect, sheet: Sheet) -> list[Thing]:
    """All labels, alike large: below each other, or in two columns where there are many.

    Below each other, one that needs two lines may be higher than the others.
    """
    gap = sheet.px(GAP)
    room = room.inset(gap)
    if len(labels) <= MOST_IN_A_COLUMN and (stacked := _stacked(labels, room, sheet)):
        frames, laid = stacked
    else:
        frames = _grid(len(labels), room, gap)
        within = Rect(0, 0, max(1, frames[0].width - 2 * gap), frames[0].height)
        laid = _laid(labels, within, sheet)
    drawn: list[Thing] = []
    for frame, lines in zip(frames, laid, strict=True):
        drawn.append(Box(frame, Colour.TILE, Colour.TILE_EDGE, sheet.px(EDGE), sheet.px(RADIUS)))
        top = frame.y + (frame.height - sum(line_height(line.size) for line in lines)) // 2
        for line in lines:
            drawn += line.texts(frame.x + (frame.width - line.width) // 2, top + baseline(line.size))
            top += line_height(line.size)
    return drawn


def _stacked(labels: Sequence[str], room: Rect, sheet: Sheet) -> tuple[list[Rect], list[list[Line]]] | None:
    """Frames as high as their labels' lines, where one label needs more of them than the others; else None.

    Letters of a group are apart there as everywhere: better a little smaller than run together.
    """
    gap = sheet.px(GAP)
    width = max(1, room.width - 2 * gap)
    for size in range(
        sheet.letters(LARGEST), max(sheet.least(SMALLEST), sheet.letters(SMALLEST) - SMALLER) - 1, -1
    ):
        runs = [[Run(label, Style(size, Colour.INK, bold=True))] for label in labels]
        laid = [wrap(each, width, sheet) for each in runs]
        counts = [len(lines) for lines in laid]
        free = room.height - (len(labels) - 1) * gap - sum(counts) * line_height(size)
        if free < 0 or max(counts) > MOST_LINES or any(line.broken for lines in laid for line in lines):
            continue
        if max(counts) == min(counts):
            return None
        laid = [balanced(run, lines, sheet) for run, lines in zip(runs, laid, strict=True)]
        return _below(room, [line_height(size) * count + free // len(labels) for count in counts], gap), laid
    return None


def _below(room: Rect, heights: Sequence[int], gap: int) -> list[Rect]:
    frames: list[Rect] = []
    top = room.y
    for height in heights:
        frames.append(room._replace(y=top, height=height))
        top += height + gap
    return frames


def _grid(count: int, room: Rect, gap: int) -> list[Rect]:
    """Frames alike large, in one column or two."""
    columns = 1 if count <= MOST_IN_A_COLUMN else 2
    rows = -(-count // columns)
    frames = [
        Rect(
            room.x + column * (room.width + gap) // columns,
            room.y + row * (room.height + gap) // rows,
            (room.width - (columns - 1) * gap) // columns,
            (room.height + gap) // rows - gap,
        )
        for column in range(columns)
        for row in range(rows)
    ]
    return frames[:count]


def _laid(labels: Sequence[str], room: Rect, sheet: Sheet) -> list[list[Line]]:
    """The labels on lines, in the largest letters in which all of them stand whole; else cut in the smallest.

    Before letters become small, those of a group stand closer together.
    """
    least, usual, largest = sheet.least(SMALLEST), sheet.letters(SMALLEST), sheet.letters(LARGEST)
    close = [_closed_up(label) for label in labels]
    for shown, size in [(labels, n) for n in range(largest, usual, -1)] + [
        (close, n) for n in range(usual, least - 1, -1)
    ]:
        runs = [[Run(label, Style(size, Colour.INK, bold=True))] for label in shown]
        lines = [wrap(each, room.width, sheet) for each in runs]
        if all(_is_whole(each, room.height, size) for each in lines):
            return [balanced(run, each, sheet) for run, each in zip(runs, lines, strict=True)]
    most = max(1, min(MOST_LINES, room.height // line_height(least)))
    return [cut(each, most, room.width, sheet) for each in lines]


def _closed_up(label: str) -> str:
    letters = label.split(" ")
    if any(len(letter) != 1 for letter in letters):
        return label
    parts = -(-len(letters) // CLOSE_TOGETHER)
    size = -(-len(letters) // parts)
    return " ".join("".join(letters[at : at + size]) for at in range(0, len(letters), size))


def _is_whole(lines: Sequence[Line], height: int, size: int) -> bool:
    fits = len(lines) <= MOST_LINES and len(lines) * line_height(size) <= height
    return fits and not any(line.broken for line in lines)
