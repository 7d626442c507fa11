"""Reads and writes files of the machine: whole, durably, with what was there before kept beside them.

A boot partition is FAT: no links, no owners, and a rename that a power cut can split. So what was there is on the
disk before the new file takes its place. The n-th apply keeps `config.txt.vybor-n`, or an empty
`NAME.vybor-n.absent` for a file that it made; `undo` keeps what it takes back as `.vybor-n.undone`.
"""

import contextlib
import errno
import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.firmware.fragments import FileDamaged
from vybor.foundation.errors import AddressInUse, Missing, PlaceError
from vybor.foundation.small_files import sync_folder

NEW = ".vybor-new"
KEPT = ".vybor-"
ABSENT = ".absent"
UNDONE = ".undone"
LARGEST = 1_000_000
"""Bytes; no file of this kind is a hundredth of that."""


class Deed(StrEnum):
    """What was done to a file."""

    CHANGED = "changed"
    WROTE = "wrote"
    RESTORED = "restored"
    REMOVED = "removed"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was treated, and where that is kept which it was before."""

    deed: Deed
    path: Path
    kept: Path | None
    """None: there was nothing to keep."""


def read(path: Path) -> bytes | None:
    """A file's bytes; None if it is not there. Raises PlaceError."""
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _place_error(path, "read", error) from None
    if len(content) > LARGEST:
        raise FileDamaged(f"{path} is far larger than such a file ever is; look at it before anything is changed")
    return content


def text(path: Path) -> str | None:
    """A file's text; None if it is not there. Raises PlaceError, and FileDamaged with the line that is no text."""
    content = read(path)
    if content is None:
        return None
    bad = content.find(b"\0")
    if bad < 0:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            bad = error.start
    line = content.count(b"\n", 0, bad) + 1
    raise FileDamaged(f"{path}, line {line}: this is not UTF-8 text; save the file as plain UTF-8 and try again")


def model(root: Path) -> str:
    """What the device tree calls the board; empty if it does not say."""
    content = read(root / "proc/device-tree/model") or b""
    return content.rstrip(b"\0").decode("utf-8", errors="replace")


def inside(path: Path, root: Path) -> Path:
    """The file that a path leads to. Raises PlaceError if a link leads out of the root that is treated."""
    try:
        real, top = path.resolve(), root.resolve()
    except (OSError, RuntimeError):
        raise PlaceError(f"{path} leads round in a circle; mend the link") from None
    if not real.is_relative_to(top):
        raise PlaceError(f"{path} leads to {real}, which is not below {top}; treat that system itself")
    return real


def apply(changed: Sequence[tuple[Path, bytes]], known: Sequence[Path]) -> list[Written]:
    """Give files new contents; `known` are all files that share the count of backups. Whoever calls holds `alone`.

    Raises PlaceError. Until everything is on the disk, nothing has changed.
    """
    written: list[Written] = []
    number = max((n for path in known for n in _numbers(path)), default=0) + 1
    try:
        for path, content in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            deed = Deed.CHANGED if path.exists() else Deed.WROTE
            written.append(Written(deed=deed, path=path, kept=_kept(path, number)))
            _keep(path, _kept(path, number))
            _stage(path, content)
    except OSError as error:
        _forget(changed, written)
        raise _place_error(Path(error.filename or changed[len(written) - 1][0]), "written", error) from None
    for path, _ in changed:
        _put_in_place(path)
    return written


def undo(known: Sequence[Path]) -> list[Written]:
    """Take the newest apply back, byte for byte; whoever calls holds `alone`.

    Raises Missing if there is none, and PlaceError.
    """
    number = max((n for path in known for n, kept in _backups(path)), default=0)
    if not number:
        raise Missing("there is nothing to undo: no file of this machine has a backup of Vybor's beside it")
    undone: list[Written] = []
    mine = [(path, kept) for path in known for n, kept in _backups(path) if n == number]
    for path, kept in mine:
        deed = Deed.REMOVED if kept.name.endswith(ABSENT) else Deed.RESTORED
        try:
            undone.append(Written(deed=deed, path=path, kept=_take_back(path, kept, number)))
        except OSError as error:
            raise _place_error(path, "written", error) from None
    return undone


