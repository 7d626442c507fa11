"""How rows look in Parquet: the fields of the contract, with lists and structs inside; nothing is named twice.

The contract only ever adds fields, so a file of an older version lacks some, and a kit of a newer one tells
more: those stand as JSON in the column `more`. A field that was not told is null, whatever the contract's default
is; the views put the defaults in.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import inspect

from vybor.contracts import messages as m
from vybor.segments.rows import Deletion, Kind, Utterance

RECORDS: Mapping[Kind, type] = {
    Kind.DECISION: m.Decision,
    Kind.UTTERANCE: Utterance,
    Kind.DELETION: Deletion,
    Kind.MODEL: m.Became,
}
"""What the record of each kind of row is."""
PLACE = (
    pa.field("boot", pa.int64()),
    pa.field("sequence", pa.int64()),
    pa.field("kept_at", pa.string()),
)
"""What stands before the record's own fields; kit and day are in the path. `kept_at` has the kit's zone."""
MORE = pa.field("more", pa.string())
"""JSON of the fields that this version does not know, or knows only a part of."""
TAG = "type"
"""What a message calls its kind in JSON; the row says that already."""
NEVER = pa.list_(pa.null())
"""Members of members: there are none, and the list is told all the same."""

_PLAIN: Mapping[type, pa.DataType] = {
    inspect.IntType: pa.int64(),
    inspect.FloatType: pa.float64(),
    inspect.BoolType: pa.bool_(),
    inspect.StrType: pa.string(),
    inspect.EnumType: pa.string(),
}


@cache
def record_type(kind: Kind) -> pa.StructType:
    """A record's fields as it is told in JSON."""
    return _struct(RECORDS[kind], ())


@cache
def told_schema(kind: Kind) -> pa.Schema:
    """What is read out of the JSON of records."""
    return pa.schema([pa.field(TAG, pa.string()), *record_type(kind)])


@cache
def kept_schema(kind: Kind) -> pa.Schema:
    """The columns of a file."""
    return pa.schema([*PLACE, *_kept(record_type(kind)), MORE])


def defaults(kind: Kind) -> dict[str, Any]:
    """The plain fields that a record may leave out, with what holds then; None is left out."""
    fields = msgspec.structs.fields(RECORDS[kind])
    return {field.encode_name: field.default for field in fields if isinstance(field.default, str | int | float)}


def fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table with exactly these columns, and with their fields inside; those that it lacks are null."""
    columns = [
        (column if (column := table[field.name]).type == field.type else column.cast(field.type))
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def unknown(there: pa.DataType | pa.Schema, known: pa.DataType | pa.Schema, under: str = "") -> list[str]:
    """The fields that another version has and this one has not."""
    if isinstance(there, pa.ListType) and isinstance(known, pa.ListType):
        return unknown(there.value_type, known.value_type, under)
    if not isinstance(there, pa.StructType | pa.Schema) or not isinstance(known, pa.StructType | pa.Schema):
        return []
    types = {field.name: field.type for field in known}
    found: list[str] = []
    for field in there:
        name = f"{under}{field.name}"
        found += [name] if field.name not in types else unknown(field.type, types[field.name], f"{name}.")
    return found


def _struct(record: type, inside: tuple[type, ...]) -> pa.StructType:
    told = inspect.type_info(record)
    if not isinstance(told, inspect.StructType):
        raise TypeError(f"{record} is no struct")
    return pa.struct([pa.field(field.encode_name, _type(field.type, (*inside, record))) for field in told.fields])


def _type(told: inspect.Type, inside: tuple[type, ...]) -> pa.DataType:
    """The column of a field; raises TypeError for what the contract has not had so far."""
    if type(told) in _PLAIN:
        return _PLAIN[type(told)]
    if isinstance(told, inspect.UnionType):
        (one,) = (each for each in told.types if not isinstance(each, inspect.NoneType))
        return _type(one, inside)
    if isinstance(told, inspect.VarTupleType | inspect.ListType):
        item = told.item_type
        if isinstance(item, inspect.StructType) and inside.count(item.cls) > 1:
            return NEVER
        return pa.list_(_type(item, inside))
    if isinstance(told, inspect.StructType):
        return _struct(told.cls, inside)
    raise TypeError(f"a field of {inside[-1].__name__} is of a kind that has no column yet: {told}")


def _kept(fields: Iterable[pa.Field]) -> list[pa.Field]:
    """The fields without those that never hold anything."""
    return [pa.field(field.name, _kept_type(field.type)) for field in fields if field.type != NEVER]


def _kept_type(told: pa.DataType) -> pa.DataType:
    if isinstance(told, pa.ListType):
        return pa.list_(_kept_type(told.value_type))
    if isinstance(told, pa.StructType):
        return pa.struct(_kept(told))
    return told
