"""What the process `sync` does where the journal does not answer, or a disk refuses."""

from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import ShareWish
from vybor.foundation.bus import Answered, Asked
from vybor.foundation.clock import seconds
from vybor.foundation.settings import Settings
from vybor.sync import receipts, sshd
from vybor.sync.arriving import Arriving
from vybor.sync.process import Sync


class Bus:
    """The journal takes what it is asked, and answers as the test says."""

    def __init__(self) -> None:
        self.asked: dict[str, m.Leave] = {}
        self.answers: list[m.AnyReply] = []
        self._requests = 0

    def new_request(self) -> str:
        self._requests += 1
        return str(self._requests)

    def ask(self, _receiver: str, command: m.Leave) -> None:
        self.asked[command.request] = command

    def take_back(self, _receiver: str, request: str) -> None:
        del self.asked[request]

    def answer(self, _asked: Asked, reply: m.AnyReply) -> None:
        self.answers.append(reply)

    def publish(self, message: object) -> None:
        """Nobody listens."""


class Kit:
    """The process, its inbox, and a journal that dies of some receipts."""

    def __init__(self, folder: Path) -> None:
        self.door = sshd.Door(folder=folder / "sync", outbox=folder / "outbox", port=1, user="nobody")
        self.door.inbox.mkdir(parents=True)
        self.bus = Bus()
        arriving = Arriving(self.door.inbox, folder / "arrived")
        self.sync = Sync(self.bus, self.door, Settings(), "kit", arriving)  # type: ignore[arg-type]
        self.now_ns = 0
        self.took: list[bytes] = []

    def goes_on(self, for_s: int, *, deadly: bytes = b"") -> None:
        for _ in range(4 * for_s):
            self.now_ns += seconds(0.25)
            self.sync.turn(self.now_ns)
            for request, command in list(self.bus.asked.items()):
                if deadly and deadly in command.receipt:
                    continue
                del self.bus.asked[request]
                self.took += [command.receipt] if command.receipt else []
                told = m.Leaving(request=request, kit="", verifies_with="", sharing=m.Sharing())
                self.sync.answered(Answered("journal", told), self.now_ns)

    def there(self) -> list[str]:
        return sorted(path.name for path in self.door.inbox.iterdir())


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path)


def test_a_receipt_that_the_journal_dies_of_goes_aside_and_the_next_one_arrives(kit: Kit) -> None:
    (kit.door.inbox / "a.receipt").write_bytes(b"deadly")
    (kit.door.inbox / "b.receipt").write_bytes(b"good")
    (kit.door.inbox / "c.receipt").write_bytes(b"")
    kit.goes_on(15, deadly=b"deadly")
    assert kit.there() == ["a.receipt", "b.receipt", "c.receipt"], "it is tried twice"
    kit.goes_on(10, deadly=b"deadly")
    assert (kit.took, kit.there()) == ([b"good"], [])
    assert (kit.door.folder / "unanswered.receipt").read_bytes() == b"deadly"


def test_a_journal_that_was_away_for_long_gets_the_receipt_when_it_is_back(kit: Kit) -> None:
    (kit.door.inbox / "a.receipt").write_bytes(b"good")
    for _ in range(400):
        kit.now_ns += seconds(0.25)
        kit.sync.turn(kit.now_ns)
    assert len(kit.bus.asked) == 1
    kit.goes_on(3)
    assert (kit.took, kit.there()) == ([b"good"], [])


def test_a_receipt_that_is_answered_late_once_is_not_counted_for_ever(kit: Kit) -> None:
    for _ in range(receipts.TRIES + 1):
        (kit.door.inbox / "a.receipt").write_bytes(b"good")
        kit.goes_on(11, deadly=b"good")
        kit.goes_on(1)
        assert kit.there() == []
    assert kit.took == [b"good"] * (receipts.TRIES + 1)


def test_keys_that_cannot_be_removed_are_refused_in_a_sentence(kit: Kit) -> None:
    kit.door.keys.mkdir()
    kit.sync.asked(Asked(b"core", m.Share(request="7", wish=ShareWish.UNPAIR)), 1)
    (told,) = kit.bus.answers
    assert isinstance(told, m.Refused)
    assert "it is still paired" in told.reason
    assert not any(command.unpair for command in kit.bus.asked.values())
