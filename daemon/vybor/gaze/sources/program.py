"""A program that films: started here, read through a pipe, ended here, and listened to for what it says."""

import contextlib
import fcntl
import os
import select
import subprocess
from collections.abc import Sequence

from vybor.gaze.sources.frames import CameraMissing

SAID_KEPT = 4000
"""How many of the last bytes of its stderr are kept."""
ENDS_WITHIN_S = 2.0
PIPE_BYTES = 1 << 20
"""A frame in a piece or two, where Linux's usual 64 kB wake both sides twenty times; anybody may have so much."""
TAKEN_WORDS = ("failed to acquire camera", "in use by another process", "device or resource busy")
"""How libcamera and the programs on it say that somebody else has the camera."""
TAKEN = "another program uses the camera: close it, or restart this machine if there is none to be found"


class Program:
    """A running program. Raises CameraMissing, with the remedy, if it cannot be started."""

    def __init__(self, command: Sequence[str], remedy: str) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,  # held open and never written to: it ends when this process does
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise CameraMissing(f"{command[0]} cannot be started ({error.strerror}); {remedy}") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None and self._process.stderr is not None
        self._held, self._pipe, self._errors = self._process.stdin, self._process.stdout, self._process.stderr
        with contextlib.suppress(OSError):  # whose pipes together are too large has small ones
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        os.set_blocking(self._errors.fileno(), False)
        self._said = b""
        self._speaks = True

    def fill(self, whole: bytearray) -> bool:
        """Wait until all of `whole` has been read; false if the program ended before."""
        left = memoryview(whole)
        while left:
            self._wait()
            count = self._pipe.readinto(left)  # type: ignore[attr-defined]  # bufsize=0 makes it a FileIO
            if not count:
                return False
            left = left[count:]
        return True

    def lines(self) -> list[str]:
        """The last lines that it said."""
        self._listen()
        return [line.strip() for line in self._said.decode(errors="replace").split("\n") if line.strip()]

    def _wait(self) -> None:
        """Wait for more of what it films; hear meanwhile what it says, for a full pipe would stop it."""
        while True:
            ready, _, _ = select.select([self._pipe, *([self._errors] if self._speaks else [])], [], [])
            if self._errors in ready:
                self._listen()
            if self._pipe in ready:
                return

    def _listen(self) -> None:
        try:
            while said := os.read(self._errors.fileno(), 65536):
                self._said = (self._said + said)[-SAID_KEPT:]
            self._speaks = False
        except BlockingIOError:
            return

    def status(self) -> int:
        """Its exit status, once its pipe has ended; negative for a signal."""
        try:
            return self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            return 0

    def kill(self) -> None:
        """End the program at once; its pipe ends with it."""
        self._process.kill()

    def close(self) -> None:
        """End the program and wait for it."""
        self._process.terminate()
        try:
            self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._held, self._pipe, self._errors):
            pipe.close()


def taken(lines: Sequence[str]) -> bool:
    """Whether these lines say that another program has the camera."""
    return any(words in line.lower() for line in lines for words in TAKEN_WORDS)
