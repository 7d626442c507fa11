"""`vybor log …`: the wearer's own record, for whoever they ask to look at it: show, export, delete."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from vybor.commands.records import ejecting
from vybor.commands.surroundings import Make, places_of
from vybor.foundation import small_files
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.progress import on_stderr

FORMATS = ("jsonl", "txt", "parquet")
NOT_DELETED = 1
PATIENCE_S = 3600.0
"""All of the record is read for a deletion."""
WHICH = """\
UTTERANCE is `last`, or the name that `vybor log show` has before each sentence (its first letters are enough).
What is deleted is gone: the sentence with all that was chosen for it, the words counted from it, its notes. With
`--everything` what the model learned, the phrases and words that are kept, the looks and how the EEG usually is go
too: the dots come at the next start. What was accepted in a fitting, and what is known of flicker, stays."""
MASKED = """\
--mask hides names (words with a capital letter inside a sentence, and the same words elsewhere), numbers in
digits, and what looks like an address. It goes by letters alone: read what it wrote before you hand it on."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line these commands."""
    whole = make(
        commands,
        "log",
        _show,
        "what was said with the kit: show it, export it, delete it for ever",
        uses=("runtime",),
        example="log delete last",
    )
    whole.set_defaults(day=None, mask=False)
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, show")
    show = make(
        parts,
        "show",
        _show,
        "list the sentences that were spoken: when, the name of each, what",
        uses=("runtime",),
        example="log show --day 2026-02-28",
    )
    _day(show, "only of this day, by the kit's calendar")
    show.add_argument("--mask", action="store_true", help="without names, numbers and addresses")
    export = make(
        parts,
        "export",
        _export,
        "write the record for another program or for somebody to read; private texts stay here",
        uses=("runtime",),
        example="log export --format txt --mask --out said.txt",
        more=MASKED,
    )
    export.add_argument(
        "--format", choices=FORMATS, default="jsonl", help="JSON lines of every row (jsonl), or txt"
    )
    export.add_argument("--mask", action="store_true", help="without names, numbers and addresses")
    export.add_argument("--out", type=Path, metavar="FILE", help="where to; otherwise to standard output")
    delete = make(
        parts,
        "delete",
        _delete,
        "delete a sentence, a day or everything, to the last byte, after a question",
        uses=("runtime",),
        example="log delete --day 2026-02-28",
        more=WHICH,
    )
    delete.add_argument("utterance", nargs="?", metavar="UTTERANCE", help="which sentence")
    _day(delete, "all that was chosen on this day, by the kit's calendar")
    delete.add_argument("--everything", action="store_true", help="all that was ever chosen")
    delete.add_argument("--yes", action="store_true", help="do not ask whether that is meant")
    delete.set_defaults(refuse=delete.error)
    ejecting.add_to(parts, make)


def _day(command: argparse.ArgumentParser, explained: str) -> None:
    command.add_argument("--day", type=_date, metavar="YYYY-MM-DD", help=explained)


def _date(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed} is no day; name one like 2026-02-28") from None


def _show(parsed: argparse.Namespace) -> int:
    from vybor.commands import asking
    from vybor.commands.records import rows

    with asking.reached("journal", "log", places_of(parsed).runtime, SystemClock()) as journal:
        said = [one for _, row in rows.kept(journal) if (one := rows.said_in(row))]
    shown = list(rows.lines(rows.masked(said) if parsed.mask else said, parsed.day or ""))
    print("\n".join(shown) or (f"nothing was said on {parsed.day}" if parsed.day else "nothing was said yet"))
    return 0


def _export(parsed: argparse.Namespace) -> int:
    from vybor.commands import asking
    from vybor.commands.records import rows

    if parsed.format == "parquet":
        raise Missing(
            "Parquet is written on the workstation, where the record is synced: `vybor-workshop log export`"
        )
    with asking.reached("journal", "log", places_of(parsed).runtime, SystemClock()) as journal:
        if parsed.format == "jsonl":
            written = rows.exported(lambda: rows.kept(journal), is_masked=parsed.mask)
        else:
            found = (rows.said_in(row) for _, row in rows.kept(journal))
            said = [one for one in found if one and not one.is_private]
            shown = rows.masked(said) if parsed.mask else said
            written = (f"{line}\n".encode() for line in rows.lines(shown))
        _put(written, parsed.out)
    return 0


def _put(written: Iterable[bytes], out: Path | None) -> None:
    """Write it as it comes, into a file for its owner alone; if not all of it could be, an older file stays.

    Raises PlaceError.
    """
    if out is None:
        sys.stdout.buffer.writelines(written)
        sys.stdout.flush()
        return
    try:
        if out.exists() and not out.is_file():  # a pipe, say
            with out.open("wb") as opened:
                opened.writelines(written)
        else:
            small_files.write_lines(out, written, 0o600)
    except OSError as error:
        raise PlaceError(f"{out} cannot be written ({error.strerror}); name another file with --out") from None
    print(f"written to {out}", file=sys.stderr)


def _delete(parsed: argparse.Namespace) -> int:
    from vybor.commands.records import delete as log_delete

    named = [bool(parsed.utterance), bool(parsed.day), parsed.everything]
    if sum(named) != 1:
        parsed.refuse("say one thing to delete: last, the name of a sentence, --day, or --everything")
    runtime, clock = places_of(parsed).runtime, SystemClock()
    wish, what = log_delete.wished(parsed.utterance or "", parsed.day or "", runtime, clock)
    if not parsed.yes and not log_delete.is_meant(what, sys.stdin.readline, on_stderr):
        print("nothing was deleted")
        return NOT_DELETED
    print(log_delete.deleted(wish, runtime, clock, on_stderr, PATIENCE_S))
    return 0
