"""Which disk `vybor log eject` takes for a stick: one that can be taken out, and of those the only one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vybor.commands.records import eject
from vybor.foundation.errors import Missing


@pytest.fixture
def blocks(tmp_path: Path) -> Path:
    """As the kernel tells of disks: links into a tree of devices."""
    devices, links = tmp_path / "devices", tmp_path / "class/block"
    links.mkdir(parents=True)
    for name, where, removable in (
        ("sda", "pci0000:00/ata1/block", "0"),
        ("sdb", "pci0000:00/usb1/1-1/host6/block", "0"),
        ("sdc", "pci0000:00/usb2/2-1/host7/block", "1"),
        ("mmcblk1", "platform/mmc_host/mmc1/block", "1"),
        ("nvme0n1", "pci0000:00/nvme/nvme0", "0"),
    ):
        disk = devices / where / name
        partitions = [disk / f"{name}{'p' if name[-1].isdigit() else ''}{number}" for number in (1, 2)]
        for partition in partitions:
            partition.mkdir(parents=True)
            (partition / "partition").write_text("1\n")
        (disk / "removable").write_text(f"{removable}\n")
        for block in (disk, *partitions):
            (links / block.name).symlink_to(block)
    for name, below in (("dm-0", "sdb1"), ("dm-1", "sda1")):
        slaves = devices / "virtual/block" / name / "slaves"
        slaves.mkdir(parents=True)
        (slaves / below).symlink_to(links / below)
        (links / name).symlink_to(slaves.parent)
    return links


def found(tmp_path: Path, blocks: Path, mounts: str) -> list[str]:
    told = tmp_path / "mounts"
    told.write_text(mounts)
    return eject.sticks(told, blocks)


@pytest.mark.parametrize(
    ("mounts", "sticks"),
    [
        ("/dev/sdb1 / ext4 rw 0 0\n", []),
        ("/dev/sdb1 /media/pi/MY\\040STICK vfat rw 0 0\n", ["/media/pi/MY STICK"]),
        (
            "/dev/sdb1 /mnt/a ext4 rw 0 0\n/dev/sdc1 /run/media/u/b vfat rw,nosuid 0 0\n",
            ["/mnt/a", "/run/media/u/b"],
        ),
        ("/dev/sdc /media/anna/ФЛЕШКА\\1341 vfat rw 0 0\n", ["/media/anna/ФЛЕШКА\\1"]),
        ("/dev/sdb1 /media/a vfat ro 0 0\nhost:/share /mnt/share nfs rw 0 0\ntmpfs /mnt/t tmpfs rw 0 0\nx\n", []),
        ("/dev/sda1 /mnt/archive ext4 rw 0 0\n/dev/nvme0n1p1 /mnt/fast ext4 rw 0 0\n", []),
        ("/dev/sda1 /mnt/archive ext4 rw 0 0\n/dev/sdb1 /mnt/stick vfat rw 0 0\n", ["/mnt/stick"]),
        ("/dev/mmcblk1p1 /media/card vfat rw 0 0\n", ["/media/card"]),
        ("/dev/dm-0 /media/sealed ext4 rw 0 0\n/dev/dm-1 /mnt/inside ext4 rw 0 0\n", ["/media/sealed"]),
        ("/dev/sdz9 /media/gone vfat rw 0 0\n", []),
        ("/dev/sdb1 / ext4 rw 0 0\n/dev/sdb2 /mnt/data ext4 rw 0 0\n", []),
        ("/dev/dm-0 / ext4 rw 0 0\n/dev/sdb2 /mnt/data ext4 rw 0 0\n/dev/sdc1 /mnt/a vfat rw 0 0\n", ["/mnt/a"]),
    ],
)
def test_only_what_can_be_taken_out_is_a_stick(
    tmp_path: Path, blocks: Path, mounts: str, sticks: list[str]
) -> None:
    assert found(tmp_path, blocks, mounts) == sticks
    if len(sticks) == 1:
        assert eject.only_stick(tmp_path / "mounts", blocks) == Path(sticks[0])
    else:
        with pytest.raises(Missing, match="--to DIR"):
            eject.only_stick(tmp_path / "mounts", blocks)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.text() | st.lists(st.sampled_from(["/dev/sdb1", "/media/a", "rw", "\\777", " ", "\n"])).map(" ".join)
)
def test_whatever_the_table_of_mounts_says_nothing_breaks(tmp_path: Path, blocks: Path, told: str) -> None:
    (tmp_path / "mounts").write_text(told, encoding="utf-8", errors="replace")
    assert all(place.startswith(eject.STICKS) for place in eject.sticks(tmp_path / "mounts", blocks))
