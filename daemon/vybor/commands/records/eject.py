"""What `vybor log eject` does: what the workstation laid on a stick is taken, and what waits for it is laid there.

DIR/vybor-<number>/outbox/*.segment     for the workstation
DIR/vybor-<number>/inbox/*.receipt      from it, and *.bundle: for the generator
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from vybor.commands.asking import Room, Say, reached
from vybor.contracts import messages as m
from vybor.foundation import small_files
from vybor.foundation.clock import Clock, on_the_wall
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.places import Places
from vybor.foundation.progress import Progress
from vybor.segments import receipt
from vybor.segments.segment import LARGEST_BYTES, NAME
from vybor.sync import arriving, inbox

MOUNTS = Path("/proc/self/mounts")
BLOCKS = Path("/sys/class/block")
STICKS = ("/media/", "/run/media/", "/mnt/")
LARGEST_RECEIPT = 2**20
MB = 10**6
ESCAPED = re.compile(r"\\([0-7]{3})")
"""How /proc/mounts writes a space, a tab, a line's end and a backslash."""
BEGUN = re.compile(r"^\.(?=.*\.segment)|(?<=\.segment)\.\d+$")
"""What the name of a segment that is being written has more."""
LOOKS, LOOK_S = 60, 0.5
"""So often it is looked whether all is sealed: a second for a day's writing, half a minute for a year's."""


def only_stick(mounts: Path = MOUNTS, blocks: Path = BLOCKS) -> Path:
    """The one stick that is mounted. Raises Missing if there is none, or more."""
    found = sticks(mounts, blocks)
    if len(found) != 1:
        which = "no stick is mounted" if not found else f"there is more than one stick ({', '.join(found)})"
        raise Missing(f"{which}; name its folder with --to DIR")
    return Path(found[0])


def sticks(mounts: Path, blocks: Path) -> list[str]:
    """Where disks are mounted that can be taken out of the machine, and written to.

    One that the machine runs from, or has anything else of it mounted, is none though it hangs on USB.
    """
    told = list(mounted(mounts.read_text(encoding="utf-8", errors="replace")))
    needed = {disk for each in told if not each.is_for_sticks for disk in disks_of(each.device, blocks)}
    found = {
        each.folder for each in told if each.is_for_sticks and each.is_writable and _is_free(each, needed, blocks)
    }
    return sorted(found)


class Mount(NamedTuple):
    """A disk that is mounted."""

    device: Path
    folder: str
    is_writable: bool

    @property
    def is_for_sticks(self) -> bool:
        """Whether it lies where sticks do."""
        return f"{self.folder}/".startswith(STICKS)


def mounted(told: str) -> Iterator[Mount]:
    """The disks of /proc/mounts. Pure."""
    for line in told.splitlines():
        device, *fields = line.split(" ")
        if len(fields) >= 3 and device.startswith("/dev/"):
            yield Mount(Path(_plain(device)), _plain(fields[0]), "rw" in fields[2].split(","))


def _plain(written: str) -> str:
    return ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), written)


def _is_free(mount: Mount, needed: set[Path], blocks: Path) -> bool:
    """Whether every disk below it can be taken out, and is needed for nothing else."""
    disks = disks_of(mount.device, blocks)
    return bool(disks) and not needed & disks and all(map(can_be_taken_out, disks))


def disks_of(device: Path, blocks: Path) -> set[Path]:
    """The disks, as the kernel knows them, that a device is a part of; of an encrypted one those below it."""
    block = (blocks / device.resolve().name).resolve()
    below = list(block.glob("slaves/*"))
    if below:
        return {disk for each in below for disk in disks_of(Path(each.name), blocks)}
    return {block.parent if (block / "partition").exists() else block} if block.exists() else set()


