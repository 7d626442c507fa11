"""`vybor-workshop dataset`: its grammar, and what it prints."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import os
import sys
from collections.abc import Callable

from vybor.foundation.progress import on_stderr
from vybor_workshop import meant

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
SHOWN, LEAST = 6, 30


def _arguments(parser: argparse.ArgumentParser) -> None:
    meant.kit_argument(parser)
    parser.add_argument("--dry-run", action="store_true", help="tell all of it, and keep nothing")
    parser.add_argument(
        "--show", type=meant.count, default=SHOWN, metavar="N", help="so many examples are shown (%(default)s)"
    )
    parser.add_argument(
        "--least",
        type=meant.count,
        default=LEAST,
        metavar="N",
        help="refuse with fewer different sentences than this (%(default)s); some 200 are worth a training",
    )
    meant.base_arguments(
        parser, "the base: a name out of models/recipes, or a recipe's path; else what the kit writes with"
    )
    meant.data_argument(parser)
    meant.home_argument(parser)


def _dataset(parsed: Parsed) -> int:
    from vybor_workshop.dataset import growing, told
    from vybor_workshop.dataset.making import Split, TooFew

    home, data = parsed.home.absolute(), meant.data_of(parsed)
    kit = meant.kit_of(parsed, data)
    base = growing.base_for(data, kit, parsed.recipe, parsed.cache, on_stderr, meant.given_of(parsed))
    called = meant.called(kit, home)
    try:
        ready = growing.ready(data, home, kit, base, Split(least=parsed.least), on_stderr)
    except TooFew as few:
        print(f"kit {called}: {few.tally.rows} choices")
        for line in told.left_out(few.tally):
            print(line)
        raise
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")  # https://no-color.org
    for line in told.lines(ready, parsed.show, called, colour=colour):
        print(line)
    print()
    if parsed.dry_run:
        print("nothing was kept: this was a dry run")
    else:
        grown = growing.keep(ready, home, data)
        print(f"kept as growth {grown.name} of {called}: {grown.folder}")
    return 0


ROWS: tuple[Row, ...] = (
    (
        ("dataset",),
        "make examples of what a kit wrote: what its model may learn from, what not and why, and for how long",
        _dataset,
        _arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
