"""A record that the disk has no room to write anew: nothing is begun in vain, and what is missing is said."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from unit.record_writer import Bus, Writer
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.foundation import keys
from vybor.foundation.bus import Asked
from vybor.foundation.clock import SECOND_NS
from vybor.foundation.database import OperationalError
from vybor.foundation.keys import Key
from vybor.journal import space
from vybor.journal.eraser import SWEEP_FAILED_NS, SWEEP_SELDOM_NS, Eraser
from vybor.journal.process import Journal
from vybor.journal.space import Need, missing, needs, passing_folder
from vybor.journal.store import Store
from vybor.segments.rows import Deletion, Span

MINUTE_NS = 60 * SECOND_NS
PAGE = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight mebibytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(params=[keys.NONE, Key(bytes(range(32)))], ids=["bare", "with a key"])
def writer(request: pytest.FixtureRequest, small_disk: Path) -> Iterator[Writer]:
    """A record of several hundred kilobytes, and what is to be deleted at its end."""
    made = Writer(small_disk / "journal.sqlite", key=request.param)
    for number in range(30):
        made.say(f"Sentence {number} of many", *(f"Zelda{number}offered{one}" * 8 for one in range(40)))
    made.say("Ada hid the silverware")
    made.store._empty_log()
    yield made
    made.store.close()


class Room:
    """An eraser of a record, asked to delete what was said last."""

    def __init__(self, written: Writer) -> None:
        self.store = written.store
        self.bus = Bus()
        self.eraser = Eraser(written.path, self.bus, lambda *_: None, lambda: None)  # type: ignore[arg-type]
        self.now_ns = 0
        self.done: list[str] = []
        self.store._database.set_trace_callback(self.done.append)
        self.ask("1")

    def ask(self, request: str, *, only_find: bool = False) -> None:
        wish = m.Erase(request=request, scope=Scope.LAST, only_find=only_find)
        assert self.eraser.asked(Asked(b"", wish), self.store) == ""

    def told(self) -> m.Erased:
        while not self.bus.replies:
            assert self.eraser.is_busy(self.store, self.now_ns)
            self.eraser.step(self.store, self.now_ns)
        reply = self.bus.replies.pop()
        assert isinstance(reply, m.Erased)
        return reply

    def rests_ns(self) -> int:
        """How long nothing is tried from now on."""
        wait_ns = 0
        while not self.eraser.is_busy(self.store, self.now_ns + wait_ns):
            wait_ns += SECOND_NS
        self.now_ns += wait_ns
        return wait_ns


def fill(folder: Path, but_for_bytes: int) -> Path:
    """A file that leaves so much of a disk free."""
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(folder).free - but_for_bytes)))
    return ballast


def test_without_room_nothing_is_begun_and_it_is_said_what_is_missing_until_there_is_some(
    writer: Writer, small_disk: Path
) -> None:
    ballast = fill(small_disk, but_for_bytes=100_000)
    room = Room(writer)
    told = room.told()
    assert told.rows == 6
    assert f"its bytes are still in {writer.path}" in told.left
    assert f"MB in {small_disk}, where 0 MB are free" in told.left
    assert room.store.owes_sweep
    waits = [room.rests_ns()]
    for _ in range(8):
        room.eraser.step(room.store, room.now_ns)
        waits.append(room.rests_ns())
    assert waits[:3] == [2 * SECOND_NS, 4 * SECOND_NS, 8 * SECOND_NS]
    assert max(waits) == SWEEP_SELDOM_NS
    assert "VACUUM" not in room.done
    assert room.eraser.notice
    assert room.eraser.notice.trouble is m.Trouble.RECORD_LARGE
    assert f"MB in {small_disk}" in room.eraser.notice.detail
    ballast.unlink()
    room.eraser.step(room.store, room.now_ns)
    assert not room.eraser.is_busy(room.store, room.now_ns)
    assert room.eraser.notice is None
    assert not room.store.owes_sweep
    assert b"silverware" not in writer.bytes()
    assert writer.store.count() == 30 * 5


def test_what_was_begun_in_vain_gives_its_room_back_and_is_begun_ever_more_seldom(
    writer: Writer, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else fills the disk just then: what is measured before says nothing of it."""
    monkeypatch.setattr(space, "free_bytes", lambda _: 10**12)
    ballast = fill(small_disk, but_for_bytes=200_000)
    room = Room(writer)
    log = writer.path.with_name("journal.sqlite-wal")
    told = room.told()
    assert "full" in told.left
    assert room.done.count("VACUUM") == 1
    assert log.stat().st_size == 0
    assert room.store.owes_sweep
    waits = []
    for _ in range(9):
        waits.append(room.rests_ns())
        room.eraser.step(room.store, room.now_ns)
        assert log.stat().st_size == 0
    assert waits[0] == SWEEP_SELDOM_NS
    assert waits == sorted(waits)
    assert waits[-1] == SWEEP_FAILED_NS
    assert (writer.store.count(), writer.store.latest(1)[0].said) == (30 * 5, "Sentence 29 of many.")
    ballast.unlink()
    room.rests_ns()
    room.eraser.step(room.store, room.now_ns)
    assert b"silverware" not in writer.bytes()
    assert not room.store.owes_sweep


