"""From a bundle that has arrived to a version on the shelf: found, checked and unpacked beside the loop."""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
from nacl.signing import VerifyKey

from vybor.bundles import bundle as bundles
from vybor.bundles import form, packing
from vybor.bundles import numbers as bundled
from vybor.bundles.manifest import CONTENTS, OF_NOBODY, Kind, Manifest
from vybor.bundles.refusals import Older, Refused
from vybor.contracts import messages as m
from vybor.foundation.clock import wall_time
from vybor.foundation.errors import VyborError
from vybor.foundation.settings import Language
from vybor.generator.network import bundle as models
from vybor.generator.network import memory
from vybor.grown import pairs
from vybor.grown.folder import Folder
from vybor.grown.shelf import OLD_TEXT
from vybor.grown.versions import Passed, Version

NAME = re.compile(r"(\d{1,6})\.bundle")
UNPAIRED = "this kit is paired with no workstation, so it takes no bundles; pair it again"
NOT_TAKEN = "it brings {kind}, which nothing on this kit takes; update Vybor on the kit"
NEVER = 2**53 - 1
"""More deletions than there will ever be: what is deleted was never in it."""


class Installed(msgspec.Struct, frozen=True):
    """What came of one file: a version on the disk, or why there is none."""

    version: Version | None
    passed: Passed | None
    no_room: str = ""
    """It is no fault of the bundle's: it is tried again."""
    others: frozenset[str] = frozenset()
    """Files that are none of ours: others look at them. So they are known again."""


class Known(msgspec.Struct, frozen=True):
    """What came before."""

    highest: Mapping[Kind, int]
    """The highest number of each kind: an older one is a thing of the past."""
    serials: Collection[int] = ()
    """Of all versions there are."""
    passed: Collection[str] = ()
    """Files that were no bundles to use."""
    sentences: str = ""
    """The weights of the model that an adapter for sentences is worn on; empty: there is none."""