def _take_back(path: Path, kept: Path, number: int) -> Path | None:
    there = path.exists()
    aside = path.with_name(f"{path.name}{KEPT}{number}{UNDONE}")
    for again in range(2, 1000):
        if not aside.exists():
            break
        aside = path.with_name(f"{path.name}{KEPT}{number}{UNDONE}-{again}")
    if there:
        _copy(path, aside)
    if kept.name.endswith(ABSENT):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
        kept.unlink()
    else:
        os.replace(kept, path)  # noqa: PTH105  (says that it takes the new one's place)
    sync_folder(path.parent)
    return aside if there else None


def _numbers(path: Path) -> Iterator[int]:
    """Every number that a file beside this one has, so that none is given twice."""
    pattern = re.compile(rf"{re.escape(path.name + KEPT)}(\d+)\b.*")
    for name in _names(path.parent):
        if found := pattern.fullmatch(name):
            yield int(found.group(1))


def _backups(path: Path) -> Iterator[tuple[int, Path]]:
    pattern = re.compile(rf"{re.escape(path.name + KEPT)}(\d+)({re.escape(ABSENT)})?")
    for name in _names(path.parent):
        if found := pattern.fullmatch(name):
            yield int(found.group(1)), path.with_name(name)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  (names are all that is wanted)
    except OSError:
        return []


def _kept(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}{KEPT}{number}{'' if path.exists() else ABSENT}")


def _keep(path: Path, kept: Path) -> None:
    """Put what is there beside itself, on the disk before anything else happens."""
    if path.exists():
        _copy(path, kept)
    else:
        _write(kept, b"", None)
        sync_folder(kept.parent)


def _copy(path: Path, aside: Path) -> None:
    """Under another name first: a backup is whole or is not there."""
    half = path.with_name(path.name + NEW)
    _write(half, path.read_bytes(), path)
    os.replace(half, aside)  # noqa: PTH105  (the name is a free one)
    sync_folder(aside.parent)


def _stage(path: Path, content: bytes) -> None:
    _write(path.with_name(path.name + NEW), content, path if path.exists() else None)


def _put_in_place(path: Path) -> None:
    try:
        os.replace(path.with_name(path.name + NEW), path)  # noqa: PTH105  (says that it takes the old one's place)
        sync_folder(path.parent)
    except OSError as error:
        raise _place_error(path, "written", error) from None


def _write(path: Path, content: bytes, like: Path | None) -> None:
    """A new file on the disk, with the mode and the owner of another where there are such things."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    try:
        with contextlib.suppress(PermissionError):  # FAT has neither modes nor owners
            status = os.stat(like) if like else None  # noqa: PTH116  (os.fchmod's sibling)
            os.fchmod(opened, status.st_mode & 0o777 if status else 0o644)
            if status:
                os.fchown(opened, status.st_uid, status.st_gid)
        left = memoryview(content)
        while left:
            left = left[os.write(opened, left) :]
        os.fsync(opened)
    finally:
        os.close(opened)


def _forget(changed: Sequence[tuple[Path, bytes]], written: Sequence[Written]) -> None:
    """Nothing has changed, so nothing needs to be kept."""
    for rubbish in (
        *(one.kept for one in written if one.kept),
        *(path.with_name(path.name + NEW) for path, _ in changed),
    ):
        with contextlib.suppress(OSError):
            rubbish.unlink()


@contextlib.contextmanager
def alone(known: Sequence[Path]) -> Iterator[None]:
    """Nobody else applies or undoes meanwhile, from reading on. Raises PlaceError and AddressInUse."""
    path = known[0]  # always the same one, whichever files are changed
    there = next(folder for folder in path.parents if folder.exists())
    try:
        folder = os.open(there, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _place_error(there, "opened", error) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AddressInUse(f"another `vybor firmware` is at work in {there}; let it end first") from None
    finally:
        os.close(folder)


def _place_error(path: Path, what: str, error: OSError) -> PlaceError:
    remedies = {
        errno.EACCES: "run it with sudo",
        errno.EPERM: "run it with sudo",
        errno.EROFS: f"make it writable (sudo mount -o remount,rw {path.parent}) and try again",
        errno.ENOSPC: f"make room in {path.parent} and try again",
    }
    remedy = remedies.get(error.errno or 0, "mend that and try again")
    return PlaceError(f"{path} cannot be {what} ({error.strerror}); {remedy}")
