"""A disk of a machine's own, as a file: it wears out, and what is on it when the power is cut is all there is."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from world.appliance import Appliance
from world.rootfs import run

DISK_MB = 64


@contextmanager
def disk(image: Path, folder: Path) -> Iterator[Path]:
    """A disk of its own, mounted; made if it is not there. What it lost it lost: no write is waited for."""
    if not image.exists():
        with image.open("wb") as opened:
            opened.truncate(DISK_MB << 20)
        run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
    folder.mkdir(exist_ok=True)
    run("mount", "-o", "loop,errors=remount-ro", image, folder)
    try:
        yield folder
    finally:
        run("umount", folder)


def break_disk(folder: Path) -> None:
    """Report an error to the file system of a folder: the kernel makes it read-only."""
    source = run("findmnt", "--noheadings", "--output", "SOURCE", folder).strip()
    Path(f"/sys/fs/ext4/{Path(source).name}/trigger_fs_error").write_text("worn out", encoding="utf-8")


def mend_disk(image: Path) -> None:
    """Check a file system that had an error, as the machine does when it starts."""
    run("sh", "-c", f"e2fsck -fp '{image}' || [ $? -le 2 ]")


def power_is_cut(machine: Appliance, image: Path, after: Path) -> None:
    """What is on the disk at this moment is all there will be; `after` becomes that disk."""
    shutil.copyfile(image, after)
    machine.cut()
