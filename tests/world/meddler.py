"""Somebody who sits on every wire of a kit: what one process says to another comes late, twice or damaged.

Each process runs in a folder of its own, in which the sockets of all others are the meddler's. It carries what is
published, subscriptions, commands and replies, and does to what a process says whatever it is told to do.
"""

import heapq
import itertools
import random
import threading
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import zmq

from vybor.foundation.clock import Clock, seconds

POLL_MS = 5
LATEST_S = 0.4
"""What comes late comes by so much later at most; the order stays as it was."""
DAMAGED = 0.3
"""So large a part is damaged: what is said again and again comes through."""
FELT_S = 0.02
"""What comes later by less is as good as on time."""


class Way(StrEnum):
    """What is done to what a process says."""

    DELAYED = "delayed"
    DOUBLED = "doubled"
    CORRUPTED = "corrupted"


Parts = list[bytes]


def is_meddled(said: Parts, sent: Sequence[Parts], late_ns: int) -> bool:
    """Whether a frame goes on otherwise than it was said: other bytes, more than once, or late."""
    return [said] != list(sent) or late_ns >= seconds(FELT_S)


class Meddler:
    """In a thread of its own, from its making on until it is closed."""

    def __init__(self, folder: Path, names: Iterable[str], clock: Clock, seed: int = 1) -> None:
        self._folder = folder
        self._names = tuple(names)
        self._clock = clock
        self._chance = random.Random(seed)
        self._context = zmq.Context()
        self._poller = zmq.Poller()
        self._to: dict[zmq.Socket[bytes], zmq.Socket[bytes]] = {}
        """What is published goes from the one to the other; subscriptions go back."""
        self._asks: dict[zmq.Socket[bytes], Path] = {}
        self._backs: dict[tuple[zmq.Socket[bytes], bytes], zmq.Socket[bytes]] = {}
        self._fronts: dict[zmq.Socket[bytes], tuple[zmq.Socket[bytes], bytes]] = {}
        self._who: dict[zmq.Socket[bytes], str] = {}
        """Whose words come out of a socket."""
        self._late: list[tuple[int, int, zmq.Socket[bytes], Parts]] = []
        self._number = itertools.count()
        self._due: dict[zmq.Socket[bytes], int] = {}
        self.meddled: dict[str, Way] = {}
        self.count = 0
        """So many frames came out otherwise than they were said, or late."""
        for reader in self._names:
            self.of(reader).mkdir(parents=True, exist_ok=True)
            for other in self._names:
                if other != reader:
                    self._carry(reader, other)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="meddler", daemon=True)
        self._thread.start()

    def of(self, name: str) -> Path:
        """The folder of a process's sockets."""
        return self._folder / name

    def close(self) -> None:
        """Sit there no more."""
        self._ends.set()
        self._thread.join()
        self._context.destroy(linger=0)

    def _carry(self, reader: str, other: str) -> None:
        front, back = self._context.socket(zmq.XPUB), self._context.socket(zmq.XSUB)
        front.setsockopt(zmq.XPUB_VERBOSE, 1)
        front.bind(f"ipc://{self.of(reader) / other}")
        back.connect(f"ipc://{self.of(other) / other}")
        self._to |= {back: front, front: back}
        self._who[back] = other
        asked = self._context.socket(zmq.ROUTER)
        asked.bind(f"ipc://{self.of(reader) / other}.commands")
        self._asks[asked] = self.of(other) / f"{other}.commands"
        self._who[asked] = reader
        for each in (front, back, asked):
            self._poller.register(each, zmq.POLLIN)

    def _run(self) -> None:
        while not self._ends.is_set():
            for socket, _ in self._poller.poll(POLL_MS):
                for parts in _all(socket):
                    self._take(socket, parts)
            now_ns = self._clock.now_ns()
            while self._late and self._late[0][0] <= now_ns:
                *_, to, parts = heapq.heappop(self._late)
                to.send_multipart(parts)

    def _take(self, socket: "zmq.Socket[bytes]", parts: Parts) -> None:
        if socket in self._asks:
            sender, *frames = parts
            self._pass(self._who[socket], self._back(socket, sender), frames)
        elif socket in self._fronts:
            front, sender = self._fronts[socket]
            self._pass(self._who[socket], front, [sender, *parts])
        elif socket in self._who:
            self._pass(self._who[socket], self._to[socket], parts)
        else:
            self._to[socket].send_multipart(parts)  # a subscription

    def _back(self, asked: "zmq.Socket[bytes]", sender: bytes) -> "zmq.Socket[bytes]":
        """Where commands of this sender go on, in its name."""
        if (asked, sender) not in self._backs:
            back = self._context.socket(zmq.DEALER)
            back.setsockopt(zmq.IDENTITY, sender)
            back.connect(f"ipc://{self._asks[asked]}")
            self._backs[asked, sender] = back
            self._fronts[back] = asked, sender
            self._who[back] = self._asks[asked].name.removesuffix(".commands")
            self._poller.register(back, zmq.POLLIN)
        return self._backs[asked, sender]

    def _pass(self, who: str, to: "zmq.Socket[bytes]", parts: Parts) -> None:
        way, now_ns = self.meddled.get(who), self._clock.now_ns()
        sent = parts
        if way is Way.CORRUPTED and self._chance.random() < DAMAGED:
            sent = [*parts[:-1], self._damaged(parts[-1])]
        late_ns, waits = 0, way is Way.DELAYED or self._due.get(to, 0) > now_ns
        if waits:
            own_ns = seconds(self._chance.uniform(0, LATEST_S)) if way is Way.DELAYED else 0
            self._due[to] = max(self._due.get(to, 0), now_ns + own_ns)
            late_ns = self._due[to] - now_ns
        copies = [sent] * (2 if way is Way.DOUBLED else 1)
        for each in copies:
            if waits:
                heapq.heappush(self._late, (self._due[to], next(self._number), to, each))
            else:
                to.send_multipart(each)
        self.count += way is not None and is_meddled(parts, copies, late_ns)

    def _damaged(self, frame: bytes) -> bytes:
        """Some bytes are others, or the end is missing; its topic is left, or nobody would get it."""
        begins = frame.find(b" ") + 1
        if len(frame) <= begins:
            return frame
        if self._chance.random() < 0.25:
            return frame[: self._chance.randrange(begins, len(frame))]
        changed = bytearray(frame)
        for _ in range(self._chance.randrange(1, 4)):
            changed[self._chance.randrange(begins, len(frame))] ^= self._chance.randrange(1, 256)
        return bytes(changed)


def _all(socket: "zmq.Socket[bytes]") -> Iterator[Parts]:
    while True:
        try:
            yield socket.recv_multipart(zmq.DONTWAIT)
        except zmq.Again:
            return
