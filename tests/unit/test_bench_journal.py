"""What is left after a cut is judged rightly: what is lost, there twice, or cannot be opened is found."""

import random
import sys
from pathlib import Path

import msgspec
import pytest

from benches import journal, journal_commits, journal_screen
from benches import journal_cuts as bench
from benches.journal_commits import commits
from benches.journal_cuts import Found
from benches.journal_writer import decision
from vybor.foundation import keys
from vybor.foundation.errors import Missing
from vybor.foundation.keys import Key
from vybor.journal import store

KEY = Key(bytes(range(32)))


@pytest.mark.parametrize(
    ("acknowledged", "kept", "lost", "duplicated"),
    [(3, [1, 2, 3], 0, 0), (3, [1, 2, 3, 4], 0, 0), (3, [1, 3], 1, 0), (2, [], 2, 0), (2, [1, 2, 2, 2], 0, 2)],
)
def test_what_was_acknowledged_is_counted(acknowledged: int, kept: list[int], lost: int, duplicated: int) -> None:
    assert bench.judged(acknowledged, kept) == Found(lost=lost, duplicated=duplicated)


def written(path: Path, key: Key, *numbers: int) -> None:
    opened = store.open_store(path, "boot", key)
    for number in numbers:
        opened.keep(decision(number))
    opened.close()


@pytest.mark.parametrize("key", [keys.NONE, KEY], ids=["bare", "sealed"])
def test_what_is_missing_from_a_journal_is_found_and_the_last_are_sent_again(tmp_path: Path, key: Key) -> None:
    written(tmp_path / "whole.sqlite", key, 1, 2, 3, 4)
    assert bench.examined(tmp_path / "whole.sqlite", key, 4) == Found(bare=not key.secret)
    written(tmp_path / "short.sqlite", key, 1, 2)
    assert bench.examined(tmp_path / "short.sqlite", key, 6).lost == 4
    (tmp_path / "rotten.sqlite").write_bytes(b"no database" * 1000)
    assert bench.examined(tmp_path / "rotten.sqlite", key, 1).unopenable


def test_all_cuts_are_one(tmp_path: Path) -> None:
    found = {
        "bare": [Found(), Found(lost=2, duplicated=1)],
        "encrypting": [Found(bare=True), Found(unopenable="why")],
    }
    figures = bench.figures(found)
    assert (figures["cuts"], figures["cuts.encrypting"], figures["cuts.found_bare"]) == (4, 2, 1)
    assert (figures["lost"], figures["duplicated"], figures["unopenable"]) == (2, 1, 1)


def test_a_writer_that_is_killed_loses_nothing_of_what_it_said(tmp_path: Path) -> None:
    (found,) = bench.cuts_of_the_log(tmp_path, KEY, 1, random.Random(1))
    assert found == Found()


def test_a_writer_that_is_to_be_cut_while_it_opens_begins_when_it_is_told(tmp_path: Path) -> None:
    writer = bench.Writer(tmp_path / "journal.sqlite", KEY)
    try:
        writer.wait_until_ready()
        assert not (tmp_path / "journal.sqlite").exists()
        writer.begin()
        writer.wait_until_open()
    finally:
        writer.end()
    assert bench.examined(tmp_path / "journal.sqlite", KEY, writer.acknowledged) == Found()


def test_without_strace_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(journal_commits, "commits", lambda folder: pytest.fail("something was measured"))
    monkeypatch.setattr(sys, "argv", ["journal", "--share", str(tmp_path / "share")])
    with pytest.raises(SystemExit) as ended:
        journal.main()
    assert ended.value.code == Missing.exit_code
    assert capsys.readouterr().err.startswith("bench: strace is not installed")


def test_a_disk_that_was_not_slow_is_not_taken_for_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    strace = tmp_path / "strace"
    strace.write_text("#!/bin/sh\nexit 1\n")
    strace.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(Missing, match="strace ended with 1: the disk was not slow"), journal_screen._slow_disk(1):
        pass


def test_commits_are_held_against_the_same_bytes(tmp_path: Path) -> None:
    figures = commits(tmp_path, 3)
    assert figures["ratio.commit"] == max(figures["ratio.commit.bare"], figures["ratio.commit.sealed"])
    assert 1000 < len(msgspec.msgpack.encode(decision(7))) < 4000
