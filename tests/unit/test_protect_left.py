"""`vybor protect`: what is left when it is cut off, damaged or asked amiss, and what is said of that."""

import errno
import io
import os
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

import msgspec
import pytest
from nacl import pwhash

from unit.protected_board import QUICK, WORDS, Board, off, stick, turn_off, unlock
from vybor import cli
from vybor.commands.protection import grammar, protecting
from vybor.foundation import database, keys, sealed_files, small_files
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import PlaceError
from vybor.foundation.keys import CREDENTIAL, Key
from vybor.foundation.places import Places
from vybor.protection import described, machine, stores, unlocking
from vybor.protection.described import Cost, ProtectionError
from vybor.protection.stores import Held


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(machine, "PLUGGED_IN", (f"{tmp_path}/",))
    return Board(tmp_path)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "state").mkdir()
    return Places(runtime=tmp_path / "run-vybor", state=tmp_path / "state", share=tmp_path)


class Cut(Exception):
    """The power goes."""


@pytest.mark.parametrize("cut", range(1, 8))
@pytest.mark.parametrize("typed", [None, WORDS], ids=["machine", "passphrase"])
def test_wherever_forgetting_the_key_is_cut_off_nothing_is_locked_for_ever(
    board: Board, places: Places, monkeypatch: pytest.MonkeyPatch, cut: int, typed: str | None
) -> None:
    ways, left = board.ways, cut
    list(protecting.on(ways, typed, None, QUICK))

    def struck(real: Callable[..., None], *given: object, **named: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Cut
        real(*given, **named)

    unlink, sync_folder = Path.unlink, small_files.sync_folder
    with monkeypatch.context() as power, suppress(Cut):
        power.setattr(Path, "unlink", lambda path, **named: struck(unlink, path, **named))
        power.setattr(small_files, "sync_folder", lambda folder: struck(sync_folder, folder))
        unlocking.take_away(ways)
    assert not ways.given.exists() or ways.described.exists(), "it would encrypt with a key that is gone tomorrow"
    turn_off(board)
    unlocking.at_boot(ways)
    if typed and described.read(ways.described):
        unlock(board, places, typed)
    key = keys.derived(keys.read(ways.given), "journal")
    database.opened(places.journal, key).close()


def test_an_encrypted_record_that_was_set_aside_stays_so_once_somebody_says_yes(
    board: Board, places: Places
) -> None:
    list(protecting.on(board.ways, None, None))
    key = keys.derived(keys.read(board.ways.given), "journal")
    aside = places.state / "journal.damaged-1.sqlite"
    for path in (places.journal, aside):
        database.opened(path, key).close()
    aside.write_bytes(damaged := aside.read_bytes()[:100] + bytes(4000))
    with pytest.raises(ProtectionError, match="nothing was changed"):
        off(board, places, "no")
    assert database.state_of(places.journal) is database.State.SEALED
    told = "\n".join(off(board, places, "yes\n"))
    assert str(aside) in told
    assert database.state_of(places.journal) is database.State.BARE
    assert aside.read_bytes() == damaged
    assert not board.ways.described.exists()


def test_half_of_a_file_that_was_being_written_does_not_stop_it(board: Board, places: Places) -> None:
    list(protecting.on(board.ways, None, None))
    key = keys.derived(keys.read(board.ways.given), "core")
    whole, half = places.state / "phrases-en.txt", places.state / ".phrases-en.txt.77"
    for path in (whole, half):
        sealed_files.write(path, b"Good morning.\n", key)
    half.write_bytes(half.read_bytes()[:30])
    off(board, places)
    assert whole.read_bytes() == b"Good morning.\n"
    assert not half.exists()


@pytest.mark.parametrize("ending", [database.FRESH, database.FORMER])
def test_what_an_encryption_left_behind_is_not_called_encrypted(board: Board, places: Places, ending: str) -> None:
    list(protecting.on(board.ways, None, None))
    database.opened(places.journal, keys.derived(keys.read(board.ways.given), "journal")).close()
    left = places.state / f"journal.sqlite{ending}"
    database.opened(left).close()
    assert stores.stores(places)[0].held is Held.BARE
    left.unlink()
    assert stores.stores(places)[0].held is Held.SEALED


def test_a_pipe_is_no_store_and_nobody_waits_for_it(places: Places) -> None:
    os.mkfifo(places.journal)
    assert stores.stores(places)[0].held is Held.UNKNOWN


def test_with_a_stick_of_another_kit_the_passphrase_is_asked_for_all_the_same(
    board: Board, places: Places, tmp_path: Path
) -> None:
    list(protecting.on(board.ways, WORDS, None, QUICK))
    secret = keys.read(board.ways.given).secret
    turn_off(board)
    board.sticks["/dev/sda1"] = stick(tmp_path / "other")
    (tmp_path / "other" / CREDENTIAL).write_text(keys.written(bytes(32)))
    told = unlock(board, places, WORDS)
    assert "another kit" in told[0]
    assert keys.read(board.ways.given).secret == secret


def test_the_key_that_the_machine_kept_is_overwritten_and_what_older_copies_open_is_said(
    board: Board, places: Places, tmp_path: Path
) -> None:
    list(protecting.on(board.ways, None, None))
    os.link(board.ways.sealed, tmp_path / "spy")  # what a thief finds of it
    assert "older copy" in protecting.passphrase(board.ways, WORDS, only=True, cost=QUICK)
    assert set((tmp_path / "spy").read_bytes()) == {0}
    protecting.passphrase(board.ways, WORDS + "!", only=True, cost=QUICK)
    told = "\n".join(protecting.status(places, board.ways))
    assert "older copy of the card still opens" in told
    off(board, places)
    list(protecting.on(board.ways, WORDS, None, QUICK))
    assert "older copy" not in "\n".join(protecting.status(places, board.ways))


@pytest.mark.parametrize("cost", [Cost(21, 1 << 20), Cost(3, (1 << 30) + 1)], ids=["operations", "memory"])
def test_a_try_that_would_take_for_ever_or_all_memory_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, cost: Cost
) -> None:
    def begun(*given: object, **named: object) -> bytes:
        pytest.fail("it was begun")

    wrapped = described.wrapped(bytes(32), WORDS, QUICK)
    monkeypatch.setattr(pwhash.argon2id, "kdf", begun)
    protection = described.Protection(
        mark=Key(bytes(32)).mark, passphrase=msgspec.structs.replace(wrapped, cost=cost)
    )
    with pytest.raises(ProtectionError, match="is damaged"):
        described.unwrapped(protection, WORDS)


