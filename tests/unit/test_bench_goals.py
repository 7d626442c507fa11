"""The table of goals: it is read, figures are judged by it, and each figure is one that its bench writes."""

import ast
import json
import math
import re
import runpy
from pathlib import Path

import msgspec
import pytest

from benches import goals, report
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
    about={"lost": "leaves out Mondays"},
)


def found(figures: dict[str, float], left: int = 0, options: tuple[str, ...] = ()) -> Measured:
    return Measured("latency", options or ("--phrases", "dev.txt"), left, "abc", "a board", figures)


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
    told = list(rows(RUN, found({"ms": 40.5, "a": 3, "b": 3})))
    assert [row.measured for row in told] == ["40.5", NOT_MEASURED, "3, 3"]
    assert {row.command for row in told} == {"`deploy/bench latency --phrases $VYBOR_DATA/dev.txt`"}
    assert [row.measured for row in rows(RUN, found({"a": 3, "b": 2}))][-1] == "**missed** 3, 2"
    assert {row.measured for row in rows(RUN, None)} == {NOT_MEASURED}


def test_what_needs_a_place_that_nobody_knows_is_not_run() -> None:
    assert command(RUN, {"data": ""}) is None
    assert command(RUN, {"data": "/srv"}) == ["latency", "--phrases", "/srv/dev.txt"]


def test_what_a_run_needs_is_said_in_words_that_can_be_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    goals.take(RUN, tmp_path, {"data": ""})
    assert capsys.readouterr().err == "goals: one is left out, for it needs --phrases $VYBOR_DATA/dev.txt\n"


def test_a_file_that_no_bench_wrote_is_said(tmp_path: Path) -> None:
    assert read(RUN, tmp_path) is None
    (tmp_path / "one.json").write_text(json.dumps({"figures": "none"}))
    with pytest.raises(Missing, match=r"one\.json is not what a bench wrote .*remove it"):
        read(RUN, tmp_path)
    (tmp_path / "goals.toml").write_text("[[run]]\nname = 1\n")
    with pytest.raises(Missing, match=r"goals\.toml cannot be read"):
        runs(tmp_path / "goals.toml")


def test_a_bench_says_of_its_own_figures_which_are_reached() -> None:
    told = dict(line.split(": ", 1) for line in goals.verdicts("panel", {"ratio.selection_latency": 1.2}))
    assert told == {"ratio.selection_latency": "missed (<= 1.1)", "rss_mb.panel": f"{NOT_MEASURED} (<= 80)"}
    assert set(goals.verdicts("nothing", {})) == set()


def test_what_is_in_the_way_stands_below_goals_that_are_missed() -> None:
    assert list(goals.table([(RUN, found({"ms": 61}))]))[-1] == "`ms` is missed: it is far"
    assert not [line for line in goals.table([(RUN, found({"ms": 60}))]) if "far" in line]
    twice = [line for line in goals.table([(RUN, found({"ms": 60})), (RUN, None)]) if "Mondays" in line]
    assert twice == ["`lost` leaves out Mondays"]


def test_the_page_of_what_was_measured_is_made_of_the_files_beside_it() -> None:
    every = [(run, read(run, goals.KEPT)) for run in runs(TABLE)]
    assert {run.issue for run, _ in every} == set(goals.CHAPTERS)
    made = goals.page(every)
    assert (goals.ROOT / "deploy/docs/measured.md").read_text(encoding="utf-8") == made
    known = {run.name for run, _ in every}
    assert {file.name.split(".")[0] for file in goals.KEPT.glob("*.json")} <= known, "of no run in the table"
    for run, what in every:
        assert set(run.why) | set(run.about) <= set(run.goals)
        assert what is None or "+" not in what.commit, f"{run.name} was measured on changes that nobody has"


# --- what a bench writes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [("--phrases", "dev.txt", "--limit", "3"), ("--phrases", "other.txt"), ("--phrases",), ("--words", "dev.txt")],
)
def test_what_was_asked_for_otherwise_is_not_this_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "one.json").write_bytes(msgspec.json.encode(found({"ms": 3})))
    assert read(RUN, tmp_path) == found({"ms": 3})
    (tmp_path / "one.json").write_bytes(msgspec.json.encode(found({"ms": 3}, options=options)))
    with pytest.raises(Missing, match=r"one\.json was written by deploy/bench latency --\w+.*; remove it"):
        read(RUN, tmp_path)


