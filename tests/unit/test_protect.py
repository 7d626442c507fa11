"""`vybor protect` and `vybor unlock`: keys made, kept, found and taken away, and what is said of it."""

import contextlib
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.protected_board import QUICK, WORDS, Board, off, stick, turn_off, unlock
from vybor import cli, units
from vybor.commands.protection import protecting
from vybor.foundation import database, keys, sealed_files, small_files
from vybor.foundation.errors import VyborError
from vybor.foundation.keys import CREDENTIAL, Key
from vybor.foundation.places import Places
from vybor.protection import described, machine, stores, unlocking
from vybor.protection.described import Machine, ProtectionError
from vybor.protection.stores import Held


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(machine, "PLUGGED_IN", (f"{tmp_path}/",))
    return Board(tmp_path)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "state").mkdir()
    return Places(runtime=tmp_path / "run-vybor", state=tmp_path / "state", share=tmp_path)


def test_the_machine_keeps_the_key_and_opens_the_kit_by_itself(board: Board, places: Places) -> None:
    told = "\n".join(protecting.on(board.ways, None, None))
    assert "lies on the same card" in told
    assert (
        "until then whoever has the card can read it as before; from then on whoever takes the whole card" in told
    )
    assert "keep a copy" in told
    made = keys.read(board.ways.given)
    assert len(made.secret) == 32
    assert made.secret.hex() not in told
    turn_off(board)
    assert unlocking.at_boot(board.ways) == "the kit is unlocked"
    assert keys.read(board.ways.given) == made
    assert stat.S_IMODE(board.ways.given.stat().st_mode) == 0o600
    assert stat.S_IMODE(board.ways.described.stat().st_mode) == 0o600
    assert unlocking.at_boot(board.ways) == "the kit is unlocked already"
    with pytest.raises(ProtectionError, match="already"):
        list(protecting.on(board.ways, None, None))
    assert "takes the whole card can still read" in "\n".join(protecting.status(places, board.ways))


def test_a_machine_with_a_tpm_says_so(board: Board) -> None:
    board.has_tpm = True
    assert "card alone can read none" in "\n".join(protecting.on(board.ways, None, None))
    protection = described.read(board.ways.described)
    assert protection is not None
    assert protection.machine is Machine.TPM


def test_a_machine_that_does_not_open_its_key_locks_and_a_stick_unlocks(
    board: Board, places: Places, tmp_path: Path
) -> None:
    list(protecting.on(board.ways, None, None))
    secret = keys.read(board.ways.given).secret
    protecting.stick(board.ways, board.mounted(tmp_path / "stick"))
    board.places.clear()
    turn_off(board)
    board.forgets = True
    assert "another machine" in unlocking.at_boot(board.ways)
    assert "another machine" in keys.read(board.ways.given).locked
    with pytest.raises(ProtectionError, match="no passphrase opens this kit"):
        unlock(board, places)
    board.sticks["/dev/sda1"] = tmp_path / "stick"
    assert unlock(board, places)[1:] == ["the kit is unlocked until the machine is turned off"]
    assert keys.read(board.ways.given).secret == secret
    turn_off(board)
    board.sticks.clear()
    board.forgets = False
    assert unlock(board, places) == ["the kit is unlocked until the machine is turned off"]


def test_a_passphrase_alone_opens_the_kit(board: Board, places: Places) -> None:
    told = "\n".join(protecting.on(board.ways, WORDS, None, QUICK))
    assert "can read none of what is encrypted" in told
    secret = keys.read(board.ways.given).secret
    assert not board.ways.sealed.exists()
    assert secret.hex().encode() not in board.ways.described.read_bytes()
    turn_off(board)
    assert "nobody has typed the passphrase" in unlocking.at_boot(board.ways)
    assert "nobody has typed" in keys.read(board.ways.given).locked
    assert "it is locked" in "\n".join(protecting.status(places, board.ways))
    with pytest.raises(ProtectionError, match="not the passphrase"):
        unlock(board, places, "four words quite apar")
    assert "nobody has typed" in keys.read(board.ways.given).locked
    unlock(board, places, WORDS)
    assert keys.read(board.ways.given).secret == secret
    assert unlock(board, places) == ["the kit is unlocked already"]


