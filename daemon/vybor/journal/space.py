"""The free space that writing the record anew takes: a passing file first, then all of it in the log.

SQLite does not ask for it: what does not fit it begins all the same, and fills the disk until it notices.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from vybor.foundation.database import Connection, OperationalError

FRAME_BYTES = 24
"""Before each page in the log."""
NAMED_BY = ("SQLITE_TMPDIR", "TMPDIR")
FOLDERS = ("/var/tmp", "/usr/tmp", "/tmp")
MB = 1_000_000


class NoRoom(OperationalError):
    """The record is not written anew, for the disk has no room for that; nothing of it was begun."""


class Need(NamedTuple):
    """So many bytes are written below a folder before anything is given back."""

    folder: Path
    size_bytes: int


def check(database: Connection, folder: Path, in_memory_bytes: int) -> None:
    """Whether an open database in a folder can be written anew, by way of the memory if it is smaller than that.

    SQLite is told which way it goes. Raises NoRoom, and Error.
    """
    pages, size, unused = (  # with a key, SQLCipher tells the size as text
        int(database.execute(f"PRAGMA {each}").fetchone()[0])
        for each in ("page_count", "page_size", "freelist_count")
    )
    in_memory = pages * size < in_memory_bytes
    database.execute(f"PRAGMA temp_store = {'MEMORY' if in_memory else 'FILE'}")
    passing = None if in_memory else passing_folder(os.environ)
    if lacks := missing(needs(folder, pages - unused, size, passing), free_bytes):
        raise NoRoom(f"there is no room to write it anew ({lacks}); once there is, that is done")


def needs(folder: Path, pages: int, page_bytes: int, passing: Path | None) -> list[Need]:
    """What it takes to write so many pages anew in a folder; `passing`: where the passing file goes, if to a disk.

    It is more rather than less: pages that have gaps become fewer.
    """
    log = Need(folder, pages * (page_bytes + FRAME_BYTES))
    return [log] if passing is None else [log, Need(passing, pages * page_bytes)]


def passing_folder(environ: Mapping[str, str]) -> Path:
    """Where SQLite puts a passing file: the first of its folders that it can write to, else where it runs."""
    named = (environ[name] for name in NAMED_BY if name in environ)
    return next((Path(each) for each in (*named, *FOLDERS) if _is_open(each)), Path())


def free_bytes(folder: Path) -> int:
    """How much may be written there. Raises OSError."""
    return shutil.disk_usage(folder).free


def missing(wanted: Iterable[Need], free: Callable[[Path], int]) -> str:
    """Where there is too little room, and how much it would take; empty: nowhere, or nobody can tell.

    What two folders of the same disk need is needed there together.
    """
    on_disks: dict[int, Need] = {}
    try:
        for need in wanted:
            disk = need.folder.stat().st_dev
            first = on_disks.get(disk, Need(need.folder, 0))
            on_disks[disk] = Need(first.folder, first.size_bytes + need.size_bytes)
        for need in on_disks.values():
            if (left := free(need.folder)) < need.size_bytes:
                takes_mb, left_mb = -(-need.size_bytes // MB), left // MB
                return f"that takes {takes_mb} MB in {need.folder}, where {left_mb} MB are free"
    except OSError:  # the disk itself says so then, to whoever writes
        pass
    return ""


def _is_open(folder: str) -> bool:
    return Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK)
