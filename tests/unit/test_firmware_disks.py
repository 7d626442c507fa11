"""`vybor firmware` on disks that fail, at every step: nothing is lost, and undo gives every byte back."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.firmware_machine import (
    CMDLINE,
    CMDLINE_PLACE,
    CONFIG,
    CONFIG_PLACE,
    OLD_CONFIG,
    everything,
    firmware,
    pi,
    put,
    refused,
)
from vybor.firmware import files
from vybor.firmware.boards import Board


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "machine").mkdir()
    return pi(tmp_path / "machine")


# --- disks that fail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("after", range(0, 12, 2))
def test_a_write_that_fails_changes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, after: int, number: int
) -> None:
    """Ten files are written before the first is put in place: five backups and five new ones."""
    before, left, really = everything(root), [after], os.fsync

    def fsync(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    code, sentence = refused(capsys, "apply", "--root", root)
    assert code == 73
    assert os.strerror(number) in sentence
    assert everything(root) == before


class PowerCut(BaseException):
    """The plug is pulled."""


def test_a_power_cut_at_any_step_leaves_every_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is the old one or the new one, and the next apply ends the work."""
    made = pi(tmp_path / "whole")
    firmware("apply", "--root", made)
    wanted = {name: content for name, content in everything(made).items() if files.KEPT not in name}
    replace, cut = os.replace, 0
    while True:
        root = pi(tmp_path / f"cut-{cut}")
        old, left = everything(root), [cut]

        def pull(source: Path, target: Path, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCut
            replace(source, target)

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", pull)
            try:
                firmware("apply", "--root", root)
            except PowerCut:
                pass
            else:
                break
        for name, content in everything(root).items():
            if files.KEPT not in name and not name.endswith(files.NEW):
                assert content in (old.get(name), wanted[name]), name
        firmware("apply", "--root", root)
        assert {n: c for n, c in everything(root).items() if files.KEPT not in n} == wanted
        cut += 1
    assert cut == 8  # three backups of files that were there, five files put in place


@pytest.fixture
def mounted(root: Path) -> Iterator[Path]:
    """The boot folder on a small file system of its own."""
    boot = root / "boot/firmware"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k,nr_inodes=64", "tmpfs", str(boot)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("mounting a file system needs root")
    put(root, CONFIG_PLACE, CONFIG)
    put(root, CMDLINE_PLACE, CMDLINE)
    yield boot
    subprocess.run(["umount", "-l", str(boot)], check=True)


def test_a_full_boot_partition_is_said_and_nothing_changes(
    root: Path, mounted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mounted / "ballast").write_bytes(b"x" * 4096)
    before = everything(root)
    code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "make room" in sentence) == (73, True), sentence
    assert everything(root) == before


def test_a_read_only_boot_partition_is_said_and_nothing_changes(
    root: Path, mounted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    before = everything(root)
    code, sentence = refused(capsys, "apply", "--root", root)
    assert (code, "remount,rw" in sentence) == (73, True), sentence
    assert everything(root) == before


def test_a_fat_partition_takes_it_too(root: Path, tmp_path: Path) -> None:
    image, boot = tmp_path / "image", root / "boot/firmware"
    image.write_bytes(b"\0" * 2_000_000)
    formatted = subprocess.run(["sh", "-c", f"mkfs.vfat {image}"], capture_output=True, check=False)
    mount = ["mount", "-o", "loop", str(image), str(boot)]
    if formatted.returncode or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs mkfs.vfat and a loop device")
    try:
        put(root, CONFIG_PLACE, CONFIG)
        put(root, CMDLINE_PLACE, CMDLINE)
        assert firmware("apply", "--root", root) == 0
        assert firmware("check", "--root", root) == 0
        assert firmware("undo", "--root", root) == 0
        assert (root / CONFIG_PLACE).read_text() == CONFIG
    finally:
        subprocess.run(["umount", "-l", str(boot)], check=True)


# --- properties -----------------------------------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from([*CONFIG.splitlines(), *OLD_CONFIG.splitlines(), "[pi5]", "dtparam=watchdog=off"])
)


@given(
    LINES,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([Board.PI5, Board.PI4]),
    st.lists(st.sampled_from(["camera-module-2", "muse-2", "supply-5a"]), max_size=3),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_undo_gives_every_byte_back(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, board: Board, names: list[str]
) -> None:
    root = pi(tmp_path_factory.mktemp("machine"))
    put(root, CONFIG_PLACE, end.join(lines))
    before = everything(root)
    wanted = [word for name in names for word in ("--with", name)]
    arguments = ("--root", root, "--board", board.value, *wanted)
    assert firmware("apply", *arguments) == 0
    applied = everything(root)
    assert firmware("check", *arguments) == 0
    assert firmware("apply", *arguments) == 0
    assert everything(root) == applied
    assert firmware("undo", "--root", root, "--board", board.value) == 0
    after = everything(root)
    assert {name: content for name, content in after.items() if files.KEPT not in name} == before
