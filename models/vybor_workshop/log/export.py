"""The rows in other forms: JSON lines as kits tell them, Parquet in one file a view, or the spoken sentences."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import duckdb
import msgspec
from msgspec import inspect

from vybor.contracts.messages import Action
from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError
from vybor.segments.rows import VERSION, Kind
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.schema import MORE, PLACE, RECORDS, TAG

_encode = msgspec.json.Encoder().encode


def json_lines(data: DataSet, kits: Sequence[str], day: str) -> Iterator[str]:
    """A line a row, kit by kit in the order of the record of each day; a kit's segments have the same lines."""
    for kit in kits:
        for file in data.files(kit):
            if day in ("", file.day):
                for row in data.read(file).to_pylist():
                    yield _encode(line_of(kit, file.kind, row)).decode()


def line_of(kit: str, kind: Kind, row: Mapping[str, Any]) -> dict[str, object]:
    """The row as a kit tells it; what is not told is left out again."""
    known = {
        name: value for name, value in row.items() if name not in (*(field.name for field in PLACE), MORE.name)
    }
    record = _told(known, RECORDS[kind]) | msgspec.json.decode(row[MORE.name] or "{}")
    place = {name: row[name] for name in ("boot", "sequence")}
    return {"v": VERSION, "kit": kit, **place, "at": row["kept_at"], "kind": kind.value, "record": record}


def sentences(rows: duckdb.DuckDBPyConnection, kits: Sequence[str], day: str) -> Iterator[str]:
    """What was spoken and not taken back, below its day."""
    rows.execute(
        f"""SELECT kit, day, CASE said WHEN '' THEN text_before ELSE said END
        FROM decisions JOIN outcomes USING (kit, boot, sequence)
        WHERE list_contains($kits, kit) AND ($day = '' OR day = $day) AND action = '{Action.SPEAK}' AND in_spoken
        ORDER BY kit, day, boot, sequence""",
        {"kits": list(kits), "day": day},
    )
    below = ("", "")
    for kit, its_day, said in rows.fetchall():
        if (kit, its_day) != below:
            yield f"{'' if below == ('', '') else chr(10)}{its_day} {kit}"
            below = kit, its_day
        yield " ".join(said.split())


def parquet(rows: duckdb.DuckDBPyConnection, kits: Sequence[str], day: str, folder: Path) -> list[Path]:
    """A file for each view, decisions with what became of them later. Raises PlaceError."""
    sources = {
        "decisions": "decisions JOIN outcomes USING (kit, boot, sequence)",
        "utterances": "utterances",
        "deletions": "deletions",
    }
    made = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in sources.items():
            rows.execute(
                f"CREATE OR REPLACE TABLE leaving AS SELECT * FROM {source}"
                " WHERE list_contains($kits, kit) AND ($day = '' OR day = $day) ORDER BY kit, boot, sequence",
                {"kits": list(kits), "day": day},
            )
            made.append(folder / f"{name}.parquet")
            _write(rows.table("leaving"), made[-1])
    except OSError as error:
        raise PlaceError(f"rows cannot be written to {folder} ({error.strerror}); name another folder") from None
    except duckdb.Error as error:
        raise PlaceError(f"rows cannot be written to {folder} ({error}); name another folder") from None
    return made


def _write(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """It takes its place when it is on the disk, in a folder until then that nobody else has. Raises OSError."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as scratch:
        fresh = Path(scratch) / path.name
        with _for_its_owner():
            rows.write_parquet(str(fresh), compression="zstd")
        with fresh.open("rb") as opened:
            os.fsync(opened.fileno())
        fresh.replace(path)
    small_files.sync_folder(path.parent)


@contextlib.contextmanager
def _for_its_owner() -> Iterator[None]:
    """What is made meanwhile nobody else may read, from its first byte: DuckDB makes a file as it likes."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextlib.contextmanager
def sink(out: Path | None) -> Iterator[TextIO]:
    """A file for its owner alone, or stdout; an older file stays until the new one is whole. Raises PlaceError."""
    if out is None:
        yield sys.stdout
        return
    try:
        if out.exists() and not out.is_file():  # a pipe, or a terminal
            with out.open("w", encoding="utf-8") as opened:
                yield opened
            return
        with _whole(out.resolve()) as opened:
            yield opened
    except OSError as error:
        raise PlaceError(f"{out} cannot be written ({error.strerror}); name another file") from None


@contextlib.contextmanager
def _whole(to: Path) -> Iterator[TextIO]:
    """It takes its place when it is on the disk, under a name until then that no file has. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            yield opened
            opened.flush()
            os.fsync(descriptor)
        written.replace(to)
        small_files.sync_folder(to.parent)
    finally:
        written.unlink(missing_ok=True)


def _told(value: Mapping[str, Any], record: type) -> dict[str, object]:
    """A struct without the fields that were not told: null is that, unless the contract has no default there."""
    told = _info(record)
    found: dict[str, object] = {TAG: told.tag} if told.tag is not None else {}
    for field in told.fields:
        its = value.get(field.encode_name)
        if its is not None or field.required:
            found[field.encode_name] = _inner(its, field.type)
    return found


def _inner(value: object, told: inspect.Type) -> object:
    if isinstance(told, inspect.UnionType):
        (told,) = (each for each in told.types if not isinstance(each, inspect.NoneType))
    if isinstance(told, inspect.StructType) and isinstance(value, dict):
        return _told(value, told.cls)
    if isinstance(told, inspect.VarTupleType) and isinstance(value, list):
        return [_inner(each, told.item_type) for each in value]
    return value


@cache
def _info(record: type) -> inspect.StructType:
    told = inspect.type_info(record)
    if not isinstance(told, inspect.StructType):
        raise TypeError(f"{record} is no struct")
    return told
