"""What the workstation sends for the generator: taken out of the inbox, whole and on the disk, a piece a turn.

Nothing of it is looked into but its name and size: whose it is and whether it is whole, the generator finds out,
which alone may use it. A piece a turn, since a model of a gigabyte takes a minute and a process that shows nothing
for so long is taken for dead. It is copied, not moved: the inbox is whoever's has the write key, and the file that
is handed on is nobody else's.
"""

import contextlib
import errno
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from vybor.bundles import manifest
from vybor.bundles.bundle import MOST_BYTES, RESERVE_BYTES
from vybor.contracts import messages as m
from vybor.foundation import small_files
from vybor.foundation.clock import seconds, seconds_since
from vybor.sync import inbox

log = logging.getLogger("vybor.sync")

ARRIVED = re.compile(r"[0-9]{6}\.bundle")
PIECE = 1 << 23
NEW = ".new"
FORSAKEN_S = 600.0
"""Whoever was copying has not written for so long: they were killed."""
KEPT = 6
"""So many stay, the newest: one of each kind may wait, and an adapter may want a model that came before it."""
TRY_AGAIN_NS = seconds(60)
TOLD_FOR_NS = seconds(60)
TOO_MUCH = (
    f"the workstation sent more than there is room for (at most {inbox.ROOM_BYTES / 1e9:.0f} GB wait, and "
    f"{RESERVE_BYTES // 2**20} MB of the disk are left alone); what was too much is removed: make room, and "
    "publish it anew"
)


class Copying(msgspec.Struct, frozen=True):
    """One that is on its way."""

    source: Path
    target: Path
    begun: Path
    """Where it is until it is whole."""
    reading: BinaryIO
    writing: BinaryIO

    def carry(self) -> bool:
        """Carry one piece, onto the disk; whether it was the last. Raises OSError."""
        piece = self.reading.read(PIECE)
        self.writing.write(piece)
        self.writing.flush()
        os.fsync(self.writing.fileno())
        return len(piece) < PIECE

    def finish(self) -> None:
        """All of it is there: it gets its name, and its source goes. Raises OSError."""
        taken = os.fstat(self.reading.fileno())
        if os.fstat(self.writing.fileno()).st_size != inbox.size(self.source):
            raise OSError(errno.EIO, "it changed while it was carried", str(self.source))
        self.begun.replace(self.target)
        small_files.sync_folder(self.target.parent)
        with contextlib.suppress(FileNotFoundError):
            now = self.source.stat(follow_symlinks=False)
            if (now.st_dev, now.st_ino) == (taken.st_dev, taken.st_ino):  # else it was sent once more meanwhile
                self.source.unlink()
        log.info("arrived: %s bytes=%d", self.target.name, taken.st_size)

    def close(self) -> None:
        """Whatever was not finished is gone."""
        self.reading.close()
        with contextlib.suppress(OSError):  # it could not be written, and is not wanted any more
            self.writing.close()
        self.begun.unlink(missing_ok=True)


