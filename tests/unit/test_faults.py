"""Faults are what they say: whether one came is asked of the kit, and what is unexpected is not passed over."""

import errno
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from unit.test_kills import record
from vybor.journal import store
from world import faults, faults_of_processes
from world.appliance import Appliance, NotThere
from world.camera import Camera
from world.fault import Fault, nothing, running

NOW = datetime.fromisoformat("2026-11-28T10:00:00+00:00")
NOBODY = cast(Camera, None)


def machine(**has: object) -> Appliance:
    return cast(Appliance, SimpleNamespace(**has))


def test_nothing_is_done_to_a_process_that_does_not_run() -> None:
    """Signal 9 to process 0 goes to whoever sends it."""
    gone = machine(pid=lambda process: 0)
    with pytest.raises(NotThere, match="voice does not run"):
        running(gone, "voice")
    for fault in (faults_of_processes.starved("voice"), faults_of_processes.without_memory("voice")):
        with pytest.raises(NotThere):
            fault.does(gone, NOBODY)


def test_a_panel_is_not_taken_from_a_display_that_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr("os.kill", lambda *signal: done.append(signal))
    gone = machine(pid=lambda process: 0, write=lambda *file: done.append(file), run=lambda *words: "")
    with pytest.raises(NotThere, match="display does not run"):
        faults.panel_gone().does(gone, NOBODY)
    assert done == []


def test_the_record_says_whether_it_was_another_year(tmp_path: Path) -> None:
    opened = store.open_store(tmp_path / "journal.sqlite", "boot")
    for decision in record("I", "I am"):
        opened.keep(decision)
    opened.close()
    (first, second) = faults.recorded_at(tmp_path)
    assert abs(first - second) < timedelta(minutes=1)
    assert faults.is_of([first], second)
    assert not faults.is_of([first], second + timedelta(days=3652))
    assert not faults.is_of([], NOW)
    assert faults.is_of([NOW - timedelta(days=5), NOW], NOW)


def test_memory_is_held_against_what_the_kernel_counts() -> None:
    status = "Name:\tvybor\nVmPeak:\t  900 kB\nVmData:\t   300 kB\nVmStk:\t   132 kB\n"
    assert faults_of_processes.data_bytes(status) == 300 * 1024
    assert faults_of_processes.data_bytes(Path("/proc/self/status").read_text()) > 0


@pytest.mark.parametrize(
    ("log", "speaks"),
    [
        ("Traceback\nMemoryError", True),
        ("OSError: [Errno 12] Cannot allocate memory", True),
        ("trouble: camera_missing", False),
        ("", False),
    ],
)
def test_whoever_got_no_memory_says_so_in_the_log(log: str, speaks: bool) -> None:
    assert faults_of_processes.speaks_of_memory(log) == speaks


def test_only_a_full_disk_ends_the_filling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Disk:
        def __init__(self, number: int) -> None:
            self.number, self.left = number, 3

        def __enter__(self) -> "Disk":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, content: bytes) -> int:
            self.left -= 1
            if not self.left:
                raise OSError(self.number, "no more")
            return len(content)

    for number in (errno.ENOSPC, errno.EDQUOT):
        full = Disk(number)
        monkeypatch.setattr(Path, "open", lambda path, mode, buffering, full=full: full)
        faults.fill(tmp_path / "filler")
        assert full.left == 0
    monkeypatch.setattr(Path, "open", lambda path, mode, buffering: Disk(errno.EIO))
    with pytest.raises(OSError, match="no more"):
        faults.fill(tmp_path / "filler")


def test_a_network_that_is_back_is_one_whose_page_answers() -> None:
    (fault,) = [fault for fault in faults.every_fault() if fault.name == "removed.network"]
    assert fault.is_over(machine(run=lambda *command, ok: "HTTP/1.1 303 See Other\r\n"))
    assert not fault.is_over(machine(run=lambda *command, ok: ""))
    with pytest.raises(NotThere, match="does not go"):
        fault.does(machine(run=lambda *command, ok=(0,): "HTTP/1.1 200 OK\r\n"), NOBODY)


def test_a_loudspeaker_that_is_back_is_one_that_plays_and_of_which_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "GONE_S", 0.0)
    fault, said = faults.sound_gone(), "{}"
    kit = machine(
        inside=lambda path: tmp_path / Path(path).name,
        write=lambda path, text, mode: None,
        run=lambda *command, ok: said,
    )
    played, refused = tmp_path / "world.played", tmp_path / "world.refused"
    played.write_text("\n")
    fault.does(kit, NOBODY)
    assert not fault.came(kit)
    refused.write_text("\n")
    assert fault.came(kit)
    fault.ends(kit, NOBODY)
    assert not fault.is_over(kit), "nothing was played since"
    played.write_text("\n\n")
    assert fault.is_over(kit)
    said = '{"trouble": "sound_missing"}'
    assert not fault.is_over(kit)


def test_two_at_a_time_came_if_both_did() -> None:
    came = Fault("a.one", nothing, nothing, lambda machine: True)
    never = Fault("b.two", nothing, nothing, lambda machine: True, came=lambda machine: False)
    kit = machine()
    assert faults.together(came, came).came(kit)
    assert not faults.together(came, never).came(kit)
    assert not faults.together(never, came).came(kit)
