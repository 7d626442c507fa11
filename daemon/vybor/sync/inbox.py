"""The inbox: a folder that the workstation writes to. Receipts and bundles are taken, all else is removed.

Whoever has the write key may put anything there: links, pipes, what is huge. Nothing of it is followed, nor waited
for, and what is more than one workstation has reason to send is removed: the disk is for what the person writes.
"""

import errno
import logging
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from vybor.bundles.bundle import MOST_BYTES, RESERVE_BYTES
from vybor.bundles.manifest import FILE_NAME
from vybor.foundation import small_files
from vybor.foundation.clock import seconds_since, seconds_since_touched

log = logging.getLogger("vybor.sync")

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.receipt")
LARGEST_BYTES = 2**20
UNFINISHED_S = 600.0
"""What rsync is still writing has a dot before its name; longer than this it writes nothing of a receipt."""
ABANDONED_S = 7 * 86_400.0
"""What was cut off of a bundle stays for so long: a model of a gigabyte is not sent from its beginning."""
MOST = 1000
"""Names that are looked at in one turn, and that may lie there."""
ROOM_BYTES = 6 * 10**9
"""So much may lie there together: the largest model, and what was cut off of another thing."""

LEAST_FREE_BYTES = 2**26
"""What the person writes has so much at least, whatever waits."""


class Lies(NamedTuple):
    """Something that lies there."""

    path: Path
    size: int
    """On the disk: a hole takes no room."""
    touched_ns: int
    is_receipt: bool
    is_whole: bool
    """A bundle of which all is there."""


def next_receipt(folder: Path) -> tuple[Path, bytes] | None:
    """The first receipt that is there, unread; what is none is removed on the way."""
    try:
        found = sorted(path for _, path in zip(range(MOST), folder.iterdir(), strict=False))
    except OSError:
        return None
    for path in found:
        try:
            if (content := _receipt(path)) is not None:
                return path, content
        except OSError as error:
            log.warning("inbox: something there cannot be read or removed: %s", error.strerror)
    return None


def bundles(folder: Path) -> list[Path]:
    """The bundles that are there, lowest number first. Raises OSError."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((path for _, path in zip(range(MOST), found, strict=False) if _is_bundle(path)), key=serial)


def prune(folder: Path, spared: Path | None = None) -> int:
    """Remove what is too much, but for what is being carried away; how many bytes that was. Raises OSError."""
    if not folder.is_dir():
        return 0
    told = [_lies(path) for path in folder.iterdir() if path != spared]
    free = shutil.disk_usage(folder).free
    gone = too_much([each for each in told if each], free)
    for each in gone:
        if _is_plain(each.path):
            os.truncate(each.path, 0)  # whoever is writing it keeps no room by that
        remove(each.path)
    return sum(each.size for each in gone)


def too_much(there: Iterable[Lies], free: int) -> list[Lies]:
    """What of it has to go: unfinished things first, then bundles, the oldest first; receipts last. Pure.

    A bundle that is whole is sent once: it waits as long as there is any room to write.
    """
    kept = sorted(there, key=lambda each: (each.is_receipt, each.is_whole, each.touched_ns))
    gone: list[Lies] = []
    size = sum(each.size for each in kept)
    while kept and (len(kept) > MOST or size > ROOM_BYTES or free < _left_alone(kept[0])):
        gone.append(kept.pop(0))
        size, free = size - gone[-1].size, free + gone[-1].size
    return gone


def _left_alone(lies: Lies) -> int:
    """So much of the disk has to be free for it to stay."""
    if lies.is_receipt:
        return 0
    return LEAST_FREE_BYTES if lies.is_whole else RESERVE_BYTES


def _lies(path: Path) -> Lies | None:
    """What lies there; None for what has gone meanwhile."""
    try:
        found = path.stat(follow_symlinks=False)
        is_receipt = NAME.fullmatch(path.name) is not None and found.st_size <= LARGEST_BYTES
        return Lies(path, found.st_blocks * 512, found.st_mtime_ns, is_receipt, _is_bundle(path))
    except FileNotFoundError:
        return None


def clear(folder: Path) -> None:
    """Remove what comes of bundles, whole or not, and under whatever name rsync is writing it. Raises OSError."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if not NAME.fullmatch(path.name):
            remove(path)


def serial(bundle: Path) -> int:
    """The number in a bundle's name, whoever gave it that. Raises OSError where it is no bundle's name."""
    return int(_named(bundle)["serial"])


def size(bundle: Path) -> int:
    """How many bytes it has once it is whole, by its name. Raises OSError where it is no bundle's name."""
    return int(_named(bundle)["size"])


def _named(bundle: Path) -> re.Match[str]:
    if (named := FILE_NAME.fullmatch(bundle.name)) is None:
        raise OSError(errno.EINVAL, "that is no bundle's name", str(bundle))
    return named


def _is_bundle(path: Path) -> bool:
    """Whether all of it is there, by its name and size. Raises OSError."""
    named = FILE_NAME.fullmatch(path.name)
    return named is not None and _is_plain(path) and path.stat().st_size == int(named["size"]) <= MOST_BYTES


def _receipt(path: Path) -> bytes | None:
    """What a receipt's file says; what is neither is removed, unless it may be on its way. Raises OSError."""
    if _is_plain(path) and NAME.fullmatch(path.name) and path.stat().st_size <= LARGEST_BYTES:
        return small_files.read(path, LARGEST_BYTES, links=False)
    if _is_bundle(path) or _is_unfinished(path):
        return None
    log.warning("inbox: what is neither receipt nor bundle is removed")
    remove(path)
    return None


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_unfinished(path: Path) -> bool:
    """Whether rsync may be writing it, or may go on with it. Raises OSError."""
    if not _is_plain(path):
        return False
    if named := FILE_NAME.fullmatch(path.name):
        return path.stat().st_size < int(named["size"]) and 0 <= seconds_since_touched(path) < ABANDONED_S
    return path.name.startswith(".") and 0 <= seconds_since(path) < UNFINISHED_S


def remove(path: Path) -> None:
    """Remove whatever it is. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
