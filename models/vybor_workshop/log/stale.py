"""What was deleted of a kit's rows: they never come in again, and nothing that learned of them may be used.

`stale.json` names each deletion that the kit told, and how many rows of the data set it took. A data set may be
lost, or begun anew, and the kit tells each deletion once: so the workstation keeps a list of its own beside the
kit's folder. Whoever trains writes down which deletions were known; if there are others by now, it is stale.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import PlaceError
from vybor.segments.rows import Span, merged
from vybor.utterances.hiding import FORGOTTEN, ONLY_THESE, run_of
from vybor_workshop import json_files
from vybor_workshop.log.data_set import DataSet

TELL_OF_IT = ("shown", "written", "said", "context")
"""Fields that may have words of what was deleted; where this version knows only a part of one, it goes whole."""
LARGEST_BYTES = 2**26
"""Of the workstation's own list."""
Place = tuple[int, int]
"""Boot and sequence of the row that tells of a deletion: which one it is."""


class Deleted(msgspec.Struct, frozen=True):
    """One deletion, by its place in the record."""

    boot: int
    sequence: int
    at: str
    spans: tuple[Span, ...]
    rows: int
    """So many were in the data set by then."""
    offers: tuple[Span, ...] = ()
    """Rows that stay, without what was offered beside them: it showed words of what is gone."""
    is_done: bool = False
    """It is in the file before anything is rewritten; done it is once all of that is on the disk."""

    @property
    def place(self) -> Place:
        """Which one it is."""
        return self.boot, self.sequence


class Stale(msgspec.Struct, frozen=True):
    """All of a kit's, in the order in which they came."""

    kit: str
    deletions: tuple[Deleted, ...] = ()

    @property
    def places(self) -> frozenset[Place]:
        """Which ones they are."""
        return frozenset(deleted.place for deleted in self.deletions)

    def with_these(self, deletions: Iterable[Deleted]) -> "Stale":
        """With those that are new."""
        known = {deleted.place for deleted in self.deletions}
        return Stale(self.kit, (*self.deletions, *(each for each in deletions if each.place not in known)))

    def undone(self, deletions: Iterable[Deleted]) -> list[Deleted]:
        """Those that it does not know, or that were cut off."""
        done = {deleted.place for deleted in self.deletions if deleted.is_done}
        return [each for each in deletions if each.place not in done]

    def with_done(self, deletions: Iterable[Deleted]) -> "Stale":
        """These are done now."""
        done = {deleted.place for deleted in deletions}
        return Stale(
            self.kit,
            tuple(
                msgspec.structs.replace(each, is_done=each.is_done or each.place in done)
                for each in self.deletions
            ),
        )


def path_of(kit: str) -> str:
    """The file, below the data set's own place."""
    return f"rows/kit={kit}/stale.json"


def read(data: DataSet, kit: str) -> Stale:
    """Raises PlaceError for a file that is none."""
    content = data.get(path_of(kit))
    if content is None:
        return Stale(kit)
    try:
        return msgspec.json.decode(content, type=Stale)
    except NOT_UNDERSTOOD as error:
        raise PlaceError(
            f"{data.address(path_of(kit))} is damaged ({error}): put it back from a copy; without it what was "
            "deleted may come in again"
        ) from None


def write(data: DataSet, stale: Stale) -> None:
    """Keep it."""
    data.put(path_of(stale.kit), json_files.encoded(stale))


def known(data: DataSet, home: Path, kit: str) -> Stale:
    """All that a data set knows of, and what this workstation was told before or elsewhere. Raises PlaceError."""
    return read(data, kit).with_these(heard(home, kit))


def remember(data: DataSet, home: Path, kit: str) -> Stale:
    """The same; from now on it outlives the data set. Raises PlaceError."""
    found = known(data, home, kit)
    if len(found.deletions) > len(heard(home, kit)):
        json_files.write(_list_of(home, kit), found, in_new_folder=True)
    return found


