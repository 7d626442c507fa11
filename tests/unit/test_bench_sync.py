"""The bench of sync: what is lost is found, also by the journal itself, and nobody tries for ever."""

import random
import sqlite3  # noqa: TID251  (as a stranger opens it)
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pyarrow
import pytest
from pyarrow import parquet

from benches import sync as bench
from world.beside import Beside


class Uncut:
    """A wire that nothing goes over."""

    port, is_cut = 0, False

    def __init__(self, to_port: int) -> None:
        pass

    def cut_after(self, count: int, cut: object) -> None:
        pass

    def leave(self) -> None:
        pass

    close = tear = leave


def torn(folder: Path, monkeypatch: pytest.MonkeyPatch, *waits: Path) -> bench.Torn:
    monkeypatch.setattr(bench, "Wire", Uncut)
    monkeypatch.setattr(bench.home, "note", lambda kit, port: None)
    kit = SimpleNamespace(state=folder)
    desk = SimpleNamespace(kit=kit, paired=None, port=0, outbox=lambda: list(waits))
    return bench.Torn(cast(Beside, desk), folder, "rsync", random.Random(1))


def journal(folder: Path, question: str) -> None:
    with sqlite3.connect(folder / "journal.sqlite") as opened:
        opened.executescript(question)
    opened.close()


def test_what_the_journal_itself_loses_while_it_is_cut_is_lost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journal(tmp_path, "CREATE TABLE row (boot, sequence); INSERT INTO row VALUES (1, 1), (1, 2), (1, 3)")
    one = torn(tmp_path, monkeypatch)
    day = tmp_path / "data" / "rows" / "kit=a" / "day=b"
    day.mkdir(parents=True)
    parquet.write_table(pyarrow.table({"boot": [1, 1, 1], "sequence": [1, 3, 3]}), day / "some.parquet")
    journal(tmp_path, "DELETE FROM row WHERE sequence = 2")
    told = one.figures(3)
    assert (told["lost"], told["duplicated"]) == (1, 1)
    journal(tmp_path, "INSERT INTO row VALUES (1, 4)")
    assert one.figures(3)["lost"] == 2


def test_where_nothing_comes_over_it_is_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journal(tmp_path, "CREATE TABLE row (boot, sequence)")
    waits = tmp_path / "one.segment"
    waits.write_bytes(b"all of it")
    tried: list[int] = []
    one = torn(tmp_path, monkeypatch, waits)
    monkeypatch.setattr(one, "_sync", lambda: tried.append(1))
    monkeypatch.setattr(one, "_look_for_early", lambda: None)
    one.tear(5)
    assert len(tried) == 2 * bench.MOST_IN_VAIN


def test_a_process_that_ended_though_nobody_killed_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journal(tmp_path, "CREATE TABLE row (boot, sequence)")
    one, runs = torn(tmp_path, monkeypatch), {"journal", "sync"}
    vars(one._desk.kit).update(is_running=runs.__contains__, start=runs.add, kill=runs.remove)
    for kind in ("sync", "journal", "wire", "sync"):
        one._strike(kind)
        one._start_again()
    assert (one.figures(0)["crashed"], runs) == (0, {"journal", "sync"})
    runs.remove("journal")
    one._strike("sync")
    one._start_again()
    assert (one.figures(0)["crashed"], runs) == (1, {"journal", "sync"})
