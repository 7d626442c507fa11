"""A day is one of the kit's own calendar: in the record, in the data set, in what is shown."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.log_kit import KEYS, KIT, Writer, in_memory, kept, segment, segments
from unit.record_writer import Writer as RecordWriter
from unit.record_writer import erase
from vybor.contracts.messages import Action, Scope
from vybor.foundation import clock
from vybor.journal import finding, sealing
from vybor.journal.leaving import BEFORE_ALL
from vybor.segments.rows import Row, Span
from vybor_workshop.log import export, stats, told, views
from vybor_workshop.log.data_set import DataSet, day_of
from vybor_workshop.log.ingest import ingest

TOKYO = "JST-9"
"""As POSIX writes it: nine hours before UTC, without a file of zones."""


def say(_line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The zone may be set; afterwards it is again what it was."""
    with monkeypatch.context() as patched:
        yield patched
    time.tzset()


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return in_memory(tmp_path)


def in_utc(row: Row) -> Row:
    """As a kit told it that told no zone: an hour of Tokyo's night is still the day before there."""
    return msgspec.structs.replace(row, at=finding.in_utc(row.at))


def a_night_in_tokyo() -> Writer:
    """Two o'clock in the morning of the 2nd, while it is still the 1st in UTC."""
    return Writer("2026-03-02", clock="02:21:00+09:00")


