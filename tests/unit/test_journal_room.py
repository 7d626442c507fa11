"""The journal as it is asked: what was counted before a deletion is counted anew; rows are told page by page."""

import errno
import itertools
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from unit.record_writer import Bus, Writer
from unit.test_sealing import ROWS, WORKSTATION, Desk
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.foundation import keys
from vybor.foundation.bus import Asked
from vybor.foundation.database import DAMAGED, FULL, DatabaseError, OperationalError
from vybor.foundation.keys import Key
from vybor.journal import readable, sealing
from vybor.journal.process import DECISIONS_PAGE, TRY_AGAIN_NS, Journal
from vybor.journal.store import Store
from vybor.segments import segment
from vybor.segments.rows import Deletion


class Room:
    """The journal with a record, and whoever asks it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.sqlite"
        writer = Writer(self.path)
        for number in range(30):
            writer.say(f"Sentence number {number} of Ada")
        writer.say("Come here")
        writer.store.close()
        self.bus = Bus()
        self.left: list[Deletion] = []
        self.requests = itertools.count()
        self.journal = Journal(self.path, self.bus, "boot-a")  # type: ignore[arg-type]
        leaves = self.journal._eraser._leaving
        self.journal._eraser._leaving = lambda deletion, _all: (self.left.append(deletion), leaves(deletion, _all))

    def ask(self, command: m.AnyCommand) -> m.AnyReply:
        self.journal.asked(Asked(b"", command), 0)
        for turn in range(1000):
            if self.bus.replies:
                return self.bus.replies.pop()
            self.journal.turn(turn * 10**9)
        raise AssertionError(command)

    def sentences(self, session: str, number: int) -> m.Sentences:
        told = self.ask(m.TellSentences(request="1", session=session, number=number))
        assert isinstance(told, m.Sentences)
        return told

    def decisions(self, session: str, number: int) -> m.Decisions:
        told = self.ask(m.TellDecisions(request="1", session=session, number=number))
        assert isinstance(told, m.Decisions)
        return told

    def erase(self, scope: Scope) -> None:
        assert isinstance(self.ask(m.Erase(request=f"wish {next(self.requests)}", scope=scope)), m.Erased)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.journal.close()


def test_whoever_counted_before_a_deletion_is_told_everything_again_once(room: Room) -> None:
    before = room.sentences("", 0)
    assert len(before.sentences) == 31
    assert not room.sentences(before.session, before.number).anew
    room.erase(Scope.LAST)
    told = room.sentences(before.session, before.number)
    assert told.anew
    assert len(told.sentences) == 30
    again = room.sentences(told.session, told.number)
    assert (again.anew, again.sentences) == (False, ())
    assert not room.sentences("", 0).anew
    room.erase(Scope.EVERYTHING)
    nothing = room.sentences(told.session, told.number)
    assert (nothing.anew, nothing.sentences) == (True, ())
    assert not room.sentences(nothing.session, nothing.number).anew


def test_so_is_whoever_reads_choices(room: Room) -> None:
    first = room.decisions("", 0)
    assert len(first.decisions) == DECISIONS_PAGE
    number = first.decisions[-1].number
    assert not room.decisions(first.session, number).anew
    assert not room.decisions("s", number).anew  # who only reads on, and counts nothing
    room.erase(Scope.LAST)
    assert room.decisions(first.session, number).anew
    assert not room.decisions("s", number).anew


def test_what_waits_to_leave_hears_of_it_and_an_empty_wish_of_nothing(room: Room) -> None:
    room.erase(Scope.LAST)
    room.erase(Scope.EVERYTHING)
    room.erase(Scope.LAST)
    assert len(room.left) == 2
    assert all(deletion.spans for deletion in room.left)


def test_a_segment_that_waits_is_made_anew_without_what_was_deleted(tmp_path: Path) -> None:
    reads, signs = PrivateKey.generate(), SigningKey.generate()
    desk = m.Workstation(
        name="desk", seals_to=bytes(reads.public_key).hex(), verifies_with=bytes(signs.verify_key).hex()
    )
    room = Room(tmp_path)
    leave = {"pair": desk, "agree": True, "seal": True}

    def waiting() -> bytes:
        for turn in range(50):
            room.journal.turn(turn)
        told = room.ask(m.Leave(request="1"))
        assert isinstance(told, m.Leaving)
        key = VerifyKey(bytes.fromhex(told.verifies_with))
        found = sorted((tmp_path / "outbox").glob("*.segment"))
        return b"".join(segment.opened(segment.Segment(one.name, one.read_bytes()), reads, key) for one in found)

    room.ask(m.Leave(request="1", **leave))  # type: ignore[arg-type]
    assert b"Come here" in waiting()
    room.erase(Scope.LAST)
    room.ask(m.Leave(request="1", seal=True))
    left = waiting()
    assert b"Come here" not in left
    assert b"Sentence number 3 of Ada" in left
    assert left.count(b'"kind":"deletion"') == 1
    room.journal.close()


def test_all_rows_are_told_page_by_page(room: Room) -> None:
    told: list[m.KeptRow] = []
    place = (0, 0)
    while True:
        page = room.ask(m.TellRows(request="1", boot=place[0], sequence=place[1]))
        assert isinstance(page, m.Rows)
        if not page.rows:
            break
        told += page.rows
        place = (page.rows[-1].boot, page.rows[-1].sequence)
    assert len(told) == 30 * 7 + 4
    assert [(row.boot, row.sequence) for row in told] == [(1, number) for number in range(1, len(told) + 1)]


def test_a_record_that_is_not_open_or_fails_says_so_and_a_day_that_is_none_is_no_fault_of_it(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = m.Erase(request="1", scope=Scope.TODAY)
    locked = Journal(tmp_path / "other.sqlite", room.bus, "boot-a", Key(locked="nobody typed it"))  # type: ignore[arg-type]
    locked.asked(Asked(b"", wish), 0)
    (refused,) = room.bus.replies
    assert isinstance(refused, m.Refused)
    assert (refused.trouble, "nobody typed it" in refused.reason) == (m.Trouble.JOURNAL_LOCKED, True)
    room.bus.replies.clear()
    none = room.ask(m.Erase(request="2", scope=Scope.DAY, day="2026-02-30"))
    assert isinstance(none, m.Refused)
    assert none.trouble is None

    def full(*_: object) -> None:
        error = OperationalError("database or disk is full")
        error.sqlite_errorcode = FULL
        raise error

    monkeypatch.setattr(Store, "erase", full)
    failed = room.ask(wish)
    assert isinstance(failed, m.Refused)
    assert failed.trouble is m.Trouble.DISK_FULL


def test_choices_are_kept_while_something_is_being_deleted(room: Room) -> None:
    room.journal.asked(Asked(b"", m.Erase(request="2", scope=Scope.TODAY)), 0)
    room.journal.turn(0)
    late = room.decisions("", 0).decisions[-1]
    fresh = msgspec.structs.replace(late, session="t", number=1)
    request = m.Record(request="9", decision=fresh)
    assert room.ask(request) == m.Done(request="9")


def test_a_key_to_which_nothing_can_be_sealed_is_said_and_ends_nothing(tmp_path: Path) -> None:
    there = Desk(tmp_path)
    there.sealing.leaving.pair("desk", "00" * 32, WORKSTATION.verifies_with)  # as an older kit took it
    there.ask(agree=True)
    there.keep(ROWS)
    assert not there.sealing.turn(0)
    assert "pair it again" in there.sealing.trouble
    there.keep()
    there.share()
    there.sealing.turn(sealing.QUIET_NS)
    assert there.sealing.trouble == ""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a mebibyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("key", [keys.NONE, Key(b"k" * 32)], ids=["bare", "encrypted"])
@pytest.mark.parametrize("is_folded", [True, False], ids=["ended", "power-cut"])
def test_after_a_start_on_a_full_disk_the_text_is_there_and_choices_are_kept_as_soon_as_there_is_room(
    tmp_path: Path, small_disk: Path, key: Key, is_folded: bool
) -> None:
    writer = Writer(tmp_path / "journal.sqlite", key=key)
    said = writer.say("Come here")
    if is_folded:
        writer.store.close()
    for part in ("journal.sqlite", "journal.sqlite-wal"):
        if (tmp_path / part).exists():
            shutil.copy(tmp_path / part, small_disk)
    assert (small_disk / "journal.sqlite-wal").exists() is not is_folded
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as opened, pytest.raises(OSError, match="No space"):
        while True:
            opened.write(b"x" * 512)
    bus = Bus()
    journal = Journal(small_disk / "journal.sqlite", bus, "boot-b", key)  # type: ignore[arg-type]
    try:
        journal.asked(Asked(b"", m.RestoreDraft(request="1")), 0)
        (draft,) = bus.replies
        assert isinstance(draft, m.Draft)
        assert (draft.spoken, draft.history[-1]) == ("Come here", "Come here")
        bus.replies.clear()
        fresh = msgspec.structs.replace(said, session="t", number=1)
        journal.asked(Asked(b"", m.Record(request="2", decision=fresh)), 0)
        refused = bus.replies.pop()
        assert isinstance(refused, m.Refused)
        assert refused.trouble is m.Trouble.DISK_FULL
        ballast.unlink()
        journal.asked(Asked(b"", m.Record(request="3", decision=fresh)), TRY_AGAIN_NS)
        assert bus.replies.pop() == m.Done(request="3")
    finally:
        journal.close()


def test_on_a_card_that_is_mounted_read_only_the_text_of_a_kit_that_was_ended_is_there(small_disk: Path) -> None:
    writer = Writer(small_disk / "journal.sqlite")
    writer.say("Come here")
    writer.store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    bus = Bus()
    journal = Journal(small_disk / "journal.sqlite", bus, "boot-b")  # type: ignore[arg-type]
    journal.asked(Asked(b"", m.RestoreDraft(request="1")), 0)
    journal.close()
    (draft,) = bus.replies
    assert isinstance(draft, m.Draft)
    assert draft.spoken == "Come here"


@pytest.mark.parametrize(
    "error", [UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no text"), OSError(errno.EIO, "Input/output error")]
)
def test_a_record_that_can_only_be_read_and_cannot_be_ends_nothing(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    Writer(small_disk / "journal.sqlite").store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    def unread(*_: object) -> list[m.Decision]:
        raise error

    bus = Bus()
    journal = Journal(small_disk / "journal.sqlite", bus, "boot-b")  # type: ignore[arg-type]
    monkeypatch.setattr(readable, "latest", unread)
    journal.asked(Asked(b"", m.RestoreDraft(request="1")), 0)
    journal.close()
    (refused,) = bus.replies
    assert isinstance(refused, m.Refused)
    assert refused.trouble is m.Trouble.JOURNAL_FAILED


def test_the_draft_tells_which_decision_spoke_last(room: Room) -> None:
    draft = room.ask(m.RestoreDraft(request="1"))
    assert isinstance(draft, m.Draft)
    assert (draft.spoken, draft.spoken_session, draft.spoken_number) == ("Come here", "s", 30 * 6 + 3)


def test_damage_that_is_found_with_the_draft_is_set_aside(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Core hands nothing on before the draft: a record that never tells it would never be written to again."""

    def damaged(*_: object) -> list[m.Decision]:
        error = DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = next(iter(DAMAGED))
        raise error

    assert isinstance(room.ask(m.RestoreDraft(request="0")), m.Draft)
    with monkeypatch.context() as patched:
        patched.setattr(Store, "latest", damaged)
        assert isinstance(room.ask(m.RestoreDraft(request="1")), m.Refused)
    room.path.write_bytes(bytes(8192))
    assert isinstance(room.ask(m.RestoreDraft(request="2")), m.Draft)
    assert m.Trouble.JOURNAL_SET_ASIDE in {notice.trouble for notice in room.journal.troubles()}
