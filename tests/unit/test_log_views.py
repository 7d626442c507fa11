"""What DuckDB reads of the data set."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import pytest

from unit.log_kit import KEYS, KIT, Writer, in_memory, segment, segments
from vybor.foundation.errors import PlaceError
from vybor.segments.rows import Kind, Row, Span
from vybor_workshop.log import views
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest


@pytest.fixture(params=["folder", "memory"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataSet:
    return (
        DataSet(str(tmp_path / "it's [1] *data?"), tmp_path) if request.param == "folder" else in_memory(tmp_path)
    )


def old(row: Row) -> Row:
    """As a kit told it before the contract had these fields."""
    record = json.loads(bytes(row.record))
    for name in ("learn", "language", "propensity", "mode"):
        del record[name]
    for tile in record["shown"]:
        del tile["origin"], tile["members"]
    return msgspec.structs.replace(row, record=msgspec.Raw(json.dumps(record).encode()))


def test_each_kind_has_a_view_with_kit_and_day(data: DataSet) -> None:
    writer = Writer()
    writer.say("some tea")
    told = {"session": "first", "number": 3, "text": "some tea.", "language": "en", "stretches": []}
    writer.row(Kind.UTTERANCE, told)
    writer.delete(Span(9, 1, 1))
    ingest(segments(writer.rows), KEYS, data, lambda _: None)
    with views.connect(data) as found:
        seen = found.sql("SELECT kit, day, sequence, text_after FROM decisions ORDER BY sequence").fetchall()
        assert seen == [
            (KIT, "2026-03-01", number, text) for number, text in enumerate(("some", "some tea", ""), start=1)
        ]
        assert found.sql("SELECT kit, text FROM utterances").fetchall() == [(KIT, "some tea.")]
        assert found.sql("SELECT spans[1].boot FROM deletions").fetchall() == [(9,)]
        labels = found.sql("SELECT slot, label, is_chosen FROM shown WHERE sequence = 1 ORDER BY slot").fetchall()
        assert labels == [(0, "tea", True), (1, "toast", False), (3, "", False)]


def test_what_an_old_row_does_not_tell_is_the_default(data: DataSet) -> None:
    writer = Writer()
    ingest([segment([old(writer.take("tea")), writer.take("now", learn=False)])], KEYS, data, lambda _: None)
    with views.connect(data) as found:
        told = found.sql("SELECT learn, language, propensity, mode FROM decisions ORDER BY sequence").fetchall()
        assert told == [(True, "en", 1.0, None), (False, "en", 1.0, None)]
        assert found.sql("SELECT DISTINCT origin FROM shown").fetchall() == [("",)]


def test_files_of_an_older_workshop_have_every_column(data: DataSet) -> None:
    ingest([segment([Writer().take("tea")])], KEYS, data, lambda _: None)
    (file,) = data.files(KIT)
    data.write(file, data.read(file).drop_columns(["propensity", "shown", "evidence"]))
    with views.connect(data) as found:
        assert found.sql("SELECT propensity, evidence.posterior FROM decisions").fetchall() == [(1.0, None)]
        assert found.sql("SELECT count(*) FROM shown").fetchall() == [(0,)]


def test_without_any_rows_the_views_are_empty(data: DataSet) -> None:
    with views.connect(data) as found:
        for name in (*views.VIEWS, "shown"):
            assert found.sql(f"SELECT * FROM {name}").fetchall() == []


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[DataSet]:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    ingest([segment([Writer().take("tea")])], KEYS, data, lambda _: None)
    (file,) = data.files(KIT)
    Path(data.full(file.path)).write_bytes(b"PAR1")
    yield data


def test_a_damaged_file_is_a_sentence(broken: DataSet) -> None:
    with pytest.raises(PlaceError, match="cannot be read"):
        views.connect(broken)


def test_the_statements_are_for_other_programs_too(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    ingest([segment([Writer().take("tea")])], KEYS, data, lambda _: None)
    with duckdb.connect() as other:
        other.execute("\n".join(views.statements(data, {Kind.DECISION})))
        assert other.sql("SELECT count(*) FROM decisions").fetchall() == [(1,)]


def test_what_does_not_fit_into_memory_lies_where_nobody_else_reads_and_goes_with_its_process(
    data: DataSet,
) -> None:
    ingest(segments(Writer().say("some tea")), KEYS, data, lambda _: None)
    left = data.spill().with_name("spill-999999999")
    left.mkdir()
    (left / "words").write_text("zebra")
    with views.connect(data) as found:
        (place,) = found.sql("SELECT current_setting('temp_directory')").fetchall()[0]
    assert Path(place).stat().st_mode & 0o777 == 0o700
    assert Path(place) == data.spill()
    assert not left.exists()
