"""From a bundle that has arrived to a version on the shelf: found, checked and unpacked beside the loop."""

import re
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
from nacl.signing import VerifyKey

from vybor.bundles import bundle as bundles
from vybor.bundles import form, packing
from vybor.bundles import numbers as bundled
from vybor.bundles.manifest import Kind, Manifest
from vybor.bundles.refusals import Older, Refused
from vybor.contracts import messages as m
from vybor.foundation.clock import wall_time
from vybor.foundation.errors import VyborError
from vybor.grown.folder import Folder
from vybor.grown.shelf import Passed, Version

NAME = re.compile(r"(\d{1,6})\.bundle")
UNPAIRED = "this kit is paired with no workstation, so it takes no bundles; pair it again"
NO_MODEL = (
    "it brings a whole model, and this version takes adapters and numbers alone; lay the model's folder into the "
    "kit's share by hand"
)
OLD_TEXT = "it learned from text of which something has been deleted since; sync, then retrain and publish again"


class Installed(msgspec.Struct, frozen=True):
    """What came of one file: a version on the disk, or why there is none."""

    version: Version | None
    passed: Passed | None
    no_room: str = ""
    """It is no fault of the bundle's: it is tried again."""
    kind: Kind = Kind.ADAPTER
    """Of the version."""


class Known(msgspec.Struct, frozen=True):
    """What came before."""

    highest: Mapping[Kind, int]
    """The highest number of each kind: an older one is a thing of the past."""
    serials: Collection[int] = ()
    """Of all versions there are."""
    passed: Collection[str] = ()
    """Files that were no bundles to use."""


class Installing:
    """The folder where bundles arrive; one is looked at at a time."""

    def __init__(self, arrived: Path, folders: Mapping[Kind, Folder]) -> None:
        """`folders`: of the kinds that are taken."""
        self._arrived = arrived
        self._folders = folders
        self._overtaken: set[str] = set()
        """Files that came after newer ones of their kind: nothing is wrong with them, and nobody needs them."""
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

    def waiting(self, known: Known) -> Path | None:
        """The newest bundle that was not looked at yet."""
        past = min(known.highest.values(), default=0)
        marks = self._overtaken.union(known.passed)
        new = [path for path in self._all() if serial_of(path) > past and serial_of(path) not in known.serials]
        return max((path for path in new if mark(path) not in marks), key=serial_of, default=None)

    def _all(self) -> list[Path]:
        try:
            return [path for path in self._arrived.iterdir() if NAME.fullmatch(path.name)]
        except OSError:  # nothing has ever arrived
            return []

    def begin(self, path: Path, paired: m.Paired, base: str, known: Known) -> None:
        """Check it and unpack it, beside the loop."""
        self._future = self._beside.submit(install, path, self._folders, paired, base, known.highest)

    def done(self) -> Installed | None:
        """What came of it, once."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        installed = future.result()
        if installed.passed and not installed.passed.reason:
            self._overtaken.add(installed.passed.file)
        return installed

    def close(self) -> None:
        """Begin nothing more."""
        self._beside.shutdown(wait=False, cancel_futures=True)


def install(
    path: Path, folders: Mapping[Kind, Folder], paired: m.Paired, base: str, highest: Mapping[Kind, int]
) -> Installed:
    """Check a bundle to its last byte, then lay it on the disk, whole.

    One that came after newer ones, by its name too, is passed over without a reason.
    """
    passed = Passed(file=mark(path), serial=serial_of(path), reason="", at=wall_time())
    try:
        key = _key(paired)
        with packing.reading(path) as whole:  # before all of it is read: it may be a gigabyte
            kind = _kind(form.verified(whole, key), paired, folders)
        opened = bundles.opened(path, key, paired.kit, base=base, newer_than=highest[kind])
        if kind in bundled.FORMS:
            bundled.read(kind, opened.content()[bundled.FILE])
    except Older as error:
        reason = str(error) if serial_of(path) > max(highest.values()) else ""
        return Installed(None, msgspec.structs.replace(passed, reason=reason))
    except (Refused, ValueError) as error:
        return Installed(None, msgspec.structs.replace(passed, reason=str(error)))
    except (VyborError, OSError) as error:  # it cannot be read, or is gone
        return Installed(None, None, str(error))
    version, folder = version_of(opened.manifest, paired), folders[kind]
    try:
        folder.remove(version.serial)  # what a kit that was killed had begun
        opened.unpack(folder.adapter(version.serial))
        folder.note(version)
    except (VyborError, OSError) as error:
        return Installed(None, None, str(error))
    return Installed(version, None, kind=kind)


def version_of(manifest: Manifest, paired: m.Paired) -> Version:
    """What is known of a version as it comes."""
    return Version(
        serial=manifest.serial,
        kit=paired.kit,
        base=manifest.base,
        growth=manifest.growth,
        deletions=manifest.deletions,
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


def _kind(manifest: Manifest, paired: m.Paired, taken: Collection[Kind]) -> Kind:
    """Of which kind it is, if that is taken. Raises Refused."""
    if manifest.kind not in taken:
        raise Refused(NO_MODEL)
    if manifest.deletions < paired.deletions:
        raise Refused(OLD_TEXT)
    return manifest.kind
