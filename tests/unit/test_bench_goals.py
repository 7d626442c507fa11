"""The table of goals: it is read, figures are judged by it, and each figure is one that its bench writes."""

import ast
import json
import re
from pathlib import Path

import pytest

from benches import goals
from benches.goals import NOT_MEASURED, TABLE, Measured, Run, command, judged, read, rows, runs
from vybor.foundation.errors import Missing

BENCHES = TABLE.parent
RUN = Run(
    "one",
    2,
    "latency",
    {"ms": "<= 60", "lost": "== 0"},
    ("--phrases", "{data}/dev.txt"),
    same=(("a", "b"),),
    why={"ms": "it is far"},
)


def templates() -> list[re.Pattern[str]]:
    """Strings of the benches, as what they may become; where all is left open, nothing is said."""
    found = []
    for path in sorted(BENCHES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.compile(re.escape(node.value)))
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w.-]*" for part in node.values
                )
                form = "".join(parts)
                if re.search("[a-z]{3}", form.replace(r"[\w.-]*", "")):
                    found.append(re.compile(form))
    return found


def is_written(figure: str, written: list[re.Pattern[str]]) -> bool:
    """Whether a bench writes it, or writes it behind the name of a period or of a file."""
    names = figure.removesuffix(".low").removesuffix(".high").split(".")
    ends = [".".join(names[first:]) for first in range(len(names))]
    return any(form.fullmatch(end) for end in ends for form in written)


def test_each_goal_is_of_a_figure_that_a_bench_writes_and_can_be_judged() -> None:
    written = templates()
    for run in runs(TABLE):
        assert (BENCHES / f"{run.bench}.py").is_file()
        for figure, goal in run.goals.items():
            assert is_written(figure, written), figure
            assert judged(1.0, goal)
    assert not is_written("nothing.that_is_written", written)
    assert len({run.name for run in runs(TABLE)}) == len(runs(TABLE))


@pytest.mark.parametrize(
    ("value", "goal", "said"),
    [
        (60, "<= 60", "60"),
        (60.1, "<= 60", "**missed** 60.1"),
        (0, "> 0", "**missed** 0"),
        (None, "== 0", NOT_MEASURED),
        (0.95, ">= 0.93 and <= 0.97", "0.95"),
        (0.98, ">= 0.93 and <= 0.97", "**missed** 0.98"),
    ],
)
def test_a_figure_is_held_against_its_goal(value: float | None, goal: str, said: str) -> None:
    assert judged(value, goal) == said


def test_a_row_says_what_it_was_and_by_which_command() -> None:
    told = list(rows(RUN, Measured("abc", "a board", {"ms": 40.5, "a": 3, "b": 3})))
    assert [row.measured for row in told] == ["40.5", NOT_MEASURED, "3, 3"]
    assert {row.command for row in told} == {"`deploy/bench latency --phrases $VYBOR_DATA/dev.txt`"}
    assert [row.measured for row in rows(RUN, Measured("abc", "a board", {"a": 3, "b": 2}))][
        -1
    ] == "**missed** 3, 2"
    assert {row.measured for row in rows(RUN, None)} == {NOT_MEASURED}


def test_what_needs_a_place_that_nobody_knows_is_not_run() -> None:
    assert command(RUN, {"data": ""}) is None
    assert command(RUN, {"data": "/srv"}) == ["latency", "--phrases", "/srv/dev.txt"]


def test_a_file_that_no_bench_wrote_is_said(tmp_path: Path) -> None:
    assert read(tmp_path / "one.json") is None
    (tmp_path / "one.json").write_text(json.dumps({"figures": "none"}))
    with pytest.raises(Missing, match=r"one\.json is not what a bench wrote .*remove it"):
        read(tmp_path / "one.json")
    (tmp_path / "goals.toml").write_text("[[run]]\nname = 1\n")
    with pytest.raises(Missing, match=r"goals\.toml cannot be read"):
        runs(tmp_path / "goals.toml")


def test_a_bench_says_of_its_own_figures_which_are_reached() -> None:
    told = dict(line.split(": ", 1) for line in goals.verdicts("panel", {"ratio.selection_latency": 1.2}))
    assert told == {"ratio.selection_latency": "missed (<= 1.1)", "rss_mb.panel": f"{NOT_MEASURED} (<= 80)"}
    assert set(goals.verdicts("nothing", {})) == set()


def test_what_is_in_the_way_stands_below_goals_that_are_missed() -> None:
    assert list(goals.table([(RUN, Measured("abc", "a board", {"ms": 61}))]))[-1] == "`ms` is missed: it is far"
    assert not [line for line in goals.table([(RUN, Measured("abc", "a board", {"ms": 60}))]) if "far" in line]


def test_the_page_of_what_was_measured_is_made_of_the_files_beside_it() -> None:
    every = [(run, read(goals.KEPT / f"{run.name}.json")) for run in runs(TABLE)]
    assert {run.issue for run, _ in every} == set(goals.CHAPTERS)
    made = goals.page(every)
    assert (goals.ROOT / "deploy/docs/measured.md").read_text(encoding="utf-8") == made
    known = {run.name for run, _ in every}
    assert {file.name.split(".")[0] for file in goals.KEPT.glob("*.json")} <= known, "of no run in the table"
    for run, found in every:
        assert set(run.why) <= set(run.goals)
        assert found is None or "+" not in found.commit, f"{run.name} was measured on changes that nobody has"