def test_where_a_place_lies_is_no_matter() -> None:
    run = msgspec.structs.replace(RUN, options=("--images", "{images}"))
    assert goals.is_of(run, found({}, options=("--images", "pictures")))
    assert not goals.is_of(run, found({}, options=("--labels", "pictures")))


def test_what_is_not_whole_is_said_and_measured_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row.measured for row in rows(RUN, found({"ms": 61, "a": 3, "b": 3}, left=2))] == [
        "(so far) **missed** 61",
        "(so far) not measured",
        "(so far) 3, 3",
    ]
    began: list[object] = []
    monkeypatch.setattr(goals.subprocess, "run", lambda words, **_: began.append(words) or Done())
    for figures, left, count in (({"ms": 3, "lost": 0}, 2, 1), ({"ms": 3, "lost": 0}, 0, 1), ({"ms": 3}, 0, 2)):
        (tmp_path / "one.json").write_bytes(msgspec.json.encode(found(figures, left=left)))
        goals.take(RUN, tmp_path, {"data": "/srv"})
        assert len(began) == count


def test_a_file_that_cannot_be_read_is_said_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "soak.json").write_text("{")
    monkeypatch.setattr("sys.argv", ["goals", "--share", "x", str(tmp_path), "--run"])
    monkeypatch.setattr(goals, "take", lambda run, *_: pytest.fail(f"{run.name} was measured"))
    with pytest.raises(SystemExit) as ended:
        goals.main()
    assert ended.value.code == Missing.exit_code
    assert "soak.json is not what a bench wrote" in capsys.readouterr().err


class Done:
    returncode = 0


def test_a_bench_writes_what_it_was_asked_and_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["latency", "--share", "/x/share", "--phrases", "/y/dev.txt", "--json=/z/a.json", "--runs", "3"]
    monkeypatch.setattr("sys.argv", words)
    monkeypatch.setenv(report.BEGAN, "abc")
    report.write("latency", {"ms": 2.0}, tmp_path / "a.json", left=4)
    made = msgspec.json.decode((tmp_path / "a.json").read_bytes(), type=Measured)
    assert (made.bench, made.options, made.left) == ("latency", ("--phrases", "dev.txt", "--runs", "3"), 4)
    assert made.commit == "abc+", "the tree is another one by now"


def test_another_model_than_the_prepared_one_is_told() -> None:
    first = ["--share", "/x/share", "--phrases", "/y/dev.txt"]
    assert report.asked(first) == ["--phrases", "dev.txt"]
    assert report.asked([*first, "--share", "/z/other"]) == ["--phrases", "dev.txt", "--share", "other"]


def test_what_is_no_number_is_left_out_of_a_file_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write("latency", {"ms": math.nan, "ratio": math.inf, "lost": 0.0}, tmp_path / "a.json")
    made = msgspec.json.decode((tmp_path / "a.json").read_bytes(), type=Measured)
    assert made.figures == {"lost": 0.0}
    assert "no number came of ms, ratio" in capsys.readouterr().out


def test_a_bench_of_a_series_begins_with_the_tree_as_it_is_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(report.BEGAN, raising=False)
    now = report.commit()
    monkeypatch.setenv(report.BEGAN, "abc")
    runpy.run_path(report.__file__, run_name="__main__")
    assert capsys.readouterr().out.strip() == now


def test_figures_from_several_places_name_them_all(tmp_path: Path) -> None:
    origins = [report.Origin("b", "two"), report.Origin("a", "one"), report.Origin("a", "two")]
    report.write("latency", {"ms": 2.0}, tmp_path / "a.json", origins=origins)
    made = msgspec.json.decode((tmp_path / "a.json").read_bytes(), type=Measured)
    assert (made.commit, made.machine) == ("a, b", "one; two")
