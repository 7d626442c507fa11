"""The watchdog is fed while one long call goes over all of the record, and no longer than that may take."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from unit.record_writer import Bus, Writer
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.foundation.heartbeat import EVERY_S, beating
from vybor.journal import eraser, process, store
from vybor.journal.quota import LEAST_S, longest_s
from vybor.processes import BY_NAME

QUICK = partial(beating, every_s=0.01)


def test_it_beats_meanwhile_and_not_behind_it() -> None:
    beats: list[float] = []
    with QUICK(lambda: beats.append(0.0), 10.0):
        time.sleep(0.1)
    told = len(beats)
    assert 3 <= told <= 10
    time.sleep(0.05)
    assert len(beats) == told


def test_what_hangs_is_not_kept_alive() -> None:
    beats: list[float] = []
    with QUICK(lambda: beats.append(0.0), 0.03):
        time.sleep(0.15)
    assert len(beats) == 3


def test_it_ends_with_whatever_is_raised() -> None:
    beats: list[float] = []
    with pytest.raises(ZeroDivisionError), beating(lambda: beats.append(0.0), 10.0, every_s=0.3):
        raise ZeroDivisionError
    time.sleep(0.7)
    assert beats == []


def test_a_large_record_may_take_longer_and_the_watchdog_is_fed_in_time(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    assert longest_s(path) == LEAST_S
    with path.open("wb") as large:
        large.truncate(4_000_000_000)
    assert longest_s(path) == LEAST_S + 4000
    assert BY_NAME["journal"].watchdog_s / 4 > EVERY_S


def test_opening_the_record_beats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []
    real = store.open_store

    def slow(*given: object) -> store.Store:
        time.sleep(0.1)
        return real(*given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(store, "open_store", slow)
    monkeypatch.setattr(process, "beating", QUICK)
    journal = process.Journal(
        tmp_path / "journal.sqlite",
        Bus(),  # type: ignore[arg-type]  # as much of a bus as it needs
        "boot",
        beat=lambda: beats.append(0.0),
    )
    journal.turn(0)
    journal.close()
    assert len(beats) >= 3


def test_deleting_and_what_writes_the_file_anew_behind_it_beat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    writer.say("Ada hid Zelda")
    beats: list[str] = []
    at = ""

    def slow(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            nonlocal at
            at = name
            time.sleep(0.1)
            return real(*given)

        return step

    for name in ("erase", "sweep"):
        monkeypatch.setattr(store.Store, name, slow(name, getattr(store.Store, name)))
    monkeypatch.setattr(eraser, "beating", QUICK)
    room = eraser.Eraser(writer.path, Bus(), lambda *_: None, lambda: beats.append(at))  # type: ignore[arg-type]  # as much of a bus as it needs
    assert room.asked(Asked(b"", m.Erase(request="1", scope=m.Scope.EVERYTHING)), writer.store) == ""
    while room.is_busy(writer.store, 0):
        room.step(writer.store, 0)
    assert beats.count("erase") >= 3
    assert beats.count("sweep") >= 3
