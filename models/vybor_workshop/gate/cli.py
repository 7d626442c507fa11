"""`vybor-workshop gate`: its grammar, and what it prints."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from vybor_workshop.evaluate.cli import found, growth_arguments
from vybor_workshop.gate.rules import BY_NAME, RULES

if TYPE_CHECKING:
    from vybor_workshop.gate.judging import Judged
    from vybor_workshop.gate.keeping import Verdict

Parsed = argparse.Namespace
Row = tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]
CLOSED = 1
"""The exit code where a rule does not hold."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    growth_arguments(parser)
    parser.add_argument(
        "--override",
        action="append",
        type=_rule,
        default=[],
        metavar="RULE",
        help="let this rule not hold, by its name (they stand below); may be given again for another one; it is "
        "written down",
    )
    parser.add_argument("--because", default="", metavar="TEXT", help="why, written down beside it")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(("rules:", *(f"  {rule.name:<20}  {rule.says}" for rule in RULES)))


def _rule(name: str) -> str:
    if name not in BY_NAME:
        raise argparse.ArgumentTypeError(f"there is no rule {name}; there are: {', '.join(BY_NAME)}")
    return name


def _gate(parsed: Parsed) -> int:
    from vybor_workshop.gate import keeping

    growth, data = found(parsed)
    verdict = keeping.judge(growth, parsed.home.absolute(), data, parsed.override, parsed.because)
    for line in lines(verdict):
        print(line)
    return 0 if verdict.passes else CLOSED


def lines(verdict: "Verdict") -> Iterator[str]:
    """Each rule, and what it comes to."""
    for rule in verdict.rules:
        yield rule_line(rule)
    if verdict.before_knew:
        yield (
            f"not held against growth {verdict.predecessor:04}, which learned from what is measured with here, or "
            "from what was deleted since"
        )
    failed = [rule.rule for rule in verdict.rules if not (rule.holds or rule.overridden)]
    if failed:
        yield f"growth {verdict.growth:04} may not be published: {', '.join(failed)}"
    else:
        but = f", {', '.join(verdict.overridden)} overridden" if verdict.overridden else ""
        yield f"growth {verdict.growth:04} may be published{but}"


def rule_line(rule: "Judged") -> str:
    """A row of the table."""
    word = "overridden" if rule.overridden else "holds" if rule.holds else "does not hold"
    value = "nothing to measure" if rule.value is None else f"{rule.value:.4g}"
    limit = f"{'at least' if rule.limit.is_least else 'at most'} {rule.limit.value:g}"
    return f"{word:<13}  {rule.rule:<20} {value:>18}  {limit:<15} against {rule.against:<12} {rule.says}"


ROWS: tuple[Row, ...] = (
    (
        ("gate",),
        "judge whether a trained model may be published: rules on its figures, against the factory model, the one "
        "before, and all losses so far; exit code 0 if it may, 1 if a rule does not hold",
        _gate,
        _arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
