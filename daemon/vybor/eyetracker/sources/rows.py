"""Lines of a file as rows: names in its first line, and what of a line can be believed. Pure."""

import re
from collections.abc import Callable, Sequence
from statistics import median

import msgspec

from vybor.points.source import Place, TrackerMissing, is_near

DELIMITERS = ",;\t"
LONGEST_STEP_S = 60.0
"""Times further apart than this are no times of one recording."""
LARGEST_TIME = 1e19
"""In any unit: the year 2262 in nanoseconds since 1970 is less."""
STEPS = 5
"""So many of them tell in which unit times are, where no name does."""
UNITS_S = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
A_THOUSAND_A_SECOND = ((1.0, "s"), (1e3, "ms"), (1e6, "us"))
"""Nothing looks less often than once a second or more often than a thousand times."""


class Told(msgspec.Struct, frozen=True):
    """What a line says."""

    time: float
    """In the file's own unit."""
    place: Place | None
    """None: no open eyes are seen."""


class Row(msgspec.Struct, frozen=True):
    """A line that is a look, or says that no eyes are seen."""

    time_s: float
    place: Place | None
    anew: bool
    """Whether times begin anew with it: what was known of them holds no more."""


class Meaning(msgspec.Struct, frozen=True):
    """What the columns of a file mean."""

    of: Callable[[Sequence[str]], Told | None]
    """What a line's cells say; None where they cannot be understood."""
    unit_s: float | None
    """The unit of its times; None where only they can tell."""


class Columns(msgspec.Struct, frozen=True):
    """The first line of a file."""

    delimiter: str
    names: tuple[str, ...]

    def cells(self, line: str) -> list[str] | None:
        """A line's cells; None if it has more or fewer than there are names: it is torn, or of something else."""
        cells = [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(self.delimiter)]
        if len(cells) == len(self.names) + 1 and not cells[-1]:
            cells.pop()
        return cells if len(cells) == len(self.names) else None

    def place_of(self, pattern: str) -> int | None:
        """Which column has a name of this pattern, spelled in whatever way: `Gaze X (px)` is `gazexpx`."""
        found = (index for index, name in enumerate(self.names) if re.fullmatch(pattern, _plain(name)))
        return next(found, None)


def columns_of(header: str, told: str) -> Columns:
    """Understand the first line. Raises TrackerMissing if it has no names."""
    header = header.lstrip("\ufeff").rstrip("\r\n")
    delimiter = max(DELIMITERS, key=header.count)
    names = tuple(name.strip().strip('"') for name in header.split(delimiter))
    if len(names) < 2 or any(number(name) is not None for name in names):
        raise TrackerMissing(
            f"{told} has no names of columns in its first line, which begins with {header[:40]!r}; add them"
        )
    return Columns(delimiter, names)


def number(text: str) -> float | None:
    """A number, with a point or a comma; `nan` is one; None for anything else."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _is_one(told: Told) -> bool:
    """Whether a line says what a look can."""
    is_time = abs(told.time) <= LARGEST_TIME  # what is no number is none
    return is_time and (told.place is None or is_near(told.place))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Rows:
    """Takes line after line, and counts those that are no look."""

    def __init__(self, columns: Columns, meaning: Meaning) -> None:
        self._columns = columns
        self._meaning = meaning
        self._unit_s = meaning.unit_s
        self._steps: list[float] = []
        self._last: float | None = None
        self._anew = True
        self.skipped = 0

    def take(self, line: str) -> Row | None:
        """What a line is. Nothing is taken before the unit of times is known: a tenth of a second or so."""
        if not line.strip():
            return None
        cells = self._columns.cells(line)
        told = self._meaning.of(cells) if cells is not None else None
        if told is None or not _is_one(told):
            self.skipped += 1
            return None
        before, self._last = self._last, told.time
        if before is None:
            return self._row(told)
        step = told.time - before
        if step == 0:
            self.skipped += 1
            return None
        if step < 0 or (self._unit_s is not None and step * self._unit_s > LONGEST_STEP_S):
            self._anew = True
            self.skipped += 1
            return None
        self._measure(step)
        return self._row(told)

    def _measure(self, step: float) -> None:
        if self._unit_s is None:
            self._steps.append(step)
            if len(self._steps) == STEPS:
                self._unit_s = unit_s(median(self._steps))

    def _row(self, told: Told) -> Row | None:
        if self._unit_s is None:
            return None
        row = Row(told.time * self._unit_s, told.place, self._anew)
        self._anew = False
        return row


def unit_s(step: float) -> float:
    """The unit in which looks that come so far apart are dated: there are 1 to 1,000 of them a second."""
    return next((UNITS_S[name] for most, name in A_THOUSAND_A_SECOND if step < most), UNITS_S["ns"])