def can_be_taken_out(disk: Path) -> bool:
    """Whether the kernel calls a disk removable, or it hangs on USB.

    A second disk inside the machine is often mounted below /mnt, and is nothing that anybody carries to the
    workstation.
    """
    try:
        removable = (disk / "removable").read_text(encoding="ascii").strip() == "1"
    except (OSError, UnicodeDecodeError):
        return False
    return removable or any(re.fullmatch(r"usb\d+", part) for part in disk.parts)


def standing(runtime: Path, clock: Clock) -> Iterator[str]:
    """How what leaves stands, a sentence each. Raises Missing, PlaceError."""
    with reached("journal", "log", runtime, clock) as journal:
        sharing = _told(journal.told(m.Leave(request=journal.new_request()))).sharing
    if not sharing.workstation:
        yield "no workstation is paired: nothing leaves the kit"
        return
    may = (
        "may have what is written"
        if sharing.agreed
        else "is paired, and the wearer has not agreed: nothing that they write leaves"
    )
    yield f"{sharing.workstation} {may}"
    if sharing.agreed:
        yield f"rows that wait: {sharing.rows}, sealed in segments: {sharing.segments}"
    elif sharing.segments:
        yield f"what it is to forget waits, sealed in segments: {sharing.segments}"
    yield f"fetched last: {on_the_wall(sharing.synced_at) or 'never'}"


def ejected(places: Places, stick: Path, clock: Clock, waiting: Say) -> Iterator[str]:
    """Do it, and say what was done. Raises Missing, PlaceError."""
    with _telling(f"{stick} cannot be looked at"):
        is_folder = stick.is_dir()
    if not is_folder:
        raise PlaceError(f"{stick} is no folder; mount the stick, and name its folder with --to DIR")
    with reached("journal", "eject", places.runtime, clock) as journal:
        told = _told(journal.told(m.Leave(request=journal.new_request(), seal=True)))
        folder = stick / f"vybor-{told.kit}"
        _check_links(folder)
        if not told.sharing.workstation:
            _emptied(folder / "outbox")
            raise Missing("this kit is paired with no workstation; pair one on its screen (Menu, Tools, Kit)")
        if not told.sharing.agreed and not _deletions_wait(journal):
            _emptied(folder / "outbox")
            raise Missing(f"the wearer did not agree that {told.sharing.workstation} may have what they write")
        taken = _receipts(journal, folder / "inbox")
        unsealed = _until_sealed(journal, waiting) if told.sharing.agreed else 0
    progress = Progress("taking what the workstation sent", clock, waiting, " MB")
    bundles = _bundles(folder / "inbox", places.arrived, progress)
    count = _laid(places.outbox, folder / "outbox")
    if taken:
        yield f"receipts taken: {taken}"
    if bundles:
        yield f"sent by the workstation, and taken: {bundles}; `vybor model list` says what becomes of it"
    if unsealed:
        yield f"rows that are not sealed yet, and not on the stick: {unsealed}; do this again later"
    yield f"segments for {told.sharing.workstation} on {stick}: {count}; {_what_now(folder)}"


def _what_now(folder: Path) -> str:
    """A folder of the kit's own disk is nothing that can be taken out."""
    if any(folder.resolve().is_relative_to(place) for place in sticks(MOUNTS, BLOCKS)):
        return "it is safe to take the stick out"
    return f"no stick is mounted there: carry the folder {folder.name} to the workstation yourself"


def _check_links(folder: Path) -> None:
    """Nothing of a stick may lead to another place: files are removed there. Raises PlaceError."""
    for part in (folder, folder / "outbox", folder / "inbox"):
        with _telling(f"{part} cannot be looked at"):
            if part.is_symlink():
                raise PlaceError(f"{part} leads elsewhere; remove that link, or name another stick")


@contextmanager
def _telling(trouble: str) -> Iterator[None]:
    """Say in a sentence why something could not be done: `trouble`, and the reason. Raises PlaceError."""
    try:
        yield
    except PermissionError as error:
        raise PlaceError(f"this user may not read or write {error.filename}; use sudo") from None
    except OSError as error:
        raise PlaceError(f"{trouble} ({error.strerror})") from None


