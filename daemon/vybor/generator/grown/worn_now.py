"""What a kit's model wears, for whoever only looks at it: nothing is written, and nothing is on trial here."""

import errno
import os
from pathlib import Path

import msgspec

from vybor.foundation.places import GROWN, Places
from vybor.grown import pairs
from vybor.grown.folder import STATE, Folder
from vybor.grown.versions import FACTORY

NOTE = f"{GROWN}/{STATE}"


class Loaded(msgspec.Struct, frozen=True):
    """The whole model that is loaded, as far as whoever asks may see it."""

    place: Path
    serial: int = FACTORY
    is_known: bool = True
    """False: nobody here may read which one it is; then it stands for the model as it came."""


def in_use(places: Places) -> Loaded:
    """Which whole model a kit is to load: one that was sent, else the one as it came."""
    try:
        folder = kept_in(places)
    except PermissionError:
        return Loaded(places.model, is_known=False)
    worn = WornNow(Folder(folder / GROWN))
    return Loaded(worn.model(places.model), worn.whole)


def kept_in(places: Places, *besides: str) -> Path:
    """Where the generator keeps its note of what is worn, or any of `besides`.

    Raises PermissionError if this user may not read the note.
    """
    folder = places.folder_of("generator", NOTE, *besides) or places.state
    note = folder / NOTE
    if note.exists() and not os.access(note, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(note))
    return folder


class WornNow:
    """The version that the note on the disk names."""

    revision = 0

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._shelf = pairs.mended(folder.read()[0])
        self.worn = self._shelf.worn
        self.whole = self._shelf.model

    def model(self, factory: Path) -> Path:
        """Where the model lies that is loaded: one that was sent, else the one as it came."""
        version = self._shelf.standing
        return self._folder.files(version.serial) if version else factory

    def begin(self, base: str, now_ns: int) -> Path | None:
        """Its files, if it was made for a model of these weights."""
        version = self._shelf.version(self.worn)
        return self._folder.files(version.serial) if version and version.base == base else None

    def wears(self, identity: str, now_ns: int) -> None:
        """Nobody hears of it."""

    def failed(self, reason: str, now_ns: int) -> None:
        """It cannot be worn: the model is as it came."""
        self.worn = FACTORY