@pytest.mark.parametrize("errors", ["strict", "replace"])
def test_keys_that_are_no_letters_are_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, errors: str) -> None:
    keyed = io.BytesIO(b"four w\xffrds quite apart\n")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(keyed, "utf-8", errors))
    with pytest.raises(ProtectionError, match="no letters of this terminal"):
        grammar._typed("")


def test_whoever_types_nothing_at_all_is_answered_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_prompt: str) -> str:
        raise EOFError

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", end)
    for ask in (grammar._twice, lambda: grammar._typed("passphrase: ")):
        with pytest.raises(ProtectionError, match="no passphrase was typed, and nothing was changed"):
            ask()


def test_nobody_is_asked_for_a_passphrase_that_there_never_was(
    board: Board, places: Places, tmp_path: Path
) -> None:
    list(protecting.on(board.ways, None, board.mounted(tmp_path / "stick")))
    board.places.clear()
    turn_off(board)
    with pytest.raises(ProtectionError, match="no passphrase opens this kit; plug in the stick with its key"):
        list(protecting.unlock(places, board.ways, SystemClock(), lambda: pytest.fail("it is asked for"), None))


def test_of_a_demo_nothing_is_said_that_holds_for_an_installed_kit(
    board: Board, places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    list(protecting.on(board.ways, None, None))
    monkeypatch.setattr(grammar, "_ways", lambda: board.ways)
    state = ["--state", str(places.state)]
    for folder, words in (("/srv/demo", state), ("/etc/vybor", state), ("/srv/demo", [])):
        monkeypatch.setenv("CONFIGURATION_DIRECTORY", folder)
        assert cli.main(["protect", *words]) == 0
        told = capsys.readouterr().out
        assert "this is none (a demo" in told
        assert "is protected" not in told
        assert "sudo vybor protect on" not in told
    assert "the kit is protected" in "\n".join(protecting.status(places, board.ways))


def test_the_key_is_not_forgotten_for_another_folder_than_the_kit_s(
    board: Board, places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    list(protecting.on(board.ways, None, None))
    monkeypatch.setattr(grammar, "_ways", lambda: board.ways)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("CONFIGURATION_DIRECTORY", "/etc/vybor")
    assert cli.main(["protect", "off", "--state", str(places.state), "--runtime", str(places.runtime)]) == 73
    assert "would be forgotten while that is encrypted" in capsys.readouterr().err
    assert board.ways.described.exists()


def test_a_key_that_cannot_be_told_of_is_not_kept_by_the_machine_and_the_remedy_fits(board: Board) -> None:
    board.ways.described.parent.rmdir()
    with pytest.raises(PlaceError, match=r"No such file or directory\); make that folder") as refused:
        list(protecting.on(board.ways, None, None))
    assert "sudo" not in str(refused.value)
    assert not board.ways.sealed.exists()
    assert not board.ways.given.exists()
    board.ways.described.parent.mkdir()
    list(protecting.on(board.ways, None, None))


@pytest.mark.parametrize(("number", "remedy"), [(errno.EROFS, "read-only"), (errno.ENOSPC, "make room")])
def test_why_a_stick_cannot_be_written_to_is_said_with_what_helps(
    board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    def refuse(path: Path, *given: object, **named: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    folder = board.mounted(tmp_path / "stick")
    with monkeypatch.context() as disk:
        disk.setattr(small_files, "write_bytes", refuse)
        with pytest.raises(PlaceError, match=remedy) as refused:
            list(protecting.on(board.ways, None, folder))
    assert "sudo" not in str(refused.value)


@pytest.mark.parametrize("is_copied", [False, True], ids=["on", "copy"])
def test_a_key_is_written_only_where_unlocking_finds_it(board: Board, tmp_path: Path, is_copied: bool) -> None:
    """Not onto the kit's own card, nor into a folder of a stick."""
    if is_copied:
        list(protecting.on(board.ways, None, None))
    card, mounted = stick(tmp_path / "card"), board.mounted(tmp_path / "mounted")
    asked = protecting.stick if is_copied else lambda ways, folder: list(protecting.on(ways, None, folder))
    for folder, why in (
        (card, f"no stick is mounted in .*{mounted}"),
        (stick(mounted / "below"), f"name {mounted}"),
    ):
        with pytest.raises(ProtectionError, match=why):
            asked(board.ways, folder)
        assert list(folder.iterdir()) == []
    assert board.ways.described.exists() is is_copied
    (tmp_path / "led").symlink_to(mounted)
    asked(board.ways, tmp_path / "led")
    turn_off(board)
    assert unlocking.at_boot(board.ways) == "the kit is unlocked"


def test_a_disk_that_can_be_unplugged_and_that_the_machine_runs_from_is_no_stick(tmp_path: Path) -> None:
    parts = [
        machine.Partition(path="/dev/sda1", fstype="ext4", hotplug=True, mountpoints=["/"]),
        machine.Partition(path="/dev/sda2", fstype="ext4", hotplug=True, mountpoints=["/mnt"]),
    ]
    for children in (parts, parts[1:]):
        disk = machine.Partition(path="/dev/sda", hotplug=True, children=children)
        listed = msgspec.json.encode(machine.Listed([disk]))
        refused = (
            pytest.raises(ProtectionError, match="mount one below /media/") if len(children) > 1 else nullcontext()
        )
        with refused:
            machine.check_stick(Path("/mnt"), lambda command, given, listed=listed: listed)


def test_a_passphrase_beside_a_stick_does_not_have_the_machine_open_the_kit(board: Board, tmp_path: Path) -> None:
    list(protecting.on(board.ways, None, board.mounted(tmp_path / "stick")))
    told = protecting.passphrase(board.ways, WORDS, only=False, cost=QUICK)
    assert told == "the passphrase opens the kit; it is asked for each time the machine is turned on"


@pytest.mark.parametrize(
    ("lies", "kind", "held"),
    [
        ("journal/journal.damaged-outbox/b000001.segment", "segments", Held.TO_WORKSTATION),
        ("journal.damaged-outbox/b000001.segment", "segments", Held.TO_WORKSTATION),
        ("sync/inbox/0a0a0a0a-000001-3.bundle", "bundles", Held.BARE),
        ("sync/inbox/.0a0a0a0a-000001-3.bundle.Xy12ab", "bundles", Held.BARE),
        ("sync/sync/inbox/0a0a0a0a-000001-3.bundle", "bundles", Held.BARE),  # as systemd lays it out
        ("arrived/.000001.bundle.77.new", "bundles", Held.BARE),
    ],
)
def test_what_a_record_set_aside_had_sealed_and_what_comes_in_is_listed(
    places: Places, lies: str, kind: str, held: Held
) -> None:
    (places.state / lies).parent.mkdir(parents=True)
    (places.state / lies).write_bytes(b"all")
    found = {store.kind.name: store.held for store in stores.stores(places) for _ in store.paths}
    assert found == {kind: held}
    assert sum(len(store.paths) for store in stores.stores(places)) == 1
