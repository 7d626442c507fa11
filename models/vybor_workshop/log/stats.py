"""What the rows say of writing: how fast, by how many choices, what was taken and what was taken back, by day.

Words are those of sentences that were spoken and not taken back, as they stand between spaces. A selection is
any choice on the way to a text, whether it writes or not: letters, the pages of words and menus, undo and
*Speak* among them; answers, rest and waking, calls for help, and the pages on which something of the kit is
set are none. A minute is a minute of writing: the time between a selection and the one before it, in one boot
of the kit; more than a minute is a pause, and does not count.
"""

from collections.abc import Iterable, Sequence

import duckdb
import msgspec
import pyarrow as pa

from vybor.contracts.messages import Action, Mode, Role
from vybor.foundation.clock import seconds
from vybor_workshop.log.outcomes import Step, outcomes

PAUSE_NS = seconds(60)
WRITES = (
    Action.TAKE,
    Action.MORE,
    Action.STEER,
    Action.SPELL,
    Action.UNDO,
    Action.SPEAK,
    Action.CLEAR,
    Action.PAGE,
    Action.DELETE,
    Action.REPAIR,
)
OTHER_PAGES = (
    *(Mode.REST, Mode.KIT, Mode.FITTING, Mode.FORGETTING, Mode.PRACTICE_CALL, Mode.PRACTICE_OVER),
    *(Mode.SHARING, Mode.PAIR_SURE, Mode.UNPAIR_SURE, Mode.ERASING, Mode.ERASE_SURE, Mode.READ_ASKED),
)
OTHER_WAYS = (Role.KIT, Role.FORGET)
"""Turning a page there, or to there by one of these tiles, is not on the way to a text; records that name no page
count all of them."""
OUTCOMES = pa.schema(
    [
        ("kit", pa.string()),
        ("boot", pa.int64()),
        ("sequence", pa.int64()),
        ("undone_soon", pa.bool_()),
        ("edited", pa.bool_()),
        ("in_spoken", pa.bool_()),
        ("spoken_by_boot", pa.int64()),
        ("spoken_by_sequence", pa.int64()),
    ]
)


class Day(msgspec.Struct, frozen=True):
    """One day of one or more kits; what cannot be said is None."""

    day: str
    words: int
    sentences: int
    minutes: float
    selections: int
    undos: int
    takes: int
    undone_soon: int
    """Of the takes, those that were undone within 30 seconds."""

    @property
    def words_a_minute(self) -> float | None:
        """Of writing."""
        return self.words / self.minutes if self.minutes else None

    @property
    def selections_a_word(self) -> float | None:
        """What was written and never spoken counts too, as choices without words."""
        return self.selections / self.words if self.words else None

    @property
    def undo_share(self) -> float | None:
        """Of all selections."""
        return self.undos / self.selections if self.selections else None

    @property
    def undone_soon_share(self) -> float | None:
        """Of all takes."""
        return self.undone_soon / self.takes if self.takes else None


class Slot(msgspec.Struct, frozen=True):
    """A place on the screen where words were offered."""

    slot: int
    shown: int
    """Choices that were made while it showed words…"""
    taken: int
    """…and those among them that took these."""

    @property
    def share(self) -> float:
        """How often it was taken."""
        return self.taken / self.shown


class Stats(msgspec.Struct, frozen=True):
    """All of it."""

    days: tuple[Day, ...]
    slots: tuple[Slot, ...]

    @property
    def whole(self) -> Day:
        """All days together."""
        names = [name for name in Day.__struct_fields__ if name != "day"]
        return Day("all", **{name: sum(getattr(day, name) for day in self.days) for name in names})


