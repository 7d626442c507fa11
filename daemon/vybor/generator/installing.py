"""From a bundle that has arrived to a version on the shelf: found, checked and unpacked beside the loop."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
from nacl.signing import VerifyKey

from vybor.bundles import bundle as bundles
from vybor.bundles import form, packing
from vybor.bundles.manifest import OF_NOBODY, Kind, Manifest
from vybor.bundles.refusals import Refused
from vybor.contracts import messages as m
from vybor.foundation.clock import wall_time
from vybor.foundation.errors import VyborError
from vybor.grown.folder import Folder
from vybor.grown.shelf import Passed, Shelf, Version

NAME = re.compile(r"(\d{1,6})\.bundle")
UNPAIRED = "this kit is paired with no workstation, so it takes no bundles; pair it again"
AN_ADAPTER_ONLY = (
    "it brings a whole model, and this version takes adapters alone; lay the model's folder into the kit's share "
    "by hand"
)
NEVER = 2**53 - 1
"""More deletions than there will ever be: what is deleted was never in it."""
OLD_TEXT = "it learned from text of which something has been deleted since; sync, then retrain and publish again"


class Installed(msgspec.Struct, frozen=True):
    """What came of one file: a version on the disk, or why there is none."""

    version: Version | None
    passed: Passed | None
    no_room: str = ""
    """It is no fault of the bundle's: it is tried again."""
    others: str = ""
    """It is none of ours: others look at it. So it is known again."""


class Installing:
    """The folder where bundles arrive; one is looked at at a time."""

    def __init__(self, arrived: Path, folder: Folder, *, of_frames: bool = False) -> None:
        """`of_frames`: it takes what makes sentences from key words, and nothing else; without, all else."""
        self._arrived = arrived
        self._folder = folder
        self._of_frames = of_frames
        self._others: set[str] = set()
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._future: Future[Installed] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether one is being looked at."""
        return self._future is not None

    @property
    def has_any(self) -> bool:
        """Whether bundles lie there, used or not."""
        return bool(self._all())

    def waiting(self, shelf: Shelf) -> Path | None:
        """The newest bundle that was not looked at yet."""
        known = {passed.file for passed in shelf.passed} | self._others
        new = [path for path in self._all() if serial_of(path) > shelf.highest and mark(path) not in known]
        return max(new, key=serial_of, default=None)

    def _all(self) -> list[Path]:
        try:
            return [path for path in self._arrived.iterdir() if NAME.fullmatch(path.name)]
        except OSError:  # nothing has ever arrived
            return []

    def begin(self, path: Path, paired: m.Paired, base: str, newer_than: int) -> None:
        """Check it and unpack it, beside the loop."""
        self._future = self._beside.submit(
            install, path, self._folder, paired, base, newer_than, of_frames=self._of_frames
        )

    def done(self) -> Installed | None:
        """What came of it, once."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        found = future.result()
        self._others |= {found.others} - {""}
        return found

    def close(self) -> None:
        """Begin nothing more."""
        self._beside.shutdown(wait=False, cancel_futures=True)


def install(
    path: Path, folder: Folder, paired: m.Paired, base: str, newer_than: int, *, of_frames: bool = False
) -> Installed:
    """Check a bundle to its last byte, then lay it on the disk, whole."""
    passed = Passed(file=mark(path), serial=serial_of(path), reason="", at=wall_time())
    is_ours = not of_frames  # what nobody can read is no frames
    try:
        key = _key(paired)
        with packing.reading(path) as whole:  # before all of it is read: it may be a gigabyte
            found = form.verified(whole, key)
        is_ours = (found.kind is Kind.FRAMES) is of_frames
        if not is_ours:
            return Installed(None, None, others=passed.file)
        _check(found, paired)
        opened = bundles.opened(path, key, paired.kit, base=base, newer_than=newer_than)
    except (Refused, ValueError) as error:
        if not is_ours:
            return Installed(None, None, others=passed.file)
        return Installed(None, msgspec.structs.replace(passed, reason=str(error)))
    except (VyborError, OSError) as error:  # it cannot be read, or is gone
        return Installed(None, None, str(error))
    version = version_of(opened.manifest, paired)
    try:
        folder.remove(version.serial)  # what a kit that was killed had begun
        opened.unpack(folder.adapter(version.serial))
        folder.note(version)
    except (VyborError, OSError) as error:
        return Installed(None, None, str(error))
    return Installed(version, None)


def version_of(manifest: Manifest, paired: m.Paired) -> Version:
    """What is known of a version as it comes."""
    return Version(
        serial=manifest.serial,
        kit=paired.kit,
        base=manifest.base,
        growth=manifest.growth,
        deletions=NEVER if manifest.kind in OF_NOBODY else manifest.deletions,
        place=paired.newest,
        at=wall_time(),
    )


def serial_of(path: Path) -> int:
    """The number in a file's name; 0: it has none."""
    found = NAME.fullmatch(path.name)
    return int(found[1]) if found else 0


def mark(path: Path) -> str:
    """Changes when another file comes under this name."""
    try:
        found = path.stat(follow_symlinks=False)
    except OSError:
        return path.name
    return f"{path.name} {found.st_size} {found.st_mtime_ns}"


def _key(paired: m.Paired) -> VerifyKey:
    """Whose signature counts. Raises Refused."""
    if paired.workstation is None:
        raise Refused(UNPAIRED)
    return VerifyKey(bytes.fromhex(paired.workstation.verifies_with))


def _check(manifest: Manifest, paired: m.Paired) -> None:
    """Raises Refused."""
    if manifest.kind is Kind.MODEL:
        raise Refused(AN_ADAPTER_ONLY)
    if manifest.kind not in OF_NOBODY and manifest.deletions < paired.deletions:
        raise Refused(OLD_TEXT)
