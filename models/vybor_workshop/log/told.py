"""Rows and figures as lines of text."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import duckdb

from vybor.contracts.messages import Action
from vybor_workshop.log import places
from vybor_workshop.log.stats import Day, Slot, Stats
from vybor_workshop.said import printable

NOTHING = "-"


class Chosen(NamedTuple):
    """What is told of a decision."""

    kept_at: str
    action: str
    slot: int
    channel: str | None
    alone: float | None
    """The posterior by eyes and body."""
    before: str
    after: str
    written: str
    said: str
    undone_soon: bool
    edited: bool
    in_spoken: bool


COLUMNS = """kept_at, action, slot, evidence.channel, evidence.posterior_without_prior, text_before, text_after,
written, said, undone_soon, edited, in_spoken"""


def days_of(rows: duckdb.DuckDBPyConnection, kits: Sequence[str]) -> list[tuple[str, str]]:
    """Kit and day of whatever there is, in order."""
    asked = "SELECT DISTINCT kit, day FROM decisions WHERE list_contains($kits, kit) ORDER BY kit, day"
    return [(kit, day) for kit, day in rows.execute(asked, {"kits": list(kits)}).fetchall()]


def written_on(first: str, last: str) -> str:
    """From one day to another, or on one alone."""
    return f"on {first}" if first == last else f"{first} to {last}"


def day_lines(rows: duckdb.DuckDBPyConnection, kit: str, day: str, called: str) -> Iterator[str]:
    """One day of a kit, choice by choice. `called`: how the owner calls it."""
    yield f"{called} {day}"
    asked = (
        f"SELECT {COLUMNS} FROM decisions JOIN outcomes USING (kit, boot, sequence)"
        " WHERE kit = $kit AND day = $day ORDER BY boot, sequence"
    )
    rows.execute(asked, {"kit": kit, "day": day})
    while some := rows.fetchmany(500):
        yield from (choice_line(Chosen(*each)) for each in some)


def choice_line(chosen: Chosen) -> str:
    """Time, what was done where and by which way, what came of it, and what became of that."""
    alone = f"{chosen.alone:4.0%}" if chosen.alone is not None else "   -"
    later = [told for told, holds in (("undone", chosen.undone_soon), ("changed later", chosen.edited)) if holds]
    became = f"  ({', '.join(later)})" if later else ""
    time = chosen.kept_at[11:19] or "??:??:??"
    way = f"{chosen.action:<7} {chosen.slot:>2}  {chosen.channel or NOTHING:<12} {alone}"
    return f"{time}  {way}  {_did(chosen)}{became}".rstrip()


def _did(chosen: Chosen) -> str:
    if chosen.action == Action.SPEAK:
        taken_back = "" if chosen.in_spoken or not chosen.before else ", taken back"
        return f"said: {printable(chosen.said or chosen.before)}{taken_back}"
    if chosen.written:
        return f"+ {printable(chosen.written.strip())}"
    return f"= {printable(chosen.after) or '(nothing)'}" if chosen.after != chosen.before else ""


def stats_lines(told: Stats) -> Iterator[str]:
    """By day, and by place on the screen."""
    if not told.days:
        yield "there are no rows yet"
        return
    yield from table(DAY_HEADINGS, [day_cells(day) for day in (*told.days, told.whole)])
    yield ""
    yield from table(SLOT_HEADINGS, [slot_cells(slot) for slot in told.slots])
    yield f"days are the kit's own; {places.WORDS}"


DAY_HEADINGS = (
    "day",
    "sentences",
    "words",
    "minutes",
    "words a minute",
    "selections a word",
    "undo",
    "undone in 30 s",
)
SLOT_HEADINGS = ("slot", "words shown", "taken", "share")


def day_cells(day: Day) -> list[str]:
    """A day's figures."""
    return [
        day.day,
        str(day.sentences),
        str(day.words),
        f"{day.minutes:.1f}",
        _number(day.words_a_minute, ".1f"),
        _number(day.selections_a_word, ".2f"),
        _number(day.undo_share, ".1%"),
        _number(day.undone_soon_share, ".1%"),
    ]


def slot_cells(slot: Slot) -> list[str]:
    """A slot's figures; places are counted as the record counts them."""
    return [str(slot.slot), str(slot.shown), str(slot.taken), f"{slot.share:.1%}"]


def table(headings: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need; figures stand to the right."""
    lines = [headings, *cells]
    widths = [max(len(line[at]) for line in lines) for at in range(len(headings))]
    for line in lines:
        first, *others = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join((first, *others)).rstrip()


def _number(value: float | None, form: str) -> str:
    return NOTHING if value is None else format(value, form)
