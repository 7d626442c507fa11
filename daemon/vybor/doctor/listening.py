"""Listens to a running kit: what its processes say, without a word or a name of its own on the bus."""

import os
import socket
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec
import zmq

from vybor.contracts import channels, wire
from vybor.contracts import messages as m
from vybor.doctor.findings import Finding, Findings, note, ok, trouble
from vybor.foundation import last_words
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.places import LONGEST_RUNTIME

LISTEN_S = 1.5
"""Health is said at least twice a second, and at once to whoever begins to listen."""


class Overheard(msgspec.Struct, frozen=True):
    """A message, and when it came."""

    arrived_ns: int
    message: m.AnyMessage


def listen(runtime: Path, wait_s: float) -> dict[str, m.Health | None]:
    """The Health of each process that has a socket in the folder; None if it says nothing. Binds nothing."""
    heard: dict[str, m.Health | None] = {}
    with zmq.Context() as context:
        context.linger = 0
        poller = zmq.Poller()
        for name in channels.EVERY_PROCESS:
            if has_socket(runtime, name):
                heard[name] = None
                poller.register(_listener(context, runtime / name, (m.Health,)), zmq.POLLIN)
        while poller.sockets and (ready := poller.poll(round(wait_s * 1000))):
            for listener, _ in ready:
                poller.unregister(listener)
                health = _understood(listener.recv())
                listener.close()
                if isinstance(health, m.Health):
                    heard[health.process] = health
        context.destroy()
    return heard


class Ear:
    """Hears everything of some kinds that is said from now on, states and events alike. Binds nothing."""

    def __init__(self, runtime: Path, kinds: Iterable[type[m.Message]], clock: Clock) -> None:
        self._clock = clock
        self._context = zmq.Context()
        self._context.linger = 0
        self._poller = zmq.Poller()
        wanted: dict[str, list[type[m.Message]]] = {}
        for kind in kinds:
            for publisher in channels.BY_TYPE[kind].publishers:
                wanted.setdefault(publisher, []).append(kind)
        self.hears = tuple(publisher for publisher in wanted if has_socket(runtime, publisher))
        """Whose socket is there; one that is bound later is heard as soon as it is."""
        if len(os.fsencode(runtime)) <= LONGEST_RUNTIME:
            for publisher, topics in wanted.items():
                self._poller.register(_listener(self._context, runtime / publisher, topics), zmq.POLLIN)

    def heard(self, wait_s: float) -> Iterator[Overheard]:
        """What has come; if nothing has, wait for it that long."""
        for listener, _ in self._poller.poll(max(0, round(wait_s * 1000))):
            for frame in _waiting(listener):
                message = _understood(frame)
                if message is not None:
                    yield Overheard(self._clock.now_ns(), message)

    def close(self) -> None:
        """Let go of every socket."""
        self._context.destroy()


def overhear(runtime: Path, kinds: Iterable[type[m.Message]], clock: Clock, for_s: float) -> Iterator[Overheard]:
    """Everything of these kinds that is said in the next seconds. Binds nothing."""
    until_ns = clock.now_ns() + seconds(for_s)
    ear = Ear(runtime, kinds, clock)
    try:
        while ear.hears and (left_ns := until_ns - clock.now_ns()) > 0:
            yield from ear.heard(max(1, left_ns // 1_000_000) / 1000)
    finally:
        ear.close()


def has_socket(runtime: Path, process: str) -> bool:
    """Whether a process has bound its name here, as far as this user may see."""
    try:
        return (runtime / process).is_socket()
    except PermissionError:
        return False


def is_answered(runtime: Path, process: str) -> bool:
    """Whether somebody listens at a process's name: a kit that was ended leaves its sockets behind."""
    if not has_socket(runtime, process):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        try:
            knock.connect(str(runtime / process))
        except OSError:
            return False
    return True


def may_not_enter(runtime: Path) -> bool:
    """Whether there is a folder of sockets that this user is kept out of."""
    try:
        return runtime.exists() and not os.access(runtime, os.X_OK)
    except PermissionError:  # not even its parent lets this user in
        return True


def _listener(
    context: "zmq.Context[zmq.Socket[bytes]]", path: Path, kinds: Iterable[type[m.Message]]
) -> "zmq.Socket[bytes]":
    listener = context.socket(zmq.SUB)
    for kind in kinds:
        listener.subscribe(wire.topic_of(kind))
    listener.connect(f"ipc://{path}")
    return listener


def _waiting(listener: "zmq.Socket[bytes]") -> Iterator[bytes]:
    while True:
        try:
            yield listener.recv(zmq.DONTWAIT)
        except zmq.Again:
            return


def _understood(frame: bytes) -> m.AnyMessage | None:
    try:
        return wire.unpack(frame).message
    except NOT_UNDERSTOOD:  # a kit of another version
        return None


FOUND_AS = {
    m.Trouble.SETTINGS_WRONG: {"settings"},
    m.Trouble.SOUND_MISSING: {"sound card", "player", "speech"},
    m.Trouble.SOUND_MUTED: {"volume"},
    m.Trouble.VOICE_PLAIN: {"Piper"},
    m.Trouble.CAMERA_MISSING: {"camera"},
    m.Trouble.TRACKER_MISSING: {"eye tracker"},
    m.Trouble.LANDMARKER_MISSING: {"face landmarker"},
    m.Trouble.HEADBAND_MISSING: {"headband"},
    m.Trouble.MODEL_MISSING: {"language model"},
    m.Trouble.WORDS_MISSING: {"words"},
}
"""Under which of the doctor's own subjects the cause of a trouble has been told: it is not to be counted twice."""


def running(heard: dict[str, m.Health | None], runtime: Path, told: Collection[str] = ()) -> Findings:
    """How the processes say they fare; what was `told` already (subjects of troubles found) is only noted."""
    if may_not_enter(runtime):
        yield trouble(
            f"the kit: this user may not look into {runtime}; use sudo, or join the group: "
            "sudo adduser $USER vybor"
        )
        return
    if not any(heard.values()):
        yield note(f"the kit does not run in {runtime}")
        return
    for name in channels.EVERY_PROCESS:
        health = heard.get(name)
        if health is None:
            words = last_words.read(runtime, name)
            why = f" ({words})" if words else ""
            say = note if f"vybor-{name}" in told else trouble
            yield say(f"{name}: it does not answer{why}; see journalctl -u vybor-{name}, or where `vybor up` runs")
        elif not health.troubles:
            yield ok(f"{name}: it runs")
        else:
            yield from (_said(name, notice, told) for notice in health.troubles)


def _said(name: str, notice: m.Notice, told: Collection[str]) -> Finding:
    words = f"{name}: {notice.trouble}: {notice.detail}"
    causes = FOUND_AS.get(notice.trouble, set()).intersection(told)
    return note(f"{words} (see {', '.join(sorted(causes))} above)") if causes else trouble(words)
