"""The same data set without names, numbers and addresses, for as long as it is needed: masked as on the kit.

What became of each choice is reckoned before: two texts that differ may look alike once they are masked.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.segments.rows import Row
from vybor.utterances.masking import Mask
from vybor.utterances.nameless import texts, without_names
from vybor_workshop.log.data_set import DataSet, RowFile
from vybor_workshop.log.export import line_of
from vybor_workshop.log.records import table_of
from vybor_workshop.log.schema import RECORDS

Say = Callable[[str], None]


@contextlib.contextmanager
def masked(data: DataSet, kits: Sequence[str], wanted: Callable[[RowFile], bool], say: Say) -> Iterator[DataSet]:
    """A data set of its own with the wanted files, gone afterwards. Names are learned from all rows of these kits.

    What only a newer kit understands is left out: nobody here knows what of it is a name. Raises PlaceError.
    """
    files = [file for kit in kits for file in data.files(kit)]
    mask = Mask.of(texts(record for file in files for _, record in _records(data, file)))
    with tempfile.TemporaryDirectory(dir=data.spill()) as folder:
        hidden = DataSet(f"{folder}/data", Path(folder, "locks"))
        left_out = sum(_hide(data, file, mask, hidden) for file in files if wanted(file))
        if left_out:
            say(f"rows that only a newer version understands are left out: {left_out}; update the workshop")
        yield hidden


def _hide(data: DataSet, file: RowFile, mask: Mask, hidden: DataSet) -> int:
    """One file; how many rows of it are left out."""
    told, left_out = [], 0
    for row, record in _records(data, file):
        if record is None:
            left_out += 1
            continue
        told.append(
            Row(
                kit=file.kit,
                boot=row["boot"],
                sequence=row["sequence"],
                at=row["kept_at"],
                kind=file.kind,
                record=msgspec.Raw(msgspec.json.encode(without_names(record, mask))),
            )
        )
    if told:
        hidden.write(file, table_of(file.kind, told))
    return left_out


def _records(data: DataSet, file: RowFile) -> Iterator[tuple[Mapping[str, Any], msgspec.Struct | None]]:
    """The rows of a file, each with what it says as far as this version knows; None where it does not."""
    for row in data.read(file).to_pylist():
        try:
            yield row, msgspec.convert(line_of(file.kit, file.kind, row)["record"], RECORDS[file.kind])
        except NOT_UNDERSTOOD:
            yield row, None
