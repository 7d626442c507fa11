"""Databases with a key and without: encrypted in place at any cut, never touched without the key."""

import os
import sqlite3  # noqa: TID251  (as a stranger reads what is bare)
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.test_learning import Journal
from vybor.contracts import messages as m
from vybor.core.words.learning import Learning
from vybor.foundation import database, keys
from vybor.foundation.database import Locked, State
from vybor.foundation.keys import Key
from vybor.instant.counts import Change, CountsFile
from vybor.journal import store
from vybor.journal.process import bare_notice
from vybor.retrieval.index import Index
from vybor.retrieval.schema import TopicsError
from vybor.retrieval.stems import stems

SAID = "the words that nobody else may read"
MASTER, ANOTHER = Key(bytes(range(32))), Key(bytes(32))


def fill(path: Path, key: Key = keys.NONE) -> None:
    with closing(database.opened(path, key)) as opened:
        opened.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, text TEXT)")
        opened.execute("CREATE VIRTUAL TABLE found USING fts5 (text)")
        opened.executemany("INSERT INTO said (text) VALUES (?)", [(f"{SAID} {n}",) for n in range(300)])
        opened.execute("INSERT INTO found VALUES (?)", (SAID,))
        opened.execute("PRAGMA user_version = 7")
        opened.execute("PRAGMA application_id = 77")