def _told(reply: m.AnyReply) -> m.Leaving:
    if not isinstance(reply, m.Leaving):
        raise Missing("the journal gives no answer that this version knows; restart the kit")
    return reply


def _deletions_wait(journal: Room) -> bool:
    """Whether the workstation is to hear what to forget: that leaves once it may have had something."""
    time.sleep(LOOK_S)  # it is sealed in the journal's next turn
    return _told(journal.told(m.Leave(request=journal.new_request()))).sharing.segments > 0


def _receipts(journal: Room, folder: Path) -> int:
    """Hand the workstation's receipts to the journal, and take them off the stick; how many."""
    count = 0
    with _telling(f"{folder} cannot be read"):
        found = sorted(folder.glob(f"*{receipt.ENDING}")) if folder.is_dir() else []
    for path in found:
        with _telling(f"{path} cannot be read or removed"):
            content = small_files.read(path, LARGEST_RECEIPT, links=False)
            told = _told(journal.told(m.Leave(request=journal.new_request(), receipt=content)))
            path.unlink()
        count += not told.refused
    return count


def _bundles(folder: Path, arrived: Path, progress: Progress) -> int:
    """Carry bundles to where the generator looks, and take them off the stick; how many. Raises PlaceError."""
    with _telling(f"what {folder} brings cannot be kept in {arrived}"):
        found = inbox.bundles(folder)
        done, whole = 0, sum(map(inbox.size, found))

        def carried(count: int) -> None:
            progress((done + count) // MB, whole // MB)

        for path in found:
            arriving.put(path, arrived, carried)
            done += inbox.size(path)
    return len(found)


def _until_sealed(journal: Room, waiting: Say) -> int:
    """A journal with much to seal does so bit by bit; how many rows were not sealed in time."""
    unsealed = 0
    for look in range(LOOKS):
        unsealed = _told(journal.told(m.Leave(request=journal.new_request(), seal=True))).sharing.unsealed
        if not unsealed:
            time.sleep(LOOK_S)  # what was pruned is removed in the journal's next turn
            return 0
        if look == int(2 / LOOK_S):
            waiting("there is much to seal")
        time.sleep(LOOK_S)
    return unsealed


def _laid(outbox: Path, folder: Path) -> int:
    """The stick has what the outbox has, each file whole and on the stick itself; how many.

    What is pruned meanwhile has arrived, and is not missed.
    """
    with _telling(f"{folder} cannot be written"):
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in outbox.iterdir() if NAME.fullmatch(path.name)} if outbox.is_dir() else set()
        _tidied(folder, names)
        count = sum(_copied(outbox / name, folder / name) for name in sorted(names))
        os.sync()
    return count


def _emptied(folder: Path) -> None:
    """What was laid there while it might leave does not stay for whoever finds the stick. Raises PlaceError."""
    try:
        if folder.is_dir():
            _tidied(folder, set())
    except OSError as error:
        raise PlaceError(f"{folder} cannot be emptied ({error.strerror}); remove it yourself") from None


def _tidied(folder: Path, names: set[str]) -> None:
    """Segments of other names go, half ones too, and what has such a name and is no file: it may be a link."""
    for path in list(folder.iterdir()):
        named = BEGUN.sub("", path.name)
        is_plain = path.is_file() and not path.is_symlink()
        is_folder = path.is_dir() and not path.is_symlink()
        if NAME.fullmatch(named) and not is_folder and not (is_plain and path.name in names):
            path.unlink()


def _copied(source: Path, target: Path) -> bool:
    try:
        content = small_files.read(source, LARGEST_BYTES, links=False)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return False
    if target.is_file() and small_files.read(target, LARGEST_BYTES, links=False) == content:
        return True
    small_files.write_bytes(target, content, 0o644, is_synced=True)
    return True
