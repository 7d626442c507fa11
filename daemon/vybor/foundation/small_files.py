"""Small files in places where others may write: read without waiting and without following them into a trap.

A pipe, a device or an endless file in the place of a settings file must not hang or fill a process, and nobody who
may write to a folder may have root write to another file through a link.
"""

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

NOT_REGULAR = "it is no regular file"
TOO_LARGE = "it is far too large"
REMEDIES = {
    errno.ENOENT: "make that folder, or name another one",
    errno.ENOTDIR: "name a folder",
    errno.EROFS: "it is mounted read-only: mount it to be written to, or take another one",
    errno.ENOSPC: "make room there",
}
"""Why root cannot write somewhere, and what helps."""


def read(path: Path, longest_bytes: int, *, links: bool = True) -> bytes:
    """The bytes of a regular file; with `links` off, not of what a symbolic link leads to.

    Raises OSError, whose `strerror` says what is wrong, for what is no regular file of at most `longest_bytes`.
    """
    content = start(path, longest_bytes + 1, links=links)
    if len(content) > longest_bytes:
        raise OSError(errno.EFBIG, TOO_LARGE, str(path))
    return content


def start(path: Path, count: int, *, links: bool = True) -> bytes:
    """The first bytes of a regular file, however large it is. Raises OSError."""
    with opened(path, links=links) as reading:
        return reading.read(count)


def opened(path: Path, *, links: bool = False) -> BinaryIO:
    """A regular file, open for reading. Raises OSError as `read` does."""
    how = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if links else os.O_NOFOLLOW)
    if not stat.S_ISREG(path.stat(follow_symlinks=links).st_mode):  # opening a device can do something
        raise OSError(errno.EINVAL, NOT_REGULAR, str(path))
    descriptor = os.open(path, how)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # it was changed meanwhile
        os.close(descriptor)
        raise OSError(errno.EINVAL, NOT_REGULAR, str(path))
    return os.fdopen(descriptor, "rb")


def unwritten(path: Path, error: OSError) -> str:
    """What root is told of a place that could not be written to: a sentence with the remedy."""
    remedy = REMEDIES.get(error.errno or 0, "mend that")
    return f"{path} cannot be written to ({error.strerror}); {remedy}, and try again"


def write(path: Path, text: str, mode: int = 0o640) -> None:
    """Put a text file in place of what has its name, without opening that. Raises OSError.

    In a folder with a sticky bit the kernel refuses to replace what belongs to somebody else.
    """
    write_bytes(path, text.encode(), mode)


def write_bytes(
    path: Path, content: bytes, mode: int = 0o640, *, is_synced: bool = False, owner: Path | None = None
) -> None:
    """The same with bytes; `is_synced`: it is on the disk when this returns, also after a power cut.

    `owner`: a file whose owner, group and mode it gets.
    """
    write_lines(path, (content,), mode, is_synced=is_synced, owner=owner)


def write_lines(
    path: Path, lines: Iterable[bytes], mode: int, *, is_synced: bool = False, owner: Path | None = None
) -> None:
    """The same with what comes piece by piece, however much it is; whatever is raised, what was there stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)  # of an earlier process of this number
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.writelines(lines)
            opened.flush()
            if owner:
                give_as(owner, descriptor)
            if is_synced:
                os.fsync(descriptor)
        temporary.replace(path)
        if is_synced:
            sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def give_as(owner: Path, descriptor: int) -> None:
    """Give an open file the owner, group and mode of another one. Raises OSError."""
    like = owner.stat()
    mine = os.fstat(descriptor)
    if (like.st_uid, like.st_gid) != (mine.st_uid, mine.st_gid):  # root writes what a process of the kit owns
        os.fchown(descriptor, like.st_uid, like.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(like.st_mode))


def sync_folder(folder: Path) -> None:
    """Have what was renamed and removed in a folder on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(*paths: Path) -> None:
    """Take files away; that they are gone outlives a power cut. Raises OSError."""
    folders = set()
    try:
        for path in paths:
            if os.path.lexists(path):
                path.unlink(missing_ok=True)
                folders.add(path.parent)
    finally:
        for folder in folders:
            sync_folder(folder)


def overwrite(file: BinaryIO) -> None:
    """Put zeros over a file. A disk that writes elsewhere (flash does) may keep what was there. Raises OSError."""
    left = os.fstat(file.fileno()).st_size
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
    file.flush()
    os.fsync(file.fileno())
