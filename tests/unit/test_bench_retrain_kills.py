"""Kills that struck nobody, and kills while nothing was put on, are not told as kills that were survived."""

import random
import signal
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from benches import goals, retrain_kills
from vybor.foundation.errors import VyborError
from world import sent


@pytest.mark.parametrize(
    ("ended", "counted"),
    [(-signal.SIGKILL, "killed.rsync"), (0, "killed.rsync.missed"), (-signal.SIGTERM, "killed.rsync.missed")],
)
def test_only_who_died_of_the_signal_was_killed(ended: int, counted: str) -> None:
    assert sent.counted_as("rsync", ended) == counted


def test_each_attempt_is_counted_by_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    wearer = SimpleNamespace(until=lambda holds, limit_s: None)
    desk = SimpleNamespace(paired=SimpleNamespace(outgoing=SimpleNamespace(glob=lambda form: [])), wearer=wearer)
    way = cast(sent.Way, SimpleNamespace(desk=desk, is_sent=lambda: True))
    ends = iter([-signal.SIGKILL, 0, -signal.SIGKILL, 0, -signal.SIGKILL, -signal.SIGKILL])
    monkeypatch.setattr(sent, "halves", lambda way: 0)
    monkeypatch.setattr(sent, "_kill_making", lambda way, chance: next(ends))
    monkeypatch.setattr(sent, "_kill_sending", lambda way, chance, who: next(ends))
    told = sent.killed(way, random.Random(1), 6)
    assert told == {
        "halves": 0,
        "lost": 0,
        "killed.publish": 1,
        "killed.publish.missed": 1,
        "killed.rsync": 1,
        "killed.rsync.missed": 1,
        "killed.sync": 2,
        "killed.sync.missed": 0,
    }


def test_kills_that_struck_nobody_reach_no_goal() -> None:
    figures = {f"kills.sent.{who}": 0.0 for who in sent.WHO} | {"kills.sent.halves": 0.0, "kills.sent.lost": 0.0}
    told = dict(line.split(": ", 1) for line in goals.verdicts("retrain-kills", figures))
    assert {told[f"kills.sent.{who}"] for who in sent.WHO} == {"missed (> 0)"}


def test_who_was_never_struck_on_the_way_proves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = {"halves": 0, "lost": 0, "killed.publish": 3, "killed.rsync": 3, "killed.sync": 1}
    desk = SimpleNamespace(pair=lambda: None, wait_for_door=lambda: None)
    monkeypatch.setattr(retrain_kills, "beside", lambda folder: nullcontext(desk))
    monkeypatch.setattr(retrain_kills, "killed", lambda way, chance, times: told)
    assert retrain_kills.sent(tmp_path / "one", 9, 1)["kills.sent.sync"] == 1
    told["killed.rsync"] = 0
    with pytest.raises(VyborError, match="rsync ended before each of its own; take more --kills"):
        retrain_kills.sent(tmp_path / "two", 9, 1)


def test_a_generator_that_ended_by_itself_was_not_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ends, models = iter([-signal.SIGKILL, 1, -signal.SIGKILL]), iter(["as it came", "one", "two", "one"])
    kit = SimpleNamespace(kill=lambda name: next(ends), start=lambda name: None)
    person = SimpleNamespace(
        kit=kit, model=lambda: next(models), send=lambda serial, files: None, listed=lambda: "1\n* 2"
    )
    monkeypatch.setattr(retrain_kills, "life", lambda folder, share: nullcontext(person))
    monkeypatch.setattr(retrain_kills.tiny_adapter, "write", lambda folder: None)
    monkeypatch.setattr(retrain_kills.grown, "files", lambda folder, seed=9: {})
    monkeypatch.setattr(retrain_kills, "LONGEST_S", 0.0)
    told = retrain_kills.installed(tmp_path / "kit", 3, 1)
    assert told == {"kills.install": 2, "kills.install.strange": 0, "kills.install.worn": 1}


def test_a_kit_that_never_wore_the_newer_ones_proves_nothing() -> None:
    assert retrain_kills.strange({"as it came", "one", "two"}, 100) == 0
    assert retrain_kills.strange({"as it came", "one", "two", "half"}, 100) == 1
    for known in ({"as it came"}, {"as it came", "one"}):
        with pytest.raises(VyborError, match="take more --kills"):
            retrain_kills.strange(known, 100)
