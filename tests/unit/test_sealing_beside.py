"""What leaves the journal when a record was damaged, a disk refuses, or the wearer has taken it back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.public import PrivateKey
from nacl.signing import VerifyKey

from unit.record_writer import Bus
from unit.test_sealing import READS, ROWS, WORKSTATION, Desk
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.foundation import database, small_files
from vybor.foundation.bus import Asked
from vybor.journal import store
from vybor.journal.process import Journal
from vybor.journal.sealing import QUIET_NS, TRY_AGAIN_NS
from vybor.segments import rows, segment
from vybor.segments.rows import Deletion, Kind, Span

OTHER_READS = PrivateKey.generate()
OTHER = m.Workstation(
    name="other", seals_to=bytes(OTHER_READS.public_key).hex(), verifies_with=WORKSTATION.verifies_with
)


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def read_by(kit: Desk, key: PrivateKey) -> list[rows.Row]:
    mine = VerifyKey(bytes.fromhex(kit.sealing.verifies_with))
    return [row for one in kit.files() for row in rows.read(segment.opened(one, key, mine))]


# --- beside a record that was set aside


def set_aside(kit: Desk) -> segment.Segment:
    """A journal that had sealed something is damaged, and the next one begins."""
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    (before,) = kit.files()
    kit.store.close()
    store.set_aside(kit.path)
    kit.open()
    return before


def test_segments_of_a_journal_that_was_set_aside_are_fetched_by_nobody_and_stay_beside_it(kit: Desk) -> None:
    """They may be the only copy of what was in it."""
    before = set_aside(kit)
    kit.turn()
    assert kit.files() == []
    (moved,) = kit.aside.iterdir()
    assert (moved.name, moved.read_bytes()) == (before.name, before.content)
    assert (moved.stat().st_mode & 0o777, kit.aside.stat().st_mode & 0o777) == (0o600, 0o700)
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    assert len(kit.files()) == 1
    assert moved.exists()


@pytest.mark.parametrize("wish", [{"agree": False}, {"unpair": True}])
def test_what_is_taken_back_goes_from_beside_a_damaged_journal_too(kit: Desk, wish: dict[str, bool]) -> None:
    set_aside(kit)
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    assert kit.aside.exists()
    kit.ask(**wish)
    assert (kit.files(), kit.aside.exists()) == ([], False)


@pytest.mark.parametrize("wish", [{"agree": False}, {"unpair": True}])
def test_what_is_taken_back_cannot_be_fetched_once_that_is_answered(
    kit: Desk, wish: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()

    def full(*_given: object, **_too: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(small_files, "write_bytes", full)
        kit.keep(ROWS)
        kit.turn()
        assert "the outbox cannot be written" in kit.sealing.trouble
        kit.ask(**wish)
    assert kit.files() == []


def test_what_cannot_be_removed_is_told_and_removed_after_a_restart(
    kit: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    with monkeypatch.context() as patched:

        def stuck(*_given: object, **_too: object) -> None:
            raise OSError(30, "Read-only file system")

        patched.setattr(Path, "unlink", stuck)
        assert kit.ask(agree=False).sharing.segments == 2
        assert kit.sealing.trouble
        kit.ask(pair=OTHER, agree=True)
        kit.keep(ROWS)
        kit.turn()
        assert kit.ask().sharing.segments == 2
    kit.store.close()
    kit.open()
    assert kit.store.leaving.owes_clear
    kit.turn()
    assert not kit.store.leaving.owes_clear
    assert [row.sequence for row in read_by(kit, OTHER_READS)] == list(range(1, 3 * ROWS + 1))


def test_everything_empties_the_outbox_whatever_the_record_has(tmp_path: Path) -> None:
    kit = Desk(tmp_path)
    set_aside(kit)
    kit.store.close()
    bus = Bus()
    journal = Journal(kit.path, bus, "boot-a")  # type: ignore[arg-type]
    for turn in range(3):
        journal.turn(turn)
    assert list(kit.aside.iterdir())
    journal.asked(Asked(b"", m.Erase(request="1", scope=Scope.EVERYTHING)), 0)
    for turn in range(100):
        journal.turn(turn * 10**9)
    (told,) = bus.replies
    assert isinstance(told, m.Erased)
    assert (told.rows, told.aside, kit.files(), kit.aside.exists()) == (0, (), [], False)
    journal.close()


def test_everything_is_owed_before_the_record_is_empty(kit: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between, the next start empties the outbox."""
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    kit.store.close()
    journal = Journal(kit.path, Bus(), "boot-a")  # type: ignore[arg-type]
    journal.turn(0)

    class Killed(BaseException):
        """As a power cut."""

    def dies(*_given: object) -> None:
        raise Killed

    monkeypatch.setattr(store.Store, "erase", dies)
    journal.asked(Asked(b"", m.Erase(request="1", scope=Scope.EVERYTHING)), 0)
    with pytest.raises(Killed):
        for turn in range(100):
            journal.turn(turn * 10**9)
    journal.close()
    kit.open()
    assert kit.store.leaving.owes_clear


# --- what the disk does