def test_a_stick_alone_opens_the_kit_and_one_of_another_kit_does_not(
    board: Board, places: Places, tmp_path: Path
) -> None:
    mine = board.mounted(tmp_path / "stick")
    list(protecting.on(board.ways, None, mine))
    board.places.clear()
    secret = keys.read(board.ways.given).secret
    turn_off(board)
    assert "not plugged in" in unlocking.at_boot(board.ways)
    assert board.waited_s == unlocking.STICK_WAIT_S - 1
    other = stick(tmp_path / "other")
    (other / CREDENTIAL).write_text(keys.written(bytes(32)))
    board.sticks["/dev/sda1"] = other
    with pytest.raises(ProtectionError, match="another kit"):
        unlock(board, places)
    board.sticks["/dev/sda2"] = mine
    assert unlocking.at_boot(board.ways) == "the kit is unlocked"
    assert keys.read(board.ways.given).secret == secret
    turn_off(board)
    unlock(board, places, file=mine / CREDENTIAL)
    assert keys.read(board.ways.given).secret == secret


def test_a_passphrase_takes_the_place_of_the_machine_s_key(board: Board, places: Places) -> None:
    list(protecting.on(board.ways, None, None))
    secret = keys.read(board.ways.given).secret
    assert "as before" in protecting.passphrase(board.ways, WORDS, only=False, cost=QUICK)
    assert board.ways.sealed.exists()
    assert "each time" in protecting.passphrase(board.ways, WORDS + "!", only=True, cost=QUICK)
    assert not board.ways.sealed.exists()
    turn_off(board)
    with pytest.raises(ProtectionError, match="not the passphrase"):
        unlock(board, places, WORDS)
    unlock(board, places, WORDS + "!")
    assert keys.read(board.ways.given).secret == secret


def test_what_needs_the_key_is_refused_while_the_kit_is_locked_or_not_protected(
    board: Board, places: Places, tmp_path: Path
) -> None:
    asked: list[Callable[[], object]] = [
        lambda: protecting.passphrase(board.ways, WORDS, only=True, cost=QUICK),
        lambda: protecting.stick(board.ways, tmp_path),
        lambda: off(board, places),
    ]
    for ask in (*asked, lambda: unlock(board, places)):
        with pytest.raises(ProtectionError, match="not protected"):
            ask()
    list(protecting.on(board.ways, WORDS, None, QUICK))
    turn_off(board)
    for ask in asked:
        with pytest.raises(ProtectionError, match="locked"):
            ask()
    unlock(board, places, WORDS)
    for typed in ("too short", " " * 12, "a b c d e f g h i j k"):
        with pytest.raises(ProtectionError, match="12 letters"):
            protecting.passphrase(board.ways, typed, only=False)
    with pytest.raises(ProtectionError, match="no letters of this terminal"):
        protecting.passphrase(board.ways, "four words qu\udcffte apart", only=False)
    turn_off(board)
    with pytest.raises(ProtectionError, match="no letters of this terminal"):
        unlock(board, places, "four words qu\udcffte apart")


def test_off_writes_everything_bare_again_with_its_owner_and_forgets_the_key(board: Board, places: Places) -> None:
    list(protecting.on(board.ways, None, None))
    master = keys.read(board.ways.given)
    for process, name in (("journal", "journal.sqlite"), ("core", "own-words-en.sqlite")):
        (places.state / process).mkdir()
        database.opened(places.state / process / name, keys.derived(master, process)).close()
        (places.state / process / name).chmod(0o640)
        os.chown(places.state / process / name, os.getuid(), os.getgid())
    phrases = places.state / "core/phrases-en.txt"
    sealed_files.write(phrases, b"Good morning.\n", keys.derived(master, "core"))
    (places.state / "generator").mkdir()
    (places.state / "generator/grown/000003").mkdir(parents=True)
    (places.state / "generator/grown/000003/adapter_model.safetensors").write_bytes(b"weights")
    shown = {store.kind.name: store.held for store in stores.stores(places)}
    assert shown == {
        **dict.fromkeys(("record", "own words", "own phrases"), Held.SEALED),
        **dict.fromkeys(("topics", "looks", "segments", "bundles"), Held.EMPTY),
        **dict.fromkeys(("usual EEG", "fittings", "flicker", "what is on"), Held.EMPTY),
        "adapter": Held.BARE,
    }
    assert "whoever has the card can read: adapter" in "\n".join(protecting.status(places, board.ways))
    told = off(board, places)
    assert len(told) == 4
    assert phrases.read_bytes() == b"Good morning.\n"
    for path in (places.state / "journal/journal.sqlite", places.state / "core/own-words-en.sqlite"):
        assert database.state_of(path) is database.State.BARE
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not any(path.exists() for path in (board.ways.sealed, board.ways.described, board.ways.given))
    assert "not protected" in "\n".join(protecting.status(places, board.ways))


