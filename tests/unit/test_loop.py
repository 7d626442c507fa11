"""The loop of every process: asked to end while it waits, it ends."""

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
    clock, room = SystemClock(), Idle(ask)
    run(room, Bus("sync", tmp_path, clock), clock, NoHeartbeat())
    assert room.is_closed
    assert room.turns <= 4