def test_a_segment_that_has_rotted_is_sealed_anew_at_the_next_start(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    rotten = kit.folder / kit.files()[0].name
    content = bytearray(rotten.read_bytes())
    content[len(content) // 2] ^= 1
    rotten.write_bytes(content)
    kit.store.close()
    kit.open()
    kit.turn()
    assert kit.sequences() == list(range(1, 2 * ROWS + 1))
    assert not kit.aside.exists(), "it was this journal's own"


def test_a_link_in_the_place_of_a_segment_is_no_segment(kit: Desk, tmp_path: Path) -> None:
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    path = kit.folder / kit.files()[0].name
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    kit.store.close()
    kit.open()
    kit.turn()
    assert not path.is_symlink()
    assert kit.sequences() == list(range(1, ROWS + 1))
    assert (tmp_path / "elsewhere").exists()


def test_after_an_error_of_the_disk_it_is_not_tried_at_once(kit: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.share()
    kit.keep(ROWS)
    tried: list[Path] = []

    def full(path: Path, *_given: object, **_too: object) -> None:
        tried.append(path)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(small_files, "write_bytes", full)
    for _ in range(5):
        kit.turn(TRY_AGAIN_NS / 1e9 / 6)
    assert len(tried) == 1
    kit.turn(TRY_AGAIN_NS / 1e9)
    assert len(tried) == 2


def test_where_the_journal_cannot_be_written_no_file_is_laid_again_and_again(
    kit: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.share()
    kit.keep(ROWS)

    def locked(*_given: object) -> None:
        raise database.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(kit.store.leaving, "passed", locked)
        with pytest.raises(database.OperationalError):
            kit.turn()
        assert len(kit.files()) == 1
        for _ in range(5):
            kit.turn(TRY_AGAIN_NS / 1e9 / 6)
        assert kit.files() == [], "nobody counts it"
    kit.turn(TRY_AGAIN_NS / 1e9)
    assert kit.sequences() == list(range(1, ROWS + 1))


def test_a_segment_is_on_the_disk_before_the_journal_counts_it(kit: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_sync, real_passed = small_files.os.fsync, kit.store.leaving.passed

    def sync(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_sync(descriptor)

    monkeypatch.setattr(small_files.os, "fsync", sync)
    monkeypatch.setattr(kit.store.leaving, "passed", lambda *told: (done.append("passed"), real_passed(*told)))
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    (one,) = kit.files()
    file, folder, passed = done[-3:]
    assert one.name in file
    assert (folder, passed) == ("outbox", "passed")


def test_of_the_folder_the_group_sees_what_is_there_and_others_nothing(kit: Desk) -> None:
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    assert kit.folder.stat().st_mode & 0o777 == 0o750


# --- what the workstation is to forget


def delete(kit: Desk, first: int, last: int) -> None:
    deletion = Deletion((Span(1, first, last),))
    kit.store.erase(deletion, [], f"wish {first}")
    kit.sealing.forget(deletion.spans)
    kit.number += 1


def kinds(kit: Desk) -> list[Kind]:
    return [row.kind for row in kit.fetched()]


def test_what_is_deleted_after_it_was_taken_back_is_told_and_nothing_else(kit: Desk) -> None:
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    kit.ask(receipt=kit.receipt(kit.files()[0].name))
    kit.ask(agree=False)
    kit.keep(ROWS)
    kit.turn(QUIET_NS / 1e9)
    assert kit.files() == []
    delete(kit, 1, 2)
    kit.turn()
    assert kinds(kit) == [Kind.DELETION]
    assert kit.ask().sharing.rows == ROWS + 1, "they would leave, were it agreed to"
    for _ in range(3):
        kit.turn(QUIET_NS / 1e9)
    assert len(kit.files()) == 1
    kit.store.close()
    kit.open()
    kit.turn()
    assert kinds(kit) == [Kind.DELETION]
    kit.ask(receipt=kit.receipt(kit.files()[0].name))
    kit.turn(QUIET_NS / 1e9)
    assert kit.files() == []
    kit.ask(agree=True)
    kit.turn(QUIET_NS / 1e9)
    assert sorted(kit.sequences()) == list(range(ROWS + 1, 2 * ROWS + 2))


def test_a_deletion_that_waited_when_it_was_taken_back_is_told(kit: Desk) -> None:
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    kit.ask(receipt=kit.receipt(kit.files()[0].name))
    delete(kit, 1, 1)
    kit.keep()
    kit.turn(QUIET_NS / 1e9)
    assert kinds(kit) == [Kind.DELETION, Kind.DECISION]
    kit.ask(agree=False)
    assert kit.files() == []
    kit.turn()
    assert kinds(kit) == [Kind.DELETION]


def test_many_deletions_are_told_some_at_a_time(kit: Desk) -> None:
    kit.share()
    kit.ask(agree=False)
    for _ in range(ROWS + 2):
        kit.keep()
        delete(kit, kit.number, kit.number)
    kit.turn()
    assert kinds(kit) == [Kind.DELETION] * (ROWS + 2)
    assert len(kit.files()) == 2


def test_a_workstation_that_never_had_anything_is_told_nothing(kit: Desk) -> None:
    kit.keep(ROWS)
    kit.ask(pair=WORKSTATION)
    delete(kit, 1, 1)
    kit.turn(QUIET_NS / 1e9)
    kit.share()
    kit.ask(pair=OTHER)
    delete(kit, 2, 2)
    kit.turn(QUIET_NS / 1e9)
    assert kit.files() == []
    assert READS != OTHER_READS


def test_what_one_workstation_was_told_another_is_told_too(kit: Desk) -> None:
    kit.share()
    kit.keep(ROWS)
    delete(kit, 1, 1)
    kit.turn(QUIET_NS / 1e9)
    kit.ask(receipt=kit.receipt(*(one.name for one in kit.files())))
    kit.turn()
    assert kit.files() == []
    kit.ask(pair=OTHER)
    kit.ask(agree=True)
    kit.ask(agree=False)
    kit.turn()
    assert [row.kind for row in read_by(kit, OTHER_READS)] == [Kind.DELETION]