def heard(home: Path, kit: str) -> tuple[Deleted, ...]:
    """What the workstation was told, none of it done: where, each data set says. Raises PlaceError."""
    remedy = "put it back from a copy, or remove it: then the data set alone says what was deleted"
    found = json_files.read(_list_of(home, kit), Stale, LARGEST_BYTES, remedy)
    return tuple(msgspec.structs.replace(each, rows=0, is_done=False) for each in found.deletions) if found else ()


def _list_of(home: Path, kit: str) -> Path:
    return home / "kits" / f".{kit}.deleted"


def without(rows: pa.Table, deletions: Iterable[Deleted]) -> pa.Table:
    """The rows that stay, and of those what stays; the very same if that is all."""
    wishes = list(deletions)
    gone = covered(rows, (span for wish in wishes for span in wish.spans))
    if pc.any(gone).as_py():
        rows = rows.filter(pc.invert(gone))
    if "shown" not in rows.column_names:
        return rows
    told = covered(rows, (span for wish in wishes for span in wish.offers))
    return _with_nothing_told(rows, told.to_pylist()) if pc.any(told).as_py() else rows


def covered(table: pa.Table, spans: Iterable[Span]) -> pa.ChunkedArray:
    """Which rows of a table are among the spans."""
    boot, sequence = table["boot"], table["sequence"]
    found = pa.chunked_array([pa.array([False] * table.num_rows, pa.bool_())])
    for span in merged(spans):
        inside = pc.and_(pc.greater_equal(sequence, span.first), pc.less_equal(sequence, span.last))
        found = pc.or_(found, pc.and_(pc.equal(boot, span.boot), inside))
    return found


def _with_nothing_told(rows: pa.Table, which: Sequence[bool]) -> pa.Table:
    """The kit knew the words and took out these alone; here the rows alone are known: no tile keeps its words.

    As on the kit something stands in their place: a tile without a label was no place to choose, and is counted as
    none. What was added or said stays where the text of the row has it too, as on the kit; names of documents go.
    """
    texts = {name: rows[name].to_pylist() for name in ("text_before", "text_after")}
    bare: dict[str, Callable[[Any, int], Any]] = {
        "shown": lambda tiles, _: [wordless(tile) for tile in tiles or ()],
        "written": lambda told, at: beside(told, texts["text_after"][at]),
        "said": lambda told, at: beside(told, texts["text_before"][at]),
        "context": lambda context, _: _noteless(context),
        "more": lambda more, _: _more_without_offer(more),
    }
    for name in bare.keys() & set(rows.column_names):
        kept = rows[name].to_pylist()
        told = [bare[name](each, at) if which[at] else each for at, each in enumerate(kept)]
        at = rows.column_names.index(name)
        rows = rows.set_column(at, rows.schema.field(at), pa.array(told, rows.schema.field(at).type))
    return rows


def wordless(tile: dict[str, Any]) -> dict[str, Any]:
    """A tile as it stands in a row of whose offer nothing may stay. Pure."""
    members = tile.get("members") or ()
    words = ("origin",) if tile.get("role") in ONLY_THESE else ("label", "grey", "origin")
    blank = {name: FORGOTTEN for name in words if tile.get(name)}
    return tile | blank | ({"members": [wordless(each) for each in members]} if members else {})


def beside(told: str | None, text: str | None) -> str | None:
    """What was added or said there: it stays where the text of the row has it too. Pure."""
    part, whole = run_of(told or ""), run_of(text or "")
    is_there = any(whole[at : at + len(part)] == part for at in range(len(whole)))
    return told if is_there or not part else FORGOTTEN


def _noteless(context: dict[str, Any] | None) -> dict[str, Any] | None:
    return context and context | {"notes": [FORGOTTEN] * len(context.get("notes") or ())}


def _more_without_offer(more: str | None) -> str | None:
    kept = {name: value for name, value in json.loads(more or "{}").items() if name not in TELL_OF_IT}
    return json.dumps(kept) if kept else None
