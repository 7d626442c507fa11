"""Rows of one kind as a table: all at once where this version knows all that is in them, else one by one."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import json as arrow_json

from vybor.segments.rows import Kind, Row
from vybor_workshop.log import schema

TOO_LARGE = 2**63
"""For a column of whole numbers."""
IMPOSSIBLE = (pa.ArrowException, msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError, TypeError)
"""What is raised for a record that is none: text or nesting that is broken, a value of another kind, too large."""
PLAIN = {pa.int64(): (int,), pa.float64(): (int, float), pa.bool_(): (bool,), pa.string(): (str,)}
"""What a column takes of what Python makes of JSON; Arrow by itself takes a list for a struct, and worse."""

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def table_of(kind: Kind, rows: Sequence[Row]) -> pa.Table:
    """The rows as they are kept. Raises ValueError with a sentence for what is no such record.

    The sentence names the row and never what stands in it.
    """
    if not all(0 <= row.boot < TOO_LARGE and 0 <= row.sequence < TOO_LARGE for row in rows):
        raise ValueError(f"a {kind} in it has an impossible place in the record")
    told = _at_once(kind, [bytes(row.record) for row in rows])
    if told is None:
        told = _one_by_one(kind, rows)
    place = {
        "boot": [row.boot for row in rows],
        "sequence": [row.sequence for row in rows],
        "kept_at": [row.at for row in rows],
    }
    columns = dict(zip(told.column_names, told.columns, strict=True))
    return schema.fitted(pa.table({**place, **columns}), schema.kept_schema(kind))


def _at_once(kind: Kind, records: Sequence[bytes]) -> pa.Table | None:
    """None where there is anything that the contract does not say: then it is looked at row by row."""
    if not all(record.startswith(b"{") for record in records):  # Arrow 26 dies of a line that says null
        return None
    lines = b"\n".join(records)
    how = arrow_json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    known = arrow_json.ParseOptions(
        explicit_schema=schema.told_schema(kind), unexpected_field_behavior="error", newlines_in_values=False
    )
    try:
        lines.decode()  # Arrow takes bytes that are no text
        table = arrow_json.read_json(io.BytesIO(lines), how, known)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError):
        return None
    return table if table.num_rows == len(records) else None


def _one_by_one(kind: Kind, rows: Sequence[Row]) -> pa.Table:
    """With what this version does not know in a column of its own."""
    try:
        return pa.Table.from_pylist([_told(kind, row) for row in rows], schema=_columns(kind))
    except IMPOSSIBLE:
        wrong = next(row for row in rows if not _can_be_told(kind, row))
        raise ValueError(
            f"the {kind} at boot {wrong.boot}, sequence {wrong.sequence} cannot be understood"
        ) from None


def _can_be_told(kind: Kind, row: Row) -> bool:
    try:
        pa.Table.from_pylist([_told(kind, row)], schema=_columns(kind))
    except IMPOSSIBLE:
        return False
    return True


def _columns(kind: Kind) -> pa.Schema:
    return pa.schema([*schema.record_type(kind), schema.MORE])


def _told(kind: Kind, row: Row) -> dict[str, Any]:
    record = _decode(row.record)
    if not isinstance(record, dict):
        raise TypeError
    record.pop(schema.TAG, None)
    known, more = parted(record, schema.record_type(kind))
    return known | {schema.MORE.name: _encode(more).decode() if more else None}


def parted(record: Mapping[str, Any], known: pa.StructType) -> tuple[dict[str, Any], dict[str, Any]]:
    """What has a column, and the fields that have none, or have more in them than their column.

    Raises TypeError for a value of another kind than its column.
    """
    types = {field.name: field.type for field in known}
    more = {name: value for name, value in record.items() if name not in types or _has_more(value, types[name])}
    return {name: value for name, value in record.items() if name in types}, more


def _has_more(value: object, known: pa.DataType) -> bool:
    if value is None:
        return False
    if isinstance(known, pa.StructType) and isinstance(value, dict):
        return bool(parted(value, known)[1])
    if isinstance(known, pa.ListType) and isinstance(value, list):
        beyond = [known == schema.NEVER or _has_more(each, known.value_type) for each in value]
        return any(beyond)
    if type(value) not in PLAIN.get(known, ()):
        raise TypeError
    return False
