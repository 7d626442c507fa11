"""`vybor config`: the file and its earlier versions, whatever becomes of disk, process and neighbours."""

import argparse
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vybor.commands import surroundings
from vybor.commands.settings import configuring
from vybor.foundation import settings, settings_reading
from vybor.foundation.errors import Missing, PlaceError, SettingsError

MINE = """\
# The kit of room four
language = "en"   # the carer's wish

[gaze]
# the camera on the arm
camera = "auto"
hz = 15

[commit]
pad = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "vybor.toml"
    made.write_text(MINE)
    return made


def test_mode_and_owner_stay(file: Path) -> None:
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, 12345, 23456)
    before = file.stat()
    configuring.put(file, "language", ["ru"])
    after = file.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    (kept,) = configuring.earlier_versions(file)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


def test_undo_goes_back_step_by_step_and_loses_nothing(file: Path) -> None:
    configuring.put(file, "language", ["ru"])
    configuring.put(file, "gaze.hz", ["10"])
    third = file.read_text()
    configuring.undo(file)
    assert file.read_text() == MINE.replace('"en"', '"ru"')
    assert file.with_name("vybor.toml.undone-000001").read_text() == third
    configuring.undo(file)
    assert file.read_text() == MINE
    assert file.with_name("vybor.toml.undone-000001").read_text() == third
    assert file.with_name("vybor.toml.undone-000002").read_text() == MINE.replace('"en"', '"ru"')
    with pytest.raises(Missing, match="no earlier version"):
        configuring.undo(file)


def test_undo_of_the_first_change_is_an_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    configuring.put(file, "language", ["ru"])
    configuring.undo(file)
    assert settings_reading.load(file) == settings.Settings()


def test_undo_refuses_a_version_that_would_not_hold(file: Path) -> None:
    file.write_text(MINE.replace("hz = 15", "hz = 900"))
    configuring.put(file, "gaze.hz", ["15"])
    with pytest.raises(SettingsError, match=r"gaze\.hz"):
        configuring.undo(file)
    assert settings_reading.load(file).gaze.hz == 15


def test_only_so_many_versions_are_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuring, "KEPT", 3)
    for hz in range(10, 16):
        configuring.put(file, "gaze.hz", [str(hz)])
    kept = configuring.earlier_versions(file)
    assert [path.name.rpartition("-")[2] for path in kept] == ["000004", "000005", "000006"]
    assert "hz = 14" in kept[-1].read_text()


def test_only_so_many_of_what_was_undone_are_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuring, "KEPT", 3)
    for hz in range(10, 15):
        configuring.put(file, "gaze.hz", [str(hz)])
        configuring.undo(file)
    undone = sorted(path.name for path in file.parent.glob("*.undone-*"))
    assert undone == [f"vybor.toml.undone-{number:06}" for number in (3, 4, 5)]
    assert "hz = 14" in file.with_name(undone[-1]).read_text()


def test_a_folder_that_cannot_be_written_to_is_told_and_leaves_no_scraps(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises((PlaceError, SettingsError), match=r"vybor\.toml cannot be"):
        configuring.put(in_the_way / "vybor.toml", "language", ["ru"])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_disk_without_room_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PlaceError, match="No space left on device"):
        configuring.put(file, "language", ["ru"])
    assert file.read_text() == MINE
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_folder_is_made_durable_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut can take the name of the new file: nothing would be set."""
    durable: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        durable.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    configuring.put(file, "language", ["ru"])
    assert durable == ["file", "folder", "file", "folder"], "the kept version first, whole, then the new one"


def test_a_disk_that_fills_between_the_two_files_keeps_no_version_of_what_has_not_changed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = os.fsync, list[int]()

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > 2:  # the kept version and its folder
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PlaceError, match="No space left on device"):
        configuring.put(file, "language", ["ru"])
    assert file.read_text() == MINE
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_undo_brings_back_what_a_file_of_scraps_replaced(file: Path) -> None:
    configuring.put(file, "language", ["ru"])
    file.write_bytes(b"\xff\xfe scraps")
    configuring.undo(file)
    assert file.read_text() == MINE
    assert file.with_name("vybor.toml.undone-000001").read_bytes() == b"\xff\xfe scraps"


