"""Somebody who hears every frame of a running kit beside who writes, and looks at its processes now and then.

The kit's own readers take the newest of a state; this one takes every frame, to count them.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]
import zmq

from benches.choices import Flip
from vybor.contracts import channels, wire
from vybor.contracts import messages as m
from vybor.contracts.channels import Kind
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import VyborError

LOOK_EVERY_NS = seconds(5)
"""Between two looks at the processes."""
WAIT_MS = 20

GONE = (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError)
"""What a process that ends in between says to questions about it."""
Source = tuple[str, str]
"""Who publishes, and the name of the channel."""


class Look(msgspec.Struct, frozen=True):
    """All processes of the kit at one moment, each with its children; stand-ins of the tests do not count."""

    at_ns: int
    rss_mb: dict[str, float]
    pss_mb: dict[str, float]
    cpu_s: dict[str, float]
    wakeups: dict[str, int]
    """How often each has given its processor away of its own will since it began, which it does to wait."""
    written_mb: dict[str, float]


class _Taken(msgspec.Struct, frozen=True):
    """By one process alone."""

    rss_mb: float
    pss_mb: float
    cpu_s: float
    wakeups: int
    written_mb: float


class Tally(msgspec.Struct):
    """What was heard."""

    frames: Counter[Source] = msgspec.field(default_factory=Counter)
    repeats: Counter[Source] = msgspec.field(default_factory=Counter)
    """Frames that said the same again, number and all."""
    lost: int = 0
    doubled: int = 0
    unread: int = 0
    """Frames that nobody can read."""
    silent_s: dict[str, float] = {}
    """The longest time that each process said nothing on how it fares, whether it spoke again or not."""
    missed: Counter[str] = msgspec.field(default_factory=Counter)
    """How often that was longer than its watchdog waits."""
    pids: dict[str, int] = {}
    restarts: Counter[str] = msgspec.field(default_factory=Counter)
    flips: list[Flip] = []
    saved: list[str] = msgspec.field(default_factory=lambda: [""])
    """Texts that the screen said were saved."""
    seen: dict[Source, tuple[int, int]] = {}
    well_ns: dict[str, int] = {}
    """When each said last how it fares."""
    began_ns: int = 0
    """Since when anybody listens, before that too."""

    def hear(self, envelope: wire.Envelope, watchdog_s: dict[str, int]) -> None:
        """Take in one frame."""
        message = envelope.message
        source = (envelope.publisher, type(message).__name__)
        self.frames[source] += 1
        self._number(source, envelope, is_event=channels.BY_TYPE[type(message)].kind is Kind.EVENT)
        match message:
            case m.Health():
                self._fares(message, watchdog_s)
            case m.Shown():
                self._shown(message)

    def _number(self, source: Source, envelope: wire.Envelope, *, is_event: bool) -> None:
        epoch, number = self.seen.get(source, (envelope.epoch, envelope.number - 1))
        self.seen[source] = (envelope.epoch, envelope.number)
        if epoch != envelope.epoch:
            return
        if envelope.number == number and not is_event:
            self.repeats[source] += 1
        elif is_event:
            self.lost += max(0, envelope.number - number - 1)
            self.doubled += envelope.number <= number

    def _fares(self, health: m.Health, watchdog_s: dict[str, int]) -> None:
        name = health.process
        self.restarts[name] += self.pids.get(name, health.pid) != health.pid
        self._silent(name, health.at_ns, watchdog_s)
        self.pids[name], self.well_ns[name] = health.pid, health.at_ns

    def ended(self, at_ns: int, watchdog_s: dict[str, int]) -> None:
        """Nothing is waited for from now on: who has said nothing until then, of all processes, was silent."""
        for name in channels.EVERY_PROCESS:
            self._silent(name, at_ns, watchdog_s)

    def _silent(self, name: str, at_ns: int, watchdog_s: dict[str, int]) -> None:
        """It said nothing until then."""
        gap_s = (at_ns - self.well_ns.get(name, self.began_ns)) / 1e9
        self.silent_s[name] = max(gap_s, self.silent_s.get(name, 0.0))
        self.missed[name] += gap_s > watchdog_s[name]

    def _shown(self, shown: m.Shown) -> None:
        if shown.screen is None:
            return
        light = (shown.highlight.slot, shown.highlight.armed) if shown.highlight else (None, False)
        captured_ns = shown.highlight.captured_ns if shown.highlight else 0
        if not self.flips or (self.flips[-1].offer, self.flips[-1].light) != (shown.screen.offer, light):
            self.flips.append(Flip(shown.at_ns, shown.screen.offer, light, captured_ns))
        if shown.screen.saving is m.Saving.SAVED and not shown.core_silent and shown.screen.text != self.saved[-1]:
            self.saved.append(shown.screen.text)


class Listener:
    """Hears in a thread of its own, until it is closed."""

    def __init__(self, runtime: Path, clock: Clock, watchdog_s: dict[str, int]) -> None:
        self.tally = Tally(began_ns=clock.now_ns())
        self.looks: list[Look] = []
        self._clock = clock
        self._watchdog_s = watchdog_s
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] = self._context.socket(zmq.SUB)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        self._socket.setsockopt(zmq.RCVHWM, 0)
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        for name in channels.EVERY_PROCESS:
            self._socket.connect(f"ipc://{runtime / name}")
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def restart(self) -> int:
        """Count anew from now on; returns the time."""
        known = self.tally
        self.tally = Tally(seen=known.seen, pids=known.pids, well_ns=known.well_ns, began_ns=known.began_ns)
        self.looks = []
        return self._clock.now_ns()

    def until_now(self) -> int:
        """Who says nothing at this moment is silent, too; returns the time."""
        now_ns = self._clock.now_ns()
        self.tally.ended(now_ns, self._watchdog_s)
        return now_ns

    def wait_for_all(self, limit_s: float) -> None:
        """Wait until every process has said how it fares. Raises VyborError with those that do not."""
        deadline_ns = self._clock.now_ns() + seconds(limit_s)
        while missing := sorted(set(channels.EVERY_PROCESS) - set(self.tally.pids)):
            if self._clock.now_ns() > deadline_ns:
                raise VyborError(f"nothing was heard of {', '.join(missing)} within {limit_s:.0f} s")
            time.sleep(WAIT_MS / 1000)

    def close(self) -> None:
        """Hear no more."""
        self._ends.set()
        self._thread.join()
        self._context.destroy(linger=0)

    def _run(self) -> None:
        look_ns = 0
        while not self._ends.is_set():
            if self._socket.poll(WAIT_MS):
                self._take()
            if self._clock.now_ns() >= look_ns and self.tally.pids:
                look_ns = self._clock.now_ns() + LOOK_EVERY_NS
                self.looks.append(look(self.tally.pids, self._clock.now_ns()))

    def _take(self) -> None:
        while True:
            try:
                frame = self._socket.recv(zmq.DONTWAIT)
            except zmq.Again:
                return
            try:
                envelope = wire.unpack(frame)
            except NOT_UNDERSTOOD:
                self.tally.unread += 1
                continue
            self.tally.hear(envelope, self._watchdog_s)


def look(pids: dict[str, int], at_ns: int) -> Look:
    """Look at every process and its children; one that is gone is left out."""
    found = Look(at_ns, {}, {}, {}, {}, {})
    for name, pid in dict(pids).items():
        try:
            process = psutil.Process(pid)
            children = process.children(recursive=True)
            family = [_taken(process, with_ended=not _has_stand_in(children)), *_taken_by(children)]
        except GONE:
            continue
        found.rss_mb[name] = sum(each.rss_mb for each in family)
        found.pss_mb[name] = sum(each.pss_mb for each in family)
        found.cpu_s[name] = sum(each.cpu_s for each in family)
        found.wakeups[name] = sum(each.wakeups for each in family)
        found.written_mb[name] = sum(each.written_mb for each in family)
    return found


def _taken(process: psutil.Process, *, with_ended: bool = True) -> _Taken:
    """`with_ended`: the processor of children that have ended is its own, as of who speaks. Raises one of GONE."""
    memory, times = process.memory_full_info(), process.cpu_times()
    ended_s = times.children_user + times.children_system if with_ended else 0.0
    return _Taken(
        memory.rss / 1e6,
        memory.pss / 1e6,
        times.user + times.system + ended_s,
        _switches(process.pid),
        process.io_counters().write_bytes / 1e6,
    )


def _taken_by(children: Iterable[psutil.Process]) -> Iterator[_Taken]:
    """A child that says something and ends is gone between two questions; its parent is there all the same."""
    for child in children:
        with suppress(*GONE):
            if not is_stand_in(child):
                yield _taken(child)


def _has_stand_in(children: Iterable[psutil.Process]) -> bool:
    """Whether one of them is; one that has ended before would count to its parent."""
    for child in children:
        with suppress(*GONE):
            if is_stand_in(child):
                return True
    return False


def is_stand_in(process: psutil.Process) -> bool:
    """Whether it belongs to the tests' world: the program that plays the camera is a child of gaze."""
    return any(word.startswith("world.") for word in process.cmdline())


def _switches(pid: int) -> int:
    """Voluntary context switches of all threads of a process."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(*GONE):  # a thread that has ended; of a process that has, the others tell
            for line in status.read_text(encoding="ascii", errors="replace").splitlines():
                if line.startswith("voluntary_ctxt_switches:"):
                    total += int(line.split()[1])
    return total
