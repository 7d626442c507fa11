"""The bench of ingest takes in what a kit may write, and would notice what is lost or there twice."""

import itertools
from pathlib import Path

import msgspec
import pytest

from benches import ingest as bench
from benches import ingest_events
from vybor.contracts import messages as m
from vybor.segments.rows import Kind
from vybor_workshop.log.data_set import DataSet


def test_events_are_decisions_that_follow_each_other() -> None:
    rows = list(ingest_events.rows(600))
    assert rows == list(ingest_events.rows(600))
    decisions = [msgspec.json.decode(row.record, type=m.Decision) for row in rows]
    assert len({(row.boot, row.sequence) for row in rows}) == 600
    assert len({(each.session, each.number) for each in decisions}) == 600
    for one, other in itertools.pairwise(decisions):
        assert other.text_before == one.text_after
        assert other.at_ns > one.at_ns
    assert {each.action for each in decisions} >= {m.Action.TAKE, m.Action.STEER, m.Action.UNDO, m.Action.SPEAK}
    for each in decisions:
        assert each.slot in {tile.slot for tile in each.shown}
        assert len(each.shown) >= 8
    assert 1500 < sum(len(bytes(row.record)) for row in rows) / len(rows) < 4000
    assert {row.kind for row in rows} == {Kind.DECISION}


def test_the_figures_hold_rows_against_the_events(tmp_path: Path) -> None:
    figures = bench.measured(tmp_path, events=450, rounds=1)
    assert (figures["events"], figures["lost"], figures["duplicated"]) == (450, 0, 0)
    assert figures["ratio.ingest_vs_duckdb"] == pytest.approx(figures["duckdb.s"] / figures["ingest.s"])
    data = DataSet(str(tmp_path / "data-0"), tmp_path)
    (file,) = data.files(ingest_events.KIT)
    data.write(file, data.read(file).slice(0, 400))
    written = bench.write(ingest_events.rows(450), tmp_path / "again")
    assert bench.held_against(written, data)["lost"] == 50


def test_what_one_round_lost_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lost = iter([2.0, 0.0])
    told = {"duplicated": 0.0, "parquet.mb": 1.0}
    monkeypatch.setattr(bench, "held_against", lambda written, data: told | {"lost": next(lost)})
    assert bench.measured(tmp_path, events=50, rounds=2)["lost"] == 2
