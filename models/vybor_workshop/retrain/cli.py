"""`vybor-workshop retrain`: its grammar, and what it prints."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable

from vybor.foundation.progress import on_stderr
from vybor_workshop import meant
from vybor_workshop.meant import WrongUse, amount, count, positive
from vybor_workshop.retrain.trainer.given import Objective

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
CHANGED = ("objective", "seed", "epochs", "learning_rate", "rank", "processes", "threads")
"""The options that are wishes."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    meant.kit_argument(parser, meant.EXAMPLES)
    parser.add_argument(
        "--growth",
        default="",
        metavar="NUMBER",
        help="which examples, by their number; without it the newest",
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on from the last whole checkpoint")
    again.add_argument("--afresh", action="store_true", help="throw away what was begun, and begin anew")
    parser.add_argument(
        "--persons",
        nargs="*",
        metavar="KIT",
        help="of a clinic: make the examples of these kits, or of all in the data set, and train one each, "
        "as many at once as there are cores for (Ray, in an environment of its own)",
    )
    parser.add_argument(
        "--ray", default="", metavar="ADDRESS", help="of a Ray cluster for --persons; else this machine is one"
    )
    meant.data_argument(parser)
    _wishes(parser)
    meant.base_arguments(parser, meant.OWN_RECIPE)
    meant.home_argument(parser)


def _wishes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--objective",
        choices=[objective.value for objective in Objective],
        metavar="sft|listwise",
        help="sft: the text that was truly taken (so it is without this); listwise: which of the words that were "
        "seen was chosen, too: an experiment",
    )
    parser.add_argument("--seed", type=count, metavar="N", help="of all dice: the same makes the same adapter (1)")
    parser.add_argument(
        "--epochs",
        type=amount,
        metavar="N",
        help="times through all examples, at most: what was said later ends it (3)",
    )
    parser.add_argument("--learning-rate", type=amount, metavar="RATE", help="at its height (0.001)")
    parser.add_argument("--rank", type=positive, metavar="N", help="of the adapter: its size grows with it (4)")
    parser.add_argument(
        "--processes",
        type=positive,
        metavar="N",
        help="that train together, one a graphics card if there are any (1)",
    )
    parser.add_argument(
        "--threads",
        type=positive,
        metavar="N",
        help="of each process (the cores of this machine, 8 at most; 2 with --persons)",
    )


def _retrain(parsed: Parsed) -> int:
    return _one(parsed) if parsed.persons is None else _many(parsed)


def _many(parsed: Parsed) -> int:
    from vybor_workshop.model.recipe import anywhere as recipe_anywhere
    from vybor_workshop.places import anywhere
    from vybor_workshop.retrain import clinic
    from vybor_workshop.retrain.wishes import THREADS

    _check_many(parsed)
    home = parsed.home.absolute()
    data = meant.data_of(parsed)
    kits = sorted({meant.kit_of(parsed, data, name) for name in parsed.persons or data.kits() or [""]})
    threads = parsed.threads or THREADS
    wished = {name: getattr(parsed, name) for name in CHANGED} | {"threads": threads}
    source = parsed.source and parsed.source.absolute()
    base = [*_option("recipe", recipe_anywhere(parsed.recipe)), *_option("source", source)]
    told = clinic.Clinic(
        data=anywhere(data.url),
        home=home,
        cache=parsed.cache.absolute(),
        address=parsed.ray,
        threads=threads,
        base=(*base, *(["--accept-terms"] if parsed.accept_terms else [])),
        wishes=tuple(word for name, wish in wished.items() for word in _option(name, wish)),
    )
    ended = clinic.train(told, kits, on_stderr)
    for kit in kits:
        print(clinic.told(ended[kit]))
    return next((int(ended[kit]["code"]) for kit in kits if ended[kit]["code"]), 0)


def _check_many(parsed: Parsed) -> None:
    """Raise WrongUse for what says something of one kit alone."""
    of_one = {"KIT": parsed.kit, "--growth": parsed.growth, "--resume": parsed.resume, "--afresh": parsed.afresh}
    if odd := [name for name, told in of_one.items() if told]:
        raise WrongUse(f"{' and '.join(odd)} cannot go with --persons; train that kit by itself")


def _option(name: str, value: object) -> list[str]:
    return [f"--{name.replace('_', '-')}", str(value)] if value not in (None, "") else []


def _one(parsed: Parsed) -> int:
    from vybor_workshop.retrain import choosing, refusing, retraining, torch
    from vybor_workshop.retrain.preparing import How

    home = parsed.home.absolute()
    growth = choosing.growth_of(home, parsed.kit, parsed.growth)
    refusing.check_fresh(growth, home, meant.data_of(parsed))
    changed = {name: getattr(parsed, name) for name in CHANGED if getattr(parsed, name) is not None}
    changed |= {"objective": Objective(parsed.objective)} if parsed.objective else {}
    given = meant.given_of(parsed)
    how = How(cache=parsed.cache, recipe=parsed.recipe, given=given, resume=parsed.resume, afresh=parsed.afresh)
    training = retraining.retrain(growth, changed, how, on_stderr)
    if came := training.outcome:
        gained = (
            f"; later sentences {came.early_before:.3f} -> {came.best_early:.3f} nats a token"
            if came.best_early
            else ""
        )
        print(
            f"growth {growth.name} of {growth.kit} is trained, {came.steps} steps in {came.seconds:.0f} s{gained}"
        )
    print(torch.shown_by(growth.runs, parsed.cache, on_stderr))
    print(growth.adapter)
    return 0


ROWS: tuple[Row, ...] = (
    (
        ("retrain",),
        "train an adapter on the examples of a kit: on this machine, in an environment of its own with torch",
        _retrain,
        _arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
