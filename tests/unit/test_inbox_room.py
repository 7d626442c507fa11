"""The inbox has a bound: whoever has the write key cannot take the disk from what the person writes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.bundles.bundle import MOST_BYTES, RESERVE_BYTES
from vybor.foundation.clock import seconds
from vybor.sync import arriving, forced, inbox
from vybor.sync.arriving import Arriving
from vybor.sync.inbox import Lies

GIGABYTE = 10**9
WHOLE, BEGUN = "55555555-000004-6.bundle", ".55555555-000005-99.bundle.Xy12ab"


def lies(name: str, size: int, touched: int = 0, *, receipt: bool = False, whole: bool = False) -> Lies:
    return Lies(Path(name), size, touched, receipt, whole)


def test_what_one_workstation_has_reason_to_send_stays() -> None:
    largest = lies("model", MOST_BYTES, whole=True)
    cut_off = lies("cut", GIGABYTE)
    receipts = [lies(f"{number}", 4096, receipt=True) for number in range(900)]
    assert inbox.too_much([largest, cut_off, *receipts], 10 * GIGABYTE) == []


def test_what_is_above_it_goes_unfinished_and_oldest_first_and_receipts_last() -> None:
    whole = [lies("old", 3 * GIGABYTE, 1, whole=True), lies("new", 3 * GIGABYTE, 2, whole=True)]
    begun = [lies("b", 2 * GIGABYTE, 4), lies("a", 2 * GIGABYTE, 3)]
    receipt = lies("r", 4096, 0, receipt=True)
    gone = inbox.too_much([receipt, *whole, *begun], 10 * GIGABYTE)
    assert [str(each.path) for each in gone] == ["a", "b", "old"]


def test_a_disk_that_is_nearly_full_belongs_to_the_person() -> None:
    there = [lies("a", RESERVE_BYTES), lies("w", RESERVE_BYTES, whole=True), lies("r", 4096, receipt=True)]
    assert [str(each.path) for each in inbox.too_much(there, RESERVE_BYTES // 2)] == ["a"]
    assert inbox.too_much(there[1:], inbox.LEAST_FREE_BYTES) == []  # it is sent once
    assert [str(each.path) for each in inbox.too_much(there[1:], inbox.LEAST_FREE_BYTES - 1)] == ["w"]
    assert inbox.too_much(there[2:], 0) == []


entries = st.builds(
    Lies,
    st.integers().map(lambda number: Path(str(number))),
    st.integers(0, 7 * GIGABYTE),
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
)


@settings(deadline=None)
@given(st.lists(entries, max_size=20), st.integers(0, 20 * GIGABYTE))
def test_what_stays_is_never_too_much(there: list[Lies], free: int) -> None:
    gone = inbox.too_much(there, free)
    kept = list(there)
    for each in gone:
        kept.remove(each)
    now_free = free + sum(each.size for each in gone)
    assert sum(each.size for each in kept) <= inbox.ROOM_BYTES
    assert now_free >= RESERVE_BYTES or all(each.is_receipt or each.is_whole for each in kept)
    assert now_free >= inbox.LEAST_FREE_BYTES or all(each.is_receipt for each in kept)
    if gone:
        last = gone[-1]
        was_above = sum(each.size for each in kept) + last.size > inbox.ROOM_BYTES
        assert was_above or (now_free - last.size < RESERVE_BYTES and not last.is_receipt)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inbox with room for ten thousand bytes on a disk that is not full."""
    monkeypatch.setattr(inbox, "ROOM_BYTES", 40_960)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10 * GIGABYTE))
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_a_flood_is_removed_while_it_comes_and_that_is_said_for_a_while(box: Path, tmp_path: Path) -> None:
    (box / "desk.receipt").write_bytes(b"{}")
    carrying = Arriving(box, tmp_path / "arrived")
    carrying.turn(0)
    assert carrying.trouble == ""
    with (box / BEGUN).open("wb", buffering=0) as writing:  # rsync has it open
        writing.write(bytes(100_000))
        carrying.turn(1)
        assert carrying.trouble == arriving.TOO_MUCH
        assert os.fstat(writing.fileno()).st_blocks == 0  # nor does it hold the room by that
    assert [path.name for path in box.iterdir()] == ["desk.receipt"]
    carrying.turn(arriving.TOLD_FOR_NS)
    assert carrying.trouble == arriving.TOO_MUCH
    carrying.turn(arriving.TOLD_FOR_NS + 1)
    assert carrying.trouble == ""


