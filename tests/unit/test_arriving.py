"""What the workstation sends: carried whole from the inbox to where the generator looks, or not at all."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vybor.bundles.bundle import MOST_BYTES
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.sync import arriving, inbox
from vybor.sync.arriving import Arriving

NAME = "55555555-{:06}-{}.bundle"


def lay(box: Path, serial: int, content: bytes = b"bundle") -> Path:
    box.mkdir(exist_ok=True)
    path = box / NAME.format(serial, len(content))
    path.write_bytes(content)
    return path


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def arrived(tmp_path: Path) -> Path:
    return tmp_path / "arrived"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_it_comes_through_piece_by_piece_and_the_inbox_is_empty(
    box: Path, arrived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "PIECE", 10)
    lay(box, 8, b"the second")
    lay(box, 7, b"the first, in three pieces")
    carrying = Arriving(box, arrived)
    assert carrying.turn(0)
    assert not any(name.endswith(".bundle") for name in names(arrived)), "half of it has no name yet"
    turns = 1
    while carrying.turn(0):
        turns += 1
    assert turns == 3 + 2, "the last piece is one that is shorter, an empty one too"
    assert {path.name: path.read_bytes() for path in arrived.iterdir()} == {
        "000007.bundle": b"the first, in three pieces",
        "000008.bundle": b"the second",
    }
    assert names(box) == []
    assert {path.stat().st_mode & 0o777 for path in arrived.iterdir()} == {0o640}


def test_without_a_bundle_nothing_is_made(box: Path, arrived: Path) -> None:
    assert not Arriving(box, arrived).turn(0)
    assert not arrived.exists()


def test_receipts_and_bundles_pass_each_other(box: Path, arrived: Path) -> None:
    lay(box, 7)
    (box / "a.receipt").write_text("{}")
    (box / "7.bundle").write_text("none of ours")
    (box / NAME.format(9, 11)).symlink_to("/etc/passwd")
    found = inbox.next_receipt(box)
    assert found
    assert found[0].name == "a.receipt"
    inbox.remove(found[0])
    assert inbox.next_receipt(box) is None
    assert names(box) == [NAME.format(7, 6)]


def test_what_was_cut_off_stays_for_a_week_and_is_not_taken(
    box: Path, arrived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = lay(box, 7, b"all of it")
    begun.write_bytes(b"all of")
    os.utime(begun, (1, 1))  # as rsync leaves it
    assert inbox.next_receipt(box) is None
    assert not Arriving(box, arrived).turn(0)
    assert names(box) == [begun.name]
    monkeypatch.setattr(inbox, "seconds_since_touched", lambda _: inbox.ABANDONED_S)
    assert inbox.next_receipt(box) is None
    assert names(box) == []
    monkeypatch.undo()
    begun.write_bytes(b"more than all of it")
    assert inbox.next_receipt(box) is None
    assert names(box) == []


def test_what_is_sent_again_meanwhile_is_carried_again(box: Path, arrived: Path) -> None:
    lay(box, 7, b"first.")
    copying = arriving.begin(box / NAME.format(7, 6), arrived)
    assert copying.carry()
    (box / "other").write_bytes(b"second")
    (box / "other").replace(box / NAME.format(7, 6))
    copying.finish()
    copying.close()
    assert names(box) == [NAME.format(7, 6)]
    carrying = Arriving(box, arrived)
    while carrying.turn(0):
        pass
    assert (arrived / "000007.bundle").read_bytes() == b"second"


def test_a_full_disk_is_said_and_tried_again(box: Path, arrived: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(box, 7)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=arriving.RESERVE_BYTES))
    carrying = Arriving(box, arrived)
    assert not carrying.turn(0)
    assert carrying.trouble == (
        f"what the workstation sent cannot be kept in {arrived} (there is no room for it; make some)"
    )
    assert names(arrived) == []
    assert names(box) == [NAME.format(7, 6)]
    monkeypatch.undo()
    assert not carrying.turn(seconds(59))
    assert carrying.turn(seconds(60))
    assert carrying.trouble == ""
    assert names(arrived) == ["000007.bundle"]


def test_the_highest_numbers_stay_and_so_does_what_came_last(box: Path, arrived: Path) -> None:
    for serial in (3, 4, 5, 6, 7, 8, 2):
        arriving.put(lay(box, serial), arrived)
    assert names(arrived) == [f"{serial:06}.bundle" for serial in (2, 4, 5, 6, 7, 8)]


def test_large_ones_do_not_fill_the_disk() -> None:
    half = MOST_BYTES // 2
    sizes = {Path(str(serial)): half + 1 for serial in (1, 2, 3)}
    assert arriving.too_many(sizes, Path("3")) == [Path("2"), Path("1")]
    assert arriving.too_many(sizes | {Path("2"): 5}, Path("3")) == [Path("1")]


def test_what_the_generator_has_taken_is_gone_and_nothing_else(box: Path, arrived: Path) -> None:
    for serial in (3, 4, 5):
        arriving.put(lay(box, serial), arrived)
    carrying = Arriving(box, arrived)
    told = {3: m.GrownState.REFUSED, 4: m.GrownState.TRYING, 0: m.GrownState.REFUSED, 9: m.GrownState.GOOD}
    carrying.taken(m.Grown(became=m.Became(serial=serial, state=state)) for serial, state in told.items())
    assert names(arrived) == ["000004.bundle", "000005.bundle"]
    assert carrying.waits


def test_another_workstation_finds_nothing_of_the_one_before(box: Path, arrived: Path) -> None:
    arriving.put(lay(box, 7), arrived)
    lay(box, 8)
    carrying = Arriving(box, arrived)
    carrying.turn(0)
    (arrived / ".000009.bundle.12345.new").write_bytes(b"of somebody who was killed")
    carrying.clear()
    assert names(arrived) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from vybor.sync import arriving
arriving.PIECE = 100_000
place, after, count = Path(sys.argv[1]), int(sys.argv[2]), 0
def watch(frame, event, argument):
    global count
    count += frame.f_code.co_filename.endswith("arriving.py")
    if count == after:
        os.kill(os.getpid(), signal.SIGKILL)
    return watch
carrying = arriving.Arriving(place / "inbox", place / "arrived")
sys.settrace(watch)
while carrying.turn(0):
    pass
"""


def test_killed_at_any_line_it_is_whole_where_it_came_from_or_where_it_goes(
    tmp_path: Path, box: Path, arrived: Path
) -> None:
    content = os.urandom(350_000)
    for after in (3, *range(12, 170, 12), 10_000):
        lay(box, 7, content)
        ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(after)], check=False).returncode
        assert ended in (0, -signal.SIGKILL)
        whole = [path for path in (box / NAME.format(7, len(content)), arrived / "000007.bundle") if path.exists()]
        assert whole
        assert all(path.read_bytes() == content for path in whole)
    assert ended == 0
    for left in arrived.glob(".*"):
        os.utime(left, (1, 1))
    arriving.put(lay(box, 8), arrived)
    assert names(arrived) == ["000007.bundle", "000008.bundle"]
