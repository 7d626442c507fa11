"""A file that somebody on the other side of SFTP has open."""

import os

from paramiko import SFTPHandle

SAFELY = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""How any of them is opened: no link is followed, and nothing is waited for."""


class Open(SFTPHandle):
    """An open file; it is closed once."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.descriptor = descriptor
        self.is_open = True

    def close(self) -> None:
        """Raises OSError."""
        if self.is_open:
            self.is_open = False
            self.closing()

    def closing(self) -> None:
        """What closing does. Raises OSError."""
        os.close(self.descriptor)
