"""What is on the disk of versions: whole, or found again without it; damaged, full, or half made."""

import errno
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.test_grown_shelf import version, with_good
from vybor.contracts.messages import GrownState, Trouble
from vybor.foundation import small_files
from vybor.generator.grown.kept_shelf import KeptShelf
from vybor.grown import shelf
from vybor.grown.folder import LOST, NEWER, STATE, Folder

WEIGHTS = b"weights of what was learned" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two good versions, the second worn."""
    made = Folder(tmp_path / "grown")
    for serial in (1, 2):
        made.files(serial).mkdir(parents=True)
        (made.files(serial) / "adapter_model.safetensors").write_bytes(WEIGHTS)
        made.note(version(serial))
    made.write(with_good(1, 2))
    return made


def test_what_was_written_is_read(folder: Folder) -> None:
    assert folder.read() == (with_good(1, 2), "")
    assert Folder(folder.path / "elsewhere").read()[0].versions == ()
    assert Folder(folder.path / "elsewhere").read()[1] == ""


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"identity": 3}', b"\xff\xfe", b'{"identity": "x", "worn": "two"}']
)
def test_a_damaged_note_wears_nothing_and_loses_no_version(folder: Folder, content: bytes) -> None:
    (folder.path / STATE).write_bytes(content)
    found, wrong = folder.read()
    assert (found.worn, found.highest, wrong) == (0, 2, LOST)
    assert [one.state for one in found.versions] == [GrownState.LEFT, GrownState.LEFT]
    assert {one.trouble for one in found.versions} == {Trouble.GROWN_LOST}
    assert [one.place for one in found.versions] == [(1, 100), (1, 100)]
    folder.write(found)
    again, wrong = folder.read()
    assert (again, wrong) == (found, "")
    assert shelf.put_on(again, 2).worn == 2


def test_a_lost_note_and_one_of_a_newer_kit_are_the_same(folder: Folder) -> None:
    newer = msgspec.structs.replace(with_good(1, 2), form=99)
    folder.write(newer)
    assert folder.read()[1] == NEWER
    (folder.path / STATE).unlink()
    found, wrong = folder.read()
    assert (found.worn, len(found.versions), wrong) == (0, 2, LOST)
    (folder.path / "000001.json").write_bytes(b"{")
    assert [one.serial for one in folder.read()[0].versions] == [2]


def test_what_was_begun_and_not_ended_is_removed(folder: Folder) -> None:
    (folder.path / ".000003.77").mkdir()
    folder.files(3).mkdir()
    (folder.path / "000004.json").write_text("{}")
    found, _ = folder.read()
    assert folder.tidy(found) == found
    assert sorted(path.name for path in folder.path.iterdir()) == [
        *("000001", "000001.json", "000002", "000002.json"),
        STATE,
    ]


def test_what_is_removed_is_overwritten_before(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = folder.files(1) / "adapter_model.safetensors"
    seen: list[bytes] = []
    overwrite = small_files.overwrite
    monkeypatch.setattr(
        small_files, "overwrite", lambda file: (overwrite(file), seen.append(weights.read_bytes()))
    )
    folder.remove(1)
    assert seen == [bytes(len(WEIGHTS))]
    assert not folder.files(1).exists()


def test_a_full_disk_leaves_the_note_as_it_was(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder.path / STATE).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(small_files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.write(shelf.rolled_back(with_good(1, 2), None, "by hand"))
    assert (folder.path / STATE).read_bytes() == before
    assert [path.name for path in folder.path.iterdir() if path.name.startswith(".")] == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_note_says_the_kit_starts(folder: Folder, data: st.DataObject) -> None:
    folder.write(with_good(1, 2))
    content = bytearray((folder.path / STATE).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    (folder.path / STATE).write_bytes(content)
    kept = KeptShelf(folder, "boot")
    assert kept.now.wearing is None or kept.now.wearing.serial in {1, 2}
    assert folder.read()[0].worn == kept.now.worn
    kept.roll_back(Trouble.GROWN_UNDONE, "worse", 0)
    assert kept.unwritten == ""
    for serial in (1, 2):
        folder.files(serial).mkdir(exist_ok=True)
        folder.note(version(serial))
