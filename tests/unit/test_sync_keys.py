"""Whose keys open the door when another workstation is paired, and what is said where they cannot be kept."""

import errno
from pathlib import Path
from types import SimpleNamespace

import pytest

from unit.test_receipts import Kit
from vybor.contracts import messages as m
from vybor.contracts.messages import PairingEnd, ShareWish
from vybor.foundation.bus import Answered, Asked
from vybor.pairing.lines import Reveal
from vybor.sync import sshd


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    kit = Kit(tmp_path)
    monkeypatch.setattr(kit.sync._sshd, "turn", lambda *_, **__: False)
    kit.door.folder.mkdir(parents=True, exist_ok=True)
    kit.door.keys.write_text("the keys of the one before")
    return kit


def agreed(kit: Kit) -> None:
    """Both sides have said yes to another workstation."""
    reveal = Reveal(nonce="", name="new", seals_to="s", verifies_with="v", read_key="ssh-ed25519 R", write_key="w")
    kit.sync._window = SimpleNamespace(  # type: ignore[assignment]  # a window whose digits were the same
        attempt=SimpleNamespace(reveal=reveal, compared=None, is_agreed=True, said_here=True),
        turn=lambda _now: None,
        is_over=lambda _now: False,
        close=lambda: None,
        kept=lambda: None,
        ended=PairingEnd.NONE,
        closes_ns=10**18,
    )


def asked_to_pair(kit: Kit) -> list[m.Leave]:
    return [command for command in kit.bus.asked.values() if command.pair]


def paired(kit: Kit) -> m.Leaving:
    (command,) = asked_to_pair(kit)
    told = m.Leaving(
        request=command.request, kit="", verifies_with="", sharing=m.Sharing(workstation="new", agreed=False)
    )
    del kit.bus.asked[command.request]
    kit.sync.answered(Answered("journal", told), kit.now_ns)
    return told


def details(kit: Kit) -> str:
    return " ".join(notice.detail for notice in kit.sync.troubles())


def test_the_keys_of_the_one_before_are_gone_before_the_journal_seals_for_another(kit: Kit) -> None:
    agreed(kit)
    kit.sync.turn(1)
    assert asked_to_pair(kit)
    assert not kit.door.keys.exists()


def test_keys_of_the_one_before_that_stay_pair_nobody(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_door: sshd.Door) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(sshd, "forget_keys", fails)
    kit.sync._told = m.Leaving(request="", kit="", verifies_with="", sharing=m.Sharing(workstation="old"))
    agreed(kit)
    kit.sync.turn(1)
    assert asked_to_pair(kit) == []
    assert "keys of the workstation before cannot be removed: Read-only" in details(kit)


def test_keys_that_cannot_be_kept_are_said_until_they_are_or_nobody_is_paired(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(sshd, "keep_keys", full)
        agreed(kit)
        kit.sync.turn(1)
        told = paired(kit)
    assert not kit.door.keys.exists()
    kit.sync.answered(Answered("journal", told), 2)  # how things stand, as it is asked every two seconds
    assert "cannot be kept: [Errno 28] No space left on device; pair it again" in details(kit)
    monkeypatch.setattr(sshd, "keep_keys", lambda door, *_: door.keys.write_text("new"))
    agreed(kit)
    kit.sync.turn(10**10)
    paired(kit)
    assert details(kit) == ""
    assert kit.door.keys.read_text() == "new"


def test_to_remove_it_ends_what_is_said(kit: Kit) -> None:
    kit.sync._unkept = "the keys of the workstation cannot be kept"
    kit.sync.asked(Asked(b"core", m.Share(request="7", wish=ShareWish.UNPAIR)), 1)
    assert kit.sync._unkept == ""
