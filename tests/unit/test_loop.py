"""The loop of every process: asked to end while it waits, it ends; what ends by itself was not asked to."""

import gc
import os
import signal
import threading
import weakref
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import SystemClock, next_due_ns, seconds
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.loop import COLLECT_EVERY_NS, Collector, Reporter, run
from vybor.generator.network.memory import taken

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
    gc.unfreeze()


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


class Ring:
    """Holds itself: only the collector lets go of it."""

    def __init__(self) -> None:
        self.me = self


def test_the_collector_looks_once_a_minute_and_only_at_what_came_since_the_start() -> None:
    ring_before = weakref.ref(Ring())
    collector = Collector(began_ns := seconds(1000))
    assert ring_before() is None, "what nobody holds is not set aside"
    assert gc.get_freeze_count() > 0
    for minute in (1, 2):
        ring = weakref.ref(Ring())
        collector.tend(began_ns + minute * COLLECT_EVERY_NS - 1)
        assert ring() is not None
        collector.tend(began_ns + minute * COLLECT_EVERY_NS)
        assert ring() is None


def test_what_was_let_go_of_is_the_machine_s_again_within_a_minute() -> None:
    kept = [bytearray(b"x" * 100_000) for _ in range(500)]
    collector, full = Collector(0), taken()
    last = kept[-1]
    del kept
    collector.tend(COLLECT_EVERY_NS - 1)
    assert full - taken() < 1_000_000, "glibc keeps it: the last one stands behind it"
    collector.tend(COLLECT_EVERY_NS)
    assert full - taken() > 40_000_000
    assert len(last) == 100_000


class Brief(Idle):
    """Is asked to end in its second turn."""

    def turn(self, now_ns: int) -> float:
        self.turns += 1
        if self.turns == 2:
            os.kill(os.getpid(), self.ask)
        return 0


class Leaping(SystemClock):
    """A minute passes between any two looks at it."""

    def __init__(self) -> None:
        self.looks = 0

    def now_ns(self) -> int:
        self.looks += 1
        return self.looks * COLLECT_EVERY_NS


def test_the_loop_sees_to_the_collector(tmp_path: Path) -> None:
    looks = gc.get_stats()[-1]["collections"]
    run(Brief(signal.SIGTERM), Bus("sync", tmp_path, SystemClock()), Leaping(), NoHeartbeat())
    assert gc.get_stats()[-1]["collections"] >= looks + 3, "at the start, and in both turns"


def test_a_late_turn_moves_no_later_one_and_nothing_is_made_up_for() -> None:
    assert next_due_ns(10, 10, 5) == 15
    assert next_due_ns(10, 14, 5) == 15
    assert next_due_ns(10, 15, 5) == 20, "late by a whole turn"
    assert next_due_ns(10, 99, 5) == 104


class Hears:
    """In place of the bus and its clock: something arrives every .3 s, and what is said is kept with its time."""

    process = "sync"

    def __init__(self) -> None:
        self.ns = seconds(100)
        self.said_ns: list[int] = []

    def now_ns(self) -> int:
        return self.ns

    def publish(self, message: m.Health) -> None:
        self.said_ns.append(message.at_ns)

    def receive(self, wait_s: float) -> list[Heard]:
        self.ns += min(seconds(wait_s), seconds(0.3))
        return []

    def tend(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("turn_s", [0.001, 0.06, 0.3])
def test_who_works_in_turns_says_twice_a_second_how_they_fare(turn_s: float) -> None:
    hears = Hears()
    reporter = Reporter(hears)
    for turn in range(1, round(60 / turn_s)):
        reporter.report((), seconds(turn * turn_s))
    assert len(hears.said_ns) == pytest.approx(120, abs=1)


def test_news_are_said_at_once_and_move_nothing_else() -> None:
    hears, trouble = Hears(), m.Notice(process="sync", trouble=m.Trouble.SYNC_FAILED)
    reporter = Reporter(hears)
    reporter.report((), seconds(10))
    reporter.report((trouble,), seconds(10.3))
    assert reporter.left_s(seconds(10.3)) == pytest.approx(0.2)
    reporter.report((trouble,), seconds(10.5))
    assert hears.said_ns == [seconds(10), seconds(10.3), seconds(10.5)]
    assert reporter.left_s(seconds(11.2)) == 0


class Woken(Idle):
    """A room that has nothing to do for a long time."""

    def turn(self, now_ns: int) -> float:
        if now_ns >= seconds(120):
            os.kill(os.getpid(), self.ask)
        return 60.0


def test_who_is_woken_before_it_is_time_waits_for_the_rest_alone() -> None:
    """A wait that began anew with each arrival would end too late."""
    hears = Hears()
    run(Woken(signal.SIGTERM), hears, hears, NoHeartbeat())
    gaps_s = [(later - said) / 1e9 for said, later in pairwise(hears.said_ns)]
    assert len(gaps_s) == pytest.approx(40, abs=1)
    assert gaps_s == pytest.approx([0.5] * len(gaps_s))
