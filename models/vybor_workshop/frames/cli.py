"""`vybor-workshop frames train` and `frames measure`: their grammar, and what they print."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.progress import on_stderr
from vybor_workshop import meant
from vybor_workshop.meant import WrongUse, amount, count, positive

if TYPE_CHECKING:
    from vybor_workshop.frames.kept import Made
    from vybor_workshop.retrain.preparing import How
    from vybor_workshop.retrain.wishes import Training

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]


RECIPE = "smollm2-135m"
"""The model that a kit starts with."""


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--text",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="text files, one sentence a line, whose licence allows it; they are read where they lie; 500 "
        "different sentences that the kit could offer are needed at least",
    )
    parser.add_argument(
        "--language", default="en", metavar="LANGUAGE", help="en or ru; the base must know it (en)"
    )
    parser.add_argument(
        "--most", type=positive, metavar="N", help="sentences to learn from, at most: time grows with them (all)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--dry-run", action="store_true", help="say what would be learned from, what not and why; keep nothing"
    )
    how.add_argument("--resume", action="store_true", help="go on with the newest one, which was not finished")
    parser.add_argument("--seed", type=count, metavar="N", help="of all dice: the same makes the same adapter (1)")
    parser.add_argument(
        "--epochs", type=amount, metavar="N", help="times through all sentences, at most: others end it (2)"
    )
    parser.add_argument("--learning-rate", type=amount, metavar="RATE", help="at its height (0.001)")
    parser.add_argument("--rank", type=positive, metavar="N", help="of the adapter: its size grows with it (8)")
    _threads(parser)
    _base(parser)
    _home(parser)


def _measure_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--frames", default="", metavar="NUMBER", help="which adapter, by its number; without it the newest"
    )
    parser.add_argument(
        "--sentences", type=positive, metavar="N", help="of those kept back, so many; less is sure then (200)"
    )
    parser.add_argument("--minutes", type=amount, metavar="N", help="begin no other sentence after so long (60)")
    _threads(parser)
    _base(parser)
    _home(parser)


def _threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads", type=positive, metavar="N", help="to work on (the cores of this machine, 8 at most)"
    )


def _base(parser: argparse.ArgumentParser) -> None:
    meant.base_arguments(parser, "the base, by its recipe's name or path (smollm2-135m)")


def _home(parser: argparse.ArgumentParser) -> None:
    meant.home_argument(parser, "keys, kits and what was trained")


def _train(parsed: Parsed) -> int:
    from vybor_workshop.frames import kept, training

    if bool(parsed.text) == parsed.resume:
        raise WrongUse("name text files with --text, or go on with --resume: one of the two")
    home, how = parsed.home.absolute(), _how(parsed)
    changed = {name: wish for name in training.CHANGED if (wish := getattr(parsed, name)) is not None}
    wanted = training.Wanted(
        texts=tuple(parsed.text), language=parsed.language, recipe=parsed.recipe or RECIPE, most=parsed.most or 0
    )
    if parsed.resume:
        made = kept.named(home, "")
        with kept.alone(home):
            return _told(made, training.train(made, changed, how, on_stderr), parsed)
    found = training.ready(wanted, changed, how, on_stderr)
    tell: Callable[[str], None] = print if parsed.dry_run else on_stderr
    for line in training.told(found.card):
        tell(line)
    training.check_enough(found, wanted.texts)
    if parsed.dry_run:
        print("nothing was kept: this was a dry run")
        return 0
    training.prepare(home, wanted, changed, how, on_stderr)
    with kept.alone(home):
        made = training.begin(home, found)
        return _told(made, training.train(made, changed, how, on_stderr), parsed)


def _told(made: "Made", trained: "Training", parsed: Parsed) -> int:
    """Say what came of a training."""
    from vybor_workshop.retrain import torch

    if came := trained.outcome:
        gained = f"; other sentences {came.early_before:.3f} -> {came.best_early:.3f} nats a token"
        gained = gained if came.best_early and came.early_before else ""
        print(f"the adapter {made.name} is trained, {came.steps} steps in {came.seconds:.0f} s{gained}")
    print(torch.shown_by(made.runs, parsed.cache, on_stderr))
    print("`vybor-workshop frames measure` says what it is worth")
    return 0


def _measure(parsed: Parsed) -> int:
    from vybor_workshop.frames import kept, worth

    made = kept.named(parsed.home.absolute(), parsed.frames)
    wish = worth.Wish(parsed.sentences, parsed.minutes, parsed.threads)
    measured = worth.measure(made, _how(parsed), wish, on_stderr)
    for line in worth.told(measured):
        print(line)
    return 0


def _how(parsed: Parsed) -> "How":
    from vybor_workshop.retrain.preparing import How

    given = meant.given_of(parsed)
    return How(cache=parsed.cache, recipe=parsed.recipe, given=given, resume=getattr(parsed, "resume", False))


ROWS: tuple[Row, ...] = (
    (
        ("frames", "train"),
        "train an adapter that makes sentences from key words, on any text with one sentence a line",
        _train,
        _train_arguments,
    ),
    (
        ("frames", "measure"),
        "measure how often the sentence that was meant is offered, with that adapter and without",
        _measure,
        _measure_arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
