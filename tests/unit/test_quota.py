"""A record that grows is told of well before its room ends, and is never stopped."""

from pathlib import Path

from unit.record_writer import Bus, Writer
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.foundation.bus import Asked
from vybor.journal.process import Journal
from vybor.journal.quota import LOOK_NS, Quota, taken_bytes, warning


def test_from_nine_tenths_on_it_is_said_with_what_to_do() -> None:
    assert warning(89_000_000, 100_000_000) is None
    told = warning(95_000_000, 100_000_000)
    assert told is not None
    assert told.trouble is m.Trouble.RECORD_LARGE
    assert "95 MB of 100" in told.detail


def test_it_is_looked_at_now_and_then(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    quota = Quota(path, 1000)
    quota.turn(0)
    assert quota.notice is None
    path.write_bytes(bytes(900))
    path.with_name("journal.sqlite-wal").write_bytes(bytes(50))
    assert taken_bytes(path) == 950
    quota.turn(LOOK_NS - 1)
    assert quota.notice is None
    quota.turn(LOOK_NS)
    assert quota.notice is not None
    path.write_bytes(b"")
    quota.turn(2 * LOOK_NS)
    assert quota.notice is None


def test_without_a_quota_nothing_is_said(tmp_path: Path) -> None:
    quota = Quota(tmp_path / "journal.sqlite", 0)
    quota.turn(0)
    assert quota.notice is None


def test_after_a_deletion_it_is_looked_at_again_at_once(tmp_path: Path) -> None:
    """And not a minute later: whoever deleted for the sake of room looks now."""
    path = tmp_path / "journal.sqlite"
    writer = Writer(path)
    for number in range(40):
        writer.say(f"Sentence number {number}")
    writer.store.close()
    bus = Bus()
    journal = Journal(path, bus, "boot-a", quota_bytes=taken_bytes(path))  # type: ignore[arg-type]
    journal.turn(0)
    assert [notice.trouble for notice in journal.troubles()] == [m.Trouble.RECORD_LARGE]
    journal.asked(Asked(b"", m.Erase(request="1", scope=Scope.EVERYTHING)), 1)
    while not bus.replies:
        journal.turn(1)
    journal.close()
    assert journal.troubles() == ()
