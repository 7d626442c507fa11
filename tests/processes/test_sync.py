"""From the journal to the workstation, with a real sshd and a real rsync: nothing lost, and no other way in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from vybor.commands.records import eject
from vybor.contracts import messages as m
from vybor.contracts.messages import ShareWish
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing, PlaceError
from vybor_workshop.kits import fetching, stick
from vybor_workshop.kits.adding import NotPaired
from vybor_workshop.kits.fetching import NotReached
from world import strangers
from world.beside import Beside, Owner, beside

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """A paired kit with something to fetch; tests leave it as they find it."""
    with beside(tmp_path_factory.mktemp("beside")) as made:
        made.pair()
        made.agree()
        made.wait_for_door()
        yield made


def test_what_was_written_comes_over_once_and_is_pruned_on_the_receipt(desk: Beside) -> None:
    desk.wearer.decide(450)
    desk.wearer.until(lambda: len(desk.outbox()) >= 2)
    synced = desk.sync()
    assert synced.segments >= 2
    desk.wearer.until(lambda: desk.outbox() == [])
    assert set(desk.data.came) >= {(1, number) for number in range(1, 401)}
    desk.wearer.until(lambda: bool(desk.wearer.sharing and desk.wearer.sharing.synced_at))
    gone = f"b000009-s0000000001-{'0' * 64}.segment"
    (desk.paired.incoming / fetching.PARTIAL).mkdir(exist_ok=True)
    for folder in (desk.paired.incoming, desk.paired.incoming / fetching.PARTIAL):
        (folder / gone).write_text("deleted on the kit")
    desk.sync()
    assert list(desk.paired.incoming.iterdir()) == []
    assert set(desk.data.came.values()) == {1}
    assert list(desk.paired.receipts.iterdir()) == []


def test_a_segment_that_is_not_taken_in_stays_on_the_kit_and_is_named(desk: Beside) -> None:
    desk.wearer.decide(201)  # the newest may still be undone, and waits
    # On a busy machine that takes so long that it is sealed behind the others, in a segment of its own.
    desk.wearer.until(lambda: len(desk.outbox()) >= 1)
    waiting = {path.name for path in desk.outbox()}
    name = min(waiting)
    desk.data.refuses.add(name)
    assert desk.sync().quarantined == {name: "it is strange"}
    assert any(name in line and "stays on the kit" in line for line in desk.said)
    desk.wearer.until(lambda: waiting & {path.name for path in desk.outbox()} == {name})
    desk.data.refuses.clear()
    desk.sync()
    desk.wearer.until(lambda: desk.outbox() == [])


@pytest.mark.parametrize("key", ["read_key", "write_key"])
@pytest.mark.parametrize(
    "command", [(), ("id",), ("sh", "-c", "id"), ("rsync --daemon --server .",), ("scp -f /",)]
)
def test_no_key_has_a_shell(desk: Beside, key: str, command: tuple[str, ...]) -> None:
    tried = strangers.ssh(desk.paired, key, *command)
    assert tried.returncode != 0
    assert "uid=" not in tried.stdout


def test_the_read_key_writes_nothing_and_the_write_key_reads_nothing(desk: Beside, tmp_path: Path) -> None:
    at = f"{desk.paired.card.user}@127.0.0.1:"
    sent = tmp_path / "sent.receipt"
    sent.write_text("x")
    before = sorted(path.name for path in (desk.kit.state / "sync").rglob("*"))
    assert strangers.rsync(desk.paired, "read_key", str(sent), f"{at}/").returncode != 0
    assert strangers.rsync(desk.paired, "write_key", f"{at}/", str(tmp_path)).returncode != 0
    assert (
        strangers.rsync(desk.paired, "read_key", f"{at}/../sync/", str(tmp_path)).returncode != 0
        or not (tmp_path / "host_key").exists()
    )
    assert strangers.rsync(desk.paired, "write_key", str(sent), f"{at}/../authorized_keys").returncode != 0
    assert sorted(path.name for path in (desk.kit.state / "sync").rglob("*")) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sent.receipt"]


def test_strangers_are_refused(desk: Beside) -> None:
    assert set(strangers.refused(desk.paired).values()) == {True}


def test_a_changed_host_key_is_refused_in_a_sentence(desk: Beside) -> None:
    known = desk.paired.folder / "known_hosts"
    before = known.read_text()
    strangers.key(known.with_name("other"))
    known.write_text(f"{desk.paired.card.kit} {known.with_name('other.pub').read_text()}")
    try:
        with pytest.raises(NotReached, match="its host key is another one"):
            desk.sync()
    finally:
        known.write_text(before)
        known.with_name("other").unlink()
        known.with_name("other.pub").unlink()


def test_what_is_put_into_the_inbox_and_is_no_receipt_is_removed(desk: Beside, tmp_path: Path) -> None:
    at = f"{desk.paired.card.user}@127.0.0.1:/"
    (tmp_path / "folder").mkdir()
    for name in ("a.receipt", "b.txt", "folder/c.receipt"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "link.receipt").symlink_to("/etc/passwd")
    assert strangers.rsync(desk.paired, "write_key", f"{tmp_path}/", at).returncode == 0
    inbox = desk.kit.state / "sync" / "inbox"
    desk.wearer.until(lambda: not list(inbox.iterdir()))
    assert Path("/etc/passwd").exists()
    assert "receipt: refused" in desk.kit.log("sync")


def test_both_processes_come_back_after_being_killed_and_nothing_is_lost(desk: Beside) -> None:
    desk.wearer.decide(201)  # likewise
    desk.kit.kill("sync")
    desk.kit.kill("journal")
    desk.kit.start("journal", "sync")
    desk.wearer.decide(1)
    desk.wait_for_door()
    desk.wearer.until(lambda: len(desk.outbox()) >= 1)
    desk.sync()
    desk.wearer.until(lambda: desk.outbox() == [])


def test_a_stick_carries_the_same_and_brings_the_receipts_back(desk: Beside, tmp_path: Path) -> None:
    desk.wearer.decide(3)
    number = desk.paired.card.kit
    for strange in ("vybor-x", f"vybor-{'0' * 32}", f"vybor-{number}/outbox/..segment"):
        (tmp_path / strange).mkdir(parents=True)

    def ejected() -> list[str]:
        return list(eject.ejected(desk.places, tmp_path, CLOCK, desk.said.append))

    told = ejected()
    assert "no stick is mounted there: carry the folder vybor-" in told[-1]
    before = len(desk.data.came)
    ((kit, synced),) = stick.brought(desk.home, tmp_path, desk.data.take_in, desk.said.append)
    assert kit.card.kit == number
    assert synced.segments >= 1
    assert len(desk.data.came) >= before + 3
    assert any("not paired with this workstation" in line for line in desk.said)
    told = ejected()
    assert told[0] == "receipts taken: 1"
    assert ": 0; no stick is mounted there" in told[1]
    assert desk.outbox() == []
    assert list((tmp_path / f"vybor-{number}" / "outbox").glob("b*.segment")) == []
    assert "rows that wait: 0, sealed in segments: 0" in eject.standing(desk.kit.runtime, CLOCK)


def test_what_was_agreed_to_is_taken_back_on_the_screen(desk: Beside) -> None:
    desk.wearer.decide(201)  # the newest may still be undone, and waits
    desk.wearer.until(lambda: desk.outbox() != [])
    desk.wearer.wish(ShareWish.TAKE_BACK)
    desk.wearer.until(lambda: desk.outbox() == [])
    came = dict(desk.data.came)
    desk.sync()
    assert desk.data.came == came
    desk.agree()
    desk.wearer.until(lambda: desk.outbox() != [])


def test_nobody_is_let_in_before_a_window_is_open_and_a_no_writes_nothing(tmp_path: Path) -> None:
    with beside(tmp_path) as desk:
        with pytest.raises(Missing, match="no kit waits for pairing"):
            desk.add(Owner())
        with pytest.raises(Missing, match="paired with no workstation"):
            list(eject.ejected(desk.places, tmp_path, CLOCK, print))
        with pytest.raises(PlaceError, match="is no folder"):
            list(eject.ejected(desk.places, tmp_path / "none", CLOCK, print))
        assert isinstance(desk.wearer.wish(ShareWish.YES, "123456"), m.Refused)
        assert isinstance(desk.wearer.wish(ShareWish.PAIR, until_ns=1), m.Refused)
        desk.wearer.wish(ShareWish.PAIR)
        with pytest.raises(NotPaired, match="the digits are not the same"):
            desk.add(Owner(says=False))
        desk.wearer.until(
            lambda: bool(desk.wearer.sharing) and desk.wearer.sharing.pairing_ended is m.PairingEnd.DIFFERED
        )
        failed: list[BaseException] = []

        def add() -> None:
            try:
                desk.add(Owner())
            except NotPaired as error:
                failed.append(error)

        adding = Thread(target=add)
        adding.start()
        desk.wearer.until(desk.wearer.is_asked)
        desk.wearer.wish(ShareWish.NO)
        adding.join(10)
        assert [str(error) for error in failed] == [
            "the kit at 127.0.0.1 was not paired: it was not confirmed on the kit's screen"
        ]
        assert desk.home.kits() == []
        assert not (desk.kit.state / "sync" / "authorized_keys").exists()
        desk.wearer.until(lambda: desk.wearer.sharing == m.Sharing())
        assert sorted(path.name for path in desk.home.kits_folder.iterdir()) == []


def test_a_workstation_that_is_paired_at_a_terminal_and_taken_off_finds_the_door_shut(tmp_path: Path) -> None:
    with beside(tmp_path) as desk:
        desk.wearer.wish(ShareWish.PAIR)
        desk.wearer.until(lambda: "pairing: announced as vybor-" in desk.kit.log("sync"))
        home = ["--home", str(desk.home.folder)]
        asked = [sys.executable, "-m", "vybor_workshop", "kit", "add", f"127.0.0.1:{desk.pairing_port}", *home]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(asked, text=True, **pipes) as adding:
            desk.wearer.until(desk.wearer.is_asked)
            pairing = desk.wearer.pairing()
            assert pairing
            desk.wearer.wish(ShareWish.YES, pairing.digits)
            told, complaint = adding.communicate("y\n", timeout=20)
        assert f"{pairing.digits[:3]} {pairing.digits[3:]}   {' '.join(pairing.words)}" in complaint
        assert "is paired" in told
        desk.wearer.until(desk.wearer.is_paired)
        desk.wait_for_door()
        desk.wearer.wish(ShareWish.UNPAIR)
        desk.wearer.until(lambda: desk.wearer.sharing == m.Sharing())
        with pytest.raises(NotReached, match="could not be reached"):
            desk.sync()
