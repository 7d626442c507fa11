"""A process's name in a folder of sockets: who holds it is the only one of that name there."""

import fcntl
import os
from pathlib import Path

from vybor.foundation.errors import AddressInUse, PlaceError

HOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


def take(process: str, runtime: Path) -> int:
    """A descriptor that holds the name until it is closed, or its process ends.

    Raises AddressInUse if somebody holds it, PlaceError if the folder cannot be used.
    """
    try:
        lock = _opened(runtime / f"{process}.lock")
    except OSError as error:
        raise PlaceError(
            f"the folder for sockets, {runtime}, cannot be used ({error.strerror}); "
            "start the kit with `vybor up`, or name a folder with --runtime"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise AddressInUse(
            f"{process} already runs in {runtime}; stop it, or name another folder with --runtime"
        ) from None
    return lock


def _opened(path: Path) -> int:
    """The lock's file, which stays when its process has ended, made if it is not there, for the whole group.

    One that is there is opened without O_CREAT, and to read: in a folder where nobody removes another's file the
    kernel refuses O_CREAT for what somebody else made, to root too (fs.protected_regular, which Debian sets).
    """
    while True:
        try:
            return os.open(path, HOW)
        except FileNotFoundError:
            pass
        try:
            made = os.open(path, HOW | os.O_CREAT | os.O_EXCL, 0o660)
        except FileExistsError:
            continue  # somebody else was quicker
        os.fchmod(made, 0o660)  # whoever made it, with whatever umask
        return made
