"""The choices of a kit out of the data set, in the order of the record."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.foundation.errors import Missing, PlaceError
from vybor.segments.rows import Span, merged
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.log import stale, views
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.materials import Say

AT_ONCE = 1000
"""Rows that are in memory beside what is kept of them: some megabytes."""
TELL_EVERY = 20_000
"""Rows, some two seconds."""
WRITES_NOTHING = (Action.UNDO, Action.REPAIR, Action.SPEAK, Action.CLEAR)
"""Of these the offer is not needed."""
TILE = """slot := {t}.slot, role := {t}.role, label := coalesce({t}.label, ''), grey := '', source := {t}.source,
    p := {t}.p, gaze_ms := coalesce({t}.gaze_ms, 0)"""
MEMBERS = f"[struct_pack({TILE.format(t='e')}) for e in coalesce(t.members, []) if e.role = '{Role.CANDIDATE}']"
SILENT = ", ".join(f"'{action}'" for action in WRITES_NOTHING)
CHOICES = f"""
SELECT boot, sequence, day, at_ns, session, number, action, slot, text_before, text_after, language, said, learn,
  incognito, mode, prefix, '' AS written, 0 AS offer, coalesce(looks, []) AS looks,
  struct_pack(channel := evidence.channel, posterior := evidence.posterior,
    posterior_without_prior := evidence.posterior_without_prior, gaze_age_ms := 0.0,
    slot_without_prior := evidence.slot_without_prior) AS evidence,
  CASE WHEN context IS NOT NULL THEN struct_pack(lately := coalesce(context.lately, 0)) END AS context,
  CASE WHEN text_after = text_before OR action IN ({SILENT}) THEN [] ELSE
    [struct_pack({TILE.format(t="t")}, members := {MEMBERS}) for t in shown
      if t.slot = slot OR t.role = '{Role.CANDIDATE}' OR len(t.members) > 0] END AS shown
FROM decisions WHERE kit = $kit ORDER BY boot, sequence
"""
"""What is needed of a choice: the words that were offered and the tile that was chosen, not where they lay."""


class Wish(msgspec.Struct, frozen=True):
    """What the kit wished to be forgotten, so far."""

    deleted: frozenset[stale.Place]
    spans: tuple[Span, ...]
    offers: tuple[Span, ...]
    """Rows that stay, without what was offered beside them."""


def wish(data: DataSet, home: Path, kit: str) -> Wish:
    """Raises PlaceError."""
    found = stale.known(data, home, kit)
    spans = merged(span for deleted in found.deletions for span in deleted.spans)
    return Wish(found.places, spans, merged(span for deleted in found.deletions for span in deleted.offers))


def kit_of(data: DataSet, name: str, paired: Mapping[str, str]) -> str:
    """The number of the kit that is meant: by its name, by the beginning of its number, or as the only one.

    `paired` has the names of the paired kits and their numbers. Raises Missing, PlaceError.
    """
    there = data.kits()
    if not there:
        data.check_there()
        raise Missing(f"{data.called} has no rows yet; fetch what a kit has written with `vybor-workshop sync`")
    wanted = paired.get(name, name)
    found = [kit for kit in there if kit.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(there)
    if not name:
        raise Missing(f"{data.called} has rows of more than one kit; name one of them: {known}")
    is_many = "more than one kit" if found else "no rows of a kit"
    raise Missing(f"{data.called} has {is_many} {name}; it has: {known}")


def choices(
    rows: duckdb.DuckDBPyConnection, kit: str, say: Say, query: str = CHOICES, offers: Sequence[Span] = ()
) -> Iterator[Chosen | None]:
    """Every choice of a kit; None for one that this version does not know. Raises PlaceError.

    Of each there is what examples are made from, and nothing else; or what another query asks for. What was
    offered in `offers` is not read, whatever still stands in a file.
    """
    told = 0
    for some in _some(rows, query, {"kit": kit}):
        yield from (_chosen(_without_offer(row) if _is_among(row, offers) else row) for row in some)
        told += len(some)
        if told % TELL_EVERY == 0:
            say(f"read {told} choices")


def newest_model(rows: duckdb.DuckDBPyConnection, kit: str) -> str:
    """What the kit calls the model that it offered words with last; empty if none is told."""
    asked = (
        "SELECT model FROM decisions WHERE kit = $kit AND model <> '' ORDER BY boot DESC, sequence DESC LIMIT 1"
    )
    models = [str(row["model"]) for some in _some(rows, asked, {"kit": kit}) for row in some]
    return models[0] if models else ""


def _some(
    rows: duckdb.DuckDBPyConnection, asked: str, about: Mapping[str, object]
) -> Iterator[Sequence[dict[str, Any]]]:
    try:
        found = rows.execute(asked, about)
        names = [column[0] for column in found.description or ()]
        while some := found.fetchmany(AT_ONCE):
            yield [dict(zip(names, each, strict=True)) for each in some]
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise PlaceError(
            f"the rows of {about['kit']} cannot be read ({first}); see that their files are whole"
        ) from None


def opened(data: DataSet) -> duckdb.DuckDBPyConnection:
    """The rows. Raises PlaceError."""
    return views.connect(data)


def _is_among(row: Mapping[str, Any], spans: Sequence[Span]) -> bool:
    return any(span.boot == row["boot"] and span.first <= row["sequence"] <= span.last for span in spans)


def _without_offer(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = [stale.wordless(tile) for tile in row["shown"] or ()]
    return {**row, "shown": shown, "said": stale.beside(row["said"], row["text_before"])}


def _chosen(row: Mapping[str, Any]) -> Chosen | None:
    try:
        decision = msgspec.convert({name: value for name, value in row.items() if value is not None}, m.Decision)
    except msgspec.ValidationError:
        return None
    return Chosen(row["boot"], row["sequence"], row["day"], decision)