INSIDE = {"outbox": "1.segment", "arrived": "1.bundle", "grown": "000001/adapter.onnx_adapter"}
"""What lies in the folders among the places."""
NOT_THE_WEARER_S = {
    "sync": "the workstation's keys",
    "frames": "learned from text files of the owner's",
    "panel": "the certificate of the carer's page, and its key",
    "browser": "the key of the page that is the display, and its certificate",
}


@pytest.mark.parametrize("folder", ["", "core"])
def test_every_place_of_the_kit_s_own_folder_is_listed_but_for_what_is_not_the_wearer_s(
    places: Places, folder: str
) -> None:
    """A new file of the wearer's is listed by `vybor protect`, or this fails."""
    below: dict[str, Path] = {}
    for name, of in vars(Places).items():
        if isinstance(of, property) and (path := getattr(places, name)).is_relative_to(places.state):
            below[name] = path / INSIDE.get(name, "")
        elif name in ("own_words", "own_phrases", "given_words"):
            below[name] = getattr(places, name)("en")
    assert len(below) >= 12
    for name, path in below.items():
        kind = next(
            (one for one in stores.KINDS if any(path.relative_to(places.state).match(p) for p in one.patterns)),
            None,
        )
        assert (kind is None) == (name in NOT_THE_WEARER_S), name
        if kind and (not folder or kind.process == folder):
            there = places.state / folder / path.relative_to(places.state)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(b"x" * 100)
            assert {store.kind.name for store in stores.stores(places) if there in store.paths} == {kind.name}


def test_half_a_file_of_phrases_is_listed_too(places: Places) -> None:
    (places.state / "core").mkdir()
    (places.state / "core/.phrases-en.txt.77").write_text("Good morning.\n")
    assert {store.kind.name for store in stores.stores(places) if store.held is Held.BARE} == {"own phrases"}


@pytest.mark.parametrize("ends_at", range(8))
def test_off_cut_off_anywhere_leaves_a_kit_that_opens(
    board: Board, places: Places, monkeypatch: pytest.MonkeyPatch, ends_at: int
) -> None:
    """It is protected still or not any more, and nobody is asked for a key that there is no way to."""
    list(protecting.on(board.ways, None, None))
    steps = iter(range(100))
    unlink, sync = Path.unlink, small_files.sync_folder

    def step() -> None:
        if next(steps) == ends_at:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "unlink", lambda path, **how: (step(), unlink(path, **how))[1])
    monkeypatch.setattr(small_files, "sync_folder", lambda folder: (step(), sync(folder))[1])
    with contextlib.suppress(KeyboardInterrupt):
        unlocking.take_away(board.ways)
    monkeypatch.undo()
    assert not board.ways.given.exists() or ends_at == 0  # nothing is encrypted again meanwhile
    turn_off(board)
    unlocking.at_boot(board.ways)
    if board.ways.described.exists():
        assert keys.read(board.ways.given).secret
    else:
        assert not board.ways.given.exists()


def test_what_the_machine_keeps_goes_only_once_it_is_on_the_disk_that_the_kit_is_not_protected(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(protecting.on(board.ways, None, None))
    done: list[Path] = []
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **how: (done.append(path), unlink(path, **how))[1])
    monkeypatch.setattr(small_files, "sync_folder", done.append)
    unlocking.take_away(board.ways)
    ways = board.ways
    assert done.index(ways.described) < done.index(ways.described.parent) < done.index(ways.sealed)


