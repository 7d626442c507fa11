"""Segments become rows of the data set, each row once; what was deleted goes, and never comes back.

Some segments at a time: they are opened side by side, then each file that they touch is replaced as a whole, by
the rows that it has and the new ones. A segment is named as taken in only after all of that is on the disk.
"""

import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from vybor.foundation.errors import PlaceError
from vybor.segments.rows import Kind, Span, merged
from vybor.segments.segment import Segment
from vybor_workshop.kits.keys import Ingested, KitKeys
from vybor_workshop.log import quarantine, schema, stale
from vybor_workshop.log.data_set import DataSet, RowFile
from vybor_workshop.log.index import Index
from vybor_workshop.log.opening import Opened, Part, Place, Refused, open_one

Say = Callable[[str], None]
TOGETHER = 100
"""Segments that are taken in at once: some 20,000 rows, 50 MB of lines…"""
TOGETHER_BYTES = 16 * 2**20
"""…or fewer, where they are large: as they are sealed."""
NOTHING_HERE = "of what the wearer deleted no row was here"
FORGETTABLE = (Kind.DECISION, Kind.UTTERANCE)
"""What a deletion deletes; deletions themselves stay, they have no text."""


def ingest(segments: Iterable[Segment], kit: KitKeys, data: DataSet, say: Say) -> Ingested:
    """Take them in. Raises PlaceError where the data set cannot be read or written: then do it again."""
    names: list[str] = []
    deleting: list[str] = []
    quarantined: dict[str, str] = {}
    with data.writing(), ThreadPoolExecutor(max_workers=os.cpu_count()) as hands:
        work = _Work(data, kit, hands, say)
        for some in together(segments):
            good, refused = work.take_in(some)
            quarantine.put(data, kit.kit, refused, work.gone)
            names += [each.segment.name for each in good]
            deleting += [each.segment.name for each in good if each.deletions]
            for each in refused:
                say(f"{kit.name}: set aside: {each.told}")
                quarantined[each.segment.name] = each.told
        quarantine.release(data, kit.kit, names)
    return Ingested(tuple(names), quarantined, tuple(deleting))


def forget(deletions: Iterable[stale.Deleted], kit: KitKeys, data: DataSet, say: Say) -> None:
    """Delete what was told elsewhere, as far as this data set has not done it. Raises PlaceError."""
    wishes = list(deletions)
    if not stale.read(data, kit.kit).undone(wishes):
        return
    with data.writing(), ThreadPoolExecutor(max_workers=os.cpu_count()) as hands:
        work = _Work(data, kit, hands, say)
        work.forget(work.undone(wishes))


