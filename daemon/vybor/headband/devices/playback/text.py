"""Recordings in lines of numbers: BrainFlow's CSV, OpenBCI's text of any version, CSV of Muses with a header."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np

from vybor.foundation import small_files
from vybor.headband.boards import BOARDS, Board
from vybor.headband.devices import layout
from vybor.headband.devices.playback.recorded import Recorded, Rows
from vybor.headband.port import HeadbandMissing

ROWS = 16
"""Read at once."""
TOLD_ROWS = 2000
"""The rate is told from so many."""
RATE_ROWS = 50
"""Apart: hosts stamp the samples of a packet all at once."""
LONGEST_LINE = 1 << 16
OPENBCI = "%OpenBCI"
OPENBCI_TIME, OPENBCI_CHANNEL = "Timestamp", "EXG Channel"
TIME = "timestamps"
HEAD_LINES = 200
LONGEST_TOLD = 40
"""Letters of what stands where it does not belong."""
NAMES = frozenset(label.upper() for board in BOARDS for label in board.labels)
"""Of channels: a line with one of them is a header."""


class Columns(msgspec.Struct, frozen=True):
    """Where what stands in a line."""

    channels: tuple[int, ...]
    counter: int | None
    """The package number."""
    counter_step: int
    at: int | None
    """The time stamp; None: there is none."""
    at_scale: float = 1.0
    """To seconds."""
    separator: str = ","
    names: tuple[str, ...] = ()
    """What they are called, where the file says so."""

    @property
    def least(self) -> int:
        """How many fields a line must have."""
        return 1 + max((*self.channels, self.counter or 0, self.at or 0))

    def named(self, place: int) -> str:
        """A column, in words."""
        return f"column {self.names[place][:LONGEST_TOLD]!r}" if place < len(self.names) else f"column {place + 1}"


def opened(path: Path, named: str) -> Recorded:
    """A recording of a headband that is known; `named` goes first of two that fit. Raises HeadbandMissing."""
    head = list(islice(_lines(path), HEAD_LINES))
    first = head[0] if head else ""
    titles = tuple(title.strip() for title in first.split(","))
    if first.startswith(OPENBCI):
        kind, board, columns = "a text file of OpenBCI", *_openbci(path, head, named)
    elif titles[0].lower() == TIME and len(titles) > 1:
        kind, board, columns = "a CSV with a header", *_headed(path, titles, named)
    elif NAMES.intersection(title.upper() for title in titles):
        raise HeadbandMissing(
            f"the recording {path} begins with a column {titles[0][:LONGEST_TOLD]!r}, and a CSV with a header "
            f"with {TIME}, in seconds; put that before the others, or name another file"
        )
    else:
        kind, board, columns = "a BrainFlow CSV", *_brainflow(path, first, named)
    return Recorded(
        path=path,
        kind=kind,
        board=board,
        rows=lambda: _rows(path, columns, board),
        has_counters=columns.counter is not None and board.counter_modulo > 0,
    )


def _brainflow(path: Path, first: str, named: str) -> tuple[Board, Columns]:
    """Known by how many columns there are, and by the rate where two boards have as many."""
    separator = "\t" if "\t" in first else ","
    count = len(first.split(separator)) if _numbers(first.split(separator)) else 0
    fitting = sorted((board for board in BOARDS if board.columns == count), key=lambda board: board.name != named)
    if not fitting:
        known = ", ".join(sorted({str(board.columns) for board in BOARDS}, key=int))
        said = f" (it has {count} columns of numbers, and BrainFlow writes {known})" if count > 1 else ""
        raise HeadbandMissing(
            f"the recording {path} is no XDF, no CSV of BrainFlow or of a Muse and no text file of OpenBCI, of a "
            f"headband that is known{said}; name another, or record one with `vybor headband record`"
        )
    found = {board.name: _brainflow_columns(board, separator) for board in fitting}
    hz = _rate(path, found[fitting[0].name])
    for board in fitting:
        if hz is None or layout.is_rate(board, hz):
            return board, found[board.name]
    boards = " or ".join(f"{board.name} has {board.hz}" for board in fitting)
    raise HeadbandMissing(
        f"the recording {path} has {hz:.0f} samples a second, and a {boards}; it cannot be played: name another"
    )


def _brainflow_columns(board: Board, separator: str) -> Columns:
    channels = tuple(range(1, 1 + board.channels))
    return Columns(channels, 0, board.counter_step, board.columns - 2, 1.0, separator)


def _openbci(path: Path, head: Sequence[str], named: str) -> tuple[Board, Columns]:
    """Known by what its first lines say."""
    said = dict(line[1:].strip().split(" = ", 1) for line in head if line.startswith("%") and " = " in line)
    try:
        channels, hz = int(said["Number of channels"]), float(said["Sample Rate"].split()[0])
    except (KeyError, ValueError, IndexError):
        raise HeadbandMissing(
            f"the recording {path} does not say how many channels it has and how often they were sampled, for its "
            "first lines are missing; export it from OpenBCI's program again"
        ) from None
    try:
        board = layout.layout((), channels, hz, named).board
    except layout.Unfit as unfit:
        raise HeadbandMissing(f"the recording {path} {unfit}; it cannot be played: name another") from None
    places = tuple(range(1, 1 + channels))
    line = next((line for line in head if line.startswith("Sample Index")), "")
    if not line:  # older files have no line of titles: their last column is the time in milliseconds
        return board, Columns(places, 0, board.counter_step, -1, 1e-3)
    titles = tuple(title.strip() for title in line.split(","))
    wrong = [place for place in places if not titles[place : place + 1] or OPENBCI_CHANNEL not in titles[place]]
    if wrong or OPENBCI_TIME not in titles:
        lacks = f"{OPENBCI_CHANNEL} {wrong[0] - 1}" if wrong else OPENBCI_TIME
        raise HeadbandMissing(
            f"the recording {path} says that it has {channels} channels, and has no column {lacks} where it "
            "belongs; export it from OpenBCI's program again"
        )
    return board, Columns(places, 0, board.counter_step, titles.index(OPENBCI_TIME), 1.0, ",", titles)


def _headed(path: Path, titles: tuple[str, ...], named: str) -> tuple[Board, Columns]:
    """Known by the names of its columns: times in seconds, then channels."""
    times = Columns((), None, 1, 0, names=titles)
    hz = _rate(path, times)
    if hz is None:
        why = _fault(path, times) or f"is too short, or the times in its column {titles[0]} stand still"
        raise HeadbandMissing(f"the recording {path} {why}; it cannot be played: mend it, or name another")
    try:
        fitting = layout.layout(titles[1:], len(titles) - 1, hz, named)
    except layout.Unfit as unfit:
        raise HeadbandMissing(f"the recording {path} {unfit}; it cannot be played: name another") from None
    return fitting.board, Columns(tuple(1 + place for place in fitting.places), None, 1, 0, names=titles)


def _rows(path: Path, columns: Columns, board: Board) -> Iterator[Rows]:
    """The samples, some at a time. Lines that are none are passed over: the counter says what is missing."""
    found = _samples(path, columns)
    is_empty = True
    while some := list(islice(found, ROWS)):
        is_empty = False
        table = np.array(some)
        microvolts = table[:, 2:].T.astype(np.float32)
        counters = table[:, 0].astype(np.int64) // columns.counter_step
        yield Rows(counters, table[:, 1], np.where(np.isfinite(microvolts), microvolts, np.float32(np.nan)))
    if is_empty:
        why = _fault(path, columns) or f"holds no samples of {board.channels} channels"
        raise HeadbandMissing(f"the recording {path} {why}; it cannot be played: mend it, or name another")


def _samples(path: Path, columns: Columns) -> Iterator[list[float]]:
    """Counter, seconds and channels of each line that has them."""
    for line in _lines(path):
        fields = line.split(columns.separator)
        if len(fields) < columns.least:
            continue
        counter = fields[columns.counter] if columns.counter is not None else "0"
        at = fields[columns.at] if columns.at is not None else "0"
        numbers = _numbers([counter, at, *(fields[place] for place in columns.channels)])
        if numbers and np.isfinite(numbers[:2]).all() and abs(numbers[0]) < 1e9:
            yield [numbers[0], numbers[1] * columns.at_scale, *numbers[2:]]


def _fault(path: Path, columns: Columns) -> str:
    """What is wrong with the first line that should hold a sample, as the end of a sentence; empty: nothing is."""
    for line in islice(_lines(path), HEAD_LINES):
        fields = [field.strip() for field in line.split(columns.separator)]
        if not line.strip() or line.startswith("%") or tuple(fields) == columns.names:
            continue
        if len(fields) < columns.least:
            return f"has {len(fields)} columns in a line, and {columns.least} are needed"
        stamps = [place for place in (columns.counter, columns.at) if place is not None]
        for place in (*stamps, *columns.channels):
            number = _numbers([fields[place]])
            if number is None or (place in stamps and not np.isfinite(number[0])):
                field, column = fields[place][:LONGEST_TOLD], columns.named(place % len(fields))
                return f"has {field!r} in its {column}, and a number belongs there"
    return ""


def _numbers(fields: Sequence[str]) -> list[float] | None:
    """None if one of them is no number."""
    try:
        return [float(field) for field in fields]
    except ValueError:
        return None


def _rate(path: Path, columns: Columns) -> float | None:
    """Samples a second, by the file's own times; None if they do not tell."""
    at_s = np.array([sample[1] for sample in islice(_samples(path, columns), TOLD_ROWS)])
    if len(at_s) <= RATE_ROWS:
        return None
    took_s = float(np.median(at_s[RATE_ROWS:] - at_s[:-RATE_ROWS]))
    return RATE_ROWS / took_s if took_s > 0 else None


def _lines(path: Path) -> Iterator[str]:
    """Raises HeadbandMissing if the file cannot be read."""
    try:
        with small_files.opened(path, links=True) as reading:
            while line := reading.readline(LONGEST_LINE):
                yield line.decode("ascii", errors="replace")
    except OSError as error:
        raise HeadbandMissing(
            f"the recording {path} cannot be read ({error.strerror}); name another file"
        ) from None
