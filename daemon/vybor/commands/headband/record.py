"""`vybor headband record`: the headband's samples into a file, because somebody asked for that."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from vybor.commands.recording import created, full
from vybor.contracts import messages as m
from vybor.foundation import clock as clocks
from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.foundation.errors import PlaceError
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.boards import Board
from vybor.headband.devices import link
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.choosing import NoHeadband, chosen
from vybor.headband.devices.recorder.brainflow_csv import BrainFlowFile
from vybor.headband.devices.recorder.joining import Joined, join
from vybor.headband.devices.recorder.xdf import XdfFile
from vybor.headband.port import Chunk, Headband, HeadbandMissing

Wait = Callable[[float], None]
Say = Callable[[str], None]


class Written(Protocol):
    """A file of some format."""

    def add(self, chunk: Chunk) -> None:
        """Write samples."""
        ...

    def close(self) -> None:
        """Write its end."""
        ...


Made = Callable[[Board], Written]
"""What begins the file, once it is known of which headband it is."""


class Record:
    """A recording in progress."""

    def __init__(self, path: Path, headband: Headband, made: Made, board: Board, clock: Clock) -> None:
        self._path = path
        self._acquisition = Acquisition(headband, clock)
        self._made = made
        self._written: Written | None = None
        self._board = board
        self._clock = clock
        self._joined = Joined()
        self._samples = self._first = 0
        self.is_asked_to_end = False

    def end(self) -> None:
        """Ask it to end; what came until then is kept."""
        self.is_asked_to_end = True

    @property
    def begins(self) -> str:
        """What is about to happen."""
        return f"recording to {self._path}; Ctrl-C ends it"

    @property
    def ended(self) -> str:
        """What was recorded, where it lies, and who can read it."""
        spanned = self._joined.last.end - self._first if self._joined.last else 0
        return (
            f"{self._path.absolute()}: {spanned / self._board.hz:.1f} s of a {self._board.name}, "
            f"{self._samples} samples, {spanned - self._samples} lost. "
            "It is not encrypted: whoever has the file has the signals. Delete it when nobody needs it any more."
        )

    def run(self, lasts_s: float | None, say: Say, wait: Wait) -> None:
        """Record for so long, or until it is asked to end. Raises HeadbandMissing if nothing came."""
        until_ns = self._clock.now_ns() + seconds(lasts_s) if lasts_s else None
        said = self._trouble()
        while not self.is_asked_to_end and (until_ns is None or self._clock.now_ns() < until_ns):
            wait(min(self._acquisition.turn(), link.POLL_S))
            self._keep(self._acquisition.take())
            told = self._trouble()
            if told != said:
                say(f"trouble: {told.detail}" if told else "samples come")
                said = told
        self._keep(self._acquisition.take())
        if not self._samples:
            raise HeadbandMissing(f"nothing was recorded: {said.detail if said else link.SILENT}")

    def close(self) -> None:
        """Write the file's end. Raises PlaceError if it cannot be."""
        try:
            if self._written:
                self._written.close()
        except OSError as error:
            raise full(self._path, error) from None

    def _trouble(self) -> m.Notice | None:
        return next(iter(link.troubles(self._acquisition.link, self._clock.now_ns())), None)

    def _keep(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            before = self._joined
            self._joined, joined = join(before, chunk)
            self._first = joined.first if before.last is None else self._first
            self._samples += joined.end - joined.first
            try:
                if self._acquisition.found:
                    self._board, _ = self._acquisition.found
                self._written = self._written or self._made(self._board)
                self._written.add(joined)
            except OSError as error:
                raise full(self._path, error) from None


@contextmanager
def begun(path: Path, settings: HeadbandSettings, clock: Clock) -> Iterator[Record]:
    """A recording of the headband of the settings; if nothing came, there is no file after.

    Raises HeadbandMissing if none is set or nothing came, PlaceError if the file cannot be.
    """
    _form(path, clock)
    choice = chosen(settings, clock)
    headband, board = choice.headband, choice.board
    if isinstance(headband, NoHeadband):
        headband.start()
    with created(path) as file:
        record = Record(path, headband, functools.partial(_form(path, clock), file), board, clock)
        try:
            yield record
        except HeadbandMissing:
            path.unlink(missing_ok=True)
            raise
        finally:
            headband.stop()
            record.close()


def _form(path: Path, clock: Clock) -> Callable[[BinaryIO, Board], Written]:
    """What makes a file of this name. Raises PlaceError for a name that says nothing."""
    if path.suffix.lower() == ".xdf":
        return lambda file, board: XdfFile(file, board, clocks.wall_time())
    if path.suffix.lower() == ".csv":
        return lambda file, board: BrainFlowFile(file, board, _ahead_s(clock))
    raise PlaceError(f"{path} is neither .xdf nor .csv; end its name in what it shall be")


def _ahead_s(clock: Clock) -> float:
    """What the wall's clock, in Unix time, is ahead of ours; to a second."""
    return datetime.fromisoformat(clocks.wall_time()).timestamp() - clock.now_ns() / SECOND_NS
