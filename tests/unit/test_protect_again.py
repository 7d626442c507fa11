"""What says how a kit is protected is lost or damaged: no key is destroyed, and its own key opens it again."""

from pathlib import Path

import pytest

from unit.protected_board import QUICK, WORDS, Board, stick, turn_off, unlock
from vybor.commands.protection import protecting
from vybor.foundation import database, keys, sealed_files
from vybor.foundation.errors import VyborError
from vybor.foundation.keys import CREDENTIAL, Key
from vybor.foundation.places import Places
from vybor.protection import described, machine, unlocking
from vybor.protection.described import Machine, ProtectionError


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(machine, "PLUGGED_IN", (f"{tmp_path}/",))
    return Board(tmp_path)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "state").mkdir()
    return Places(runtime=tmp_path / "run-vybor", state=tmp_path / "state", share=tmp_path)


def written(board: Board, places: Places) -> bytes:
    """What the kit keeps, encrypted with the key that it has; returns the key."""
    key = keys.read(board.ways.given)
    database.opened(places.journal, keys.derived(key, "journal")).close()
    phrases = places.state / "core" / "phrases-en.txt"
    phrases.parent.mkdir()
    sealed_files.write(phrases, b"one\n", keys.derived(key, "core"))
    return key.secret


def lose(board: Board, *, damaged: bool) -> None:
    turn_off(board)
    if damaged:
        board.ways.described.write_text("{")
    else:
        board.ways.described.unlink()


@pytest.mark.parametrize("damaged", [False, True])
def test_the_machines_key_is_not_overwritten_and_opens_at_the_next_start(
    board: Board, places: Places, damaged: bool
) -> None:
    list(protecting.on(board.ways, None, None))
    secret = written(board, places)
    sealed = board.ways.sealed.read_bytes()
    lose(board, damaged=damaged)
    assert "plug in the stick with its key" in "\n".join(protecting.status(places, board.ways))
    with pytest.raises(ProtectionError, match="plug in the stick with its key"):
        list(protecting.on(board.ways, WORDS, None, QUICK))
    assert board.ways.sealed.read_bytes() == sealed
    assert unlocking.at_boot(board.ways) == "the kit is unlocked"
    assert keys.read(board.ways.given).secret == secret
    assert described.read(board.ways.described) == described.Protection(
        mark=Key(secret).mark, machine=Machine.HOST
    )


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("is_named", [False, True])
def test_a_stick_or_a_file_with_the_key_opens_it_and_says_that_the_passphrase_is_gone(
    board: Board, places: Places, tmp_path: Path, damaged: bool, is_named: bool
) -> None:
    list(protecting.on(board.ways, WORDS, None, QUICK))
    secret = written(board, places)
    folder = stick(tmp_path / "usb") if is_named else board.mounted(tmp_path / "usb")
    (folder / CREDENTIAL).write_text(keys.written(secret))
    lose(board, damaged=damaged)
    told = unlock(board, places, file=folder / CREDENTIAL if is_named else None)
    assert told[0] == protecting.FOUND_AGAIN
    assert keys.read(board.ways.given).secret == secret
    assert described.read(board.ways.described) == described.Protection(mark=Key(secret).mark)
    assert "the passphrase opens the kit" not in "\n".join(protecting.status(places, board.ways))


@pytest.mark.parametrize("damaged", [False, True])
def test_another_key_opens_nothing_and_nothing_is_written(
    board: Board, places: Places, tmp_path: Path, damaged: bool
) -> None:
    list(protecting.on(board.ways, WORDS, None, QUICK))
    written(board, places)
    other = tmp_path / "other.key"
    other.write_text(keys.written(bytes(range(32))))
    lose(board, damaged=damaged)
    with pytest.raises(ProtectionError, match="did not encrypt what is on this kit"):
        unlock(board, places, file=other)
    board.mounted(tmp_path / "usb")
    (tmp_path / "usb" / CREDENTIAL).write_text(other.read_text())
    with pytest.raises(ProtectionError, match="plug in the stick with its key"):
        unlock(board, places)
    assert "stays locked" in unlocking.at_boot(board.ways)
    assert not keys.read(board.ways.given).secret
    assert board.ways.described.exists() is damaged


def test_a_damaged_word_of_a_kit_with_nothing_encrypted_may_be_removed(board: Board, places: Places) -> None:
    board.ways.described.write_text("{")
    with pytest.raises(ProtectionError, match="nothing on this kit is encrypted: remove that file"):
        list(protecting.on(board.ways, None, None))
    board.ways.described.unlink()
    list(protecting.on(board.ways, None, None))


def test_what_was_set_aside_as_damaged_does_not_say_which_key_it_is(board: Board, places: Places) -> None:
    list(protecting.on(board.ways, None, None))
    written(board, places)
    places.journal.rename(places.journal.with_name("journal.damaged-1.sqlite"))
    (places.state / "core" / "phrases-en.txt").unlink()
    lose(board, damaged=False)
    list(protecting.on(board.ways, WORDS, None, QUICK))


# --- another kit's stick ----------------------------------------------------------------------------------------


def test_another_kits_key_on_a_stick_is_not_written_over(board: Board, tmp_path: Path) -> None:
    folder = board.mounted(tmp_path / "usb")
    others = keys.written(bytes(range(32)))
    (folder / CREDENTIAL).write_text(others)
    with pytest.raises(VyborError, match="is there and is not the key of this kit; take another stick"):
        list(protecting.on(board.ways, None, folder))
    assert (folder / CREDENTIAL).read_text() == others
    assert described.read(board.ways.described) is None
    list(protecting.on(board.ways, None, None))
    with pytest.raises(VyborError, match="is not the key of this kit"):
        protecting.stick(board.ways, folder)
    assert (folder / CREDENTIAL).read_text() == others


def test_the_kits_own_key_may_be_written_again(board: Board, tmp_path: Path) -> None:
    folder = board.mounted(tmp_path / "usb")
    list(protecting.on(board.ways, None, folder))
    assert "keep it in another place" in protecting.stick(board.ways, folder)
