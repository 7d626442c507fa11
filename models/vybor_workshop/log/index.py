"""Which rows a kit's files have already."""

from collections.abc import Iterable, Mapping

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from vybor.segments.rows import Span
from vybor_workshop.log.data_set import DataSet, RowFile
from vybor_workshop.log.opening import Place, marks_of

NAMED = ("boot", "sequence", "session", "number")
"""Columns that say what a row is."""


class Box(msgspec.Struct, frozen=True):
    """All rows of a file are in it; not every place in it has a row."""

    first: Place
    last: Place

    def touches(self, boots: tuple[int, int], sequences: tuple[int, int]) -> bool:
        """Whether there may be a row of these boots with one of these sequences, the ends included."""
        return (
            self.first[0] <= boots[1]
            and boots[0] <= self.last[0]
            and self.first[1] <= sequences[1]
            and sequences[0] <= self.last[1]
        )


ENDS = ((min, "min"), (max, "max"))
EVERYTHING = Box((0, 0), (2**63 - 1, 2**63 - 1))


class Index:
    """The files of a kit, each with the box that its rows are in."""

    def __init__(self, data: DataSet, kit: str) -> None:
        self._data = data
        self.boxes: dict[RowFile, Box] = {file: box_of(data.metadata(file)) for file in data.files(kit)}

    def marks(self, places: Iterable[Place]) -> dict[Place, str]:
        """What stands in the files that may have one of these places."""
        wanted = list(places)
        if not wanted:
            return {}
        boots, sequences = zip(*wanted, strict=True)
        ends = (min(boots), max(boots)), (min(sequences), max(sequences))
        found: dict[Place, str] = {}
        for file, box in self.boxes.items():
            if box.touches(*ends):
                found.update(self._marks_in(file))
        return found

    def holding(self, spans: Iterable[Span]) -> list[RowFile]:
        """The files that may have a row of these spans."""
        wanted = list(spans)
        return [
            file
            for file, box in self.boxes.items()
            if any(box.touches((span.boot, span.boot), (span.first, span.last)) for span in wanted)
        ]

    def write(self, file: RowFile, rows: pa.Table) -> None:
        """Let these rows take the place of a file; no rows: no file."""
        if rows.num_rows:
            self._data.write(file, rows)
            self.boxes[file] = _box(rows)
        else:
            self._data.remove(file.path)
            self.boxes.pop(file, None)

    def _marks_in(self, file: RowFile) -> Mapping[Place, str]:
        there = self._data.metadata(file).schema.to_arrow_schema().names
        table = self._data.read(file, [name for name in NAMED if name in there])
        places = zip(table["boot"].to_pylist(), table["sequence"].to_pylist(), strict=True)
        return dict(zip(places, marks_of(file.kind, table), strict=True))


def box_of(told: parquet.FileMetaData) -> Box:
    """By what the file says of its columns."""
    names = [told.schema.column(at).path for at in range(told.num_columns)]
    groups = [told.row_group(at) for at in range(told.num_row_groups)]
    if not groups:
        return EVERYTHING
    known = [[group.column(names.index(name)).statistics for group in groups] for name in ("boot", "sequence")]
    if any(each is None or not each.has_min_max for column in known for each in column):
        return EVERYTHING
    first, last = ([end(getattr(each, name) for each in column) for column in known] for end, name in ENDS)
    return Box((first[0], first[1]), (last[0], last[1]))


def _box(rows: pa.Table) -> Box:
    ends = [pc.min_max(rows[name]).as_py() for name in ("boot", "sequence")]
    return Box((ends[0]["min"], ends[1]["min"]), (ends[0]["max"], ends[1]["max"]))