def add_outcomes(rows: duckdb.DuckDBPyConnection, of: duckdb.DuckDBPyConnection | None = None) -> None:
    """Reckon what became of each decision, and put it beside the views as the table `outcomes`.

    `of`: the rows that tell it, where these are masked.
    """
    found = (
        (of or rows)
        .execute(
            "SELECT kit, boot, sequence, at_ns, action, text_before, text_after FROM decisions"
            " ORDER BY kit, boot, sequence"
        )
        .fetchall()
    )
    by_kit: dict[str, list[Step]] = {}
    for kit, *told in found:
        by_kit.setdefault(kit, []).append(Step(*told))
    told_of = [
        (
            kit,
            *place,
            outcome.undone_soon,
            outcome.edited,
            outcome.spoken_by is not None,
            *(outcome.spoken_by or (None, None)),
        )
        for kit, steps in by_kit.items()
        for place, outcome in outcomes(steps)
    ]
    columns = list(zip(*told_of, strict=True)) or [()] * len(OUTCOMES)
    table = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, OUTCOMES, strict=True)], OUTCOMES
    )
    rows.register("told_outcomes", table)
    rows.execute("CREATE TABLE outcomes AS SELECT * FROM told_outcomes")
    rows.unregister("told_outcomes")


def stats(rows: duckdb.DuckDBPyConnection, kits: Sequence[str], day: str = "") -> Stats:
    """Of these kits, all days or one; `add_outcomes` was called before."""
    asked = {"kits": list(kits), "day": day, "pause_ns": PAUSE_NS, "writes": [*WRITES]}
    asked |= {"other_pages": [*OTHER_PAGES], "other_ways": [*OTHER_WAYS]}
    days = tuple(Day(*found) for found in rows.execute(DAYS, asked).fetchall())
    slots = rows.execute(
        SLOTS, {"kits": list(kits), "day": day, "role": Role.CANDIDATE, "take": Action.TAKE}
    ).fetchall()
    return Stats(days, tuple(Slot(*found) for found in slots))


TILE = "list_extract(list_filter(shown, lambda tile: tile.slot = slot), 1)"
IS_OTHER = f"""(action = '{Action.PAGE}' AND (
  coalesce(list_contains($other_pages, mode), false) OR coalesce(list_contains($other_ways, {TILE}.role), false)
))"""
CHOSEN = "list_contains($kits, kit) AND ($day = '' OR day = $day)"
DAYS = f"""
WITH step AS (
  SELECT day, action, text_before, in_spoken, undone_soon,
         at_ns - lag(at_ns) OVER (PARTITION BY kit, boot ORDER BY sequence) AS gap_ns
  FROM decisions JOIN outcomes USING (kit, boot, sequence)
  WHERE {CHOSEN} AND list_contains($writes, action) AND NOT {IS_OTHER}
)
SELECT day,
  coalesce(sum(len(regexp_split_to_array(trim(text_before), '\\s+'))) FILTER (said_so), 0)::BIGINT,
  count(*) FILTER (said_so),
  coalesce(sum(gap_ns) FILTER (gap_ns BETWEEN 0 AND $pause_ns), 0) / 60e9,
  count(*),
  count(*) FILTER (action = '{Action.UNDO}'),
  count(*) FILTER (action = '{Action.TAKE}'),
  count(*) FILTER (action = '{Action.TAKE}' AND undone_soon)
FROM (SELECT *, action = '{Action.SPEAK}' AND in_spoken AND trim(text_before) <> '' AS said_so FROM step)
GROUP BY day ORDER BY day
"""
SLOTS = f"""
SELECT slot, count(*), count(*) FILTER (is_chosen AND action = $take)
FROM shown
WHERE {CHOSEN} AND role = $role AND label <> ''
GROUP BY slot ORDER BY slot
"""


def as_json(told: Stats) -> dict[str, object]:
    """For programs."""
    derived = ("words_a_minute", "selections_a_word", "undo_share", "undone_soon_share")
    days: Iterable[Day] = (*told.days, told.whole)
    return {
        "days": [msgspec.to_builtins(day) | {name: getattr(day, name) for name in derived} for day in days],
        "slots": [msgspec.to_builtins(slot) | {"share": slot.share} for slot in told.slots],
    }
