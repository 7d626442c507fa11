"""Every goal beside what was measured, from the figures of one folder; `--run` takes what is not there yet.

A run's figures lie in DIR/NAME.json; those of the project itself in deploy/measured. What is there is not taken
again: remove a file to have it measured anew. The runs, with their options and goals, stand in
deploy/benches/goals.toml.
"""

import argparse
import operator
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from benches import options
from vybor.foundation.errors import Missing

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("goals.toml")
KEPT = ROOT / "deploy/measured"
"""What the project says of itself: deploy/docs/measured.md is made of it."""
RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
NOT_MEASURED = "not measured"
NOT_WHOLE = "(so far)"
MISSED = "**missed** "
PLACE = re.compile(r"\{\w+\}")
CHAPTERS: Mapping[int, str] = {
    2: "From the eyes to the screen",
    3: "Power on, and faults",
    4: "The next words",
    5: "Writing with the eyes",
    6: "Journal and sync",
    7: "The workshop",
    8: "The headband",
    9: "Gaze",
    10: "The carer's page",
    11: "Hours of it",
}
"""By the number of the task that set the goals."""
PAGE = """# What was promised, and what was measured

Every goal beside the figure that was measured, the commit that it was measured at, and the command that measures
it again. Nothing here was measured on a Raspberry Pi or a Jetson; [untried.md](untried.md) says what that leaves
open. This page is made of the files in [deploy/measured](../measured) by `deploy/bench goals --page FILE`;
`deploy/bench goals` prints the same tables."""
TOLD = {"data": "$VYBOR_DATA", "benches": "deploy/benches", "folder": "deploy/measured"}
TOLD |= {"images": "DIR", "labels": "CSV"}
"""Places, as they stand in a command that is shown."""


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bench with its options, and what it has to show."""

    name: str
    issue: int
    bench: str
    goals: dict[str, str]
    options: tuple[str, ...] = ()
    needs: str = ""
    """What it takes that this project does not bring."""
    same: tuple[tuple[str, str], ...] = ()
    """Pairs of figures that have to be equal."""
    why: dict[str, str] = {}
    """What is in the way of figures that may miss their goals."""
    about: dict[str, str] = {}
    """What figures leave out that their names do not say."""


class Measured(msgspec.Struct, frozen=True):
    """What a bench wrote (benches/report.py)."""

    bench: str
    options: tuple[str, ...]
    left: int
    """So much was still to be done."""
    commit: str
    machine: str
    figures: dict[str, float]


class Row(msgspec.Struct, frozen=True):
    """A goal, and what was measured."""

    figure: str
    goal: str
    measured: str
    commit: str
    command: str


def main() -> None:
    """Print the table; with `--run`, measure first what is not there."""
    parser = argparse.ArgumentParser(prog="deploy/bench goals", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "folder", type=Path, metavar="DIR", nargs="?", default=KEPT, help="where NAME.json of each run lies"
    )
    parser.add_argument("--run", action="store_true", help="measure what is not there, one run after another")
    parser.add_argument("--only", metavar="NAME", help="only runs whose name holds this")
    parser.add_argument(
        "--page", type=options.new_file, metavar="FILE", help="write the whole table there as a page instead"
    )
    for name, what in (("images", "pictures of a person who looks at dots"), ("labels", "where they looked")):
        parser.add_argument(f"--{name}", default="", metavar="PATH", help=f"for the run gaze: {what}")
    parsed = parser.parse_args()
    data = os.environ.get("VYBOR_DATA", "")
    places = {"data": data, "benches": str(TABLE.parent), "folder": str(parsed.folder)}
    places |= {"images": parsed.images, "labels": parsed.labels}
    chosen = [run for run in runs(TABLE) if (parsed.only or "") in run.name]
    if not chosen:
        sys.exit(f"bench: no run's name holds '{parsed.only}'; see {TABLE.relative_to(ROOT)}")
    parsed.folder.mkdir(parents=True, exist_ok=True)
    try:
        every = [(run, read(run, parsed.folder)) for run in chosen]  # what cannot be read is said before the hours
        if parsed.run:
            for run in chosen:
                take(run, parsed.folder, places)
            every = [(run, read(run, parsed.folder)) for run in chosen]
    except Missing as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    if parsed.page:
        parsed.page.write_text(page(every), encoding="utf-8")
    else:
        print("\n".join(table(every)))


def runs(table: Path) -> list[Run]:
    """All runs, in the order of their issues. Raises Missing for a table that cannot be understood."""
    try:
        return msgspec.convert(tomllib.loads(table.read_text(encoding="utf-8"))["run"], list[Run])
    except (KeyError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Missing(f"{table} cannot be read ({error}); take it from the repository") from None


def command(run: Run, places: Mapping[str, str]) -> list[str] | None:
    """The words behind deploy/bench; None where a place that it needs is not known."""
    words = [word.format_map(places) for word in run.options]
    lacks = any(f"{{{name}}}" in word and not place for word in run.options for name, place in places.items())
    return None if lacks else [run.bench, *words]


def take(run: Run, folder: Path, places: Mapping[str, str]) -> None:
    """Have a run measured, unless all that is judged is there; one that fails leaves the others their turn."""
    target = folder / f"{run.name}.json"
    words = command(run, places)
    known = read(run, folder)
    if known and not known.left and set(run.goals) <= set(known.figures):
        return
    if words is None:
        lacks = " ".join(run.options).format_map(TOLD)
        print(f"goals: {run.name} is left out, for it needs {lacks}", file=sys.stderr, flush=True)
        return
    print(f"goals: {run.name}", file=sys.stderr, flush=True)
    done = subprocess.run([ROOT / "deploy/bench", *words, "--json", target], stdout=sys.stderr, check=False)
    if done.returncode:
        print(f"goals: {run.name} ended with {done.returncode}", file=sys.stderr, flush=True)


def read(run: Run, folder: Path) -> Measured | None:
    """What was measured; None where nothing was. Raises Missing for a file that this run did not write."""
    file = folder / f"{run.name}.json"
    if not file.exists():
        return None
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Measured)
    except (msgspec.DecodeError, OSError) as error:
        raise Missing(f"{file} is not what a bench wrote ({error}); remove it to have it measured anew") from None
    if not is_of(run, found):
        wrote = " ".join((found.bench, *found.options))
        raise Missing(f"{file} was written by deploy/bench {wrote}; remove it to have {run.name} measured")
    return found


def is_of(run: Run, found: Measured) -> bool:
    """Whether it was asked for with the run's own options; where places lie is no matter."""
    asked = [word if PLACE.fullmatch(word) else word.rpartition("/")[2] for word in run.options]
    if found.bench != run.bench or len(found.options) != len(asked):
        return False
    return all(PLACE.fullmatch(word) or word == told for word, told in zip(asked, found.options, strict=True))