class _Work:
    """One ingest: the data set, its index, and the threads that help."""

    def __init__(self, data: DataSet, kit: KitKeys, hands: ThreadPoolExecutor, say: Say) -> None:
        self._data, self._kit, self._hands, self._say = data, kit, hands, say
        self._index = Index(data, kit.kit)
        self._stale = stale.read(data, kit.kit)

    @property
    def gone(self) -> tuple[Span, ...]:
        """The rows that are deleted, or whose offers are."""
        return _touched(self._stale.deletions)

    def undone(self, deletions: Iterable[stale.Deleted]) -> list[stale.Deleted]:
        """Those of these that this data set has not done."""
        return self._stale.undone(deletions)

    def take_in(self, segments: Sequence[Segment]) -> tuple[list[Opened], list[Refused]]:
        """Put the rows of these into their files; on return that is on the disk."""
        found = list(self._hands.map(lambda segment: open_one(segment, self._kit), segments))
        refused = [each for each in found if isinstance(each, Refused)]
        opened = [each for each in found if isinstance(each, Opened)]
        there = self._index.marks(place for each in opened for part in each.parts for place in part.places)
        good: list[Opened] = []
        fresh: dict[RowFile, list[pa.Table]] = defaultdict(list)
        for each in opened:
            if (place := conflict(each, there)) is not None:
                refused.append(Refused(each.segment, _told(place)))
                continue
            good.append(each)
            for part in each.parts:
                for day, table in by_day(part, there):
                    fresh[RowFile(self._kit.kit, day, part.kind)].append(table)
                there.update(zip(part.places, part.marks, strict=True))
        self.forget([deleted for each in good for deleted in each.deletions])
        list(self._hands.map(self._add, fresh, fresh.values()))
        return good, refused

    def forget(self, deletions: Sequence[stale.Deleted]) -> None:
        """Say what is stale, rewrite what has these rows, then say that it is done: cut off, it is done again."""
        if not deletions:
            return
        touched = _touched(deletions)
        files = [file for file in self._index.holding(touched) if file.kind in FORGETTABLE]
        places = [self._data.read(file, ["boot", "sequence"]) for file in files]
        counted = [
            msgspec.structs.replace(
                deleted,
                rows=sum(pc.sum(stale.covered(each, deleted.spans)).as_py() or 0 for each in places),
                is_done=False,
            )
            for deleted in deletions
        ]
        self._stale = self._stale.with_these(counted)
        stale.write(self._data, self._stale)
        for file, each in zip(files, places, strict=True):
            if pc.any(stale.covered(each, touched)).as_py():
                self._index.write(file, stale.without(self._data.read(file), deletions))
        quarantine.forget(self._data, self._kit.kit, touched)
        self._stale = self._stale.with_done(deletions)
        stale.write(self._data, self._stale)
        for deleted in counted:
            gone = f"{deleted.rows} rows were deleted, as the wearer wished"
            self._say(f"{self._kit.name}: {gone if deleted.rows else NOTHING_HERE}")

    def _add(self, file: RowFile, tables: list[pa.Table]) -> None:
        """Let a file have these rows too, in their order."""
        columns = schema.kept_schema(file.kind)
        rows = pa.concat_tables(tables)
        if file.kind in FORGETTABLE:
            rows = stale.without(schema.fitted(rows, columns), self._stale.deletions)
        if not rows.num_rows:
            return
        if file in self._index.boxes:
            kept = self._data.read(file)
            if newer := schema.unknown(kept.schema, columns):
                raise PlaceError(
                    f"{self._data.address(file.path)} was written by a newer workshop ({', '.join(newer)}); "
                    "update this one"
                )
            rows = pa.concat_tables([schema.fitted(kept, columns), rows])
        self._index.write(file, in_order(rows))


def _touched(deletions: Iterable[stale.Deleted]) -> tuple[Span, ...]:
    return merged(span for deleted in deletions for span in (*deleted.spans, *deleted.offers))


def together(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    """Some at a time."""
    some: list[Segment] = []
    for segment in segments:
        some.append(segment)
        if len(some) == TOGETHER or sum(len(each.content) for each in some) >= TOGETHER_BYTES:
            yield some
            some = []
    if some:
        yield some


def conflict(opened: Opened, there: Mapping[Place, str]) -> Place | None:
    """A place where something else stands already than this segment has."""
    marks = [(place, mark) for part in opened.parts for place, mark in zip(part.places, part.marks, strict=True)]
    if len(dict(marks)) < len(marks):  # it has a row twice, or two rows in one place
        there = dict(reversed(marks)) | dict(there)
    return next((place for place, mark in marks if there.get(place, mark) != mark), None)


def by_day(part: Part, there: Mapping[Place, str]) -> Iterator[tuple[str, pa.Table]]:
    """The rows that are not there yet, for the file of each day."""
    is_new = [place not in there for place in part.places]
    if len(set(part.places)) < len(part.places):
        firsts = {place: at for at, place in reversed(list(enumerate(part.places)))}
        is_new = [
            new and firsts[place] == at for at, (place, new) in enumerate(zip(part.places, is_new, strict=True))
        ]
    for day in sorted(set(part.days)):
        chosen = [new and its == day for new, its in zip(is_new, part.days, strict=True)]
        if all(chosen):
            yield day, part.table
        elif any(chosen):
            yield day, part.table.filter(pa.array(chosen))


def in_order(rows: pa.Table) -> pa.Table:
    """The rows by their place."""
    places = list(zip(rows["boot"].to_pylist(), rows["sequence"].to_pylist(), strict=True))
    if all(one < next_one for one, next_one in itertools.pairwise(places)):
        return rows
    return rows.sort_by([("boot", "ascending"), ("sequence", "ascending")])


def _told(place: Place) -> str:
    boot, sequence = place
    return (
        f"at boot {boot}, sequence {sequence} it has another row than the data set; if the kit's record was put "
        "back from a copy, ask for help before you go on: what it wrote since then is only on the kit"
    )