def test_a_folder_in_place_of_a_kept_version_is_none(file: Path) -> None:
    file.with_name("vybor.toml.before-000001").mkdir()
    with pytest.raises(Missing):
        configuring.undo(file)
    configuring.put(file, "language", ["ru"])
    configuring.undo(file)
    assert file.read_text() == MINE


def test_a_kept_version_that_is_no_text_is_told(file: Path) -> None:
    file.with_name("vybor.toml.before-000001").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="before-000001 is not UTF-8 text; move it away"):
        configuring.undo(file)
    assert file.read_text() == MINE


def test_undo_passes_over_what_a_change_that_was_cut_off_has_kept(file: Path) -> None:
    configuring.put(file, "language", ["ru"])
    file.with_name("vybor.toml.before-000002").write_bytes(file.read_bytes())
    configuring.undo(file)
    assert file.read_text() == MINE
    assert configuring.earlier_versions(file) == []


@pytest.mark.parametrize("kind", ["pipe", "folder", "zeros", "flood"])
def test_what_is_no_file_of_settings_is_told(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "vybor.toml"
    match kind:
        case "pipe":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "zeros":
            file.symlink_to("/dev/zero")
        case "flood":
            file.write_text("#" * 200_000)
    for change in (lambda: configuring.put(file, "language", ["ru"]), lambda: configuring.undo(file)):
        with pytest.raises((SettingsError, Missing), match=r"cannot be read|no earlier version"):
            change()
    with pytest.raises(SettingsError, match="cannot be read"):
        configuring.in_force(file, changed_only=False)


def test_a_link_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "vybor.toml").symlink_to(tmp_path / "vybor.toml")
    with pytest.raises(PlaceError, match="leads round in a circle"):
        surroundings.settings_to_write(argparse.Namespace(config=tmp_path / "vybor.toml"))


def test_in_a_folder_of_the_kit_its_group_may_read_what_is_written(tmp_path: Path) -> None:
    """As /etc/vybor is: 0750 root:vybor."""
    folder = tmp_path / "vybor"
    folder.mkdir(mode=0o750)
    if os.geteuid() == 0:
        os.chown(folder, 0, 23456)
    file = folder / "vybor.toml"
    configuring.put(file, "language", ["ru"])
    assert (stat.S_IMODE(file.stat().st_mode), file.stat().st_gid) == (0o640, folder.stat().st_gid)
    file.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(file, 0, 0)
    configuring.put(file, "gaze.hz", ["10"])
    configuring.undo(file)
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o040, path
        assert path.stat().st_gid == folder.stat().st_gid


CHANGES = """
import sys
from pathlib import Path
from vybor.commands.settings import configuring
for hz in range(10, 20):
    for name, words in ((sys.argv[2], sys.argv[3:]), ("gaze.hz", [str(hz)])):
        configuring.put(Path(sys.argv[1]), name, words)
        print("changed", flush=True)
"""


def changing(file: Path, name: str, words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHANGES, str(file), name, words], stdout=subprocess.PIPE)


def test_changes_at_the_same_time_are_all_kept(file: Path) -> None:
    wanted = {
        "language": "ru",
        "commit.pad_s": "0.6",
        "generator.threads": "1",
        "display.width": "800",
        "voice.words_per_minute": "200",
        "headband.board": "muse_2",
    }
    children = [changing(file, name, words) for name, words in wanted.items()]
    for child in children:
        child.communicate(timeout=120)
    assert [child.returncode for child in children] == [0] * len(wanted)
    read = settings_reading.load(file)
    assert (read.language, read.commit.pad_s, read.generator.threads) == ("ru", 0.6, 1)
    assert (read.display.width, read.voice.words_per_minute, read.headband.board) == (800, 200, "muse_2")


def test_a_change_that_is_killed_leaves_the_old_or_the_new_and_the_next_one_goes_through(file: Path) -> None:
    for wait_s in (0.0, 0.003, 0.007, 0.012, 0.02, 0.03):
        child = changing(file, "language", "ru")
        assert child.stdout is not None
        assert child.stdout.readline() == b"changed\n"
        time.sleep(wait_s)
        child.kill()
        child.communicate()
        assert "# the camera on the arm" in file.read_text()
        settings_reading.load(file)
    configuring.put(file, "gaze.hz", ["33"])
    assert settings_reading.load(file).gaze.hz == 33
    assert not list(file.parent.glob(".*"))
