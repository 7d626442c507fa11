"""The loop that every process runs: receive, let the room act, say how it fares, feed the watchdog."""

import gc
import logging
import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation import heap
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import Clock, next_due_ns, seconds
from vybor.foundation.heartbeat import Heartbeat, is_kept

HEALTH_EVERY_NS = seconds(1 / channels.BY_TYPE[m.Health].hz)
COLLECT_EVERY_NS = seconds(60)
ALONE = (
    "nothing would start it again, for `vybor run` started it by itself; end it there and start it again, "
    "or let `vybor up` or systemd keep the kit running"
)


class Room(Protocol):
    """What a process does. It reads no clock: the time of this turn is handed in."""

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Take in a message of a channel."""
        ...

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Take in a command; answer it now or later through the bus."""
        ...

    def answered(self, answered: Answered, now_ns: int) -> None:
        """Take in the reply to a command of one's own."""
        ...

    def turn(self, now_ns: int) -> float:
        """Do what is due; return for how many seconds nothing will be (arrivals come sooner)."""
        ...

    def troubles(self) -> tuple[m.Notice, ...]:
        """What is wrong now."""
        ...

    def close(self) -> None:
        """Let go of devices and files."""
        ...


class Stop:
    """Becomes true when somebody asks the process to end (SIGTERM, SIGINT)."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True

    def __bool__(self) -> bool:
        return self.asked


def deliver(room: Room, bus: Bus, wait_s: float, clock: Clock, *, is_kept: bool = False) -> bool:
    """Wait for arrivals and hand each to the room; whether the process was asked to start again.

    `is_kept`: somebody would start it. Where nobody does it goes on, for it would be gone.
    """
    starts_again = False
    for arrival in bus.receive(wait_s):
        now_ns = clock.now_ns()
        match arrival:
            case Heard():
                if arrival.missed:
                    logging.getLogger(f"vybor.{bus.process}").warning(
                        "events missed: publisher=%s count=%d", arrival.publisher, arrival.missed
                    )
                room.heard(arrival, now_ns)
            case Asked(command=m.StartAgain(request=request)):
                starts_again |= is_kept
                bus.answer(
                    arrival, m.Done(request=request) if is_kept else m.Refused(request=request, reason=ALONE)
                )
            case Asked():
                room.asked(arrival, now_ns)
            case Answered():
                room.answered(arrival, now_ns)
    return starts_again


class Reporter:
    """Publishes `Health` when it is due, and at once when the troubles change."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._last: tuple[m.Notice, ...] | None = None
        self._due_ns = 0

    def left_s(self, now_ns: int) -> float:
        """For how long nothing is to be said but news."""
        return max(0, self._due_ns - now_ns) / 1e9

    def report(self, troubles: tuple[m.Notice, ...], now_ns: int) -> None:
        """Say how the process fares, if it is time or news."""
        is_due = now_ns >= self._due_ns
        if troubles == self._last and not is_due:
            return
        log_change(self._bus.process, self._last or (), troubles)
        self._last = troubles
        if is_due:
            self._due_ns = next_due_ns(self._due_ns, now_ns, HEALTH_EVERY_NS)
        self._bus.publish(m.Health(at_ns=now_ns, process=self._bus.process, pid=os.getpid(), troubles=troubles))


def log_change(process: str, before: tuple[m.Notice, ...], after: tuple[m.Notice, ...]) -> None:
    """Log each trouble once when it comes and once when it goes."""
    log = logging.getLogger(f"vybor.{process}")
    for notice in after:
        if notice.trouble not in {known.trouble for known in before}:
            named = {"VYBOR_TROUBLE": str(notice.trouble)}
            log.warning("trouble: %s: %s", notice.trouble, notice.detail, extra=named)
    for notice in before:
        if notice.trouble not in {now.trouble for now in after}:
            log.info("healed: %s", notice.trouble, extra={"VYBOR_TROUBLE": str(notice.trouble)})


class Collector:
    """Has Python's collector look through what came since the start, once a minute, and glibc return what is free.

    By itself it does so when a few ten thousand objects have come and not gone, which is hardly ever: the parts of
    a kit hold little for long. But only then does Python give back the spare tuples that it keeps. What is there
    at the start is looked at no more: for tens of thousands of objects of libraries and tables it would stop a
    part for as long as a frame of the camera lasts (decision 0080).
    """

    def __init__(self, now_ns: int) -> None:
        gc.collect()
        gc.freeze()
        self._due_ns = now_ns + COLLECT_EVERY_NS

    def tend(self, now_ns: int) -> None:
        """Look, if it is time."""
        if now_ns >= self._due_ns:
            self._due_ns = next_due_ns(self._due_ns, now_ns, COLLECT_EVERY_NS)
            heap.give_back()


def run(room: Room, bus: Bus, clock: Clock, heart: Heartbeat, ended: Callable[[], None] = lambda: None) -> None:
    """Run a room until the process is asked to end.

    `ended` is told of that before the room is closed; of an end by an exception it is not.
    """
    stop = Stop()
    reporter = Reporter(bus)
    collector = Collector(clock.now_ns())
    heart.ready()
    try:
        wait_s, kept = 0.0, is_kept(os.environ)
        while not stop:
            if deliver(room, bus, min(wait_s, reporter.left_s(clock.now_ns())), clock, is_kept=kept):
                stop.asked = True
            now_ns = clock.now_ns()
            wait_s = room.turn(now_ns)
            reporter.report(room.troubles(), now_ns)
            bus.tend()
            heart.beat(now_ns)
            collector.tend(now_ns)
        ended()
    finally:
        heart.stopping()
        room.close()
        bus.close()
