"""Looks from a file: one that grows while it is read, and one that is played at its own pace."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from vybor.eyetracker.sources.lines import LONGEST, Growing, first_line, opened
from vybor.eyetracker.sources.rows import Columns, Meaning, Row, Rows, columns_of
from vybor.eyetracker.sources.timing import AT_SD_NS, Arrivals, placed
from vybor.foundation.clock import Clock, seconds
from vybor.points.source import Spot, TrackerMissing, TrackerStopped

Understand = Callable[[Columns, str], Meaning]
"""From the names of the columns, and what the file is called, to what they mean. Raises TrackerMissing."""
MOST_LINES = 10_000
"""Of a recording, looked at in one turn: there may be no look in it at all."""


class _Lines:
    """What is common: the rows of a file, and how many lines were none."""

    def __init__(self, path: Path, understand: Understand) -> None:
        self._path = path
        self._understand = understand
        self._before = 0
        self._rows: Rows | None = None

    @property
    def skipped(self) -> int:
        """Lines that were no look."""
        return self._before + (self._rows.skipped if self._rows else 0)

    def _begin(self, header: str) -> Rows:
        columns = columns_of(header, str(self._path))
        self._rows = Rows(columns, self._understand(columns, str(self._path)))
        return self._rows

    def _end(self) -> None:
        self._before, self._rows = self.skipped, None


class LiveFile(_Lines):
    """The new lines of a file are looks of now; what stood there before is of another time."""

    remedy = "see that what writes it runs; to play a recording, set eyetracker.live to false"

    def __init__(self, path: Path, understand: Understand, clock: Clock) -> None:
        super().__init__(path, understand)
        self.told = f"{path}, as it grows"
        self._clock = clock
        self._growing: Growing | None = None
        self._arrivals = Arrivals()
        self._last_ns = 0

    def start(self) -> None:
        """Open the file at its end. Raises TrackerMissing if it is not there, or its columns are others."""
        self.stop()
        self._growing = Growing(self._path)
        self._begin(self._growing.header)

    def read(self) -> tuple[Spot, ...]:
        """The looks in lines that came since. Raises TrackerMissing or TrackerStopped where it is not the same."""
        if self._growing is None or self._rows is None:
            return ()
        rows: list[Row] = []
        for line in self._growing.lines():
            row = self._rows.take(line)
            if row is not None and row.anew:
                rows, self._arrivals = [], Arrivals()
            rows += [row] if row is not None else []
        return self._spots(rows) if rows else ()

    def stop(self) -> None:
        """Close it."""
        if self._growing is not None:
            self._growing.close()
        self._growing, self._arrivals = None, Arrivals()
        self._end()

    def _spots(self, rows: list[Row]) -> tuple[Spot, ...]:
        times_ns = [seconds(row.time_s) for row in rows]
        self._arrivals, at_ns = placed(self._arrivals, times_ns, self._clock.now_ns())
        spots = []
        for row, one_ns in zip(rows, at_ns, strict=True):
            self._last_ns = max(one_ns, self._last_ns + 1)
            spots.append(Spot(at_ns=self._last_ns, at_sd_ns=AT_SD_NS, place=row.place))
        return tuple(spots)


class PlayedFile(_Lines):
    """A recording: each look comes when it is due. It is shown from its beginning, again and again."""

    def __init__(self, path: Path, understand: Understand, clock: Clock) -> None:
        super().__init__(path, understand)
        self.told = f"the recording {path}"
        self.remedy = f"see that {path} is whole"
        self._clock = clock
        self._file: TextIO | None = None
        self._next: Row | None = None
        self._ahead_ns = 0
        """By how much our clock is ahead of the recording's times."""
        self._last_ns = 0
        self._has_looks = False
        """Whether there was one since it was opened."""

    def start(self) -> None:
        """Open it. Raises TrackerMissing if it is not there, or its columns are others."""
        self.stop()
        descriptor = opened(self._path)
        try:
            header = first_line(descriptor, self._path)
        except TrackerMissing:
            os.close(descriptor)
            raise
        self._file = os.fdopen(descriptor, encoding="utf-8", errors="replace")
        self._file.seek(len(header))
        self._begin(header.decode(errors="replace"))

    def read(self) -> tuple[Spot, ...]:
        """The looks that are due. Raises TrackerStopped at the end, or TrackerMissing if there was none."""
        if self._file is None or self._rows is None:
            return ()
        now_ns, spots = self._clock.now_ns(), list[Spot]()
        for _ in range(MOST_LINES):
            row = self._next or self._row(self._file, self._rows, now_ns, has_looks=bool(spots))
            if row is None:
                break
            at_ns = seconds(row.time_s) + self._ahead_ns
            if at_ns > now_ns:
                self._next = row
                break
            self._next, self._last_ns = None, at_ns
            spots.append(Spot(at_ns=at_ns, place=row.place))
        return tuple(spots)

    def stop(self) -> None:
        """Close it."""
        if self._file is not None:
            self._file.close()
        self._file, self._next, self._last_ns, self._has_looks = None, None, 0, False
        self._end()

    def _row(self, file: TextIO, rows: Rows, now_ns: int, *, has_looks: bool) -> Row | None:
        """The next look; None if there is none yet, though the recording goes on.

        Raises TrackerStopped, and TrackerMissing at the end of a file without any: it begins in vain again.
        """
        for _ in range(MOST_LINES):
            try:
                line = file.readline(LONGEST)
            except OSError as error:
                raise TrackerStopped(f"{self._path} cannot be read ({error.strerror}); {self.remedy}") from None
            if not line and has_looks:  # what was read is told first
                return None
            if not line and not self._has_looks:
                raise TrackerMissing(
                    f"there is no look in {self._path} ({rows.skipped} lines were none); see that it is of "
                    "eyetracker.kind, and if its x and y are pixels, set eyetracker.width_px and height_px"
                )
            if not line:
                raise TrackerStopped(f"the recording {self._path} has ended; it begins again")
            row = rows.take(line)
            if row is not None:
                self._has_looks = True
                if row.anew:
                    self._ahead_ns = max(now_ns, self._last_ns + 1) - seconds(row.time_s)
                return row
        return None