class Arriving:
    """The way from the inbox to where the generator looks."""

    def __init__(self, box: Path, arrived: Path) -> None:
        self._box = box
        self._arrived = arrived
        self._copying: Copying | None = None
        self._again_ns = 0
        self._too_much_until_ns = 0
        self._prune_again_ns = 0
        self.trouble = ""

    def turn(self, now_ns: int) -> bool:
        """Carry a piece of what is there; whether there may be more to carry at once."""
        self._prune(now_ns)
        if now_ns < self._again_ns:
            return False
        try:
            is_busy = self._carry()
        except OSError as error:
            self.close()
            self._again_ns = now_ns + TRY_AGAIN_NS
            self.trouble = f"what the workstation sent cannot be kept in {self._arrived} ({error.strerror})"
            return False
        self.trouble = TOO_MUCH if now_ns < self._too_much_until_ns else ""
        return is_busy

    def _prune(self, now_ns: int) -> None:
        """What is too much goes, and that is said for a while."""
        if now_ns < self._prune_again_ns:
            return
        try:
            gone = inbox.prune(self._box, self._copying.source if self._copying else None)
        except OSError as error:
            log.warning("inbox: what is too much there cannot be removed: %s", error.strerror)
            self._prune_again_ns = now_ns + TRY_AGAIN_NS
            return
        if gone:
            log.warning("inbox: %s bytes=%d", TOO_MUCH, gone)
            self._too_much_until_ns = now_ns + TOLD_FOR_NS
            self.trouble = TOO_MUCH

    @property
    def waits(self) -> bool:
        """Whether there is something that the generator may not have taken yet."""
        try:
            return bool(there(self._arrived))
        except OSError:
            return False

    def taken(self, told: Iterable[m.Grown]) -> None:
        """The generator tells which it knows: they need not lie there as well. Raises OSError."""
        known = {
            manifest.arrived_name(one.became.serial)
            for one in told
            if one.became.serial and one.became.state is not m.GrownState.TRYING
        }
        for path in there(self._arrived):
            if path.name in known:
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Nothing of what was sent is to stay: nor what somebody else carries, or was killed in carrying.

        Raises OSError.
        """
        self.close()
        for path in (*there(self._arrived), *_begun(self._arrived)):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave what is not carried to its end; it is carried anew."""
        if self._copying:
            self._copying.close()
        self._copying = None

    def _carry(self) -> bool:
        """Raises OSError."""
        if self._copying is None:
            waiting = inbox.bundles(self._box)
            if not waiting:
                return False
            self._copying = begin(waiting[0], self._arrived)
        if self._copying.carry():
            self._copying.finish()
            prune(self._arrived, self._copying.target)
            self.close()
        return True


def put(source: Path, arrived: Path, carried: Callable[[int], None] = lambda _bytes: None) -> None:
    """Carry one at once; `carried` hears after each piece how many bytes of it are there. Raises OSError."""
    copying = begin(source, arrived)
    with contextlib.closing(copying):
        while not copying.carry():
            carried(copying.writing.tell())
        copying.finish()
    prune(arrived, copying.target)


def begin(source: Path, arrived: Path) -> Copying:
    """Begin with one whose name is that of a bundle. Raises OSError."""
    arrived.mkdir(parents=True, exist_ok=True, mode=0o750)
    _sweep(arrived)
    target = arrived / manifest.arrived_name(inbox.serial(source))
    begun = target.with_name(f".{target.name}.{os.getpid()}{NEW}")
    begun.unlink(missing_ok=True)
    with contextlib.ExitStack() as undo:
        reading = undo.enter_context(small_files.opened(source))
        if shutil.disk_usage(arrived).free < os.fstat(reading.fileno()).st_size + RESERVE_BYTES:
            raise OSError(errno.ENOSPC, "there is no room for it; make some", str(arrived))
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        writing = os.fdopen(os.open(begun, how, 0o640), "wb")
        undo.pop_all()
    return Copying(source, target, begun, reading, writing)


def there(arrived: Path) -> list[Path]:
    """What has arrived, lowest number first. Raises OSError."""
    found = arrived.iterdir() if arrived.is_dir() else ()
    return sorted(path for path in found if ARRIVED.fullmatch(path.name))


def prune(arrived: Path, newest: Path) -> None:
    """Remove what need not stay. Raises OSError."""
    for path in too_many({path: path.stat().st_size for path in there(arrived)}, newest):
        path.unlink(missing_ok=True)


def too_many(sizes: Mapping[Path, int], newest: Path) -> list[Path]:
    """What need not stay beside the one that came just now: the highest numbers do. Pure."""
    room, left = MOST_BYTES - sizes.get(newest, 0), KEPT - 1
    gone: list[Path] = []
    for path in sorted(set(sizes) - {newest}, reverse=True):
        if left and sizes[path] <= room:
            room, left = room - sizes[path], left - 1
        else:
            gone.append(path)
    return gone


def _sweep(arrived: Path) -> None:
    """Remove what somebody who was killed had begun. Raises OSError."""
    for path in _begun(arrived):
        if not 0 <= seconds_since(path) < FORSAKEN_S:
            path.unlink(missing_ok=True)


def _begun(arrived: Path) -> list[Path]:
    """What is on its way there, or was. Raises OSError."""
    return list(arrived.glob(f".*{NEW}"))
