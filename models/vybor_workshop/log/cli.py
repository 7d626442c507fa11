"""`vybor-workshop log …`: what kits wrote, as lines, figures, pictures and files."""

import argparse
import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.progress import on_stderr
from vybor_workshop import meant
from vybor_workshop.meant import WrongUse
from vybor_workshop.places import default_home
from vybor_workshop.said import without_password

if TYPE_CHECKING:
    import duckdb

    from vybor_workshop.log.data_set import DataSet, RowFile

Parsed = argparse.Namespace
NO_DAY = "unknown"
"""Of rows that do not tell one."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        default="",
        metavar="URL",
        help="where the rows are: a folder, or s3://BUCKET/PATH (your own folder)",
    )
    parser.add_argument(
        "--kit", default="", metavar="KIT", help="of this kit alone: its name, or the beginning of its number"
    )
    parser.add_argument(
        "--day", default="", type=_day, metavar="YYYY-MM-DD", help="of this day alone, by the kit's calendar"
    )


def _mask_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mask",
        action="store_true",
        help="without names, numbers and addresses; it goes by letters alone: read it before you hand it on",
    )


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    _mask_argument(parser)


def _stats_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def _plot_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for pictures and page")
    meant.language_argument(parser, "page and pictures are")


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument(
        "--format",
        choices=("jsonl", "parquet", "txt"),
        required=True,
        help="jsonl: rows as kits tell them; parquet: a file a view; txt: what was spoken",
    )
    parser.add_argument(
        "--out", type=Path, metavar="PATH", help="the file, or for parquet the folder; without it, stdout"
    )
    _mask_argument(parser)


def _views_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default="", metavar="URL", help="where the rows are (your own folder)")


def _reading(run: Callable[[Parsed], int]) -> Callable[[Parsed], int]:
    """Run what reads rows; a file that is damaged in its middle is only found out then. Raises PlaceError."""

    def reading(parsed: Parsed) -> int:
        import duckdb  # noqa: PLC0415  (which no other command needs)

        try:
            return run(parsed)
        except duckdb.Error as error:
            told = str(error).partition("\n")[0]
            raise PlaceError(
                f"{without_password(parsed.data) or 'the data set'} cannot be read ({told}); put back the file "
                "that is damaged from a copy"
            ) from None

    return reading


def _show(parsed: Parsed) -> int:
    from vybor_workshop.log import told  # noqa: PLC0415  (duckdb and pyarrow, which no other command needs)

    data, rows, kits = _opened(parsed)
    days = [each for each in told.days_of(rows, kits) if parsed.day in ("", each[1])]
    if not days:
        if not parsed.day or not told.days_of(rows, kits):
            raise Missing(f"{data.called} has no rows; fetch some with `vybor-workshop sync`")
        raise Missing(f"{data.called} has no rows of that day; `vybor-workshop log stats` lists the days")
    newest = dict(days)
    with _as_wished(parsed, data, rows, kits, lambda file: newest.get(file.kit) == file.day) as (_, shown):
        home = default_home(os.environ)
        for kit, day in newest.items():
            for line in told.day_lines(shown, kit, day, meant.called(kit, home)):
                print(line)
    return 0


def _stats(parsed: Parsed) -> int:
    from vybor_workshop.log import stats, told  # noqa: PLC0415

    _, rows, kits = _opened(parsed)
    found = stats.stats(rows, kits, parsed.day)
    print(json.dumps(stats.as_json(found), indent=1) if parsed.json else "\n".join(told.stats_lines(found)))
    return 0


def _plot(parsed: Parsed) -> int:
    from vybor_workshop.log import plots, stats, words  # noqa: PLC0415  (matplotlib)

    data, rows, kits = _opened(parsed)
    found = stats.stats(rows, kits, parsed.day)
    if not found.days:
        raise Missing(f"{data.called} has no rows to draw; fetch some with `vybor-workshop sync`")
    home, tongue = default_home(os.environ), words.LANGUAGES[parsed.language]
    called = [meant.called(kit, home) for kit in kits]
    of = plots.of(called, found.days[0].day, found.days[-1].day, tongue)
    for path in plots.save(parsed.out, found, of, tongue):
        print(path)
    return 0


def _export(parsed: Parsed) -> int:
    from vybor_workshop.log import export  # noqa: PLC0415

    data, rows, kits = _opened(parsed)
    if parsed.format == "parquet" and parsed.out is None:
        raise WrongUse("--format parquet needs a folder to write to; name one with --out")
    with _as_wished(parsed, data, rows, kits, lambda file: parsed.day in ("", file.day)) as (told, shown):
        if parsed.format == "parquet":
            print("\n".join(map(str, export.parquet(shown, kits, parsed.day, parsed.out))))
            return 0
        lines = (
            export.json_lines(told, kits, parsed.day)
            if parsed.format == "jsonl"
            else export.sentences(shown, kits, parsed.day)
        )
        with export.sink(parsed.out) as sink:
            for line in lines:
                sink.write(line + "\n")
    return 0


@contextlib.contextmanager
def _as_wished(
    parsed: Parsed,
    data: "DataSet",
    rows: "duckdb.DuckDBPyConnection",
    kits: Sequence[str],
    wanted: "Callable[[RowFile], bool]",
) -> "Iterator[tuple[DataSet, duckdb.DuckDBPyConnection]]":
    """The data set and its rows; with --mask without names, as far as they are wanted. Raises PlaceError."""
    if not parsed.mask:
        yield data, rows
        return
    from vybor_workshop.log import masked, stats, views  # noqa: PLC0415

    with masked.masked(data, kits, wanted, on_stderr) as hidden, views.connect(hidden) as shown:
        stats.add_outcomes(shown, of=rows)
        yield hidden, shown


def _views(parsed: Parsed) -> int:
    from vybor_workshop.log import data_set, views  # noqa: PLC0415

    data = data_set.opened(parsed.data, os.environ)
    print("\n".join(views.statements(data, views.kinds(data))))
    return 0


def _opened(parsed: Parsed) -> "tuple[DataSet, duckdb.DuckDBPyConnection, Sequence[str]]":
    """The data set, its rows with what became of them, and the kits that are meant. Raises VyborError."""
    from vybor_workshop.log import data_set, stats, views  # noqa: PLC0415

    data = data_set.opened(parsed.data, os.environ)
    data.check_there()
    home = default_home(os.environ)
    kits = [meant.kit_in(data, parsed.kit, home)] if parsed.kit else data.kits()
    rows = views.connect(data)
    stats.add_outcomes(rows)
    return data, rows, kits


def _day(text: str) -> str:
    if not text or text == NO_DAY:
        return text
    try:
        found = date.fromisoformat(text).isoformat()
    except ValueError:
        found = ""
    if found != text:  # it takes 20260228, too
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-02-28")
    return text


ROWS: Sequence[tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]] = (
    (
        ("log", "show"),
        "show a day choice by choice, the newest if none is named: what was done, and what became of it",
        _reading(_show),
        _show_arguments,
    ),
    (
        ("log", "stats"),
        "words a minute, selections a word, undo, by day; how often words were taken, by place",
        _reading(_stats),
        _stats_arguments,
    ),
    (
        ("log", "plot"),
        "draw these figures as pictures, and as one page that needs nothing beside itself",
        _reading(_plot),
        _plot_arguments,
    ),
    (
        ("log", "export"),
        "write the rows as JSON lines or Parquet, or what was spoken as text",
        _reading(_export),
        _export_arguments,
    ),
    (
        ("log", "views"),
        "print the SQL of the views, for the duckdb program: decisions, utterances, deletions, shown",
        _views,
        _views_arguments,
    ),
)
