"""The loop of every process: asked to end while it waits, it ends; what ends by itself was not asked to."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.loop import run

WAIT_S = 0.2
MOST_TURNS = 10


class Idle:
    """A room that waits, and has somebody ask for the end while it does."""

    def __init__(self, ask: int) -> None:
        self.ask = ask
        self.turns = 0
        self.is_closed = False

    def heard(self, heard: Heard, now_ns: int) -> None: ...

    def asked(self, asked: Asked, now_ns: int) -> None: ...

    def answered(self, answered: Answered, now_ns: int) -> None: ...

    def turn(self, now_ns: int) -> float:
        self.turns += 1
        assert self.turns < MOST_TURNS, "it was asked to end and goes on"
        if self.turns == 2:
            threading.Timer(WAIT_S / 2, os.kill, (os.getpid(), self.ask)).start()
        return WAIT_S

    def troubles(self) -> tuple[m.Notice, ...]:
        return ()

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("ask", [signal.SIGTERM, signal.SIGINT])
def test_who_is_asked_to_end_while_they_wait_ends(tmp_path: Path, ask: int) -> None:
    clock, room, told = SystemClock(), Idle(ask), list[bool]()
    run(room, Bus("sync", tmp_path, clock), clock, NoHeartbeat(), lambda: told.append(room.is_closed))
    assert room.is_closed
    assert told == [False], "before it is closed"
    assert room.turns <= 4


class Falls(Idle):
    """A room in which something goes wrong."""

    def turn(self, now_ns: int) -> float:
        raise ArithmeticError("nobody thought of it")


def test_who_ends_by_an_exception_is_closed_and_was_not_asked_to_end(tmp_path: Path) -> None:
    clock, room, told = SystemClock(), Falls(signal.SIGTERM), list[bool]()
    with pytest.raises(ArithmeticError):
        run(room, Bus("sync", tmp_path, clock), clock, NoHeartbeat(), lambda: told.append(room.is_closed))
    assert room.is_closed
    assert told == []
