"""`vybor-workshop evaluate`: its grammar, and what it prints."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.progress import on_stderr
from vybor_workshop import meant

if TYPE_CHECKING:
    from vybor_workshop.evaluate.evaluating import Chosen
    from vybor_workshop.growth import Growth
    from vybor_workshop.log.data_set import DataSet

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
SENTENCES, THREADS = 40, 2


def growth_arguments(parser: argparse.ArgumentParser) -> None:
    """Which growth of which kit."""
    meant.kit_argument(parser)
    parser.add_argument("--growth", default="", metavar="NUMBER", help="which of its growths; else the newest")
    meant.data_argument(parser)
    meant.home_argument(parser)


def found(parsed: Parsed) -> "tuple[Growth, DataSet]":
    """The growth that is meant, and the data set. Raises VyborError."""
    from vybor_workshop import growth

    data = meant.data_of(parsed)
    return growth.named(parsed.home.absolute(), meant.kit_of(parsed, data), parsed.growth), data


def _arguments(parser: argparse.ArgumentParser) -> None:
    growth_arguments(parser)
    parser.add_argument(
        "--against",
        default="",
        metavar="NUMBER",
        help="the growth before it, or `factory`; else the one that was published last before it",
    )
    parser.add_argument(
        "--sentences",
        type=meant.positive,
        default=SENTENCES,
        metavar="N",
        help="so many sentences are written again under each model, the newest (%(default)s); besides, always 20 "
        "texts of other people: the time goes there",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="DIR",
        help="the bundle that the kit has; else the recipe's, built if need be",
    )
    meant.base_arguments(parser, meant.OWN_RECIPE)
    parser.add_argument("--words", type=Path, metavar="FILE", help="the kit's word list; else one that is built")
    parser.add_argument("--others", type=Path, metavar="FILE", help="other people's text, one a line")
    parser.add_argument("--general", type=Path, metavar="FILE", help="general text, one a line")
    parser.add_argument(
        "--names",
        type=Path,
        metavar="FILE",
        help="names that may stand on an empty line, one a line (names.txt beside the growths, if it is there)",
    )
    parser.add_argument(
        "--private",
        type=Path,
        metavar="FILE",
        help="what must never stand there, one a line (private.txt beside the growths, if it is there)",
    )
    parser.add_argument(
        "--threads", type=meant.positive, default=THREADS, metavar="N", help="cores of the model (%(default)s)"
    )
    meant.language_argument(parser, "the page and its pictures are")


def _evaluate(parsed: Parsed) -> int:
    from vybor.foundation.clock import SystemClock
    from vybor_workshop.evaluate import evaluating, page

    growth, data = found(parsed)
    evaluating.check(growth, parsed.home.absolute(), data)
    evaluating.check_unpublished(growth)
    chosen = _chosen(parsed, growth, data)
    evaluated = evaluating.evaluate(chosen, SystemClock(), on_stderr)
    for line in page.lines(evaluated.evaluation, chosen.called):
        print(line)
    for leak in evaluated.leaks:  # here alone: nothing that is kept quotes the person
        on_stderr(f"an empty line gave away “{leak.said}” ({leak.tier}; {leak.why})")
    print(growth.page)
    return 0


def _chosen(parsed: Parsed, growth: "Growth", data: "DataSet") -> "Chosen":
    from vybor_workshop import words
    from vybor_workshop.dataset import card
    from vybor_workshop.evaluate import evaluating, texts
    from vybor_workshop.evaluate import words as tongues
    from vybor_workshop.model import build, recipe

    language = evaluating.language_of(growth)
    wanted = parsed.recipe or card.read(growth.dataset).recipe
    made_for = recipe.load(wanted) if parsed.model is None else None
    given = meant.given_of(parsed)
    bundle = build.build(made_for, parsed.cache, None, on_stderr, given) if made_for else parsed.model
    beside, home = growth.folder.parent, parsed.home.absolute()
    others, general = parsed.others, parsed.general
    before = evaluating.predecessor_of(home, growth, data, parsed.against)
    return evaluating.Chosen(
        growth=growth,
        predecessor=before,
        before_knew=before is not None and evaluating.knew(before, growth, home, data),
        bundle=evaluating.bundle_for(bundle),
        words=parsed.words or words.build(None, parsed.cache, on_stderr, language),
        others=texts.of_file(others) if others else texts.others(language, parsed.cache, on_stderr),
        general=texts.of_file(general) if general else texts.general(language),
        listed=evaluating.folded(evaluating.list_of(parsed.names, beside / "names.txt")),
        private=evaluating.list_of(parsed.private, beside / "private.txt"),
        threads=parsed.threads,
        most_written=parsed.sentences,
        called=meant.called(growth.kit, home),
        tongue=tongues.LANGUAGES[parsed.language],
    )


ROWS: tuple[Row, ...] = (
    (
        ("evaluate",),
        "measure what a trained model is worth to its person, beside the factory model and the one before, and "
        "whether an empty line gives anything away; writes figures, a page and a model card; ended in its midst, "
        "the same command goes on from there",
        _evaluate,
        _arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
