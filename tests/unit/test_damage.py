"""Damaged records: whatever byte is another one, the record opens, or is set aside and a new one begun."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.record_writer import Bus, Writer
from vybor import cli
from vybor.contracts import messages as m
from vybor.foundation import database, keys
from vybor.foundation.keys import Key
from vybor.instant.counts import Change, CountsFile, is_damage
from vybor.journal import migrations, store
from vybor.journal.process import Journal

MASTER = Key(bytes(range(32)))
KEYS = pytest.mark.parametrize(
    ("was", "key"),
    [(keys.NONE, keys.NONE), (MASTER, MASTER), (keys.NONE, MASTER)],
    ids=["bare", "sealed", "to be sealed"],
)
USER_VERSION = 63
"""Where the last byte of it stands in a bare file."""


def whole(folder: Path, key: Key) -> bytes:
    """A record with some sentences in it."""
    writer = Writer(folder / "whole.sqlite")
    for number in range(5):
        writer.say(f"I saw Zelda {number}")
    writer.store.close()
    database.opened(writer.path, key).close()
    return writer.path.read_bytes()


def another() -> m.Decision:
    """A decision to be kept."""
    return m.Decision(
        at_ns=1,
        session="another",
        number=1,
        action=m.Action.TAKE,
        slot=0,
        written="I",
        text_before="",
        text_after="I",
        offer=1,
        shown=(),
        evidence=m.Evidence(channel=m.Channelled.PAD, posterior=0.9, posterior_without_prior=0.9, gaze_age_ms=0.0),
    )


def kept(path: Path, key: Key) -> m.Notice | None:
    """Whether a journal that finds this file keeps what it is told; what it says of it."""
    bus = Bus()
    journal = Journal(path, bus, "boot-b", key)  # type: ignore[arg-type]  # as much of a bus as it needs
    for turn in range(3):
        journal.turn(turn * 10**10)
    assert isinstance(journal._keep("1", another(), 0), m.Done)
    (notice,) = journal.troubles() or (None,)
    journal.close()
    return notice


def changed(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """The same with one other byte, most often where it tells of itself."""
    chance = random.Random(seed)
    for _ in range(count):
        at = chance.randrange(chance.choice((100, 4096, len(content))))
        yield content[:at] + bytes([content[at] ^ chance.randrange(1, 256)]) + content[at + 1 :]


def damage(tmp_path: Path, was: Key, key: Key, count: int) -> None:
    """Begin with each; every trouble is that it was set aside."""
    for number, content in enumerate(changed(whole(tmp_path, was), count, 7)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "journal.sqlite"
        path.write_bytes(content)
        notice = kept(path, key)
        assert notice is None or notice.trouble is m.Trouble.JOURNAL_SET_ASIDE, notice
        assert bool(notice) == bool(list(folder.glob("journal.damaged-*")))


@KEYS
def test_no_byte_that_is_another_one_ends_the_journal(tmp_path: Path, was: Key, key: Key) -> None:
    damage(tmp_path, was, key, 25)


@pytest.mark.slow  # each is a record of its own, with its commits: half a minute
@KEYS
def test_no_byte_of_very_many_ends_the_journal(tmp_path: Path, was: Key, key: Key) -> None:
    damage(tmp_path, was, key, 450)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"INTEGER NOT", b"INTEGER NO\xc4"),
        (b"record BLOB", b"rec\xfford BLOB"[:11]),
        (b"machine TEXT", b"machjne TEXT"),
        (b"tablerow", b"tablerpw"),
    ],
)
def test_a_record_whose_tables_are_others_is_set_aside(tmp_path: Path, before: bytes, after: bytes) -> None:
    content = whole(tmp_path, keys.NONE)
    path = tmp_path / "journal.sqlite"
    assert before in content
    path.write_bytes(content.replace(before, after))
    notice = kept(path, keys.NONE)
    assert notice is not None
    assert notice.trouble is m.Trouble.JOURNAL_SET_ASIDE


@pytest.mark.parametrize("told", [0, 1, 3, 5, 132])
def test_a_number_that_is_wrong_is_not_believed_and_the_record_goes_on(tmp_path: Path, told: int) -> None:
    content = bytearray(whole(tmp_path, keys.NONE))
    content[USER_VERSION] = told
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    assert kept(path, keys.NONE) is None
    opened = store.open_store(path, "boot-b")
    assert opened.count() == 5 * 5 + 1
    assert opened._database.execute("PRAGMA user_version").fetchone()[0] == len(migrations.MIGRATIONS)
    opened.close()


def test_commands_say_in_a_sentence_that_a_record_is_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = whole(tmp_path, keys.NONE).replace(b"record BLOB", b"record BL\xffB")
    (tmp_path / "journal.sqlite").write_bytes(content)
    code = cli.main(["why", "--runtime", str(tmp_path / "run"), "--state", str(tmp_path)])
    assert (code, len(capsys.readouterr().err.splitlines())) == (73, 1)


def test_a_letter_that_is_none_hides_no_row(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    writer.say("I saw Zelda")
    writer.store._database.execute("UPDATE row SET at = CAST(x'32ff32' AS TEXT) WHERE sequence = 2")
    assert len(writer.store.rows((0, 0), 100)) == 5
    writer.store.close()


def test_a_record_of_a_later_way_of_writing_is_set_aside_rather_than_only_read(tmp_path: Path) -> None:
    content = bytearray(whole(tmp_path, keys.NONE))
    content[18] = 3
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    assert kept(path, keys.NONE) is not None


def test_a_byte_of_its_mark_locks_no_record(tmp_path: Path) -> None:
    content = bytearray(whole(tmp_path, MASTER))
    path = tmp_path / "journal.sqlite"
    content[9] ^= 1
    path.write_bytes(content)
    assert kept(path, MASTER) is None
    content[10] ^= 1
    path.write_bytes(content)
    with pytest.raises(database.Locked):
        database.opened(path, MASTER)


def test_a_record_cut_short_within_its_mark_is_damaged_and_not_locked(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(whole(tmp_path, MASTER)[:12])
    notice = kept(path, MASTER)
    assert notice is not None
    assert notice.trouble is m.Trouble.JOURNAL_SET_ASIDE


@pytest.mark.parametrize("after", [b"seen INTEGER NO\xff NULL,", b"se\xffn INTEGER NOT NULL,"])
def test_damaged_counts_are_told_for_such(tmp_path: Path, after: bytes) -> None:
    path = tmp_path / "own-words-en.sqlite"
    counts = CountsFile(path)
    counts.change([Change("I am here")])
    counts.close()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"seen INTEGER NOT NULL,", after))
    with pytest.raises(database.DatabaseError) as raised:
        CountsFile(path)
    assert is_damage(raised.value)


def test_a_pipe_in_the_place_of_a_record_is_said_and_waited_for_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    os.mkfifo(path)
    for read in (database.state_of, database.opened):
        with pytest.raises(database.OperationalError, match="regular file"):
            read(path)
