"""`vybor-workshop personal fit`: its grammar, and what it prints."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.progress import on_stderr
from vybor_workshop import meant

if TYPE_CHECKING:
    from vybor.generator.network.bundle import Bundle
    from vybor_workshop.log.data_set import DataSet
    from vybor_workshop.personal.fitting import Found, Place
    from vybor_workshop.personal.record import Record

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
PARTS = ("interest", "counts", "signs")
NOT_SURE = 1
"""The exit code where a rule does not hold."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    meant.kit_argument(parser)
    parser.add_argument(
        "--part",
        choices=PARTS,
        help="interest: how what was taken and looked at moves the model's words; counts: what the person's own "
        "words weigh beside the list, and which of their pairs and triples are let go; signs: what their blinks "
        "and clenches are like, and how far to believe them; without it, all of them",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="DIR",
        help="for interest: the bundle that the kit has; else that of the recipe that it writes with, built if "
        "need be",
    )
    meant.base_arguments(parser, "for interest: the recipe of that model, where it is a file of your own")
    parser.add_argument("--words", type=Path, metavar="FILE", help="the kit's word list; else one that is built")
    meant.data_argument(parser)
    meant.home_argument(parser)


def _fit(parsed: Parsed) -> int:
    from vybor_workshop.personal import record
    from vybor_workshop.personal.fit import TooLittle
    from vybor_workshop.personal.fitting import Place

    home, data = parsed.home.absolute(), meant.data_of(parsed)
    kit = meant.kit_of(parsed, data)
    told = record.read(data, home, kit, on_stderr)
    place = Place(home, data)
    if parsed.part:
        return _one(parsed, parsed.part, told, place)
    codes = []
    for part in PARTS:
        try:
            codes.append(_one(parsed, part, told, place))
        except TooLittle as error:  # for the other there may be enough
            on_stderr(str(error))
            codes.append(error.exit_code)
    return min(codes)


def _one(parsed: Parsed, part: str, record: "Record", place: "Place") -> int:
    found = {"interest": _interest, "counts": _counts, "signs": _signs}[part](parsed, record, place)
    for line in lines(found):
        print(line)
    return 0 if found.fit.passes else NOT_SURE


def _interest(parsed: Parsed, record: "Record", place: "Place") -> "Found":
    from vybor_workshop.personal import fitting

    bundle = _bundle(parsed, record, place.data)
    return fitting.fit_interest(record, bundle, lambda language: _words(parsed, language), place, on_stderr)


def _counts(parsed: Parsed, record: "Record", place: "Place") -> "Found":
    from contextlib import closing

    from vybor.instant.tier import WordList
    from vybor_workshop.personal import fitting

    with closing(WordList.open(_words(parsed, record.language))) as words:
        return fitting.fit_counts(record, words, place, on_stderr)


def _signs(parsed: Parsed, record: "Record", place: "Place") -> "Found":
    from vybor_workshop.personal import fitting

    return fitting.fit_signs(record, place)


def _bundle(parsed: Parsed, record: "Record", data: "DataSet") -> "Bundle":
    """The model that is named, else the one that the kit writes with."""
    from vybor.generator.network.bundle import open_bundle
    from vybor_workshop.dataset import growing, reading
    from vybor_workshop.model import build, recipe

    if parsed.model:
        return open_bundle(parsed.model)
    with reading.opened(data) as rows:
        worn = growing.recipe_of(reading.newest_model(rows, record.kit), recipe.names())
    wanted = recipe.load(parsed.recipe or worn or growing.DEFAULT)
    return open_bundle(build.build(wanted, parsed.cache, None, on_stderr, meant.given_of(parsed)))


def _words(parsed: Parsed, language: str) -> Path:
    from vybor_workshop import words

    named: Path | None = parsed.words
    return named or words.build(None, parsed.cache, on_stderr, language)


def lines(found: "Found") -> Iterator[str]:
    """The numbers, each figure, each rule, and what comes of it."""
    from vybor_workshop.personal import words

    fit = found.fit
    yield from words.number_lines(fit.kind, found.numbers)
    yield ""
    yield from words.figure_lines(fit.figures)
    yield ""
    yield from (words.rule_line(rule) for rule in fit.rules)
    yield ""
    yield str(found.where.folder)
    yield words.outcome(fit, found.where.name)


ROWS: tuple[Row, ...] = (
    (
        ("personal", "fit"),
        "fit numbers of one person to their record and judge them on its later part: how interest moves words, "
        "what their own counts weigh, and what their signs are like; exit code 0 if any may be published, 1 if "
        "nothing sure was found",
        _fit,
        _arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
