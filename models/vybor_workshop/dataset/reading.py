"""The choices of a kit out of the data set, in the order of the record."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import msgspec

from vybor.contracts import messages as m
from vybor.foundation.errors import Missing, PlaceError
from vybor.segments.rows import Kind, Span, merged
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.log import stale, views
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.export import line_of
from vybor_workshop.materials import Say

AT_ONCE = 500
"""Rows that are in memory beside what is kept of them: some 5 MB."""
TELL_EVERY = 10_000
"""Rows, some two seconds."""


class Wish(msgspec.Struct, frozen=True):
    """What the kit wished to be forgotten, so far."""

    deletions: int
    spans: tuple[Span, ...]


def wish(data: DataSet, kit: str) -> Wish:
    """Raises PlaceError."""
    found = stale.read(data, kit).deletions
    return Wish(len(found), merged(span for deleted in found for span in deleted.spans))


def kit_of(data: DataSet, name: str, paired: Mapping[str, str]) -> str:
    """The number of the kit that is meant: by its name, by the beginning of its number, or as the only one.

    `paired` has the names of the paired kits and their numbers. Raises Missing.
    """
    there = data.kits()
    if not there:
        raise Missing(f"{data.url} has no rows yet; fetch what a kit has written with `vybor-workshop sync`")
    wanted = paired.get(name, name)
    found = [kit for kit in there if kit.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(there)
    if not name:
        raise Missing(f"{data.url} has rows of more than one kit; name one of them: {known}")
    raise Missing(f"{data.url} has {'more than one kit' if found else 'no rows of a kit'} {name}; it has: {known}")


def choices(rows: duckdb.DuckDBPyConnection, kit: str, say: Say) -> Iterator[Chosen | None]:
    """Every choice of a kit; None for one that this version does not know. Raises PlaceError."""
    told = 0
    for some in _some(rows, "SELECT * FROM decisions WHERE kit = $kit ORDER BY boot, sequence", kit):
        for row in some:
            yield _chosen(kit, row)
        told += len(some)
        if told % TELL_EVERY == 0:
            say(f"read {told} choices")


def newest_model(rows: duckdb.DuckDBPyConnection, kit: str) -> str:
    """The name of the model that the kit offered words with last; empty if none is told."""
    asked = (
        "SELECT model FROM decisions WHERE kit = $kit AND model <> '' ORDER BY boot DESC, sequence DESC LIMIT 1"
    )
    models = [str(row["model"]) for some in _some(rows, asked, kit) for row in some]
    return models[0].partition("+")[0].rpartition("-")[0] if models else ""  # name-weights+adapter


def _some(rows: duckdb.DuckDBPyConnection, asked: str, kit: str) -> Iterator[Sequence[dict[str, Any]]]:
    try:
        found = rows.execute(asked, {"kit": kit})
        names = [column[0] for column in found.description or ()]
        while some := found.fetchmany(AT_ONCE):
            yield [dict(zip(names, each, strict=True)) for each in some]
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise PlaceError(f"the rows of {kit} cannot be read ({first}); see that their files are whole") from None


def opened(data: DataSet) -> duckdb.DuckDBPyConnection:
    """The rows. Raises PlaceError."""
    return views.connect(data)


def _chosen(kit: str, row: Mapping[str, Any]) -> Chosen | None:
    try:
        decision = msgspec.convert(line_of(kit, Kind.DECISION, row)["record"], m.Decision)
    except msgspec.ValidationError:
        return None
    return Chosen(row["boot"], row["sequence"], row["day"], decision)
