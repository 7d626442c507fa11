"""With everything that the person wrote, what the workstation sent goes as well: what sync alone can remove."""

from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.foundation.settings import Settings
from vybor.sync import sshd
from vybor.sync.arriving import Arriving
from vybor.sync.process import Sync

WISH = m.ForgetArrived(request="1")


class Bus:
    def __init__(self) -> None:
        self.answers: list[m.AnyReply] = []

    def answer(self, _asked: Asked, reply: m.AnyReply) -> None:
        self.answers.append(reply)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One bundle that has arrived, one that waits, halves of two more, and a receipt."""
    for name in (
        "arrived/000003.bundle",
        "inbox/55555555-000004-6.bundle",
        "inbox/55555555-000005-99.bundle",
        "inbox/.55555555-000006-99.bundle.Xy12",
        "inbox/desk.receipt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"bundle")
    return tmp_path


def room(folder: Path) -> tuple[Sync, Bus]:
    door = sshd.Door(folder=folder, outbox=folder / "outbox", port=2222, user="nobody", address="127.0.0.1")
    bus = Bus()
    return Sync(bus, door, Settings(), "kit", Arriving(folder / "inbox", folder / "arrived")), bus  # type: ignore[arg-type]


def test_nothing_that_came_is_left_but_receipts(folder: Path) -> None:
    sync, bus = room(folder)
    sync.asked(Asked(b"", WISH), 0)
    assert bus.answers == [m.Done(request="1")]
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["desk.receipt"]
    sync.asked(Asked(b"", WISH), 0)
    assert bus.answers[1:] == [m.Done(request="1")]


def test_what_cannot_be_removed_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("vybor.sync.inbox.remove", stuck)
    sync, bus = room(folder)
    sync.asked(Asked(b"", WISH), 0)
    (refused,) = bus.answers
    assert isinstance(refused, m.Refused)
    assert "cannot be removed" in refused.reason
