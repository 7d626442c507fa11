"""A file of lines: opened so that nothing hangs, and the new lines of one that another program writes."""

import os
import stat
from pathlib import Path

from vybor.points.source import TrackerMissing, TrackerStopped

LONGEST = 65_536
"""Bytes of a line; OpenFace's have 5,000."""
AT_ONCE = 1_000_000
"""Bytes read in one turn: seconds of OpenFace's lines."""


def opened(path: Path) -> int:
    """A descriptor of a regular file. Raises TrackerMissing: a pipe or a device could make the reader wait."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise TrackerMissing(
            f"there is no {path}; start what writes it, or name another file in eyetracker.where"
        ) from None
    except OSError as error:
        raise TrackerMissing(
            f"{path} cannot be read ({error.strerror}); put it where the kit may read, in no home"
        ) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise TrackerMissing(f"{path} is no file; name one in eyetracker.where")
    return descriptor


def read(descriptor: int, most: int, at: int, path: Path) -> bytes:
    """Bytes from a place on. Raises TrackerMissing where the disk gives none: a stick that was pulled out."""
    try:
        return os.pread(descriptor, most, at)
    except OSError as error:
        raise TrackerMissing(
            f"{path} cannot be read ({error.strerror}); see that its disk is there, or name another file"
        ) from None


def first_line(descriptor: int, path: Path) -> bytes:
    """The line with the names, its end included. Raises TrackerMissing while it is not whole."""
    begun = read(descriptor, LONGEST, 0, path)
    line, end, _ = begun.partition(b"\n")
    if not end:
        raise TrackerMissing(f"{path} has no first line yet; see that what writes it runs")
    return line + end


class Growing:
    """What another program writes to a file from now on. Raises TrackerMissing if there is none to follow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = opened(path)
        try:
            self.header = first_line(self._descriptor, path).decode(errors="replace")
            self._at = os.fstat(self._descriptor).st_size  # what stands there was not written now
            self._begun = b""
            self._is_torn = read(self._descriptor, 1, self._at - 1, path) != b"\n"
        except TrackerMissing:
            self.close()
            raise

    def lines(self) -> list[str]:
        """Whole lines since the last call. Raises TrackerStopped where it is another file, or TrackerMissing."""
        self._check()
        came = read(self._descriptor, AT_ONCE, self._at, self._path)
        self._at += len(came)
        *whole, self._begun = (self._begun + came).split(b"\n")
        if self._is_torn and whole:  # the end of a line whose beginning is from before
            whole, self._is_torn = whole[1:], False
        if len(self._begun) > LONGEST:
            self._begun, self._is_torn = b"", True
        return [line.decode(errors="replace") for line in whole]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def _check(self) -> None:
        ours = os.fstat(self._descriptor)
        try:
            there = self._path.stat()
        except OSError:
            raise TrackerStopped(f"{self._path} is gone; start what writes it") from None
        if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino) or there.st_size < self._at:
            raise TrackerStopped(f"{self._path} was begun anew; it is opened again")
