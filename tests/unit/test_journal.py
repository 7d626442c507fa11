"""The journal's file: durable, ordered, idempotent, and never in the way."""

import sqlite3  # noqa: TID251  (as a stranger opens it)
from pathlib import Path

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.contracts import wire
from vybor.contracts.messages import Action
from vybor.foundation import database
from vybor.journal import migrations, store, story
from vybor.journal.process import trouble_of

MUCH = 10**9
EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0)


def decision(
    number: int, before: str = "", after: str = "", action: Action = Action.TAKE, session: str = "s"
) -> m.Decision:
    return m.Decision(
        at_ns=number,
        session=session,
        number=number,
        action=action,
        slot=0,
        written=after[len(before) :],
        text_before=before,
        text_after=after,
        offer=number,
        shown=(),
        evidence=EVIDENCE,
    )


def test_what_was_kept_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    kept = [decision(1, "", "I"), decision(2, "I", "I am")]
    first = store.open_store(path, "boot-a")
    for one in kept:
        first.keep(one)
    first.close()
    again = store.open_store(path, "boot-a")
    assert again.latest(10) == kept
    assert again.boot == 1
    again.close()


def test_the_same_decision_twice_is_one(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    opened.keep(decision(1))
    opened.keep(decision(1))
    opened.keep(decision(1, session="another"))
    assert opened.count() == 2
    opened.close()


def test_order_is_boot_and_sequence(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    for machine, number in (("boot-a", 5), ("boot-b", 1), ("boot-b", 2)):
        opened = store.open_store(path, machine)
        opened.keep(decision(number, session=machine))
        opened.close()
    opened = store.open_store(path, "boot-b")
    assert opened.boot == 2
    assert [(one.session, one.number) for one in opened.latest(10)] == [
        ("boot-a", 5),
        ("boot-b", 1),
        ("boot-b", 2),
    ]
    assert [one.number for one in opened.latest(2)] == [1, 2]
    opened.close()


def test_every_commit_is_synchronous(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    full, wal = 2, "wal"
    assert opened._database.execute("PRAGMA synchronous").fetchone()[0] == full
    assert opened._database.execute("PRAGMA journal_mode").fetchone()[0] == wal
    opened.close()


def test_of_a_long_record_little_is_held_in_memory(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    assert opened._database.execute("PRAGMA cache_size").fetchone()[0] == -store.CACHE_KIB
    opened.close()


def test_a_full_database_refuses_and_keeps_what_it_has(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    opened.keep(decision(1, "", "I"))
    pages = opened._database.execute("PRAGMA page_count").fetchone()[0]
    opened._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(database.Error) as raised:
        opened.keep(decision(2, "I", "x" * 100_000))
    assert trouble_of(raised.value, MUCH) is m.Trouble.DISK_FULL
    assert [one.number for one in opened.latest(10)] == [1]
    opened._database.execute("PRAGMA max_page_count = 1000000")
    opened.keep(decision(2, "I", "I am"))
    assert [one.number for one in opened.latest(10)] == [1, 2]
    opened.close()


def test_whatever_is_raised_within_a_transaction_the_next_one_goes(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    with pytest.raises(OverflowError):
        opened.keep(decision(2**64, "", "I"))
    with pytest.raises(ZeroDivisionError), opened._transaction():
        opened._database.execute("DELETE FROM boot")
        raise ZeroDivisionError
    opened.keep(decision(1, "", "I"))
    assert opened._database.execute("SELECT count(*) FROM boot").fetchone() == (1,)
    opened.close()


@pytest.mark.parametrize(
    "wrong",
    [
        m.Record(request="1", decision=decision(2**63)),
        m.Record(request="1", decision=decision(-(2**63))),
        m.Leave(request="1", pair=m.Workstation(name="desk", seals_to="zz", verifies_with="00" * 32)),
        m.Leave(request="1", pair=m.Workstation(name="desk", seals_to="00" * 32, verifies_with="00" * 31)),
    ],
)
def test_what_the_record_cannot_hold_is_noise_on_the_bus(wrong: m.AnyCommand) -> None:
    with pytest.raises(msgspec.ValidationError):
        wire.unpack_command(wire.pack_command(wrong))


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_recognised_and_set_aside_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    with pytest.raises(database.DatabaseError) as raised:
        store.open_store(path, "boot-a")
    assert not isinstance(raised.value, database.OperationalError)
    aside = store.set_aside(path)
    assert aside.read_bytes() == content
    assert aside.name == "journal.damaged-1.sqlite"
    path.write_bytes(content)
    assert store.set_aside(path).name == "journal.damaged-2.sqlite"
    opened = store.open_store(path, "boot-a")
    opened.keep(decision(1))
    opened.close()


def test_a_file_that_cannot_be_opened_is_an_operational_error(tmp_path: Path) -> None:
    with pytest.raises(database.OperationalError) as raised:
        store.open_store(tmp_path / "missing" / "journal.sqlite", "boot-a")
    assert trouble_of(raised.value, MUCH) is m.Trouble.JOURNAL_FAILED
    assert trouble_of(raised.value, 0) is m.Trouble.JOURNAL_FAILED
    assert trouble_of(OSError(28, "No space left on device"), MUCH) is m.Trouble.DISK_FULL


def test_records_that_cannot_be_read_are_left_out_and_the_rest_is_told(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    opened.keep(decision(1, "", "I"))
    for number, blob in ((90, b"garbage"), (91, b"\x81\xa1\xff\x01")):
        row = (number, number, blob)
        opened._database.execute("INSERT INTO row VALUES (1, ?, 'x', ?, ?, 'decision', '')", row)
    assert [one.number for one in opened.latest(10)] == [1]
    opened.close()


def test_many_that_cannot_be_read_hide_none_of_the_later_ones(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    opened.keep(decision(1, "", "I"))
    for number in range(10, 130):
        row = (number, number, b"garbage")
        opened._database.execute("INSERT INTO row VALUES (1, ?, 'x', ?, ?, 'decision', '')", row)
    opened._sequence = 200
    opened.keep(decision(2, "I", "I am"))
    first = decision(1, "", "I")
    later, found = opened.later(first.session, 1, 5), opened.after(first.session, 1, 5)
    assert later is not None
    assert [one.number for one in later] == [2]
    assert found is not None
    assert [[one.number for one in part] for part in found] == [[1], [2]]
    assert [one.number for one in opened.latest(2)] == [1, 2]
    opened.close()


def test_a_journal_of_the_first_version_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    database = sqlite3.connect(path, isolation_level=None)
    migrations.m001_decisions(database)
    database.execute("PRAGMA user_version = 1")
    database.execute("INSERT INTO boot VALUES (1, 'boot-a', '2026-01-01')")
    old = [decision(1, "", "I"), decision(2, "I", "I am")]
    for one in old:
        database.execute(
            "INSERT INTO decision VALUES (1, ?, 's', ?, ?)", (one.number, one.number, store._encode(one))
        )
    assert store.records(database) == [store._encode(one) for one in old]
    database.close()
    opened = store.open_store(path, "boot-a")
    opened.keep(decision(3, "I am", "I am here"))
    assert [one.number for one in opened.latest(10)] == [1, 2, 3]
    number = opened.kit
    opened.close()
    opened = store.open_store(path, "boot-a")
    assert opened.kit == number
    assert store.records(opened._database) == [store._encode(one) for one in opened.latest(10)]
    opened.close()


@pytest.mark.parametrize("version", range(1, len(migrations.MIGRATIONS)))
def test_a_journal_of_every_version_is_brought_to_this_one(version: int, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    old = [decision(1, "", "I"), decision(2, "I", "I am")]
    database = sqlite3.connect(path, isolation_level=None)
    for migration in migrations.MIGRATIONS[:version]:
        migration(database)
    database.execute(f"PRAGMA user_version = {version}")
    database.execute("INSERT INTO boot VALUES (1, 'boot-a', '2026-01-01T10:00:00+00:00')")
    for one in old:
        row = (1, one.number, "s", one.number, store._encode(one))
        table = "decision" if version == 1 else "row"
        columns = "boot, sequence, session, number, record"
        database.execute(f"INSERT INTO {table} ({columns}) VALUES (?, ?, ?, ?, ?)", row)
    if version > 2:  # from then on each row has its own
        database.execute("UPDATE row SET at = '2026-01-01T10:00:00+00:00'")
    database.close()
    opened = store.open_store(path, "boot-a")
    assert opened.latest(10) == old
    assert {row.at for row in opened.rows((0, 0), 10)} == {"2026-01-01T10:00:00+00:00"}
    assert (opened.epoch, opened.owes_sweep) == (0, False)
    assert opened._database.execute("PRAGMA user_version").fetchone()[0] == len(migrations.MIGRATIONS)
    opened.close()


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    opened._database.execute("PRAGMA user_version = 99")
    opened._database.execute(f"PRAGMA application_id = {migrations.SIGN + 99}")
    opened.close()
    with pytest.raises(database.OperationalError, match="newer version"):
        store.open_store(tmp_path / "journal.sqlite", "boot-a")


def test_the_wal_of_a_damaged_journal_is_set_aside_with_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).write_text(ending)
    aside = store.set_aside(path)
    assert sorted(tmp_path.iterdir()) == sorted(aside.with_name(aside.name + e) for e in ("", "-wal", "-shm"))


def test_a_text_that_a_start_did_not_know_of_is_still_behind_undo() -> None:
    decisions = [decision(1, "", "I am in pain."), decision(1, "", "Yes.", session="next")]
    told = story.story_of(decisions)
    text, past = told.text, tuple(told.past)
    assert text == "Yes."
    assert "I am in pain." in past


def test_rest_lasts_until_somebody_wakes() -> None:
    rest, wake = decision(1, action=Action.REST), decision(2, action=Action.WAKE)
    assert story.resting_after([rest, decision(3, action=Action.PAGE)])
    assert not story.resting_after([rest, wake])
    assert not story.resting_after([])


def test_the_draft_is_the_last_text_and_what_undo_would_bring_back() -> None:
    decisions = [
        decision(1, "", "I"),
        decision(2, "I", "I am"),
        decision(3, "I am", "I am", Action.PAGE),
        decision(4, "I am", "I", Action.UNDO),
        decision(5, "I", "I want"),
        decision(6, "I want", "", Action.SPEAK),
        decision(7, "", "Yes"),
    ]
    told = story.story_of(decisions)
    assert (told.text, told.past) == ("Yes", ["", "I", "I want", ""])
    assert (story.story_of([]).text, story.story_of([]).past) == ("", [])


SPOKEN = [
    decision(1, "", "I am here."),
    decision(2, "I am here.", "", Action.SPEAK),
    decision(3, "", "Yes"),
    decision(4, "Yes", "", Action.CLEAR),
    decision(5, "", "Yes", Action.UNDO),
    decision(6, "Yes", "", Action.UNDO),
    decision(7, "", "I am here.", Action.UNDO),
    decision(8, "I am here.", "", Action.SPEAK),
]


def test_undoing_a_spoken_sentence_takes_it_back_and_undoing_a_cleared_one_does_not() -> None:
    told = [(one.text, one.spoken) for one in story.story_of(SPOKEN).sentences]
    assert told == [("I am here.", True), ("I am here.", False), ("I am here.", True)]


@pytest.mark.parametrize("known", range(9))
def test_sentences_are_told_from_any_decision_on(known: int, tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    for one in SPOKEN:
        opened.keep(one)
    found = opened.after("s" if known else "", known, 100)
    assert found is not None
    later = story.told_after(*found).sentences
    earlier = story.story_of(SPOKEN[:known]).sentences
    assert [*earlier, *later] == story.story_of(SPOKEN).sentences


def test_pages_tell_everything_once(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    for one in SPOKEN:
        opened.keep(one)
    told: list[m.Sentence] = []
    last = ("", 0)
    while True:
        found = opened.after(*last, 3)
        assert found is not None
        later = story.told_after(*found)
        told += later.sentences
        if not later.last:
            break
        last = (later.last.session, later.last.number)
    assert told == story.story_of(SPOKEN).sentences


def test_of_many_earlier_ones_the_last_are_told_and_one_is_held_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "DRAFT_LOOKS_BACK", 3)
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    for one in SPOKEN:
        opened.keep(one)
    found = opened.after("s", 5, 2)
    assert found is not None
    assert [[one.number for one in part] for part in found] == [[3, 4, 5], [6, 7]]
    assert not isinstance(found[0], list), "read as they are taken"


def test_a_decision_that_is_not_in_the_record_is_not_taken_for_the_beginning(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    opened.keep(SPOKEN[0])
    assert opened.after("other", 1, 10) is None


def test_later_decisions_are_told_as_they_are_page_by_page(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot-a")
    for one in SPOKEN:
        opened.keep(one)
    told: list[m.Decision] = []
    while page := opened.later(told[-1].session if told else "", told[-1].number if told else 0, 3):
        told += page
    assert told == list(SPOKEN)
    assert opened.later("other", 1, 10) is None
