"""What is on and outlives every start, on the disk: there at once, and without a key. No text stands in it."""

import logging
from pathlib import Path

import msgspec

from vybor.core.decision.wishes import NOTHING_ON, UNREADABLE, Wishes
from vybor.foundation import small_files
from vybor.foundation.clock import seconds

LARGEST_FILE = 1024
AGAIN_NS = seconds(5)

log = logging.getLogger("vybor.core")


class WishesFile:
    """The file. Where it cannot be written it is tried again, and until then the record alone knows it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = self._read()
        self._tried: tuple[Wishes, int] | None = None
        """What could not be written, and when."""

    @property
    def kept(self) -> Wishes:
        """What stands there."""
        return self._kept

    def follow(self, wishes: Wishes, now_ns: int) -> None:
        """Have this on the disk, if it is not there yet."""
        if wishes == self._kept:
            self._tried = None
            return
        if self._tried and self._tried[0] == wishes and now_ns - self._tried[1] < AGAIN_NS:
            return
        try:
            small_files.write_bytes(self._path, msgspec.json.encode(wishes), 0o600, is_synced=True)
            self._kept, self._tried = wishes, None
        except OSError as error:
            if self._tried is None:
                log.warning("what is on cannot be noted: %s: %s", self._path, error.strerror)
            self._tried = wishes, now_ns

    def _read(self) -> Wishes:
        try:
            return msgspec.json.decode(small_files.read(self._path, LARGEST_FILE), type=Wishes)
        except FileNotFoundError:
            return NOTHING_ON
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            log.warning("what was on cannot be read (%s): nothing is learned, and the kit rests", error)
            return UNREADABLE
