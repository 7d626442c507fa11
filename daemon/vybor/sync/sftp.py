"""An SFTP server over standard input and output, which ends with them. The wire is paramiko's, the folder ours."""

import os
import select
from pathlib import Path
from typing import cast

from paramiko import Channel, ServerInterface, SFTPServer, SFTPServerInterface, Transport

from vybor.sync.forced import Way
from vybor.sync.one_folder import Inbox, Outbox

LONGEST_BYTES = 2**18
"""Of a packet, as OpenSSH's own server has it: whoever announces a longer one is hung up on."""
IDLE_S = 120.0
FOLDERS: dict[Way, type[SFTPServerInterface]] = {Way.READ: Outbox, Way.WRITE: Inbox}


class Wire:
    """Two descriptors in the place of a channel and its transport."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes

    def recv(self, most: int) -> bytes:
        """Up to so many bytes; none at the end, after silence, and where far too many are announced."""
        if most > LONGEST_BYTES or not select.select([self._reads], [], [], IDLE_S)[0]:
            return b""
        return os.read(self._reads, most)

    def send(self, told: bytes) -> int:
        """How many of them have gone. Raises OSError."""
        return os.write(self._writes, told)

    def close(self) -> None:
        """Whoever opened the descriptors closes them."""

    def get_name(self) -> str:
        """For what is logged."""
        return "door"

    def get_transport(self) -> "Wire":
        """Itself: nothing but names is asked of it."""
        return self

    def get_log_channel(self) -> str:
        """Nobody listens to it."""
        return "vybor.sync.sftp"

    def get_hexdump(self) -> bool:
        """Never: it would write down what goes over the wire."""
        return False


def serve(way: Way, folder: Path, reads: int = 0, writes: int = 1) -> None:
    """Until the other side hangs up. Raises OSError where the folder is not there."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    wire = Wire(reads, writes)
    channel = cast("Channel", wire)
    try:
        server = SFTPServer(channel, "sftp", ServerInterface(), FOLDERS[way], opened)
        server.start_subsystem("sftp", cast("Transport", wire), channel)
        server.finish_subsystem()
    finally:
        os.close(opened)
