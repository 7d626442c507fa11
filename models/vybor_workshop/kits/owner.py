"""The owner before a terminal: sees the digits, and types y or n."""

import contextlib
import os
import select
import sys
import termios

YES, NO = ("y", "yes", "д", "да"), ("n", "no", "н", "нет")
"""The answers of both languages that the kit speaks."""
AT_ONCE_BYTES = 2**16


class Terminal:
    """Standard input and error. What was typed before the question is no answer to it."""

    def __init__(self) -> None:
        self._typed = b""

    def show(self, digits: str, words: tuple[str, ...]) -> None:
        """Print what is to be the same, and ask."""
        self._forget_what_was_typed()
        told = f"{digits[:3]} {digits[3:]}   {' '.join(words)}"
        self._ask(f"\n    {told}\n\nDoes the kit's screen show the same? y or n")

    def descriptor(self) -> int:
        """Of standard input."""
        return sys.stdin.fileno()

    def said(self) -> bool | None:
        """What was typed; None as long as it is neither yes nor no. Raises EOFError where nothing can come."""
        came = os.read(self.descriptor(), AT_ONCE_BYTES)
        if not came and not self._typed:
            raise EOFError
        *lines, self._typed = (self._typed + (came or b"\n")).split(b"\n")
        for line in lines:
            typed = line.decode(errors="replace").strip().lower()
            if typed in YES or typed in NO:
                return typed in YES
            self._ask("That is neither y nor n. Does the kit's screen show the same? y or n")
        return None

    def _forget_what_was_typed(self) -> None:
        self._typed = b""
        with contextlib.suppress(termios.error):  # it is no terminal
            termios.tcflush(self.descriptor(), termios.TCIFLUSH)
        while _waits(self.descriptor()) and os.read(self.descriptor(), AT_ONCE_BYTES):
            pass

    def _ask(self, told: str) -> None:
        print(told, file=sys.stderr, flush=True)  # noqa: T201


def _waits(descriptor: int) -> bool:
    """Whether something can be read there at once; the end can, too."""
    return bool(select.select([descriptor], [], [], 0)[0])
