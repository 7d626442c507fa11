"""A segment opened: its rows as tables, or the reason why it cannot be taken in."""

from collections.abc import Sequence

import msgspec
import pyarrow as pa

from vybor.segments import rows as record
from vybor.segments.rows import Deletion, Kind, Row
from vybor.segments.segment import Damaged, Segment, opened
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.log.data_set import day_of
from vybor_workshop.log.records import table_of
from vybor_workshop.log.stale import Deleted

Place = tuple[int, int]
"""Boot and sequence of a row."""


class Part(msgspec.Struct, frozen=True):
    """The rows of one kind; what is told of each stands at the same index."""

    kind: Kind
    table: pa.Table
    places: Sequence[Place]
    days: Sequence[str]
    marks: Sequence[str]
    """What the row is, so that another one in the same place is noticed."""


class Opened(msgspec.Struct, frozen=True):
    """What stands in a segment."""

    segment: Segment
    parts: tuple[Part, ...]
    deletions: tuple[Deleted, ...]


class Refused(msgspec.Struct, frozen=True):
    """A segment that cannot be taken in, and why not: a sentence without a word of the wearer's."""

    segment: Segment
    reason: str

    @property
    def told(self) -> str:
        """The reason, with the name that it is of."""
        name = self.segment.name
        safe = ascii(name[:200])[1:-1]  # it may be anything, and this goes to terminals and files
        return self.reason.replace(name, safe) if name and name in self.reason else f"{safe}: {self.reason}"


def open_one(segment: Segment, kit: KitKeys) -> Opened | Refused:
    """Open a segment of this kit."""
    try:
        rows = record.read(opened(segment, kit.open_with, kit.verify))
        if any(row.kit != kit.kit for row in rows):
            return Refused(segment, "it has rows of another kit")
        parts = tuple(_part(kind, some) for kind in Kind if (some := [row for row in rows if row.kind is kind]))
        return Opened(segment, parts, tuple(_deleted(row) for row in rows if row.kind is Kind.DELETION))
    except RecursionError:
        return Refused(segment, "its rows are nested too deeply")
    except (Damaged, ValueError) as error:
        return Refused(segment, str(error))


def marks_of(kind: Kind, table: pa.Table) -> list[str]:
    """What each row of a table is: its kind, and the name of its decision if it has one."""
    names = [table[name].to_pylist() for name in ("session", "number") if name in table.column_names]
    return [f"{kind} {name}" for name in zip(*names, strict=True)] if names else [kind.value] * table.num_rows


def _part(kind: Kind, rows: Sequence[Row]) -> Part:
    table = table_of(kind, rows)
    places = [(row.boot, row.sequence) for row in rows]
    return Part(kind, table, places, [day_of(row.at) for row in rows], marks_of(kind, table))


def _deleted(row: Row) -> Deleted:
    """Raises ValueError for spans that are none."""
    try:
        wish = msgspec.json.decode(row.record, type=Deletion)
    except msgspec.MsgspecError as error:
        raise ValueError(f"a deletion in it cannot be understood: {error}") from None
    return Deleted(row.boot, row.sequence, row.at, wish.spans, rows=0, offers=wish.offers)
