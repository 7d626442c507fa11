"""The rows in other forms: JSON lines as kits tell them, Parquet in one file a view, or the spoken sentences."""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import duckdb
import msgspec
from msgspec import inspect

from vybor.contracts.messages import Action
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
            path = folder / f"{name}.parquet"
            fresh = path.with_name(f".{path.name}")
            fresh.unlink(missing_ok=True)
            rows.execute(
                f"CREATE OR REPLACE TABLE leaving AS SELECT * FROM {source}"
                " WHERE list_contains($kits, kit) AND ($day = '' OR day = $day) ORDER BY kit, boot, sequence",
                {"kits": list(kits), "day": day},
            )
            with _for_its_owner():
                rows.table("leaving").write_parquet(str(fresh), compression="zstd", overwrite=True)
            fresh.replace(path)
            made.append(path)
    except OSError as error:
        raise PlaceError(f"rows cannot be written to {folder} ({error.strerror}); name another folder") from None
    except duckdb.Error as error:
        raise PlaceError(f"rows cannot be written to {folder} ({error}); name another folder") from None
    return made


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
    is_file = out.is_file() or not out.exists()
    to = out.resolve()
    written = to.with_name(f".{to.name}.new") if is_file else to
    try:
        file = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            if is_file:
                os.fchmod(file, 0o600)
            yield opened
            opened.flush()
            if is_file:
                os.fsync(file)
        if is_file:
            written.replace(to)
    except OSError as error:
        raise PlaceError(f"{out} cannot be written ({error.strerror}); name another file") from None
    finally:
        if is_file:
            with contextlib.suppress(OSError):  # it is none any more, or could not be made
                written.unlink()


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
