"""What the journal tells for somebody to whom the wearer said yes: nothing private, and to the panel nothing."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from unit.record_writer import Bus, Writer
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.journal import handing_on
from vybor.journal.process import Journal
from vybor.segments.rows import Utterance


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    made = Writer(tmp_path / "journal.sqlite")
    made.say("Good morning")
    made.write("My secret", learn=False)
    made.speak(learn=False)
    made.choose(m.Action.ANSWER, "", said="Yes.", learn=False)
    made.write("Come")
    made.choose(m.Action.PRIVACY, "Come", learn=False, incognito=True)  # what was open before is private with it
    made.write("here now", learn=False, incognito=True)
    made.speak(learn=False, incognito=True)
    made.say("Good night")
    yield made
    made.store.close()


def told(writer: Writer, count: int = 1000, *, whole: bool) -> list[m.KeptRow]:
    """All rows, page by page."""
    found: list[m.KeptRow] = []
    place = (0, 0)
    while True:
        asked = m.TellRecord(request="1", whole=whole, boot=place[0], sequence=place[1])
        page = handing_on.told(writer.store, asked, count)
        found += page.rows
        place = (page.boot, page.sequence)
        if page.is_end:
            return found


def sentences(rows: list[m.KeptRow]) -> list[str]:
    return [msgspec.msgpack.decode(row.record, type=Utterance).text for row in rows]


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_what_was_said_is_told_newest_first_and_nothing_private(writer: Writer, count: int) -> None:
    assert sentences(told(writer, count, whole=False)) == ["Good night.", "Good morning."]


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_all_rows_are_told_oldest_first_and_nothing_private(writer: Writer, count: int) -> None:
    rows = told(writer, count, whole=True)
    assert [(row.boot, row.sequence) for row in rows] == sorted((row.boot, row.sequence) for row in rows)
    held = b"".join(row.record for row in rows)
    assert held.count(b"Good morning.") >= 1
    assert held.count(b"Good night.") >= 1
    for word in (b"secret", b"Come", b"here", b"Yes."):
        assert word not in held
    everything = b"".join(row.record for row in writer.store.rows((0, 0), 1000))
    assert b"secret" in everything  # the draft of a private text is kept for a restart alone


def test_what_was_said_comes_without_what_was_offered(writer: Writer) -> None:
    writer.say("Good bye", "elsewhere")
    assert b"elsewhere" not in b"".join(row.record for row in told(writer, whole=False))
    assert b"elsewhere" in b"".join(row.record for row in told(writer, whole=True))


def test_what_is_deleted_is_told_no_more(writer: Writer) -> None:
    bus = Bus()
    writer.store.close()
    room = Journal(writer.path, bus, "boot-a")  # type: ignore[arg-type]
    room.asked(Asked(b"core-1", m.Erase(request="e", scope=m.Scope.LAST)), 0)
    for turn in range(1000):
        room.turn(turn * 10**9)
    room.asked(Asked(b"core-1", m.TellRecord(request="t", whole=False)), 0)
    reply = bus.replies[-1]
    assert isinstance(reply, m.RecordTold)
    assert sentences(list(reply.rows)) == ["Good morning."]
    room.close()
    writer.store = Writer(writer.path).store


@pytest.mark.parametrize(
    "command",
    [
        m.TellRows(request="1"),
        m.TellRecord(request="1", whole=True),
        m.TellDecisions(request="1"),
        m.TellSentences(request="1"),
        m.RestoreDraft(request="1"),
        m.Erase(request="1", scope=m.Scope.EVERYTHING),
    ],
)
def test_the_panel_is_told_nothing_by_the_journal_itself(command: m.AnyCommand, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    writer.say("Good morning")
    writer.store.close()
    bus = Bus()
    room = Journal(writer.path, bus, "boot-a")  # type: ignore[arg-type]
    room.asked(Asked(b"panel-123-456", command), 0)
    (reply,) = bus.replies
    assert isinstance(reply, m.Refused)
    assert "asks core for" in reply.reason
    room.close()