def test_a_row_has_the_clock_of_the_kit_with_its_zone_even_if_that_was_set_since(
    zone: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    writer = RecordWriter(tmp_path / "journal.sqlite")
    for name, offset in ((TOKYO, "+09:00"), ("UTC0", "+00:00"), ("XXX3:30", "-03:30")):
        zone.setenv("TZ", name)  # and nobody tells the process
        before = datetime.fromisoformat(clock.wall_time())
        writer.say("Tea")
        row = writer.store.leaving.after(BEFORE_ALL, 1000)[-1]
        assert row.at.endswith(offset)
        assert abs((datetime.fromisoformat(row.at) - before).total_seconds()) < 60
        leaves = sealing.as_row(KIT, row)
        assert leaves
        assert leaves.at == row.at


def test_a_day_is_deleted_by_its_own_midnight_whichever_zone_its_rows_tell(
    zone: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    zone.setenv("TZ", TOKYO)
    time.tzset()
    writer = RecordWriter(tmp_path / "journal.sqlite")
    for text, at in (
        ("Before", "2026-03-01T23:59:59+09:00"),
        ("First", "2026-03-02T00:00:00+09:00"),
        ("Older", "2026-03-01T20:00:00+00:00"),
        ("Elsewhere", "2026-03-01T13:00:00-03:00"),
        ("Last", "2026-03-02T23:59:59+09:00"),
        ("After", "2026-03-03T00:00:00+09:00"),
    ):
        behind = writer.store.newest
        writer.say(text)
        changed = "UPDATE row SET at = ? WHERE (boot, sequence) > (?, ?)"
        writer.store._database.execute(changed, (at, *behind))
    erase(writer, Scope.DAY, day="2026-03-02")
    spoken = [one.text_before for one in writer.store.latest(100) if one.action is Action.SPEAK]
    assert spoken == ["Before", "After"]


@settings(deadline=None)
@given(at=st.text() | st.datetimes(timezones=st.timezones()).map(datetime.isoformat))
def test_a_time_in_utc_is_the_same_moment_and_what_is_none_stays_as_it_is(at: str) -> None:
    told_at = finding.in_utc(at)
    try:
        moment = datetime.fromisoformat(at).astimezone()
    except (ValueError, OverflowError):
        assert told_at == at
    else:
        assert abs((datetime.fromisoformat(told_at) - moment).total_seconds()) < 1


def test_the_workstation_keeps_a_row_by_the_kits_day_and_shows_the_kits_hours(data: DataSet) -> None:
    writer = a_night_in_tokyo()
    writer.say("some tea")
    ingest(segments(writer.rows), KEYS, data, say)
    assert {row["day"] for row in kept(data)} == {"2026-03-02"}
    with views.connect(data) as rows:
        stats.add_outcomes(rows)
        seen = rows.sql("SELECT DISTINCT day, utc_day FROM decisions").fetchall()
        assert seen == [("2026-03-02", "2026-03-01")]
        heading, *lines = told.day_lines(rows, KIT, "2026-03-02", "kitchen")
        assert heading == "kitchen 2026-03-02"
        assert all(line.startswith("02:21:00") for line in lines)
        assert [day.day for day in stats.stats(rows, [KIT]).days] == ["2026-03-02"]
        assert list(export.sentences(rows, [KIT], "2026-03-01")) == []
        assert list(export.sentences(rows, [KIT], "2026-03-02"))[1:] == ["some tea."]


def test_rows_that_tell_no_zone_are_those_of_utc_and_stay_where_they_are(data: DataSet) -> None:
    writer = Writer("2026-03-01", clock="23:30:00+00:00")
    writer.say("some tea")
    ingest(segments(writer.rows), KEYS, data, say)
    writer.day, writer.clock = "2026-03-02", "08:40:00+09:00"  # ten minutes later, by a kit that tells its zone
    writer.say("and toast")
    ingest(segments(writer.rows[3:]), KEYS, data, say)
    assert [row["day"] for row in kept(data)] == ["2026-03-01"] * 3 + ["2026-03-02"] * 3
    with views.connect(data) as rows:
        days = rows.sql("SELECT day, utc_day FROM decisions ORDER BY sequence").fetchall()
    assert days == [("2026-03-01", "2026-03-01")] * 3 + [("2026-03-02", "2026-03-01")] * 3


@pytest.mark.parametrize("together", [True, False])
def test_a_row_that_comes_again_with_another_day_is_the_same_row(data: DataSet, *, together: bool) -> None:
    writer = a_night_in_tokyo()
    writer.say("some tea")
    older = [in_utc(row) for row in writer.rows]
    assert {day_of(row.at) for row in older} == {"2026-03-01"}
    assert {day_of(row.at) for row in writer.rows} == {"2026-03-02"}
    if together:
        done = ingest([segment(older), segment(writer.rows)], KEYS, data, say)
        assert len(done.names) == 2
    else:
        for rows in (older, writer.rows, older):
            done = ingest([segment(rows)], KEYS, data, say)
            assert done.names
            assert not done.quarantined
    assert [row["sequence"] for row in kept(data)] == [1, 2, 3]
    assert {row["day"] for row in kept(data)} == {"2026-03-01"}


def test_what_is_deleted_goes_from_either_day_and_comes_back_on_none(data: DataSet) -> None:
    writer = a_night_in_tokyo()
    writer.say("some tea")
    older = [in_utc(row) for row in writer.rows]
    later = Writer("2026-03-02", boot=2, session="second", clock="02:30:00+09:00")
    later.say("and toast")
    ingest([segment(older), segment(later.rows)], KEYS, data, say)
    ingest([segment([writer.delete(Span(1, 1, 3), Span(2, 1, 3))])], KEYS, data, say)
    assert kept(data) == []
    ingest([segment(older), segment(writer.rows[:3]), segment(later.rows)], KEYS, data, say)
    assert kept(data) == []


@pytest.mark.parametrize(
    ("at", "day", "utc_day"),
    [
        ("2026-03-02T02:21:00+09:00", "2026-03-02", "2026-03-01"),
        ("2026-02-28T23:30:00-03:30", "2026-02-28", "2026-03-01"),
        ("2026-03-01T10:00:00+00:00", "2026-03-01", "2026-03-01"),
        ("2026-99-99 and nonsense", "2026-99-99", "unknown"),
        ("", "unknown", "unknown"),
    ],
)
def test_views_have_the_kits_day_and_that_of_utc(data: DataSet, at: str, day: str, utc_day: str) -> None:
    row = msgspec.structs.replace(a_night_in_tokyo().take("tea"), at=at)
    ingest([segment([row])], KEYS, data, say)
    with views.connect(data) as rows:
        for view in ("decisions", "shown"):
            assert set(rows.sql(f"SELECT day, utc_day FROM {view}").fetchall()) == {(day, utc_day)}


@pytest.mark.parametrize(("name", "hours"), [("UTC-14", 14), ("UTC12", -12)])
def test_the_day_and_the_minutes_on_the_wall_follow_the_zone_too(
    zone: pytest.MonkeyPatch, name: str, hours: int
) -> None:
    zone.setenv("TZ", name)
    before, here, minutes = clock.wall_time(), clock.today(), clock.minutes_of_the_day()
    there = datetime.fromisoformat(before).replace(tzinfo=None) + timedelta(hours=hours)
    later = there + timedelta(minutes=1)
    assert here in (there.date(), later.date())
    assert minutes in (60 * there.hour + there.minute, 60 * later.hour + later.minute)
