"""A bundle on its way over SFTP: its name says how large it will be, and each piece stands behind what is there.

So what was cut off has the name of the whole and fewer bytes, as rsync leaves it: it counts as none, either goes
on with what the other began, and nobody writes into what is whole.
"""

import errno
import os
import stat
from typing import TYPE_CHECKING

from paramiko.sftp import SFTP_FAILURE, SFTP_OK

from vybor.bundles.bundle import MOST_BYTES, RESERVE_BYTES
from vybor.bundles.manifest import FILE_NAME
from vybor.sync.open_file import SAFELY, Open

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

GOES_ON = os.O_WRONLY | os.O_CREAT | os.O_APPEND
"""How sftp opens what it goes on with (`reput`); where it goes on it asks before."""
SYNC_BYTES = 1 << 25
"""So often it is brought onto the disk, or the last byte of a model would wait for a gigabyte."""


class SentBundle(Open):
    """An open bundle; it only ever grows, up to the size that it is named for."""

    def __init__(self, folder: int, name: str, *, is_anew: bool) -> None:
        """`folder`: a descriptor. Raises OSError, also where all of it is there, or where it has no room."""
        named = FILE_NAME.fullmatch(name)
        self._size = int(named["size"]) if named else 0
        if not 0 < self._size <= MOST_BYTES:
            raise OSError(errno.EACCES, "that is no bundle's size", name)
        if _free(folder) < self._size + RESERVE_BYTES - _there(folder, name):
            raise OSError(errno.ENOSPC, "there is no room for it", name)
        super().__init__(os.open(name, os.O_WRONLY | os.O_CREAT | SAFELY, 0o600, dir_fd=folder))
        self._unsynced = 0
        try:
            self._begin(is_anew=is_anew)
        except OSError:
            self.close()
            raise

    def _begin(self, *, is_anew: bool) -> None:
        """Raises OSError."""
        found = os.fstat(self.descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1 or found.st_size >= self._size:
            raise OSError(errno.EACCES, "nothing is to be written there")
        if is_anew:
            os.ftruncate(self.descriptor, 0)

    def write(self, offset: int, data: "ReadableBuffer") -> int:
        """Behind what is there, and nowhere else: it never has a hole. Raises OSError."""
        left = memoryview(data)
        if offset != os.fstat(self.descriptor).st_size or offset + len(left) > self._size:
            return SFTP_FAILURE
        self._unsynced += len(left)
        while left:
            done = os.pwrite(self.descriptor, left, offset)
            left, offset = left[done:], offset + done
        if self._unsynced >= SYNC_BYTES:
            os.fsync(self.descriptor)
            self._unsynced = 0
        return SFTP_OK

    def closing(self) -> None:
        """What there is of it is on the disk. Raises OSError."""
        try:
            os.fsync(self.descriptor)
        finally:
            os.close(self.descriptor)


def _free(folder: int) -> int:
    """Bytes that are free there."""
    found = os.fstatvfs(folder)
    return found.f_bavail * found.f_frsize


def _there(folder: int, name: str) -> int:
    """How much of it is there."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
