"""Folders that are numbered and never overwritten: each stands there whole, or not at all.

0001/  0002/
.making/    the one that is only being made; it counts for nothing
.last       the highest number that was given out: the newest one may be removed
.lock       whoever makes one holds it
"""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vybor.foundation import small_files
from vybor.foundation.errors import AddressInUse
from vybor_workshop.places import make, place_errors

NUMBER = re.compile(r"[0-9]{4,}")
MAKING = ".making"
LAST, LONGEST_NUMBER = ".last", 20


def folders(there: Path) -> list[tuple[int, Path]]:
    """The numbered folders that stand there, by their numbers."""
    found = [each for each in there.iterdir() if NUMBER.fullmatch(each.name)] if there.is_dir() else []
    return sorted((int(each.name), each) for each in found)


@contextmanager
def alone(there: Path, busy: str) -> Iterator[None]:
    """While it lasts nobody else makes anything there. `busy`: what is said where somebody does.

    Raises PlaceError, AddressInUse.
    """
    with place_errors(there):
        make(there)
        lock = (there / ".lock").open("w", encoding="ascii")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AddressInUse(f"{busy}; wait for that to end") from None
        yield


@contextmanager
def next_one(there: Path) -> Iterator[Path]:
    """A folder to make the next one in, alone; it gets its number when all in it is done, else it is gone.

    Raises PlaceError.
    """
    made = there / MAKING
    with place_errors(there):
        if made.exists():  # somebody was killed in the middle
            shutil.rmtree(made)
        made.mkdir(mode=0o700)
    try:
        yield made
        with place_errors(there):
            number = _next_number(there)
            small_files.write_bytes(there / LAST, b"%d\n" % number, 0o600, is_synced=True)
            made.rename(there / f"{number:04}")
            small_files.sync_folder(there)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def clear(there: Path) -> None:
    """Remove what somebody was killed in the middle of making; what is being made now has its lock.

    Raises PlaceError.
    """
    if not (there / MAKING).exists():
        return
    with place_errors(there), (there / ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(there / MAKING)
        small_files.sync_folder(there)


def _next_number(there: Path) -> int:
    """One more than there ever was: what went out of one that was removed is not to be told of another."""
    return max((_last(there / LAST), *(number for number, _ in folders(there)))) + 1


def _last(path: Path) -> int:
    """The highest number that was given out; 0: none, or it is not known."""
    try:
        return int(small_files.read(path, LONGEST_NUMBER))
    except (OSError, ValueError):
        return 0
