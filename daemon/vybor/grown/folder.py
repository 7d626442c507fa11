"""The folder of versions: `state.json`, beside it `000012/` with its files and `000012.json`: what came.

    a bundle's files     first, whole, in a folder that is renamed: an adapter's, or a whole model's
    what came            then
    state.json           last: what it does not name was not finished, and is removed at the next start

Each is on the disk before the next is begun; before the very first there is a `state.json` that names nothing.
Where that is damaged or lost, nothing is known of what was worn and why: the model is as it came, and what came
before can be put on by hand, once it was tried anew.
"""

import logging
import secrets
import shutil
import threading
from pathlib import Path

import msgspec

from vybor.bundles.manifest import CONTENTS, Kind
from vybor.contracts.messages import GrownState, Trouble
from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.grown.shelf import surplus, without_files
from vybor.grown.versions import Shelf, Version

STATE = "state.json"
LARGEST_STATE = 2**20
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
OF_MODELS = CONTENTS[Kind.MODEL].needs | CONTENTS[Kind.MODEL].may_have
"""Files of whole models: nothing of the person is in them, and to overwrite a gigabyte takes a minute."""
LOST = "which version was worn and why is not known: the kit's note of it was damaged"
NEWER = "a newer version of Vybor wrote the kit's note of what was worn"

log = logging.getLogger("vybor.generator")

_encode = msgspec.json.Encoder().encode
_shelf = msgspec.json.Decoder(Shelf)
_version = msgspec.json.Decoder(Version)


class Folder:
    """The folder. Its methods raise OSError where the disk fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        """Versions are unpacked beside the loop."""

    def read(self) -> tuple[Shelf, str]:
        """What is on the shelf, and what is wrong with the note of it, if anything."""
        wrong = ""
        try:
            shelf = _shelf.decode(small_files.read(self.path / STATE, LARGEST_STATE))
            if shelf.form == Shelf(identity="").form:
                return shelf, ""
            wrong = NEWER
        except FileNotFoundError:
            wrong = LOST if any(self._noted()) else ""
        except (OSError, *NOT_UNDERSTOOD) as error:
            log.warning("what was worn is not known: %s: %s", self.path / STATE, error)
            wrong = LOST
        return self._found_again(wrong), wrong

    def write(self, shelf: Shelf) -> None:
        """It is on the disk when this returns."""
        with self._writing:
            self._write(shelf)

    def begin(self) -> None:
        """Have a `state.json` before a version lies there: without one its first would seem to have lost it."""
        with self._writing:
            if not (self.path / STATE).exists():
                self._write(self.read()[0])

    def files(self, serial: int) -> Path:
        """Where a version's files lie."""
        return self.path / name_of(serial)

    def note(self, version: Version) -> None:
        """Write down what came; its files are on the disk before."""
        small_files.write_bytes(self._note(version.serial), _encode(version), is_synced=True)

    def tidy(self, shelf: Shelf) -> Shelf:
        """Remove what was begun and not ended, and versions that nobody needs."""
        gone = surplus(shelf)
        for serial in gone:
            self.remove(serial)
        kept = {name_of(one.serial) for one in shelf.versions if one.has_files and one.serial not in gone}
        for path in self.path.iterdir() if self.path.is_dir() else ():
            if path.is_dir() and path.name not in kept:
                removed(path)
            elif path.name.startswith(".") or (path.suffix == ".json" and path.stem not in (*kept, "state")):
                path.unlink(missing_ok=True)
        return without_files(shelf, gone)

    def remove(self, serial: int) -> None:
        """Remove a version's files, overwritten."""
        self._note(serial).unlink(missing_ok=True)
        removed(self.files(serial))

    def _write(self, shelf: Shelf) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o750)
        small_files.write_bytes(self.path / STATE, msgspec.json.format(_encode(shelf), indent=1), is_synced=True)

    def _note(self, serial: int) -> Path:
        return self.path / f"{name_of(serial)}.json"

    def _noted(self) -> list[Path]:
        try:
            found = sorted(self.path.glob("[0-9]*.json")) if self.path.is_dir() else []
            return [path for path in found if path.with_suffix("").is_dir()]
        except OSError as error:
            log.warning("the folder of versions cannot be read: %s", error)
            return []

    def _found_again(self, reason: str) -> Shelf:
        """A shelf made anew of what lies there: nothing of it is worn."""
        versions = []
        for path in self._noted():
            try:
                came = _version.decode(small_files.read(path, LARGEST_STATE))
            except (OSError, *NOT_UNDERSTOOD):
                continue
            lost = {"state": GrownState.LEFT, "trouble": Trouble.GROWN_LOST, "reason": reason, "tries": 0}
            versions.append(msgspec.structs.replace(came, **lost))
        highest = max((one.serial for one in versions), default=0)
        return Shelf(identity=secrets.token_hex(8), versions=tuple(versions), highest=highest)


def beside(grown: Path, kind: str) -> Path:
    """The folder of another part's versions: one a kind, since each is worn by itself."""
    return grown.with_name(f"{grown.name}-{kind}")


def name_of(serial: int) -> str:
    """The name of a version's folder, and of its note."""
    return f"{serial:06}"


def removed(path: Path) -> None:
    """Remove a file or a folder: what was learned from a person is overwritten before. Raises OSError."""
    if path.is_symlink() or not path.is_dir():
        overwritten(path)
        path.unlink(missing_ok=True)
        return
    for file in path.rglob("*"):
        if file.name not in OF_MODELS:
            overwritten(file)
    shutil.rmtree(path)


def overwritten(path: Path) -> None:
    """Put zeros over a plain file. Raises OSError."""
    if path.is_file() and not path.is_symlink():
        with path.open("r+b") as opened:
            small_files.overwrite(opened)
