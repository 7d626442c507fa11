"""What a key of the workstation runs, and all that it runs: rsync or SFTP, each in one folder, one way only.

sshd starts this program whatever a client asks for, and hands on what that was (SSH_ORIGINAL_COMMAND). `read` is
the outbox, `write` the inbox. It starts once a transfer, so it loads nothing that rsync does not need.
"""

import contextlib
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

RRSYNC = Path("/usr/bin/rrsync")
SUBSYSTEM = "vybor-sftp"
"""What sshd hands on where a client asks for the subsystem `sftp`; there is no program of this name."""
REFUSED = 77
"""EX_NOPERM"""
LARGEST_FILE = 5 * 10**9
"""A model with all that is around it has 4.3: rsync writes whatever it is sent, so it may write no larger file."""
RESERVE_BYTES = 2**28
"""Of the disk, which belongs to what the person writes…"""
RECEIPT_BYTES = 2**20
"""…but for a receipt, which makes room."""


class Way(StrEnum):
    """What a key may do in its folder."""

    READ = "read"
    WRITE = "write"


RESTRICTED = {Way.READ: ("-ro",), Way.WRITE: ("-wo", "-no-del", "-no-lock", "-munge")}
"""Of rrsync."""


class Asked(StrEnum):
    """What a client asked for."""

    RSYNC = "rsync"
    SFTP = "sftp"
    OTHER = "other"


def asked(environ: Mapping[str, str]) -> Asked:
    """What a client asks for. Pure."""
    original = environ.get("SSH_ORIGINAL_COMMAND", "")
    if original == SUBSYSTEM:
        return Asked.SFTP
    return Asked.RSYNC if original.startswith("rsync --server ") else Asked.OTHER


def rsync(way: Way, folder: str) -> list[str]:
    """The command that answers rsync. Pure."""
    return [str(RRSYNC), *RESTRICTED[way], folder]


def largest(folder: Path) -> int:
    """How large a file there may become: one that is gone on with counts what it has. Raises OSError."""
    found = os.statvfs(folder)
    there = max((_size(folder / name) for name in os.listdir(folder)), default=0)  # noqa: PTH208  (names alone)
    return min(LARGEST_FILE, max(RECEIPT_BYTES, there + found.f_bavail * found.f_frsize - RESERVE_BYTES))


def _size(path: Path) -> int:
    """0 for what has been taken away meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat(follow_symlinks=False).st_size
    return 0


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """`read FOLDER` or `write FOLDER`. Raises OSError."""
    way, folder = Way(arguments[0]), arguments[1]
    match asked(environ):
        case Asked.RSYNC:
            if way is Way.WRITE:
                most = largest(Path(folder))
                resource.setrlimit(
                    resource.RLIMIT_FSIZE, (most, most)
                )  # rsync hears of it: Python ignores SIGXFSZ
            command = rsync(way, folder)
            os.execv(command[0], command)
        case Asked.SFTP:
            from vybor.sync import sftp  # noqa: PLC0415  (paramiko takes longer to load than rsync to run)

            sftp.serve(way, Path(folder))
            return 0
    print("this key is for rsync and sftp alone", file=sys.stderr)  # noqa: T201
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