def told(path: Path, key: Key = keys.NONE) -> int:
    """How many rows there are; everything else is as it was filled in."""
    with closing(database.opened(path, key)) as opened:
        assert opened.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        assert opened.execute("SELECT text FROM found WHERE found MATCH 'nobody'").fetchall() == [(SAID,)]
        assert opened.execute("PRAGMA user_version").fetchone()[0] == 7
        assert opened.execute("PRAGMA application_id").fetchone()[0] == 77
        counted: int = opened.execute("SELECT count(*) FROM said WHERE text LIKE ?", (f"{SAID}%",)).fetchone()[0]
        return counted


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@pytest.mark.parametrize("key", [keys.NONE, MASTER], ids=["bare", "sealed"])
def test_what_is_kept_is_told_with_the_same_key_and_is_durable(tmp_path: Path, key: Key) -> None:
    path = tmp_path / "a.sqlite"
    fill(path, key)
    assert told(path, key) == 300
    assert database.state_of(path) is (State.SEALED if key.secret else State.BARE)
    with closing(database.opened(path, key)) as opened:
        pragmas = [opened.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous")]
        assert pragmas == ["wal", 2]
        assert opened.execute("PRAGMA secure_delete").fetchone()[0] == 1
        opened.execute("INSERT INTO said (text) VALUES (?)", (SAID,))
        assert (SAID.encode() in bytes_of(tmp_path)) == (not key.secret)  # with its log


def test_without_a_key_it_is_what_any_sqlite_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    fill(path)
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("SELECT count(*) FROM said").fetchone() == (300,)


@pytest.mark.parametrize(
    ("key", "why"),
    [(keys.NONE, "there is no key"), (ANOTHER, "another key"), (Key(locked="no stick"), "no stick")],
)
def test_without_its_key_a_file_is_locked_and_not_one_byte_changes(tmp_path: Path, key: Key, why: str) -> None:
    path = tmp_path / "a.sqlite"
    fill(path, MASTER)
    before = path.read_bytes()
    with pytest.raises(Locked, match=why):
        database.opened(path, key)
    with pytest.raises(Locked, match=why), database.reading(path, key):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.sqlite"]
    assert path.read_bytes() == before


def test_a_locked_kit_begins_no_bare_file(tmp_path: Path) -> None:
    with pytest.raises(Locked, match="no stick"):
        database.opened(tmp_path / "a.sqlite", Key(locked="no stick"))
    assert list(tmp_path.iterdir()) == []


def test_damage_is_told_from_a_wrong_key(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    fill(path, MASTER)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(4000) + whole[4100:])
    with pytest.raises(database.DatabaseError) as raised:
        database.opened(path, MASTER)
    assert not isinstance(raised.value, database.OperationalError)
    assert database.primary_code(raised.value) in database.DAMAGED


def test_a_bare_file_is_encrypted_when_a_key_appears_and_nothing_of_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    fill(path)
    assert told(path, MASTER) == 300
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.sqlite"]
    assert SAID.encode() not in bytes_of(tmp_path)


def test_a_key_is_changed_and_taken_away_again(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    fill(path, MASTER)
    database.resealed(path, MASTER, ANOTHER)
    assert told(path, ANOTHER) == 300
    database.resealed(path, ANOTHER, keys.NONE)
    assert told(path) == 300
    assert database.state_of(path) is State.BARE


def test_a_file_that_somebody_has_open_is_not_encrypted_under_them_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    fill(path)
    with closing(database.opened(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM said").fetchone()
        with pytest.raises(database.OperationalError):
            database.resealed(path, keys.NONE, MASTER)
        database.opened(path, MASTER, wait_s=0.05).close()
        notice = bare_notice(path, MASTER)
        assert notice is not None
        assert notice.trouble is m.Trouble.NOT_ENCRYPTED
    assert told(path) == 300
    database.opened(path, MASTER).close()
    assert database.state_of(path) is State.SEALED
    assert bare_notice(path, MASTER) is None


def test_reading_changes_nothing_and_encrypts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    fill(path)
    before = path.read_bytes()
    with database.reading(path, MASTER) as opened:
        assert opened.execute("SELECT count(*) FROM said").fetchone()[0] == 300
        with pytest.raises(database.Error):
            opened.execute("DELETE FROM said")
    assert path.read_bytes() == before


CUT = """
import os, shutil, sys
from pathlib import Path
from vybor.foundation import database
from vybor.foundation.keys import Key, NONE
source, before, after = Path(sys.argv[1]), eval(sys.argv[2]), eval(sys.argv[3])

def struck(event, arguments):
    global at
    if event in ("open", "os.link", "os.rename", "os.remove"):
        at -= 1
        if at == 0:
            os.kill(os.getpid(), 9)

at = status = 1
while status:
    folder = source.parent / f"cut-{at}"
    shutil.copytree(source, folder)
    child = os.fork()
    if not child:
        sys.addaudithook(struck)
        database.resealed(folder / "a.sqlite", before, after)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    at += 1
"""
"""What is done to a file is cut off before its first step that touches the folder, its second, and so on."""


@pytest.mark.parametrize(("before", "after"), [(keys.NONE, MASTER), (MASTER, keys.NONE)], ids=["on", "off"])
def test_whenever_it_is_cut_off_the_next_opening_has_everything(tmp_path: Path, before: Key, after: Key) -> None:
    source = tmp_path / "source"
    source.mkdir()
    fill(source / "a.sqlite", before)
    told_as = [f"Key({key.secret!r})" for key in (before, after)]
    subprocess.run([sys.executable, "-c", CUT, str(source), *told_as], check=True)
    cuts = sorted(tmp_path.glob("cut-*"))
    assert len(cuts) > 6
    states = set()
    for folder in cuts:
        path = folder / "a.sqlite"
        states.add(database.state_of(path))
        assert told(path, MASTER if after.secret or database.state_of(path) is State.SEALED else keys.NONE) == 300
        assert [entry.name for entry in folder.iterdir()] == ["a.sqlite"]
        if after.secret:
            assert SAID.encode() not in bytes_of(folder)
    assert states == {State.BARE, State.SEALED}


def test_what_was_written_anew_is_on_the_disk_before_the_old_file_gets_its_other_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut may leave the new name without its bytes, and no old one."""
    path = tmp_path / "a.sqlite"
    fill(path)
    steps: list[str] = []

    def told(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **named: object) -> object:
            steps.append(name)
            return real(*given, **named)

        return step

    with monkeypatch.context() as disk:
        for place, name in ((os, "fsync"), (database, "sync_folder"), (os, "link"), (Path, "replace")):
            disk.setattr(place, name, told(name, getattr(place, name)))
        database.resealed(path, keys.NONE, MASTER)
    assert steps[:7] == ["fsync", "sync_folder", "fsync", "link", "replace", "sync_folder", "fsync"]


def test_a_former_file_is_overwritten_before_it_is_removed(tmp_path: Path) -> None:
    path, spy = tmp_path / "a.sqlite", tmp_path / "spy"
    fill(path)
    os.link(path, spy)  # what a thief finds of the old file
    database.opened(path, MASTER).close()
    assert set(spy.read_bytes()) == {0}


# --- keys -------------------------------------------------------------------------------------------------------


def test_a_secret_is_written_and_understood_and_never_shown() -> None:
    secret = keys.new_secret()
    key = keys.understood(keys.written(secret).encode())
    assert key == Key(secret)
    assert secret.hex() not in repr(key)
    assert repr(secret) not in repr(key)


def test_every_process_has_its_own_key_and_a_locked_kit_none() -> None:
    made = {keys.derived(MASTER, name).secret for name in ("journal", "core", "generator", "gaze")}
    assert len(made | {MASTER.secret}) == 5
    assert all(len(secret) == 32 for secret in made)
    assert keys.derived(keys.NONE, "core") == keys.NONE
    assert keys.derived(Key(locked="no stick"), "core").locked == "no stick"


def test_a_process_finds_its_key_in_its_credentials(tmp_path: Path) -> None:
    environ = {keys.FOLDER: str(tmp_path)}
    assert keys.of_process("journal", {}) == keys.NONE
    assert keys.of_process("journal", environ) == keys.NONE
    (tmp_path / keys.CREDENTIAL).write_text(keys.written(MASTER.secret))
    assert keys.of_process("journal", environ) == keys.derived(MASTER, "journal")
    (tmp_path / keys.CREDENTIAL).write_text("locked: the stick with the key is not there\n")
    assert keys.of_process("journal", environ).locked == "the stick with the key is not there"
    (tmp_path / keys.CREDENTIAL).unlink()
    (tmp_path / keys.CREDENTIAL).mkdir()
    assert "no regular file" in keys.of_process("journal", environ).locked


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_whatever_is_given_as_a_key_is_one_or_a_sentence(content: bytes) -> None:
    key = keys.understood(content)
    assert (len(key.secret) == 32) != bool(key.locked)
    assert key.locked.isprintable()


# --- who keeps something ----------------------------------------------------------------------------------------


def test_what_an_encryption_left_behind_is_set_aside_with_a_damaged_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    for part in database.PARTS:
        path.with_name(path.name + part).write_text(f"not SQLite{part}")
    aside = store.set_aside(path)
    store.open_store(path, "boot", MASTER).close()
    assert aside.with_name(aside.name + database.FORMER).read_text() == "not SQLite.former"


def test_topics_are_encrypted_and_locked_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "topics.sqlite"
    with closing(Index(path)) as index:
        index.add("holiday.md", [m.Passage(text=SAID, place="1")])
    with closing(Index(path, MASTER)) as index:
        assert [found.text for found in index.search(stems(SAID), "en", 5)] == [SAID]
        index.add("more.md", [m.Passage(text=f"more of {SAID}", place="1")])
        assert b"nobody" not in bytes_of(tmp_path)
    before = path.read_bytes()
    for key in (keys.NONE, ANOTHER, Key(locked="no stick")):
        with pytest.raises(TopicsError, match="cannot be used"):
            Index(path, key)
    assert path.read_bytes() == before


def test_another_program_s_file_is_not_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "topics.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(TopicsError, match="another program's"):
        Index(path, MASTER)
    assert path.read_bytes() == before


def test_own_words_that_are_locked_are_no_damage_and_are_not_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "own-words-en.sqlite"
    with closing(CountsFile(path, MASTER)) as counts:
        counts.change([Change(SAID)])
        assert b"nobody" not in bytes_of(tmp_path)
    before = path.read_bytes()
    for key, why in ((keys.NONE, "no key"), (ANOTHER, "another key")):
        learning = Learning(path, Journal(), key)  # type: ignore[arg-type]  # as much of a bus as it needs
        assert why in learning.trouble
        learning.turn(10**12)
        learning.close()
    assert path.read_bytes() == before
    with closing(CountsFile(path, MASTER)) as counts:
        assert counts.times(SAID) == 1


def test_what_lies_in_the_log_after_a_cut_is_encrypted_with_the_rest(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    fill(before / "a.sqlite")
    with closing(database.opened(before / "a.sqlite")) as opened:
        opened.executemany("INSERT INTO said (text) VALUES (?)", [(f"{SAID} later",)] * 20)
        for name in ("a.sqlite", "a.sqlite-wal"):  # as the power goes: the log was not folded in
            (after / name).write_bytes((before / name).read_bytes())
    assert told(after / "a.sqlite", MASTER) == 320
    assert SAID.encode() not in bytes_of(after)


@pytest.mark.parametrize("fails_at", range(1, 9))
def test_whatever_step_the_disk_refuses_nothing_is_lost_and_nothing_is_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    path = tmp_path / "a.sqlite"
    fill(path)
    steps = 0

    def refused(real: Callable[..., object], *given: object, **named: object) -> object:
        nonlocal steps
        steps += 1
        if steps == fails_at:
            raise OSError(28, "No space left on device")
        return real(*given, **named)

    with monkeypatch.context() as disk:
        for name in ("sync_folder", "overwrite"):
            disk.setattr(database, name, partial(refused, getattr(database, name)))
        for name in ("fsync", "link"):
            disk.setattr(os, name, partial(refused, getattr(os, name)))
        with suppress(database.OperationalError):
            database.opened(path, MASTER).close()
    assert told(path, MASTER) == 300
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.sqlite"]
    assert SAID.encode() not in bytes_of(tmp_path)
