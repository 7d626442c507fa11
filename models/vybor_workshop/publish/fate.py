"""What became of bundles on their kit: the newest row of kind `model` of each number, out of the data set."""

from collections.abc import Iterator

from vybor.contracts.messages import Became, GrownState
from vybor.segments.rows import Kind
from vybor_workshop.log import schema
from vybor_workshop.log.data_set import DataSet


def became(data: DataSet, kit: str) -> dict[int, Became]:
    """By number; those whose number the kit could not believe are left out. Raises PlaceError."""
    rows = sorted(_rows(data, kit), key=lambda row: row[0])
    return {told.serial: told for _, told in rows if told.serial}


def _rows(data: DataSet, kit: str) -> Iterator[tuple[tuple[int, int], Became]]:
    """Each with its place in the record."""
    defaults = schema.defaults(Kind.MODEL)
    states = set(GrownState)
    for file in data.files(kit):
        if file.kind is not Kind.MODEL:
            continue
        for row in data.read(file).to_pylist():
            told = defaults | {name: value for name, value in row.items() if value is not None}
            if told["state"] in states:  # a newer kit may know more of them
                fields = {name: told[name] for name in Became.__struct_fields__ if name in told}
                yield (row["boot"], row["sequence"]), Became(**fields | {"state": GrownState(told["state"])})
