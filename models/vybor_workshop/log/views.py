"""The data set as DuckDB sees it: what a record left out stands there with the contract's default.

`decisions`, `utterances`, `deletions` have a row for each row of the record, with kit and day: `day` is that of
the kit's own calendar, as the folders have it, and `utc_day` that of UTC. `shown` has one for each tile of each
decision. Whatever an older or a newer kit told fits: columns are found by their names.
"""

from collections.abc import Iterator, Mapping

import duckdb
import msgspec
import pyarrow as pa

from vybor.contracts import messages as m
from vybor.foundation.errors import PlaceError
from vybor.segments.rows import Kind
from vybor_workshop.log import schema
from vybor_workshop.log.data_set import LOCAL, NO_DAY, DataSet

VIEWS: Mapping[str, Kind] = {
    "decisions": Kind.DECISION,
    "utterances": Kind.UTTERANCE,
    "deletions": Kind.DELETION,
}
PATH_COLUMNS = ("kit", "day")
_MOMENT = "make_timestamp(epoch_us(TRY_CAST(kept_at AS TIMESTAMPTZ)))"
"""In UTC; a plain TIMESTAMP would forget the zone."""
UTC_DAY = f"coalesce(strftime({_MOMENT}, '%Y-%m-%d'), '{NO_DAY}')"
_TYPES: Mapping[pa.DataType, str] = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.string(): "VARCHAR",
}


def connect(data: DataSet) -> duckdb.DuckDBPyConnection:
    """A database in memory with the views. Raises PlaceError where a file cannot be read."""
    there = kinds(data)
    connection = duckdb.connect(config={"temp_directory": str(data.spill())} if there else {})
    if data.protocol != LOCAL:
        connection.register_filesystem(data.store)
    try:
        for statement in statements(data, there):
            connection.execute(statement)
    except duckdb.Error as error:
        connection.close()
        raise PlaceError(
            f"{data.called} cannot be read ({_first_line(error)}); see that its files are whole"
        ) from None
    return connection


def kinds(data: DataSet) -> set[Kind]:
    """The kinds of which there are rows."""
    return {file.kind for kit in data.kits() for file in data.files(kit)}


def statements(data: DataSet, there: set[Kind]) -> Iterator[str]:
    """The SQL of the views, for files of these kinds."""
    for name, kind in VIEWS.items():
        yield f"CREATE VIEW {name} AS\n{_rows(data, kind, is_there=kind in there)};"
    yield f"CREATE VIEW shown AS\n{_shown()};"


def _rows(data: DataSet, kind: Kind, *, is_there: bool) -> str:
    columns = schema.kept_schema(kind)
    told = [f"NULL::{sql_type(field.type)} AS {_quoted(field.name)}" for field in columns]
    nothing = ", ".join((*(f"NULL::VARCHAR AS {name}" for name in PATH_COLUMNS), *told))
    source = f"SELECT {nothing} WHERE false"
    if is_there:
        place = data.pattern(f"rows/kit=*/day=*/{kind}.parquet").replace("'", "''")
        hive = "hive_partitioning = true, hive_types = {'kit': VARCHAR, 'day': VARCHAR}"
        source += f"\nUNION ALL BY NAME\nSELECT * FROM read_parquet('{place}', union_by_name = true, {hive})"
    filled = ", ".join(
        f"coalesce({_quoted(name)}, {_literal(default)}) AS {_quoted(name)}"
        for name, default in schema.defaults(kind).items()
    )
    replaced = f" REPLACE ({filled})" if filled else ""
    return f"SELECT *{replaced}, {UTC_DAY} AS utc_day FROM (\n{source}\n)"


def _shown() -> str:
    """A row for each tile; those that a fold stood for stand in its `members`."""
    tiles = schema.kept_schema(Kind.DECISION).field("shown").type.value_type
    defaults = {
        field.encode_name: field.default
        for field in msgspec.structs.fields(m.OfferedTile)
        if isinstance(field.default, str | int | float)
    }
    fields = ", ".join(
        f"coalesce(tile.{_quoted(field.name)}, {_literal(defaults[field.name])}) AS {_quoted(field.name)}"
        if field.name in defaults
        else f"tile.{_quoted(field.name)}"
        for field in tiles
    )
    own = ("kit", "day", "utc_day", "boot", "sequence", "session", "number", "action", "learn")
    return (
        f"SELECT {', '.join(own)}, chosen = tile.slot AS is_chosen, {fields}\n"
        f"FROM (SELECT {', '.join(own)}, slot AS chosen, unnest(shown) AS tile FROM decisions)"
    )


def sql_type(told: pa.DataType) -> str:
    """How DuckDB calls a column's type."""
    if isinstance(told, pa.ListType):
        return f"{sql_type(told.value_type)}[]"
    if isinstance(told, pa.StructType):
        return f"STRUCT({', '.join(f'{_quoted(field.name)} {sql_type(field.type)}' for field in told)})"
    return _TYPES[told]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _literal(value: str | float) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
