"""Programs at work on one sound: the output of each flows into the next, and nobody waits for them.

Texts and sounds go in through a file in memory (memfd), so that no pipe can block and no shell sees them; what the
programs complain about comes back the same way.
"""

import contextlib
import os
import select
import signal
import subprocess
from collections.abc import Sequence

LAST_WORDS_BYTES = 4096
LONGEST_REASON = 200


class Program:
    """One child process: its end is reported to `ends`, an epoll set that a loop can wait on. Raises OSError."""

    def __init__(self, command: Sequence[str], source: int, into: int, ends: select.epoll) -> None:
        self._complaints = os.memfd_create("complaints")
        self._ending = -1
        try:
            self._process = subprocess.Popen(
                command,
                stdin=source,
                stdout=into,
                stderr=self._complaints,
            )
        except OSError:
            os.close(self._complaints)
            raise
        self.name = command[0]
        self.pid = self._process.pid
        self._ending = os.pidfd_open(self._process.pid)
        ends.register(self._ending, select.EPOLLIN)

    def output(self) -> int:
        """Its output, for the next program to read."""
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def let_go_of_output(self) -> None:
        """Leave the output to the next program alone, so that this one learns when the next one ends."""
        if self._process.stdout is not None:
            self._process.stdout.close()

    def ended(self) -> bool:
        """Whether it has ended; asking lets go of it when it has."""
        if self._process.poll() is None:
            return False
        if self._ending >= 0:
            os.close(self._ending)  # which takes it out of the epoll set, too
            self._ending = -1
            self.complaint = _last_line(self._complaints)
            os.close(self._complaints)
        return True

    def kill(self) -> None:
        """End it at once. SIGTERM would let aplay play out what it has buffered."""
        if not self.ended():
            self._process.kill()

    def wait(self, longest_s: float) -> None:
        """Wait for its end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(longest_s)
        self.ended()

    def problem(self) -> str:
        """Why it failed, once it has ended; empty if it has not, or if only its reader went away."""
        code = self._process.returncode
        if code == 0 or (code == -signal.SIGPIPE and self._process.stdout is not None):
            return ""
        told = self.complaint or (f"ended by signal {-code}" if code < 0 else f"ended with code {code}")
        return told if told.startswith(self.name) else f"{self.name}: {told}"


class Chain:
    """One sound under way. It begins when it is made; ask `problem` until it is not None."""

    def __init__(
        self,
        commands: Sequence[Sequence[str]],
        feed: bytes,
        ends: select.epoll,
        into: int = subprocess.DEVNULL,
    ) -> None:
        """`feed` goes into the first program; what the last one writes goes to the file descriptor `into`."""
        self._programs: list[Program] = []
        self._unstartable = ""
        source = _in_memory(feed)
        try:
            for command in commands:
                reader = self._programs[-1].output() if self._programs else source
                writes_to = into if command is commands[-1] else subprocess.PIPE
                self._programs.append(Program(command, reader, writes_to, ends))
        except OSError as error:
            self._unstartable = f"{command[0]} cannot be started ({error.strerror}); install it"
            self.kill()
        finally:
            os.close(source)
            for program in self._programs:
                program.let_go_of_output()

    def problem(self) -> str | None:
        """None while it sounds; then why it failed, or nothing if it was heard."""
        if not self.gone():
            return None
        return self._unstartable or next((p for p in (each.problem() for each in self._programs) if p), "")

    def gone(self) -> bool:
        """Whether all of its programs have ended."""
        running = [program for program in self._programs if not program.ended()]
        return not running

    def kill(self) -> None:
        """Stop the sound at once; `gone` says when the sound card is free again."""
        for program in self._programs:
            program.kill()

    def wait(self, longest_s: float) -> None:
        """Wait for the end of each program, so long at most: only for a process that ends itself."""
        for program in self._programs:
            program.wait(longest_s)


def _in_memory(content: bytes) -> int:
    """A file descriptor from which `content` can be read."""
    descriptor = os.memfd_create("feed")
    with open(descriptor, "wb", closefd=False) as opened:
        opened.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _last_line(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    text = os.pread(descriptor, LAST_WORDS_BYTES, max(0, size - LAST_WORDS_BYTES)).decode(errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:LONGEST_REASON] if lines else ""
