"""`vybor-workshop log …`: places that are no data set, and which choices are selections."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import msgspec
import pytest

from unit.log_kit import KEYS, KIT, SHOWN, Writer, segments
from unit.test_log_commands import run
from vybor.contracts import messages as m
from vybor_workshop.log import stats, views
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest


def test_a_page_is_a_selection_on_the_way_to_a_text_and_none_on_the_way_to_the_kit_s_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def selections(name: str, *pages: m.Mode, way: m.Role | None = None) -> tuple[int, float]:
        writer, data = Writer(), DataSet(str(tmp_path / name), tmp_path)
        writer.take("tea")
        shown = tuple(msgspec.structs.replace(tile, role=way) for tile in SHOWN[:1]) if way else SHOWN
        for mode in pages:
            writer.decide(m.Action.PAGE, "tea", mode=mode, shown=shown)
        writer.decide(m.Action.SPEAK, "", seconds=50.0)
        assert not ingest(segments(writer.rows), KEYS, data, lambda _: None).quarantined
        assert run(capsys, f"log stats --json --data {tmp_path / name}")[0] == 0
        whole = stats.stats(views_of(data), [KIT]).whole
        return whole.selections, whole.minutes * 60

    def views_of(data: DataSet) -> duckdb.DuckDBPyConnection:
        rows = views.connect(data)
        stats.add_outcomes(rows)
        return rows

    assert selections("letters", m.Mode.LETTERS, m.Mode.MENU, m.Mode.TOOLS) == (5, pytest.approx(56))
    assert selections("kit", *stats.OTHER_PAGES) == (2, pytest.approx(0)), "the minute was no writing"
    assert selections("way", m.Mode.TOOLS, way=m.Role.KIT) == (2, pytest.approx(52))
    assert {mode for mode in m.Mode if mode.startswith(("erase", "unpair", "pair", "practice"))} <= {
        *stats.OTHER_PAGES
    }


def test_without_a_data_set_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "unplugged").mkdir()
    places = {
        "": "home/vybor-workshop/data",
        "--data rows": "rows",
        "--data ftp": "ftp",
        "--data unplugged": "unplugged",
        "--data memory://nowhere/at/all": "memory://nowhere/at/all",
    }
    commands = ("show", "stats", "plot --out pictures", "export --format txt", "export --format parquet --out out")
    for (named, place), command in itertools.product(places.items(), commands):
        code, out, err = run(capsys, f"log {command} {named}")
        assert (code, out, err.count("\n")) == (69, "", 1)
        why = "" if place in ("unplugged", "memory://nowhere/at/all") else r" \(there is no such folder\)"
        told = rf"there is no data set in \S*{place}{why}; name another place with --data, or fetch one with"
        assert re.search(told, err)
    assert [path.name for path in tmp_path.iterdir()] == ["unplugged"]


@pytest.mark.parametrize(
    "command", ["log stats", "dataset", "evaluate", "gate", "personal fit", "retrain --persons"]
)
def test_a_place_that_was_mistyped_is_named_as_such_by_each_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    (tmp_path / "file").write_text("")
    for place, why in (("none", "there is no such folder"), ("file", f"{tmp_path / 'file'} is a file")):
        code, out, err = run(capsys, f"{command} --data {tmp_path / place}")
        assert (code, out, err.count("\n")) == (69, "", 1)
        assert f"there is no data set in {tmp_path / place} ({why}); name another place with --data" in err
    if command != "log stats":
        assert (
            run(capsys, f"{command} --home {tmp_path / 'file'}")[2].count(f"({tmp_path / 'file'} is a file)") == 1
        )
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_data_set_that_is_there_and_has_no_rows_is_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DataSet(str(tmp_path / "rows"), tmp_path).writing():
        pass
    assert run(capsys, f"log stats --data {tmp_path / 'rows'}") == (0, "there are no rows yet\n", "")


@pytest.mark.parametrize("url", ["ftp://", "ftp://x", "nowhere://x"])
def test_no_traceback_is_printed_for_a_place_that_is_none(url: str) -> None:
    """Not by what cleans up behind it either, which no `except` sees."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "vybor_workshop", "log", "stats", "--data", url]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr.count("\n")) == (69, 1)
    assert "is no place that rows can be kept in" in told.stderr
