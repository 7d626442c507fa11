"""Small files with a key: encrypted when it appears, locked without it, never taken for damaged for want of it."""

import errno
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.test_gaze_looks import a_calibration, assert_same
from unit.test_own_phrases import as_it_is
from vybor.core.words.phrase_book import PhraseBook
from vybor.foundation import keys, sealed_files
from vybor.foundation.keys import Key
from vybor.gaze.looks.keeping import Looks
from vybor.instant.personal import Personal

MASTER, ANOTHER, LOCKED = Key(bytes(range(32))), Key(bytes(32)), Key(locked="nobody has typed the passphrase")
SAID = b"the words that nobody else may read"


def test_what_is_written_with_a_key_is_read_with_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    sealed_files.write(path, SAID, MASTER)
    assert SAID not in path.read_bytes()
    assert sealed_files.read(path, 100, MASTER) == SAID
    for key, why in ((ANOTHER, "another key"), (keys.NONE, "no key"), (LOCKED, "passphrase")):
        with pytest.raises(OSError, match=why) as raised:
            sealed_files.read(path, 100, key)
        assert raised.value.errno == errno.EACCES


def test_a_bare_file_is_encrypted_when_it_is_read_with_a_key(tmp_path: Path) -> None:
    path, spy = tmp_path / "file", tmp_path / "spy"
    path.write_bytes(SAID)
    spy.hardlink_to(path)
    assert sealed_files.read(path, 100) == SAID
    assert path.read_bytes() == SAID
    assert sealed_files.read(path, 100, MASTER) == SAID
    assert sealed_files.is_sealed(path.read_bytes())
    assert spy.read_bytes() == bytes(len(SAID))


def test_a_locked_kit_writes_nothing_bare(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="passphrase"):
        sealed_files.write(tmp_path / "file", SAID, LOCKED)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=200)
@given(st.integers(0, 90), st.integers(1, 255), st.integers(0, 90))
def test_whatever_rots_is_said(at: int, by: int, cut: int) -> None:
    whole = sealed_files.sealed(SAID, MASTER)
    rotten = bytearray(whole)
    rotten[at % len(whole)] ^= by
    for content in (bytes(rotten), whole[:cut]):
        if sealed_files.is_sealed(content):
            with pytest.raises(OSError, match=r"damaged|another key"):
                sealed_files.opened(content, Path("file"), MASTER)


def test_looks_are_kept_with_a_key_and_passed_over_without(tmp_path: Path) -> None:
    first, second = a_calibration(1), a_calibration(2)
    Looks(tmp_path).keep(first)
    Looks(tmp_path, MASTER).keep(second)
    assert_same(Looks(tmp_path, MASTER).load(), [*first, *second])
    assert all(sealed_files.is_sealed(path.read_bytes()) for path in tmp_path.iterdir())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert Looks(tmp_path).load() == []
    assert Looks(tmp_path).next_number() == 3
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(OSError, match="passphrase"):
        Looks(tmp_path, LOCKED).keep(a_calibration(3))


def test_phrases_are_kept_with_a_key_and_left_alone_without(tmp_path: Path) -> None:
    path = tmp_path / "phrases-en.txt"

    known = Personal()

    def book(key: Key = keys.NONE) -> PhraseBook:
        return PhraseBook(path, lambda: known, as_it_is, key)

    assert book().keep("Good morning.") == ""
    assert b"morning" in path.read_bytes()
    assert book(MASTER).keep("Good night.") == ""
    before = path.read_bytes()
    assert b"morning" not in before
    assert book(MASTER).book().own == ("Good morning.", "Good night.")
    for key in (keys.NONE, ANOTHER, LOCKED):
        assert "cannot be read" in book(key).keep("Hello.")
    assert path.read_bytes() == before
