"""The bus: ZeroMQ over ipc, in three kinds - state, event, command (contracts/channels.py says which is which).

Each process binds two sockets of its own: `<process>` to publish (XPUB) and `<process>.commands` to be asked
(ROUTER). Readers connect and reconnect by themselves; there is no broker. Traps that shaped this file:

- CONFLATE keeps one message a *socket*, so every state has a socket of its own.
- A late reader gets the last value because XPUB (VERBOSE) reports each subscription and it is sent again.
- A second bind on an ipc path silently steals it: a lock on `<process>.lock` makes the process the only one.
- A DEALER queues for a peer that is gone: commands are kept here, and sent again until they are answered.
"""

import logging
import math
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec
import zmq

from vybor.contracts import channels, wire
from vybor.contracts import messages as m
from vybor.foundation import names
from vybor.foundation.clock import Clock, next_due_ns, seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD

RESEND_S = 0.5
LARGE_BYTES = 100_000
"""What is so large is sent again later, the larger the later: each copy waits in memory for whoever is busy."""
LAST_WORDS_MS = 100
"""So long what was said last may still take on its way."""
REMEMBERED_ANSWERS = 1000
"""Whoever was answered does not ask again: these are the answers of some minutes."""
TELLING_BYTES = 1000
"""An answer that is larger tells something, page by page perhaps, and does nothing: it may be told again…"""
REMEMBERED_TELLING_BYTES = 500_000
"""…so only the newest are remembered: a record of months, told to who asks, would else stay in memory."""
EVENT_QUEUE = 10_000


class Heard(msgspec.Struct, frozen=True):
    """A message from a channel; `missed` events were lost before it (0 for states)."""

    publisher: str
    message: m.AnyMessage
    missed: int


class Asked(msgspec.Struct, frozen=True):
    """A command to this process; answer it with `Bus.answer`."""

    sender: bytes
    command: m.AnyCommand


class Answered(msgspec.Struct, frozen=True):
    """The reply to a command of this process."""

    by: str
    reply: m.AnyReply


Arrival = Heard | Asked | Answered
Understood = TypeVar("Understood")


class _Pending(msgspec.Struct):
    frame: bytes
    sent_ns: int = 0
    is_out: bool = False
    """Whether it went to a receiver that was there."""


