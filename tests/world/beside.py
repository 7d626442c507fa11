"""A workstation beside a kit: the real journal, sync and sshd, the real pairing and rsync, on loopback."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import msgspec

from processes.stage import Kit, kit
from vybor.contracts import messages as m
from vybor.contracts.messages import ShareWish
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.places import Places
from vybor.segments import rows
from vybor.segments.segment import Segment, opened
from vybor_workshop.kits import home, syncing, ways
from vybor_workshop.kits.adding import Host, add
from vybor_workshop.kits.keys import Ingested, KitKeys

EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=1, posterior_without_prior=1, gaze_age_ms=0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class Wearer:
    """Plays core: decides, and wishes what is chosen on the page of sharing."""

    def __init__(self, runtime: Path) -> None:
        self._bus = Bus("core", runtime, SystemClock(), [m.SyncStatus, m.Proposals])
        self.proposals: m.Proposals | None = None
        self.sharing: m.Sharing | None = None
        self.replies: dict[str, m.AnyReply] = {}
        self._decisions = 0

    def close(self) -> None:
        self._bus.close()

    def pump(self, wait_s: float = 0.02) -> None:
        for arrival in self._bus.receive(wait_s):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.SyncStatus):
                self.sharing = arrival.message.sharing
            elif isinstance(arrival, Heard) and isinstance(arrival.message, m.Proposals):
                self.proposals = arrival.message
            elif isinstance(arrival, Answered):
                self.replies[arrival.reply.request] = arrival.reply
        self._bus.tend()

    def until(self, holds: Callable[[], bool], limit_s: float = 15.0) -> None:
        deadline = time.perf_counter() + limit_s
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.sharing}"
            self.pump()

    def wish(self, wish: ShareWish, digits: str = "", until_ns: int = 0) -> m.AnyReply:
        command = m.Share(request=self._bus.new_request(), wish=wish, digits=digits, until_ns=until_ns)
        self._bus.ask("sync", command)
        self.until(lambda: command.request in self.replies)
        return self.replies[command.request]

    def decide(self, count: int = 1) -> None:
        first = self._decisions + 1
        self._decisions += count
        self.record([decision(number) for number in range(first, first + count)])

    def record(self, decisions: Sequence[m.Decision]) -> None:
        """Have the journal keep these; on return it has."""
        asked = [m.Record(request=self._bus.new_request(), decision=each) for each in decisions]
        for command in asked:
            self._bus.ask("journal", command)
        self.until(lambda: all(command.request in self.replies for command in asked), 60)

    def propose(self, prompt: m.Prompt) -> m.Proposals:
        """What the generator says to a prompt."""
        self.proposals = None
        self._bus.publish(msgspec.structs.replace(prompt, at_ns=SystemClock().now_ns()))
        self.until(lambda: self.proposals is not None and self.proposals.prompt == prompt.number)
        assert self.proposals
        return self.proposals

    def pairing(self) -> m.Pairing | None:
        return self.sharing.pairing if self.sharing else None

    def is_asked(self) -> bool:
        pairing = self.pairing()
        return bool(pairing and pairing.digits and not pairing.is_said)

    def is_paired(self) -> bool:
        return bool(self.sharing and self.sharing.workstation and not self.sharing.pairing)


def decision(number: int) -> m.Decision:
    return m.Decision(
        at_ns=number,
        session="s",
        number=number,
        action=m.Action.TAKE,
        slot=0,
        written=f"word{number} ",
        text_before="",
        text_after=f"word{number}",
        offer=number,
        shown=(),
        evidence=EVIDENCE,
    )


class Owner:
    """The person at the workstation, who says what they are told to."""

    def __init__(self, *, says: bool = True) -> None:
        self._says = says
        self.shown: tuple[str, tuple[str, ...]] | None = None
        self._reads, self._writes = os.pipe()

    def show(self, digits: str, words: tuple[str, ...]) -> None:
        self.shown = digits, words
        os.write(self._writes, b"y")

    def descriptor(self) -> int:
        return self._reads

    def said(self) -> bool:
        os.read(self._reads, 1)
        return self._says


class DataSet:
    """In the place of the ingest: which rows there are, and how often each came."""

    def __init__(self) -> None:
        self.came: dict[tuple[int, int], int] = {}
        self.names: set[str] = set()
        self.refuses: set[str] = set()

    def take_in(self, segments: Sequence[Segment], keys: KitKeys) -> Ingested:
        taken = {one.name for one in segments if one.name not in self.refuses}
        for one in segments:
            if one.name in taken:
                for row in rows.read(opened(one, keys.open_with, keys.verify)):
                    place = row.boot, row.sequence
                    self.came[place] = self.came.get(place, 0) + 1
        self.names |= taken
        return Ingested(tuple(taken), {one.name: "it is strange" for one in segments if one.name not in taken})


class Beside:
    """A kit and a workstation."""

    def __init__(self, folder: Path, kit: Kit, wearer: Wearer, port: int, pairing_port: int) -> None:
        self.kit = kit
        self.wearer = wearer
        self.port, self.pairing_port = port, pairing_port
        self.home = home.Home(folder / "workstation")
        self.said: list[str] = []
        self.data = DataSet()

    @property
    def places(self) -> Places:
        """Of the kit."""
        return Places(runtime=self.kit.runtime, state=self.kit.state, share=self.kit.state)

    @property
    def paired(self) -> home.Kit:
        return self.home.kits()[0]

    def pair(self, owner: Owner | None = None) -> None:
        """The window is opened on the kit, and both people say yes."""
        assert isinstance(self.wearer.wish(ShareWish.PAIR), m.Done)
        owner = owner or Owner()
        adding = Thread(target=self.add, args=(owner,))
        adding.start()
        self.wearer.until(self.wearer.is_asked)
        pairing = self.wearer.pairing()
        assert pairing
        assert owner.shown == (pairing.digits, pairing.words)
        assert isinstance(self.wearer.wish(ShareWish.YES, pairing.digits), m.Done)
        self.wearer.until(self.wearer.is_paired)
        adding.join(10)
        assert not adding.is_alive()

    def add(self, owner: Owner) -> None:
        add(self.home, Host("127.0.0.1", self.pairing_port), "kitchen", owner, self.said.append)

    def agree(self) -> None:
        assert isinstance(self.wearer.wish(ShareWish.AGREE), m.Leaving)

    def wait_for_door(self) -> None:
        """Until sshd listens."""

        def answers() -> bool:
            with socket.socket() as tried:
                return tried.connect_ex(("127.0.0.1", self.port)) == 0

        self.wearer.until(answers)

    def sync(self, transfer: syncing.Transfer | None = None) -> syncing.Synced:
        return syncing.sync(
            self.paired, self.home.workstation(), self.data.take_in, transfer or ways.Rsync(), self.said.append
        )

    def outbox(self) -> list[Path]:
        return sorted((self.kit.state / "outbox").glob("*.segment"))


@contextmanager
def beside(folder: Path, *more: str, share: Path | None = None, settings: str = "") -> Iterator[Beside]:
    """`more`: processes that run beside journal and sync."""
    port, pairing_port = free_port(), free_port()
    settings += f'[sync]\nport = {port}\npairing_port = {pairing_port}\naddress = "127.0.0.1"\n'
    with kit(folder, "journal", "sync", *more, share=share, settings=settings) as started:
        wearer = Wearer(started.runtime)
        made = Beside(folder, started, wearer, port, pairing_port)
        try:
            wearer.until(lambda: wearer.sharing is not None)
            yield made
        finally:
            made.wearer.close()
