"""What a kit wrote is in the data set once, whatever came twice, was killed, or came late."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from benches import ingest_events
from unit.log_kit import KEYS, KIT, Writer, in_memory, kept, segment, segments
from vybor.foundation.errors import PlaceError
from vybor.segments.rows import Kind, Row
from vybor.segments.segment import Segment
from vybor_workshop.kits.keys import Ingested
from vybor_workshop.log import data_set
from vybor_workshop.log.data_set import DataSet, RowFile
from vybor_workshop.log.ingest import ingest
from vybor_workshop.log.records import table_of


@pytest.fixture(params=["folder", "memory"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataSet:
    return DataSet(str(tmp_path / "data [1]*?"), tmp_path) if request.param == "folder" else in_memory(tmp_path)


def take_in(data: DataSet, *some: Segment) -> Ingested:
    return ingest(some, KEYS, data, lambda _: None)


def two_days() -> list[Row]:
    writer = Writer()
    writer.say("I want some tea")
    writer.day = "2026-03-02"
    writer.say("Thank you")
    return writer.rows


def changed(row: Row, **fields: object) -> Row:
    record = json.loads(bytes(row.record)) | fields
    return msgspec.structs.replace(row, record=msgspec.Raw(json.dumps(record).encode()))


def test_what_was_written_is_there_by_kit_and_day(data: DataSet) -> None:
    rows = two_days()
    some = segments(rows)
    assert take_in(data, *some) == Ingested(tuple(each.name for each in some), {})
    found = kept(data)
    assert [row["day"] for row in found] == ["2026-03-01"] * 5 + ["2026-03-02"] * 3
    for row, told in zip(found, rows, strict=True):
        record = json.loads(bytes(told.record))
        assert (row["boot"], row["sequence"], row["kept_at"]) == (told.boot, told.sequence, told.at)
        assert row["more"] is None
        assert {name: row[name] for name in record if name not in ("type", "shown")} == {
            name: value for name, value in record.items() if name not in ("type", "shown")
        }
        assert [tile["gaze_ms"] for tile in row["shown"]] == [700.0, 90.0, 0.0]


def test_a_row_without_a_day_has_a_place_too(data: DataSet) -> None:
    writer = Writer(day="")
    take_in(data, segment([writer.take("tea")]))
    assert [row["day"] for row in kept(data)] == [data_set.NO_DAY]


@pytest.mark.parametrize("at", ["../../../x", "2026-1-1", "٢٠٢٦-٠١-٠١", "\0", "2026/01/01"])
def test_a_day_is_never_a_path(data: DataSet, at: str) -> None:
    row = msgspec.structs.replace(Writer().take("tea"), at=at)
    take_in(data, segment([row]))
    assert [file.day for file in data.files(KIT)] == [data_set.NO_DAY]


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_each_row_once_however_it_comes(tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject) -> None:
    """Segments again, in any order, in several calls, cut anew with other rows beside them."""
    rows = two_days()
    store = in_memory(tmp_path_factory.getbasetemp())
    pieces = [each for size in (1, 3, 8) for each in segments(rows, size)]
    order = draw.draw(st.permutations(pieces))
    for at in range(0, len(order), 4):
        done = take_in(store, *order[at : at + 4])
        assert (len(done.names), done.quarantined) == (len(order[at : at + 4]), {})
    assert [row["sequence"] for row in kept(store)] == list(range(1, len(rows) + 1))
    for file in store.files(KIT):
        assert store.read(file)["sequence"].to_pylist() == sorted(store.read(file)["sequence"].to_pylist())


class Killed(BaseException):
    """As a power cut: nothing behind it runs."""


def killed_at(data: DataSet, count: int, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Die at the count-th call of something that acts on the disk."""
    left = [count]
    real: Callable[..., None] = getattr(data_set.os, point)

    def dying(*arguments: object, **named: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        real(*arguments, **named)

    monkeypatch.setattr(data_set.os, point, dying)


@pytest.mark.parametrize("point", ["fsync", "replace"])
def test_killed_anywhere_and_done_again_it_is_as_if_nothing_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    rows = two_days()
    first, then = segments(rows[:4]), segments(rows[3:])
    deaths = 0
    for count in range(50):
        data = DataSet(str(tmp_path / str(count)), tmp_path)
        take_in(data, *first)
        with monkeypatch.context() as patched:
            killed_at(data, count, patched, point)
            try:
                take_in(data, *then)
            except Killed:
                deaths += 1
            else:
                break
        found = [row["sequence"] for row in kept(data)]
        assert found == sorted(set(found))
        assert set(found) >= set(range(1, 5))  # what a receipt was written for
        assert take_in(data, *then).names == tuple(each.name for each in then)
        assert [row["sequence"] for row in kept(data)] == list(range(1, 9))
        assert not list(tmp_path.glob(f"{count}/**/*{data_set.NEW}"))
    assert deaths >= 2


INGESTS = """
import sys
from pathlib import Path
from nacl.public import PrivateKey
from nacl.signing import VerifyKey
from vybor.segments.segment import Segment
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest
folder = Path(sys.argv[1])
keys = KitKeys(sys.argv[2], "kit", VerifyKey(bytes.fromhex(sys.argv[3])), PrivateKey(bytes.fromhex(sys.argv[4])))
some = [Segment(path.name, path.read_bytes()) for path in sorted((folder / "out").iterdir())]
print("begins", flush=True)
ingest(some, keys, DataSet(str(folder / "data"), folder), lambda _: None)
print("done", flush=True)
"""


@pytest.mark.slow
def test_killed_for_real_at_any_moment_each_row_is_there_once(tmp_path: Path) -> None:
    """SIGKILL, twenty times, again and again; then once to the end."""
    rows = list(ingest_events.rows(3000))
    (tmp_path / "out").mkdir()
    for each in segments(rows, 100):
        (tmp_path / "out" / each.name).write_bytes(each.content)
    words = [KIT, bytes(KEYS.verify).hex(), bytes(KEYS.open_with).hex()]
    lot, finished = random.Random(3), 0
    for number in range(21):
        command = [sys.executable, "-c", INGESTS, str(tmp_path), *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout
            assert running.stdout.readline() == "begins\n"
            try:
                running.wait(None if number == 20 else lot.uniform(0, 0.5))
            except subprocess.TimeoutExpired:
                running.kill()
            finished += running.stdout.read() == "done\n"
        if number % 4 == 3:  # from nothing again, or most kills would find that all is done
            shutil.rmtree(tmp_path / "data", ignore_errors=True)
    assert 0 < finished < 21
    found = kept(DataSet(str(tmp_path / "data"), tmp_path))
    assert [(row["boot"], row["sequence"]) for row in found] == [(row.boot, row.sequence) for row in rows]


@pytest.mark.parametrize("torn", [True, False])
def test_what_a_killed_process_left_half_written_is_mended(tmp_path: Path, torn: bool) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    take_in(data, *segments(two_days()))
    file = data.files(KIT)[0]
    whole = Path(data.full(file.path))
    whole.with_name(whole.name + data_set.NEW).write_bytes(whole.read_bytes()[: 20 if torn else None])
    take_in(data)
    assert [path.name for path in whole.parent.iterdir()] == [whole.name]
    assert len(kept(data)) == 8


def test_a_newer_kit_s_fields_are_kept_beside(data: DataSet) -> None:
    writer = Writer()
    plain, row = writer.take("some"), writer.take("tea")
    tile = json.loads(bytes(row.record))["shown"][0]
    take_in(data, segment([plain, changed(row, mood="calm", shown=[tile, tile | {"glow": [1]}])]))
    first, second = kept(data)
    assert first["more"] is None
    assert json.loads(second["more"]) == {"mood": "calm", "shown": [tile, tile | {"glow": [1]}]}
    assert [tile["label"] for tile in second["shown"]] == ["tea", "tea"]
    assert second["text_after"] == "some tea"


def test_an_older_kit_s_rows_lack_what_it_did_not_know(data: DataSet) -> None:
    row = Writer().take("tea")
    record = json.loads(bytes(row.record))
    for name in ("propensity", "mode", "looks"):
        del record[name]
    for tile in record["shown"]:
        del tile["members"], tile["looked_p"]
    take_in(data, segment([msgspec.structs.replace(row, record=msgspec.Raw(json.dumps(record).encode()))]))
    (found,) = kept(data)
    assert (found["propensity"], found["mode"], found["looks"], found["more"]) == (None, None, None, None)
    assert [tile["members"] for tile in found["shown"]] == [None] * 3


def test_a_file_of_an_older_workshop_grows_columns_and_one_of_a_newer_is_left_alone(data: DataSet) -> None:
    writer = Writer()
    take_in(data, segment([writer.take("some")]))
    (file,) = data.files(KIT)
    old = data.read(file)
    data.write(file, old.drop_columns(["propensity", "evidence"]))
    take_in(data, segment([writer.take("tea")]))
    assert [(row["propensity"], row["evidence"] is None) for row in kept(data)] == [(None, True), (1.0, False)]
    data.write(file, old.append_column("glow", pa.array([1])))
    late = segment([writer.take("now")])
    with pytest.raises(PlaceError, match=r"written by a newer workshop \(glow\); update this one"):
        take_in(data, late)
    assert "glow" in data.read(file).column_names


def test_members_of_a_fold_are_kept(data: DataSet) -> None:
    row = Writer().take("tea")
    tile = json.loads(bytes(row.record))["shown"][0]
    fold = tile | {"role": "fold", "members": [tile, tile]}
    take_in(data, segment([changed(row, shown=[fold])]))
    (found,) = kept(data)
    assert [member["label"] for member in found["shown"][0]["members"]] == ["tea", "tea"]
    assert found["more"] is None


def test_both_ways_of_reading_agree(tmp_path: Path) -> None:
    """Rows with something unknown are read one by one: everything else in them is as at once."""
    rows = two_days()
    at_once = table_of(Kind.DECISION, rows)
    one_by_one = table_of(Kind.DECISION, [changed(row, unknown=number) for number, row in enumerate(rows)])
    assert one_by_one["more"].to_pylist() == [f'{{"unknown":{number}}}' for number in range(len(rows))]
    assert one_by_one.drop_columns(["more"]).equals(at_once.drop_columns(["more"]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(Kind), st.sampled_from(["slot", "shown", "evidence", "written", "spans", "x", "looks"]), JSON
)
def test_any_record_is_a_table_or_a_sentence(kind: Kind, name: str, value: object) -> None:
    row = changed(msgspec.structs.replace(Writer().take("secret"), kind=kind), **{name: value})
    for one in (row, msgspec.structs.replace(row, record=msgspec.Raw(json.dumps(value).encode()))):
        try:
            table = table_of(kind, [one, Writer().take("tea")])
        except ValueError as error:
            assert str(error) == f"the {kind} at boot 1, sequence 1 cannot be understood"
        else:
            table.validate(full=True)
            assert table.num_rows == 2


def test_numbers_too_large_for_a_place_are_a_sentence() -> None:
    row = msgspec.structs.replace(Writer().take("tea"), boot=2**64)
    with pytest.raises(ValueError, match="impossible place"):
        table_of(Kind.DECISION, [row])


def test_a_file_is_on_the_disk_before_it_takes_the_old_one_s_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_sync, real_replace = os.fsync, os.replace

    def sync(descriptor: int) -> None:
        done.append(f"synced {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        real_sync(descriptor)

    def replace(source: Path, target: Path) -> None:
        done.append("replaced")
        real_replace(source, target)

    data = DataSet(str(tmp_path / "data"), tmp_path)
    data.put("rows/a.json", b"{}")
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    data.put("rows/a.json", b"[]")
    assert done == ["synced a.json.new", "replaced", "synced rows"]
    done.clear()
    data.remove("rows/a.json")
    data.remove("rows/a.json")
    data.remove("nowhere/a.json")
    assert done == ["synced rows"]


def test_the_files_are_for_their_owner_alone_and_plain_parquet(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path / "data"), tmp_path)
    take_in(data, *segments(two_days()))
    file = RowFile(KIT, "2026-03-01", Kind.DECISION)
    path = tmp_path / "data" / file.path
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert parquet.read_table(tmp_path / "data/rows").num_rows == 8
