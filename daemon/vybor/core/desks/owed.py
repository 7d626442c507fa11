"""Which deletions were begun and are not done everywhere, on the disk: whatever ends meanwhile, they go on.

No text stands in it: a sentence is named by the decision that spoke it.
"""

import logging
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import small_files

LARGEST_FILE = 64 * 1024
MOST = 16

log = logging.getLogger("vybor.core")


class Owing(msgspec.Struct, frozen=True):
    """A deletion on its way."""

    wish: m.Erase
    is_asked: bool = False
    """The journal was asked, and may have done it."""
    erased: m.Erased | None = None
    """What is gone from the record; None while nobody has said so. What learned of it may not have forgotten."""


LEARNED = Owing(
    m.Erase(request="unknown", scope=m.Scope.UTTERANCE), erased=m.Erased(request="", rows=0, sentences=0)
)
"""In place of what cannot be read: what was learned is learned anew, which harms nothing."""


class Owed:
    """The file. Where it cannot be written deletions go on, and a sudden end may cut them off."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all = self._read()

    @property
    def requests(self) -> list[str]:
        """What is owed, by its wishes' names, the oldest first."""
        return list(self._all)

    def of(self, request: str) -> Owing | None:
        """What of this wish is owed."""
        return self._all.get(request)

    def keep(self, owing: Owing) -> None:
        """From now on this is owed, and so far it is."""
        if self.of(owing.wish.request) == owing:
            return
        self._all[owing.wish.request] = owing
        while len(self._all) > MOST:
            del self._all[next(iter(self._all))]
        self._write()

    def done(self, request: str) -> None:
        """Nothing of it is owed any more."""
        if self._all.pop(request, None):
            self._write()

    def _read(self) -> dict[str, Owing]:
        try:
            found = msgspec.json.decode(small_files.read(self._path, LARGEST_FILE), type=list[Owing])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            log.warning("what was to be deleted cannot be read (%s); what was learned is learned anew", error)
            found = [LEARNED]
        return {owing.wish.request: owing for owing in found}

    def _write(self) -> None:
        try:
            if self._all:
                content = msgspec.json.encode(list(self._all.values()))
                small_files.write_bytes(self._path, content, 0o600, is_synced=True)
            else:
                small_files.remove(self._path)
        except OSError as error:
            log.warning("what is to be deleted cannot be noted: %s: %s", self._path, error.strerror)