def test_what_an_end_left_in_the_log_is_room(writer: Writer, small_disk: Path) -> None:
    """A process that is ended in the midst of a sweep leaves a log as large as the record."""
    room = Room(writer)
    log = writer.path.with_name("journal.sqlite-wal")
    log.write_bytes(bytes(writer.path.stat().st_size))
    fill(small_disk, but_for_bytes=200_000)
    assert room.told().left == ""
    assert b"silverware" not in writer.bytes()


def test_a_wish_is_tried_at_once_and_one_that_only_asks_what_would_go_tries_nothing(
    writer: Writer, small_disk: Path
) -> None:
    ballast = fill(small_disk, but_for_bytes=100_000)
    room = Room(writer)
    assert room.told().left
    room.eraser.is_busy(room.store, room.now_ns)
    ballast.unlink()
    room.ask("2", only_find=True)
    assert room.told().texts == ("Sentence 29 of many",)
    assert not room.eraser.is_busy(room.store, room.now_ns)
    assert room.store.owes_sweep
    room.ask("3")
    assert room.told().left == ""
    assert not room.store.owes_sweep


def test_the_time_that_a_sweep_took_until_it_failed_is_no_part_of_the_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    writer.say("Ada hid the silverware")
    room = Room(writer)

    def late(_: Store) -> bool:
        room.now_ns += 10 * MINUTE_NS
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(Store, "sweep", late)
    while not room.bus.replies:
        before_ns = room.now_ns
        try:
            room.eraser.step(room.store, before_ns)
        except OperationalError as error:
            assert str(error) == "disk I/O error"
    assert room.now_ns == 10 * MINUTE_NS
    assert room.rests_ns() == SWEEP_SELDOM_NS
    assert room.eraser.notice is None  # that is another trouble, and whoever asked tells it
    writer.store.close()


def test_a_disk_without_room_for_a_sweep_is_told_by_the_journal_and_still_takes_choices(
    writer: Writer, small_disk: Path
) -> None:
    last = writer.store.latest(1)[0]
    writer.store.erase(Deletion((Span(1, 1, 5),)), (), "1")
    writer.store.close()
    fill(small_disk, but_for_bytes=200_000)
    bus = Bus()
    journal = Journal(writer.path, bus, "boot-a", writer.key)  # type: ignore[arg-type]  # as much of a bus
    for turn in range(3):
        journal.turn(turn * MINUTE_NS)
    (notice,) = journal.troubles()
    assert notice.trouble is m.Trouble.RECORD_LARGE
    assert "bytes of what was deleted are still in" in notice.detail
    record = m.Record(request="2", decision=msgspec.structs.replace(last, session="t", number=1))
    journal.asked(Asked(b"", record), 3 * MINUTE_NS)
    assert bus.replies == [m.Done(request="2")]
    journal.close()


# --- what is measured -------------------------------------------------------------------------------------------


def test_a_large_record_takes_its_size_twice_and_a_small_one_once() -> None:
    log, passing = needs(Path("/kit"), 1000, PAGE, Path("/passing"))
    assert log == Need(Path("/kit"), 1000 * (PAGE + 24))
    assert passing == Need(Path("/passing"), 1000 * PAGE)
    assert needs(Path("/kit"), 1000, PAGE, None) == [log]


def test_two_folders_of_one_disk_are_one(tmp_path: Path, small_disk: Path) -> None:
    here, there = Need(tmp_path, 6_000_000), Need(small_disk.parent, 5_000_000)
    assert missing([here, there], lambda _: 11_000_000) == ""
    assert missing([here, there], lambda _: 10_900_000) == f"that takes 11 MB in {tmp_path}, where 10 MB are free"
    elsewhere = Need(small_disk, 5_000_000)
    assert missing([here, elsewhere], lambda _: 6_000_000) == ""
    rooms: dict[Path, int] = {tmp_path: 9_000_000, small_disk: 4_999_999}
    assert missing([here, elsewhere], rooms.__getitem__) == f"that takes 5 MB in {small_disk}, where 4 MB are free"


def test_a_disk_that_does_not_tell_is_not_called_full(tmp_path: Path) -> None:
    assert missing([Need(tmp_path / "none", 10**12)], space.free_bytes) == ""


def test_the_passing_file_lies_where_sqlite_puts_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert passing_folder({"SQLITE_TMPDIR": f"{tmp_path}", "TMPDIR": "/"}) == tmp_path
    assert passing_folder({"SQLITE_TMPDIR": f"{file}", "TMPDIR": f"{tmp_path}"}) == tmp_path
    assert passing_folder({}) == Path("/var/tmp")


def test_what_goes_by_way_of_the_disk_is_measured_there_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    writer.say("Ada hid the silverware")
    asked: list[list[Need]] = []
    monkeypatch.setattr(space, "missing", lambda wanted, _: asked.append(list(wanted)) or "")
    database = writer.store._database
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    for in_memory_bytes, folders in ((10**9, 1), (0, 2)):
        space.check(database, tmp_path, in_memory_bytes)
        assert len(asked[-1]) == folders
        assert asked[-1][0] == Need(tmp_path, pages * (PAGE + 24))
    writer.store.close()
