"""A window for pairing that cannot be opened: that is said on the screen, for a while."""

import socket
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import ShareWish, Trouble
from vybor.foundation.bus import Answered, Asked
from vybor.foundation.settings import Settings, SyncSettings
from vybor.sync import process, sshd
from vybor.sync.arriving import Arriving


class Bus:
    """Takes what is said."""

    def __init__(self) -> None:
        self.replies: list[m.AnyReply] = []
        self.asks: list[m.AnyCommand] = []

    def new_request(self) -> str:
        return str(len(self.asks))

    def ask(self, process: str, command: m.AnyCommand) -> None:
        self.asks.append(command)

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        self.replies.append(reply)

    def publish(self, message: m.SyncStatus) -> None:
        pass


def room(folder: Path, port: int) -> tuple[process.Sync, Bus]:
    door = sshd.Door(folder=folder, outbox=folder / "outbox", port=2222, user="vybor-sync", address="127.0.0.1")
    settings = Settings(sync=SyncSettings(pairing_port=port, address="127.0.0.1"))
    bus = Bus()
    arriving = Arriving(door.inbox, folder / "arrived")
    return process.Sync(bus, door, settings, "kit", arriving), bus  # type: ignore[arg-type]


def troubles(sync: process.Sync) -> list[Trouble]:
    return [notice.trouble for notice in sync.troubles()]


PAIR = Asked(b"core", m.Share(request="p", wish=ShareWish.PAIR))


def test_a_port_that_is_taken_is_said_until_the_window_opens_or_a_while_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sshd, "prepare", lambda door: "ssh-ed25519 A")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        sync, bus = room(tmp_path, taken.getsockname()[1])
        sync.turn(0)
        told = m.Leaving(request=bus.asks[0].request, kit="5" * 32, verifies_with="", sharing=m.Sharing())
        sync.answered(Answered("journal", told), 0)
        sync.asked(PAIR, 1)
        assert isinstance(bus.replies[-1], m.Refused)
        sync.turn(process.UNOPENED_NS)
        assert troubles(sync) == [Trouble.NO_PAIRING]
        assert "Address already in use" in sync.troubles()[0].detail
        sync.turn(process.UNOPENED_NS + 1)
        assert troubles(sync) == []
        sync.asked(PAIR, 2)
        assert troubles(sync) == [Trouble.NO_PAIRING]
    sync.asked(PAIR, 3)
    assert isinstance(bus.replies[-1], m.Done)
    assert troubles(sync) == []
    sync.close()


def test_a_journal_that_has_said_nothing_yet_is_said_too(tmp_path: Path) -> None:
    sync, _ = room(tmp_path, 2223)
    sync.asked(PAIR, 1)
    assert "the journal does not answer" in sync.troubles()[0].detail
