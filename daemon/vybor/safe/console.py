"""The Linux console: taken, written to, listened to, given back."""

import contextlib
import fcntl
import logging
import os
import termios
import tty
from pathlib import Path

log = logging.getLogger("vybor.safe")

KDSETMODE, KD_TEXT = 0x4B3A, 0
KDSKBMODE, K_UNICODE = 0x4B45, 3
"""linux/kd.h. A display that was killed may leave the console in graphics mode, and its keyboard switched off."""
USUAL_SIZE = (80, 25)
READ_BYTES = 256


class ConsoleGone(Exception):
    """The console cannot be used; its text says why."""


class Console:
    """An open console. Raises ConsoleGone if it cannot be taken, and from then on when it is gone."""

    def __init__(self, path: Path) -> None:
        self.hears = True
        """Whether keys can be read: a member of the group tty may write to a console only."""
        try:
            self._descriptor = self._open(path)
        except OSError as error:
            raise ConsoleGone(f"the console {path} cannot be opened ({error.strerror})") from None
        try:
            self._before = termios.tcgetattr(self._descriptor)
            tty.setraw(self._descriptor, termios.TCSAFLUSH)  # what was typed before is not for us
        except termios.error as error:
            os.close(self._descriptor)
            raise ConsoleGone(f"{path} is no console ({error.args[-1]})") from None
        self._unwritten = b""
        self._to_text()

    @property
    def descriptor(self) -> int:
        """To wait for keys."""
        return self._descriptor

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        try:
            columns, rows = os.get_terminal_size(self._descriptor)
        except OSError:
            return USUAL_SIZE
        return columns or USUAL_SIZE[0], rows or USUAL_SIZE[1]

    def write(self, text: str) -> None:
        """Put text on the console; what it does not take now is written by `tend`."""
        self._unwritten = text.encode()
        self.tend()

    def tend(self) -> None:
        """Write on."""
        try:
            while self._unwritten:
                self._unwritten = self._unwritten[os.write(self._descriptor, self._unwritten) :]
        except BlockingIOError:  # somebody holds the console's output back
            return
        except OSError as error:
            raise ConsoleGone(f"the console cannot be written to ({error.strerror})") from None

    def is_pressed(self) -> bool:
        """Whether a key was pressed since the last time."""
        if not self.hears:
            return False
        try:
            keys = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return False
        except OSError as error:
            raise ConsoleGone(f"the console's keys cannot be read ({error.strerror})") from None
        if not keys:
            raise ConsoleGone("the console was hung up")
        return True

    def close(self) -> None:
        """Leave it as it was found."""
        try:
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)
        except termios.error as error:
            log.info("the console is gone already: %s", error.args[-1])
        with contextlib.suppress(OSError):  # it was never this process's own
            fcntl.ioctl(self._descriptor, termios.TIOCNOTTY)
        os.close(self._descriptor)

    def _open(self, path: Path) -> int:
        # Without O_NOCTTY: the kernel lets a process set the mode of its own terminal only.
        how = os.O_NONBLOCK | os.O_CLOEXEC
        try:
            return os.open(path, os.O_RDWR | how)
        except PermissionError:
            self.hears = False
            return os.open(path, os.O_WRONLY | how)

    def _to_text(self) -> None:
        for request, value in ((KDSETMODE, KD_TEXT), (KDSKBMODE, K_UNICODE)):
            try:
                fcntl.ioctl(self._descriptor, request, value)
            except OSError as error:  # a terminal that is no virtual one, or not this process's own
                log.info("console mode left as it is: %s", error.strerror)
