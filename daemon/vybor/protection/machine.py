"""Ways by which the key comes without anybody typing: the machine's own (systemd-creds), or a stick plugged in."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from vybor.foundation import keys, small_files
from vybor.foundation.keys import CREDENTIAL, Key
from vybor.protection.described import Machine, ProtectionError

LIMIT_S = 20.0
OPTIONS = "ro,nosuid,nodev,noexec"
PLUGGED_IN = ("/media/", "/mnt/", "/run/media/")
"""Where a stick that somebody has mounted is looked at; never what the machine itself runs from."""

Run = Callable[[Sequence[str], bytes], bytes]
"""A program and what it reads; what it wrote. Raises ProtectionError."""


def run(command: Sequence[str], given: bytes = b"") -> bytes:
    """Run a program of the system. Raises ProtectionError."""
    try:
        return subprocess.run(command, input=given, capture_output=True, check=True, timeout=LIMIT_S).stdout
    except FileNotFoundError:
        raise ProtectionError(
            f"{command[0]} is not installed; protect the kit by a passphrase or a stick"
        ) from None
    except subprocess.TimeoutExpired:
        raise ProtectionError(f"{command[0]} took more than {LIMIT_S:.0f} s; try again") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or [
            f"it ended with {error.returncode}"
        ]
        raise ProtectionError(f"{command[0]} failed: {said[0]}") from None


# --- the machine ------------------------------------------------------------------------------------------------


def sealed_by(run: Run) -> Machine:
    """With what this machine would keep the key."""
    try:
        run(("systemd-creds", "has-tpm2", "--quiet"), b"")  # it fails unless firmware, kernel and library can
    except ProtectionError:
        return Machine.HOST
    return Machine.TPM


def seal(secret: bytes, path: Path, by: Machine, run: Run) -> None:
    """Have the machine keep the key, for itself alone, on the disk. Raises ProtectionError and OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = ("systemd-creds", "encrypt", f"--name={CREDENTIAL}", f"--with-key={by.value}", "-", str(path))
    run(command, keys.written(secret).encode())
    with path.open("rb") as sealed:
        os.fsync(sealed.fileno())
    small_files.sync_folder(path.parent)


def unseal(path: Path, run: Run) -> Key:
    """The key that the machine keeps. Raises ProtectionError."""
    return keys.understood(run(("systemd-creds", "decrypt", f"--name={CREDENTIAL}", str(path), "-"), b""))


# --- sticks -----------------------------------------------------------------------------------------------------


class Partition(msgspec.Struct, frozen=True):
    """Of `lsblk --json`."""

    path: str
    fstype: str | None = None
    hotplug: bool = False
    mountpoints: list[str | None] = []
    children: list["Partition"] = []


class Listed(msgspec.Struct, frozen=True):
    """The whole of it."""

    blockdevices: list[Partition] = []


def keys_on_sticks(run: Run) -> Iterator[Key]:
    """What stands in `vybor.key` on each stick that is plugged in. Raises ProtectionError."""
    for partition in _flat(_disks(run)):
        if not partition.hotplug or not partition.fstype:
            continue
        mounted = [place for place in partition.mountpoints if place]
        if mounted:
            yield from (keys.read(Path(place) / CREDENTIAL) for place in mounted if _is_for_sticks(place))
            continue
        try:
            with _mounted(partition.path, run) as folder:
                yield keys.read(folder / CREDENTIAL)
        except ProtectionError:  # a file system that this machine does not know, or a stick that was pulled out
            continue


def check_stick(folder: Path, run: Run) -> None:
    """Whether a key in this folder lies on a stick, and is found there. Raises ProtectionError.

    A disk that can be unplugged is none if the machine itself runs from it, or has anything else of it mounted.
    """
    folder = folder.resolve()
    places: list[str] = []
    for disk in _disks(run):
        parts = list(_flat([disk]))
        mounted = [place for part in parts for place in part.mountpoints if place]
        if all(_is_for_sticks(place) for place in mounted):
            places += [
                place for part in parts if part.hotplug and part.fstype for place in part.mountpoints if place
            ]
    if str(folder) in places:
        return
    if tops := [place for place in places if folder.is_relative_to(place)]:
        raise ProtectionError(
            f"{folder} is a folder on a stick, and the key is looked for at its top; name {tops[0]}"
        )
    where = f"there is one in {', '.join(places)}" if places else f"mount one below {' or '.join(PLUGGED_IN)}"
    raise ProtectionError(
        f"no stick is mounted in {folder}, and a key on the kit's own card protects nothing; {where}"
    )


def _disks(run: Run) -> list[Partition]:
    """What `lsblk` tells. Raises ProtectionError."""
    listed = run(("lsblk", "--json", "--output", "PATH,FSTYPE,HOTPLUG,MOUNTPOINTS"), b"")
    try:
        return msgspec.json.decode(listed, type=Listed).blockdevices
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProtectionError(f"lsblk says what cannot be understood ({error})") from None


def _is_for_sticks(place: str) -> bool:
    """Whether somebody mounts sticks in this place: also in `/mnt` itself."""
    return f"{place}/".startswith(PLUGGED_IN)


def _flat(partitions: Sequence[Partition]) -> Iterator[Partition]:
    for partition in partitions:
        yield partition
        yield from _flat(partition.children)


@contextmanager
def _mounted(device: str, run: Run) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vybor-stick-") as folder:
        run(("mount", "-o", OPTIONS, device, folder), b"")
        try:
            yield Path(folder)
        finally:
            run(("umount", "--lazy", folder), b"")
