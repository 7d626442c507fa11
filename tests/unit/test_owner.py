"""The owner before a terminal: what counts as an answer, and what does not."""

import os
import pty
import sys
from collections.abc import Iterator

import pytest

from vybor_workshop.kits.owner import Terminal

DIGITS = ("123456", ("one", "two", "three", "four", "five"))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The writing end of a pipe that is standard input."""
    read, write = os.pipe()
    with os.fdopen(read) as opened:
        monkeypatch.setattr(sys, "stdin", opened)
        yield write


@pytest.mark.parametrize(
    ("line", "meant"), [("y", True), ("YES ", True), ("да", True), ("n", False), ("Нет", False)]
)
def test_yes_and_no_are_understood_in_both_languages(typed: int, line: str, meant: bool) -> None:
    terminal = Terminal()
    terminal.show(*DIGITS)
    os.write(typed, f"{line}\n".encode())
    assert terminal.said() is meant
    os.close(typed)


def test_what_is_neither_is_asked_again(typed: int, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.show(*DIGITS)
    for line in (b"maybe\n", b"\n", b"nn\n", b"y"):
        os.write(typed, line)
        assert terminal.said() is None
    assert capsys.readouterr().err.count("neither y nor n") == 3
    os.close(typed)
    assert terminal.said() is True  # the end of the input ends the line
    with pytest.raises(EOFError):
        terminal.said()


def test_what_was_typed_before_the_digits_is_no_answer(typed: int) -> None:
    os.write(typed, b"y\ny\n")
    terminal = Terminal()
    terminal.show(*DIGITS)
    os.write(typed, b"n\n")
    assert terminal.said() is False
    os.close(typed)


def test_what_was_typed_ahead_in_a_terminal_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, its = pty.openpty()
    with os.fdopen(its) as opened:
        monkeypatch.setattr(sys, "stdin", opened)
        terminal = Terminal()
        os.write(ours, b"y\nye")
        terminal.show(*DIGITS)
        os.write(ours, b"n\n")
        assert terminal.said() is False
    os.close(ours)