class Bus:
    """One process's connection to all the others."""

    def __init__(self, process: str, runtime: Path, clock: Clock, hears: Iterable[type[m.Message]] = ()) -> None:
        self.process = process
        self._runtime = runtime
        self._clock = clock
        self._epoch = clock.now_ns()
        self._lock = names.take(process, runtime)
        self._context = zmq.Context()
        self._poller = zmq.Poller()
        self._publishing = self._bind(zmq.XPUB, process)
        self._commands = self._bind(zmq.ROUTER, f"{process}.commands")
        self._readers: list[zmq.Socket[bytes]] = []
        self._asking: dict[str, zmq.Socket[bytes]] = {}
        self._pending: dict[str, OrderedDict[str, _Pending]] = {}
        self._answers: OrderedDict[tuple[bytes, str], bytes | None] = OrderedDict()
        self._telling: OrderedDict[tuple[bytes, str], int] = OrderedDict()
        """Large ones among them, and their bytes."""
        self._numbers: dict[type[m.Message], int] = {}
        self._last: dict[type[m.Message], tuple[bytes, int]] = {}
        """What was said last, and when it is to be said again."""
        self._seen: dict[tuple[str, type[m.Message]], tuple[int, int]] = {}
        self._request = 0
        for kind in hears:
            for publisher in channels.BY_TYPE[kind].publishers:
                self._hear(kind, publisher)

    # --- publishing -------------------------------------------------------------------------------------

    def publish(self, message: m.AnyMessage) -> None:
        """Send a message on its channel. Raises ValueError if the channel is not this process's to speak on."""
        kind = type(message)
        channel = channels.BY_TYPE[kind]
        if self.process not in channel.publishers:
            raise ValueError(f"{self.process} may not publish {channel.topic}")
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        frame = wire.pack(wire.Envelope(self.process, self._epoch, self._numbers[kind], message))
        if channel.kind is channels.Kind.STATE:
            self._last[kind] = (frame, self._clock.now_ns() + _every_ns(kind))
        self._publishing.send(frame, zmq.DONTWAIT)

    def unsay(self, kind: type[m.Message]) -> None:
        """Say a state no more: it does not hold, and what holds is not known."""
        self._last.pop(kind, None)

    def tend(self) -> None:
        """Say states again that are due, and send commands again that nobody answered. Call it every loop."""
        now_ns = self._clock.now_ns()
        for kind, (frame, due_ns) in self._last.items():
            every_ns = _every_ns(kind)
            if every_ns and now_ns >= due_ns:
                self._last[kind] = (frame, next_due_ns(due_ns, now_ns, every_ns))
                self._publishing.send(frame, zmq.DONTWAIT)
        for receiver, waiting in self._pending.items():
            for pending in waiting.values():
                if now_ns - pending.sent_ns >= seconds(RESEND_S * (1 + len(pending.frame) // LARGE_BYTES)):
                    self._send_pending(receiver, pending, now_ns)

    # --- commands ---------------------------------------------------------------------------------------

    def new_request(self) -> str:
        """A name for a command that no other command has, in this run or any other."""
        self._request += 1
        return f"{self.process}-{os.getpid()}-{self._epoch}-{self._request}"

    def reach(self, receiver: str) -> None:
        """Connect to a receiver now: the first command on a fresh connection may wait for half a second."""
        if receiver not in self._asking:
            socket = self._socket(zmq.DEALER)
            socket.setsockopt(zmq.IMMEDIATE, 1)
            socket.setsockopt(zmq.IDENTITY, f"{self.process}-{os.getpid()}-{self._epoch}".encode())
            socket.connect(self._address(f"{receiver}.commands"))
            self._poller.register(socket, zmq.POLLIN)
            self._asking[receiver] = socket
            self._pending[receiver] = OrderedDict()

    def ask(self, receiver: str, command: m.AnyCommand) -> None:
        """Send a command, and send it again until it is answered or taken back."""
        self.reach(receiver)
        pending = _Pending(wire.pack_command(command))
        self._pending[receiver][command.request] = pending
        self._send_pending(receiver, pending, self._clock.now_ns())

    def take_back(self, receiver: str, request: str) -> None:
        """Stop sending a command again."""
        self._pending.get(receiver, OrderedDict()).pop(request, None)

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        """Answer a command. The same request again is answered from memory and does not arrive again.

        Large answers are forgotten sooner, the oldest first; asked for again, the command arrives again.
        """
        frame, key = wire.pack_command(reply), (asked.sender, asked.command.request)
        self._answers[key] = frame
        self._answers.move_to_end(key)  # however long it took: asked again meanwhile, it may still be on its way
        if len(frame) > TELLING_BYTES:
            self._telling[key] = len(frame)
            while sum(self._telling.values()) > REMEMBERED_TELLING_BYTES and len(self._telling) > 1:
                self._answers.pop(self._telling.popitem(last=False)[0], None)
        self._reply(asked.sender, frame)

    # --- receiving --------------------------------------------------------------------------------------

    def watch(self, descriptor: int) -> None:
        """Let `receive` return early when this file descriptor becomes readable."""
        self._poller.register(descriptor, zmq.POLLIN)

    def receive(self, wait_s: float) -> list[Arrival]:
        """Wait for something to arrive, at most `wait_s`, and return all that has."""
        ready = {source for source, _ in self._poller.poll(max(0, math.ceil(wait_s * 1000)))}
        arrivals: list[Arrival] = []
        if self._publishing in ready:
            self._greet()
        for reader in self._readers:
            if reader in ready:
                arrivals.extend(self._heard(reader))
        if self._commands in ready:
            arrivals.extend(self._asked())
        for receiver, socket in self._asking.items():
            if socket in ready:
                arrivals.extend(self._answered(receiver, socket))
        return arrivals

    def close(self) -> None:
        """Let go of every socket and of the name."""
        self._context.destroy(linger=LAST_WORDS_MS)  # who was asked to end has just answered
        os.close(self._lock)

    # --- inside -----------------------------------------------------------------------------------------

    def _address(self, name: str) -> str:
        return f"ipc://{self._runtime / name}"

    def _socket(self, kind: int) -> "zmq.Socket[bytes]":
        socket: zmq.Socket[bytes] = self._context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        return socket

    def _bind(self, kind: int, name: str) -> "zmq.Socket[bytes]":
        socket = self._socket(kind)
        if kind == zmq.XPUB:
            socket.setsockopt(zmq.XPUB_VERBOSE, 1)
            socket.setsockopt(zmq.SNDHWM, EVENT_QUEUE)
        before = os.umask(0o007)  # the socket's mode follows it: the kit's group shares the bus
        try:
            socket.bind(self._address(name))
        finally:
            os.umask(before)
        self._poller.register(socket, zmq.POLLIN)
        return socket

    def _hear(self, kind: type[m.Message], publisher: str) -> None:
        socket = self._socket(zmq.SUB)
        if channels.BY_TYPE[kind].kind is channels.Kind.STATE:
            socket.setsockopt(zmq.CONFLATE, 1)
        else:
            socket.setsockopt(zmq.RCVHWM, EVENT_QUEUE)
        socket.setsockopt(zmq.SUBSCRIBE, wire.topic_of(kind))
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        socket.connect(self._address(publisher))
        self._poller.register(socket, zmq.POLLIN)
        self._readers.append(socket)

    def _greet(self) -> None:
        for subscription in _frames(self._publishing):
            topic = subscription[1:]
            for kind, (frame, _) in self._last.items():
                if subscription[:1] == b"\x01" and wire.topic_of(kind).startswith(topic):
                    self._publishing.send(frame, zmq.DONTWAIT)

    def _heard(self, reader: "zmq.Socket[bytes]") -> Iterable[Heard]:
        for frame in _frames(reader):
            envelope = self._understood(wire.unpack, frame)
            if envelope is None:
                continue
            key = (envelope.publisher, type(envelope.message))
            epoch, number = self._seen.get(key, (envelope.epoch, envelope.number - 1))
            is_event = channels.BY_TYPE[key[1]].kind is channels.Kind.EVENT
            if is_event and envelope.epoch == epoch and envelope.number <= number:
                continue  # the same again, or an older one that was overtaken: one press is one choice
            self._seen[key] = (envelope.epoch, envelope.number)
            missed = envelope.number - number - 1 if is_event and envelope.epoch == epoch else 0
            yield Heard(envelope.publisher, envelope.message, missed)

    def _asked(self) -> Iterable[Asked]:
        while True:
            try:
                sender, *frames = self._commands.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            command = self._understood(wire.unpack_command, b"".join(frames))
            if command is None:
                continue
            key = (sender, command.request)
            if key in self._answers:
                if known := self._answers[key]:
                    self._reply(sender, known)
                continue
            self._answers[key] = None
            if len(self._answers) > REMEMBERED_ANSWERS:
                self._forget_oldest()
            yield Asked(sender, command)

    def _forget_oldest(self) -> None:
        """Of those that are answered, if there are any: what is still being done must not be begun again."""
        oldest = next((key for key, answer in self._answers.items() if answer), next(iter(self._answers)))
        del self._answers[oldest]
        self._telling.pop(oldest, None)

    def _answered(self, receiver: str, socket: "zmq.Socket[bytes]") -> Iterable[Answered]:
        for frame in _frames(socket):
            reply = self._understood(wire.unpack_reply, frame)
            if reply and self._pending[receiver].pop(reply.request, None):
                yield Answered(receiver, reply)

    def _understood(self, unpack: Callable[[bytes], Understood], frame: bytes) -> Understood | None:
        """What a frame says; None, and a line in the log, for noise: it must not end a process."""
        try:
            return unpack(frame)
        except NOT_UNDERSTOOD as error:
            logging.getLogger(f"vybor.{self.process}").warning("noise on the bus: %s", error)
            return None

    def _send_pending(self, receiver: str, pending: _Pending, now_ns: int) -> None:
        """What is older and has not gone out goes first: whoever begins hears all in the order of asking."""
        for older in self._pending[receiver].values():
            if older is not pending and older.is_out:
                continue
            older.sent_ns = pending.sent_ns = now_ns
            try:
                self._asking[receiver].send(older.frame, zmq.DONTWAIT)
            except zmq.Again:  # the receiver is not there yet; `tend` sends it again
                older.is_out = pending.is_out = False
                return
            older.is_out = True
            if older is pending:
                return

    def _reply(self, sender: bytes, frame: bytes) -> None:
        self._commands.send_multipart([sender, frame], zmq.DONTWAIT)


def _every_ns(kind: type[m.Message]) -> int:
    """How often a state is said; 0: not again."""
    hz = channels.BY_TYPE[kind].hz
    return seconds(1 / hz) if hz > 0 else 0


def _frames(socket: "zmq.Socket[bytes]") -> Iterable[bytes]:
    """All frames that wait on a socket."""
    while True:
        try:
            yield socket.recv(zmq.DONTWAIT)
        except zmq.Again:
            return