def rows(run: Run, measured: Measured | None) -> Iterator[Row]:
    """Each goal of a run."""
    words = " ".join(run.options).format_map(TOLD)
    told = f"`deploy/bench {run.bench}{' ' if words else ''}{words}`" + (
        f", with {run.needs}" if run.needs else ""
    )
    commit = measured.commit if measured else ""
    figures = measured.figures if measured else {}
    unfinished = f"{NOT_WHOLE} " if measured and measured.left else ""
    for figure, goal in run.goals.items():
        yield Row(figure, goal, unfinished + judged(figures.get(figure), goal), commit, told)
    for one, other in run.same:
        pair = (figures.get(one), figures.get(other))
        missed = "" if pair[0] == pair[1] else MISSED
        said = NOT_MEASURED if None in pair else f"{unfinished}{missed}{pair[0]:g}, {pair[1]:g}"
        yield Row(f"{one}, {other}", "equal", said, commit, told)


def table(every: Iterable[tuple[Run, Measured | None]]) -> Iterator[str]:
    """All goals of these runs, in Markdown; below, what they leave out, and what is in the way of those missed."""
    yield "| figure | goal | measured | at | command |"
    yield "| --- | --- | --- | --- | --- |"
    said = []
    for run, found in every:
        said += [f"`{figure}` {what}" for figure, what in run.about.items()]
        for row in rows(run, found):
            yield f"| `{row.figure}` | {row.goal} | {row.measured} | {row.commit} | {row.command} |"
            if MISSED in row.measured and row.figure in run.why:
                said.append(f"`{row.figure}` is missed: {run.why[row.figure]}")
    for line in dict.fromkeys(said):
        yield from ("", line)


def page(every: Sequence[tuple[Run, Measured | None]]) -> str:
    """The table as a document, a chapter a task."""
    lines = [PAGE]
    for issue, heading in CHAPTERS.items():
        lines += ["", f"## {heading}", "", *table(each for each in every if each[0].issue == issue)]
    machines = sorted({machine for _, found in every if found for machine in found.machine.split("; ")})
    if machines:
        lines += ["", "## Measured on", "", *(f"- {machine}" for machine in machines)]
    return "\n".join(lines) + "\n"


def verdicts(name: str, figures: Mapping[str, float]) -> Iterator[str]:
    """What a bench says of its own figures at its end: each goal, and whether it was reached."""
    for run in runs(TABLE):
        if run.name == name:
            for figure, goal in run.goals.items():
                value = figures.get(figure)
                said = NOT_MEASURED if value is None else "reached" if is_reached(value, goal) else "missed"
                yield f"{figure}: {said} ({goal})"
            for one, other in run.same:
                pair = (figures.get(one), figures.get(other))
                said = NOT_MEASURED if None in pair else "reached" if pair[0] == pair[1] else "missed"
                yield f"{one}, {other}: {said} (equal)"


def judged(value: float | None, goal: str) -> str:
    """A figure as it stands in the table: one that misses its goal is said to."""
    if value is None:
        return NOT_MEASURED
    return f"{value:g}" if is_reached(value, goal) else f"{MISSED}{value:g}"


def is_reached(value: float, goal: str) -> bool:
    """Whether a figure is as its goal says: `<= 60`, or `>= 0.93 and <= 0.97`."""
    parts = (part.split() for part in goal.split(" and "))
    return all(RELATIONS[relation](value, float(limit)) for relation, limit in parts)


if __name__ == "__main__":
    main()
