"""The unit that gives the key begins wherever a start of the kit has to do with one, and is cheap elsewhere."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from unit.protected_board import QUICK, WORDS, Board, turn_off
from vybor import units
from vybor.commands.protection import protecting
from vybor.foundation import database, keys, sealed_files
from vybor.foundation.keys import CREDENTIAL, SEALED
from vybor.protection import machine, unlocking
from vybor.protection.stores import KINDS, Kind

CONDITION = "ExecCondition="
LONGEST_S = 30.0
BARE = "the kit is not protected"
PATTERNS = [(kind, pattern) for kind in KINDS for pattern in kind.patterns]


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(machine, "PLUGGED_IN", (f"{tmp_path}/",))
    made = Board(tmp_path)
    for name in ("journal", "core", "outbox"):
        (made.ways.state / name).mkdir(parents=True)
    return made


def begins(board: Board) -> bool:
    """Whether systemd would begin the unit on this kit, by the unit's own words."""
    lines = units.unlock().splitlines()
    assert not [line for line in lines if line.startswith(("Condition", "Assert"))]
    (condition,) = (line.removeprefix(CONDITION) for line in lines if line.startswith(CONDITION))
    there = condition.replace(units.PROTECTION, f"{board.ways.described}").replace(
        units.STATE, f"{board.ways.state}"
    )
    done = subprocess.run(shlex.split(there), capture_output=True, check=False, timeout=LONGEST_S)
    assert (done.returncode in (0, 1), done.stdout, done.stderr) == (True, b"", b"")
    return done.returncode == 0


def keep(board: Board) -> None:
    """What a kit keeps, with the key that it has."""
    key = keys.read(board.ways.given)
    database.opened(board.ways.state / "journal/journal.sqlite", keys.derived(key, "journal")).close()
    phrases = board.ways.state / "core/phrases-en.txt"
    sealed_files.write(phrases, b"one\n", keys.derived(key, "core"))


def lose(board: Board) -> None:
    turn_off(board)
    board.ways.described.unlink()


def test_a_kit_that_was_never_protected_begins_nothing(board: Board) -> None:
    keep(board)
    (board.ways.state / "outbox/1.segment").write_bytes(b"of the workstation alone")
    assert not begins(board)
    assert unlocking.at_boot(board.ways) == BARE


def test_a_kit_that_has_kept_nothing_yet_begins_nothing(tmp_path: Path) -> None:
    assert not begins(Board(tmp_path))


def test_a_protected_kit_begins_it_also_before_anything_is_kept(board: Board) -> None:
    list(protecting.on(board.ways, None, None))
    assert begins(board)


def test_where_its_word_is_damaged_it_begins(board: Board) -> None:
    board.ways.described.write_text("{")
    assert begins(board)


def test_where_its_word_is_lost_the_machine_s_key_is_found(board: Board) -> None:
    list(protecting.on(board.ways, None, None))
    keep(board)
    lose(board)
    assert begins(board)
    assert unlocking.at_boot(board.ways) == "the kit is unlocked"


def test_where_its_word_is_lost_a_stick_s_key_is_found(board: Board, tmp_path: Path) -> None:
    list(protecting.on(board.ways, None, board.mounted(tmp_path / "usb")))
    assert (tmp_path / "usb" / CREDENTIAL).exists()
    keep(board)
    lose(board)
    assert begins(board)
    assert unlocking.at_boot(board.ways) == "the kit is unlocked"


def test_where_its_word_is_lost_and_no_key_is_at_hand_nothing_is_begun_bare(board: Board) -> None:
    list(protecting.on(board.ways, WORDS, None, QUICK))
    keep(board)
    lose(board)
    assert begins(board)
    assert "stays locked" in unlocking.at_boot(board.ways)
    assert keys.read(board.ways.given).locked


@pytest.mark.parametrize("is_below", [False, True], ids=["in its folder", "in that of its process"])
@pytest.mark.parametrize(("kind", "pattern"), PATTERNS, ids=[f"{kind.name} {each}" for kind, each in PATTERNS])
def test_it_begins_for_each_store_by_which_a_start_knows_that_there_was_a_key(
    board: Board, kind: Kind, pattern: str, is_below: bool
) -> None:
    folder = board.ways.state / kind.process if is_below else board.ways.state
    sealed = folder / pattern.replace("*", "x")
    sealed.parent.mkdir(parents=True, exist_ok=True)
    sealed.write_bytes(SEALED + bytes(4096))
    assert begins(board) is (unlocking.at_boot(board.ways) != BARE)


def test_what_was_set_aside_encrypted_is_no_reason(board: Board) -> None:
    (board.ways.state / "journal/journal.damaged-1.sqlite").write_bytes(SEALED + bytes(4096))
    assert not begins(board)
    assert unlocking.at_boot(board.ways) == BARE


def test_a_pipe_in_the_place_of_a_store_holds_up_no_start(board: Board) -> None:
    os.mkfifo(board.ways.state / "journal/journal.sqlite")
    assert not begins(board)


def test_a_folder_that_lies_on_another_disk_is_looked_into(board: Board, tmp_path: Path) -> None:
    list(protecting.on(board.ways, None, None))
    keep(board)
    lose(board)
    board.ways.state.rename(tmp_path / "elsewhere")
    board.ways.state.symlink_to(tmp_path / "elsewhere")
    assert begins(board)