def test_many_small_things_are_a_flood_too(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST", 5)
    for number in range(9):
        (box / f".{number}.receipt.Xy12ab").touch()
    inbox.prune(box)
    assert len(list(box.iterdir())) == 5


def test_a_link_is_removed_and_what_it_leads_to_is_not_emptied(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST", 0)
    outside = tmp_path / "outside"
    outside.write_text("kept")
    (box / ".link").symlink_to(outside)
    inbox.prune(box)
    assert list(box.iterdir()) == []
    assert outside.read_text() == "kept"


def test_what_is_being_carried_away_is_not_taken_from_under_the_hand(box: Path, tmp_path: Path) -> None:
    source = box / "55555555-000004-100000.bundle"
    source.write_bytes(bytes(100_000))
    assert inbox.prune(box, source) == 0
    assert source.exists()
    assert inbox.prune(box) > 90_000
    assert not source.exists()


def test_what_cannot_be_removed_stops_nothing_and_is_tried_again_later(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(inbox, "prune", refused)
    carrying = Arriving(box, tmp_path / "arrived")
    for second in (1, 2, 3, 62):
        assert not carrying.turn(seconds(second))
    assert carrying.trouble == ""
    assert len(caplog.records) == 2


def test_what_is_taken_away_while_it_is_looked_at_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to("nowhere")
    assert forced._size(tmp_path / "never") == 0
    assert forced.largest(tmp_path) >= inbox.LARGEST_BYTES


# --- while rsync writes


def test_the_largest_bundle_may_be_written_and_hardly_more() -> None:
    assert MOST_BYTES < forced.LARGEST_FILE < 1.25 * MOST_BYTES
    assert MOST_BYTES < inbox.ROOM_BYTES
    assert (forced.RESERVE_BYTES, forced.RECEIPT_BYTES) == (RESERVE_BYTES, inbox.LARGEST_BYTES)


@pytest.mark.parametrize(
    ("free", "there", "most"),
    [
        (10 * GIGABYTE, 0, forced.LARGEST_FILE),
        (GIGABYTE, 0, GIGABYTE - RESERVE_BYTES),
        (GIGABYTE, 5000, GIGABYTE - RESERVE_BYTES + 5000),
        (RESERVE_BYTES, 0, inbox.LARGEST_BYTES),
        (0, 0, inbox.LARGEST_BYTES),
    ],
)
def test_a_file_may_not_grow_into_what_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, there: int, most: int
) -> None:
    found = os.statvfs(tmp_path)
    told = type("Told", (), {"f_bavail": free, "f_frsize": 1})
    monkeypatch.setattr(os, "statvfs", lambda _: told)
    assert found.f_frsize
    if there:
        (tmp_path / WHOLE).write_bytes(bytes(there))
    assert forced.largest(tmp_path) == most


@pytest.mark.parametrize(("way", "most"), [("write", 1000), ("read", 5000)])
def test_what_answers_rsync_writes_no_larger_file_and_lives(tmp_path: Path, way: str, most: int) -> None:
    """In a process of its own, since it becomes the program."""
    (tmp_path / "box").mkdir()
    program = tmp_path / "rrsync"
    program.write_text(f"#!/bin/sh\nhead -c 5000 /dev/zero > {tmp_path}/written\necho lives\n")
    program.chmod(0o700)
    code = (
        "import pathlib, sys; from vybor.sync import forced;"
        f"forced.RRSYNC = pathlib.Path({str(program)!r}); forced.LARGEST_FILE = 1000;"
        f"forced.main([{way!r}, {str(tmp_path / 'box')!r}], {{'SSH_ORIGINAL_COMMAND': 'rsync --server x'}})"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout == "lives\n"
    assert (tmp_path / "written").stat().st_size == most