def test_off_is_refused_while_the_kit_runs_and_waits_for_what_is_still_ending(
    board: Board, places: Places
) -> None:
    list(protecting.on(board.ways, None, None))
    for runs in (b"active active", b"activating inactive", b"inactive active"):
        board.states = [runs]
        with pytest.raises(ProtectionError, match=r"the kit runs; first `sudo systemctl stop vybor\.target`"):
            off(board, places)
    board.states = [b"inactive inactive"]
    places.runtime.mkdir()
    with socket.socket(socket.AF_UNIX) as answering:  # a process that somebody runs by hand
        answering.bind(str(places.runtime / "generator"))
        answering.listen()
        with pytest.raises(ProtectionError, match="the kit runs"):
            off(board, places)
    assert board.ways.described.exists()
    board.waited_s, board.states = 0.0, [b"inactive active", b"inactive deactivating", b"inactive inactive"]
    off(board, places)
    assert board.waited_s == pytest.approx(0.4)
    assert not any("stop" in command for command in board.done)
    assert not board.ways.described.exists()


def test_what_cannot_be_opened_up_keeps_its_key(board: Board, places: Places) -> None:
    list(protecting.on(board.ways, None, None))
    database.opened(places.journal, Key(bytes(32))).close()
    with pytest.raises(VyborError, match=r"journal\.sqlite .*the key is kept.*move the file away"):
        off(board, places)
    assert keys.read(board.ways.given).secret
    assert board.ways.described.exists()


def test_a_damaged_word_of_protection_locks_and_is_said(board: Board, places: Places) -> None:
    board.ways.described.write_text("{")
    assert "cannot be read" in unlocking.at_boot(board.ways)
    assert "cannot be read" in keys.read(board.ways.given).locked
    assert "cannot be read" in "\n".join(protecting.status(places, board.ways))


@settings(max_examples=150)
@given(st.binary(max_size=120))
def test_whatever_stands_beside_the_key_is_understood_or_said(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "protection.json"
    path.write_bytes(content)
    with pytest.raises(ProtectionError):
        described.read(path)


@settings(max_examples=100)
@given(st.binary(max_size=120))
def test_whatever_lsblk_says_ends_nothing(said: bytes) -> None:
    try:
        list(machine.keys_on_sticks(lambda command, given: said))
    except ProtectionError as error:
        assert str(error).isprintable() or "\\x" in repr(str(error))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["protect", "on"], 73, "installed kit"),
        (["unlock"], 73, "installed kit"),
        (["protect", "off"], 73, "installed"),
    ],
)
def test_on_a_kit_without_systemd_the_key_is_refused_in_a_sentence(
    words: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (None, "/srv/cache/vybor/demo"):  # the second: a demo of deploy/vybor
        monkeypatch.delenv("CONFIGURATION_DIRECTORY", raising=False)
        if folder:
            monkeypatch.setenv("CONFIGURATION_DIRECTORY", folder)
        assert cli.main(words) == code
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("store", ["own-words-en.sqlite", "phrases-en.txt"])
def test_a_locked_store_names_a_remedy_that_can_act_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    """`vybor unlock` is for an installed kit, and refuses a demo."""
    assert str(keys.INSTALLED) == units.STATE
    (tmp_path / "core").mkdir()
    path, locked = tmp_path / "core" / store, Key(locked="nobody has typed the passphrase")
    open_it = {
        ".sqlite": lambda: database.check_key(path, locked),
        ".txt": lambda: sealed_files.opened(b"", path, locked),
    }[path.suffix]
    with pytest.raises((database.Locked, OSError), match="CREDENTIALS_DIRECTORY") as demo:
        open_it()
    assert "vybor unlock" not in str(demo.value)
    monkeypatch.setattr(keys, "INSTALLED", tmp_path)
    with pytest.raises((database.Locked, OSError), match="`sudo vybor unlock`"):
        open_it()


def test_the_programs_of_the_system_are_run_and_their_failure_is_a_sentence() -> None:
    assert machine.run(("cat",), b"given") == b"given"
    with pytest.raises(ProtectionError, match="is not installed"):
        machine.run(("no-such-program-here",))
    with pytest.raises(ProtectionError, match="false failed"):
        machine.run(("false",))