class Installing:
    """The folder where bundles arrive; one is looked at at a time."""

    def __init__(
        self, arrived: Path, folders: Mapping[Kind, Folder], language: str = "", *, of_frames: bool = False
    ) -> None:
        """`folders`: of the kinds that are taken. `language`: in which the kit writes, and a model has to.

        `of_frames`: this is the desk of what makes sentences, which has an eye for nothing else; the other one
        leaves that alone, and says what is wrong with what nobody can read.
        """
        self._arrived = arrived
        self._language = language
        self._folders = folders
        self._of_frames = of_frames
        self._others: set[str] = set()
        """Files that the other desk looks at."""
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

    def waiting(self, known: Known) -> list[Path]:
        """The bundles that were not looked at yet."""
        past = min(known.highest.values(), default=0)
        marks = self._overtaken.union(self._others, known.passed)
        new = [path for path in self._all() if serial_of(path) > past and serial_of(path) not in known.serials]
        return [path for path in new if mark(path) not in marks]

    def _all(self) -> list[Path]:
        try:
            return [path for path in self._arrived.iterdir() if NAME.fullmatch(path.name)]
        except OSError:  # nothing has ever arrived
            return []

    def begin(self, paths: Sequence[Path], paired: m.Paired, base: str, known: Known) -> None:
        """Check one of them and unpack it, beside the loop. `base`: of the model that is loaded."""
        self._future = self._beside.submit(self._one_of, paths, paired, base, known)

    def _one_of(self, paths: Sequence[Path], paired: m.Paired, base: str, known: Known) -> Installed:
        """Beside the loop."""
        heads = heads_of(paths, paired)
        ours = {path: head for path, head in heads.items() if self._is_ours(head)}
        others = frozenset(mark(path) for path in heads if path not in ours)
        if not ours:
            return Installed(None, None, others=others)
        found = install(next_of(ours), self._folders, paired, base, known, self._language)
        return msgspec.structs.replace(found, others=others)

    def _is_ours(self, head: Manifest | None) -> bool:
        return (head is not None and head.kind is Kind.FRAMES) is self._of_frames

    def done(self) -> Installed | None:
        """What came of it, once."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        installed = future.result()
        self._others |= installed.others
        if installed.passed and not installed.passed.reason:
            self._overtaken.add(installed.passed.file)
        return installed

    def close(self) -> None:
        """Begin nothing more."""
        self._beside.shutdown(wait=False, cancel_futures=True)


def install(
    path: Path,
    folders: Mapping[Kind, Folder],
    paired: m.Paired,
    base: str,
    known: Known,
    language: str = "",
) -> Installed:
    """Check a bundle to its last byte, then lay it on the disk, whole.

    One that came after newer ones, by its name too, is passed over without a reason.
    """
    passed, highest = Passed(file=mark(path), serial=serial_of(path), reason="", at=wall_time()), known.highest
    try:
        key = _key(paired)
        with packing.reading(path) as whole:  # before all of it is read: it may be a gigabyte
            found = form.verified(whole, key)
        folder = _folder(found, paired, folders)
        if found.serial > highest[found.kind]:  # what is older needs no room
            there = next(place for place in (folder.path, *folder.path.parents) if place.exists())
            bundles.check_room(there, found, bundles.RESERVE_BYTES)
        opened = bundles.opened(path, key, paired.kit, base=base, newer_than=highest[found.kind])
        if found.kind in bundled.FORMS:
            bundled.read(found.kind, opened.content()[bundled.FILE])
        return Installed(_unpacked(opened, folder, paired, _Kit(language, known.sentences)), None)
    except Older as error:
        reason = str(error) if serial_of(path) > max(highest.values()) else ""
        return Installed(None, msgspec.structs.replace(passed, reason=reason))
    except (Refused, ValueError) as error:
        return Installed(None, msgspec.structs.replace(passed, reason=str(error)))
    except (VyborError, OSError) as error:  # it cannot be read, or is gone, or there is no room for it
        return Installed(None, None, str(error))


def heads_of(paths: Sequence[Path], paired: m.Paired) -> dict[Path, Manifest | None]:
    """What some bundles say of themselves, lowest number first; None: nothing that somebody of ours has signed."""
    readable = [path for path in paths if os.access(path, os.R_OK)]  # one that is not must not stop the others
    return {path: _head(path, paired) for path in sorted(readable or paths, key=serial_of)}


def next_of(found: dict[Path, Manifest | None]) -> Path:
    """Which of some to look at: what nobody of ours signed, else the lowest that no newer one makes useless.

    An adapter may want a model that came before it; of two adapters for one model the newer one is enough.
    """
    for path in reversed(found):
        if found[path] is None:
            return path
    kinds = {
        path: (head.kind, head.base if CONTENTS[head.kind].is_put_on else "")
        for path, head in found.items()
        if head
    }
    return next(
        path for path in kinds if not any(_is_newer(each, path) and kinds[each] == kinds[path] for each in kinds)
    )


def _is_newer(one: Path, than: Path) -> bool:
    return serial_of(one) > serial_of(than)


def _head(path: Path, paired: m.Paired) -> Manifest | None:
    """What a bundle says of itself, if it is signed as it should be and not looked at yet."""
    try:
        with packing.reading(path) as whole:
            return form.verified(whole, _key(paired))
    except (VyborError, ValueError, OSError):
        return None


class _Kit(msgspec.Struct, frozen=True):
    """What a whole model has to suit."""

    language: str
    sentences: str


def _unpacked(opened: bundles.Opened, folder: Folder, paired: m.Paired, kit: _Kit) -> Version:
    """It lies on the disk, whole, with a note. Raises Refused, VyborError, OSError; then nothing of it does."""
    version = version_of(opened.manifest, paired)
    folder.remove(version.serial)  # what a kit that was killed had begun
    folder.begin()
    opened.unpack(folder.files(version.serial), bundles.RESERVE_BYTES)
    try:
        if pairs.is_model(version):
            version = _looked_at(version, folder.files(version.serial), kit)
    except Refused:
        folder.remove(version.serial)
        raise
    folder.note(version)
    return version


def _looked_at(version: Version, place: Path, kit: _Kit) -> Version:
    """A whole model, with what it says of itself: it was built as it is signed, and this kit has room for it.

    Raises Refused.
    """
    try:
        told = models.manifest_of(place)
        weights_bytes = (place / models.WEIGHTS).stat().st_size
    except (models.BundleError, OSError):
        raise Refused(
            "the model in it is for another version of Vybor; build it with the workshop of the kit's version"
        ) from None
    if told.base != version.base:
        raise Refused(
            f"the model was built from the weights {told.base[:12]}, and signed as of {version.base[:12]}"
        )
    if kit.language and kit.language not in told.languages:
        raise Refused(f"the model knows no {Language(kit.language).name.capitalize()}, in which this kit writes")
    if reason := memory.refusal(memory.needed(told.shape, weights_bytes, sentences=kit.sentences == told.base)):
        raise Refused(reason)
    return msgspec.structs.replace(version, name=told.name[:60], takes_adapters=told.adapters)


def version_of(manifest: Manifest, paired: m.Paired) -> Version:
    """What is known of a version as it comes."""
    return Version(
        serial=manifest.serial,
        kit=paired.kit,
        base=manifest.base,
        kind=manifest.kind,
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


def _folder(manifest: Manifest, paired: m.Paired, folders: Mapping[Kind, Folder]) -> Folder:
    """Where it goes, if its kind is taken. Raises Refused."""
    if (folder := folders.get(manifest.kind)) is None:
        raise Refused(NOT_TAKEN.format(kind=manifest.kind))
    is_own = manifest.kit == paired.kit  # deletions of another kit's are counted apart
    if is_own and manifest.kind not in OF_NOBODY and manifest.deletions < paired.deletions:
        raise Refused(OLD_TEXT)
    return folder
