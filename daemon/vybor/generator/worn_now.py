"""What a kit's model wears, for whoever only looks at it: nothing is written, and nothing is on trial here."""

from pathlib import Path

from vybor.grown import pairs
from vybor.grown.folder import Folder
from vybor.grown.versions import FACTORY


class WornNow:
    """The version that the note on the disk names."""

    revision = 0

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._shelf = pairs.mended(folder.read()[0])
        self.worn = self._shelf.worn

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
