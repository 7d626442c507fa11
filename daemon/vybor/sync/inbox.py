"""The inbox: a folder that the workstation writes to. Receipts are read out of it, and everything else is removed.

Whoever has the write key may put anything there: links, pipes, what is huge. Nothing of it is followed, nor waited
for.
"""

import logging
import re
import shutil
from pathlib import Path

from vybor.foundation import small_files
from vybor.foundation.clock import seconds_since

log = logging.getLogger("vybor.sync")

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.receipt")
LARGEST_BYTES = 2**20
UNFINISHED_S = 600.0
"""What rsync is still writing has a dot before its name; longer than this it writes nothing of a receipt."""
MOST = 1000
"""Names that are looked at in one turn."""


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


def _receipt(path: Path) -> bytes | None:
    """What a receipt's file says; anything else is removed, unless rsync may be writing it. Raises OSError."""
    is_plain = path.is_file() and not path.is_symlink()
    if is_plain and NAME.fullmatch(path.name) and path.stat().st_size <= LARGEST_BYTES:
        return small_files.read(path, LARGEST_BYTES, links=False)
    if is_plain and path.name.startswith(".") and 0 <= seconds_since(path) < UNFINISHED_S:
        return None
    log.warning("inbox: what is no receipt is removed")
    remove(path)
    return None


def remove(path: Path) -> None:
    """Remove whatever it is. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
