"""The shelf of versions, on the disk as in memory as far as the disk lets it, and what the screen says of it."""

import logging
from pathlib import Path

from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.foundation.clock import seconds
from vybor.grown import pairs, shelf
from vybor.grown.folder import Folder, removed
from vybor.grown.shelf import OLD_TEXT
from vybor.grown.versions import FACTORY, Shelf, Version

NO_ROOM_NS = seconds(60)
"""So often what there was no room for is tried again."""
TOLD_NS = seconds(3600)
"""So long the screen says that something was rolled back or refused."""

log = logging.getLogger("vybor.generator")


class KeptShelf:
    """What is on the shelf now: `now`. Whoever changes it hands in the next one."""

    def __init__(self, folder: Folder, boot: str) -> None:
        """Read it; and judge the last start, before anything is loaded."""
        self.folder = folder
        self.unwritten = ""
        """Why the shelf is not on the disk as it is; empty: it is."""
        self.revision = 0
        """Rises when what could not be written down at last was."""
        self._write_ns = 0
        self._notices: list[tuple[int, m.Notice]] = []
        self._untidy = ""
        self.now, wrong = folder.read()
        if wrong:
            self.say(Trouble.GROWN_LOST, wrong, 0)
        self.sweep()
        self.change(shelf.judged(pairs.mended(self.now), boot), 0)

    def change(self, changed: Shelf, now_ns: int, *, is_news: bool = False) -> None:
        """Have this as the shelf, on the disk if it can be; the screen says what was taken off."""
        before, self.now = self.now, changed
        for serial in (before.worn, before.model):
            version = changed.version(serial)
            if version and version.trouble and not pairs.is_in_use(changed, serial):
                self.say(version.trouble, f"{named(serial)}: {version.reason}", now_ns)
        if changed != before or is_news:
            self._write(now_ns)

    def take(self, version: Version, deletions: int, now_ns: int) -> None:
        """A version lies on the disk; if something was deleted while it was unpacked, it is refused and removed.

        `deletions`: so many are known of by now.
        """
        came = shelf.came(self.now, version)
        if version.deletions >= deletions:
            self.change(came, now_ns)
            return
        self.change(shelf.failed_trying(came, version.serial, OLD_TEXT), now_ns)
        self.say(Trouble.GROWN_REFUSED, OLD_TEXT, now_ns)
        self.tidy(now_ns)

    def roll_back(self, trouble: Trouble | None, reason: str, now_ns: int, serial: int = FACTORY) -> None:
        """Take off this, else whoever answers for what is in use."""
        if serial := serial or pairs.answerable(self.now):
            log.warning("rolled back: serial=%d %s", serial, reason)
            self.change(shelf.rolled_back(self.now, trouble, reason, serial=serial), now_ns)

    def turn(self, now_ns: int) -> None:
        """Try again what the disk did not take."""
        if self.unwritten and now_ns >= self._write_ns:
            self._write(now_ns)
            self.revision += not self.unwritten

    def tidy(self, now_ns: int) -> str:
        """Remove what nobody needs; why it cannot be, if it cannot."""
        if not shelf.surplus(self.now):
            return ""
        left = self.sweep()
        self.change(self.now, now_ns, is_news=not left)
        return left

    def sweep(self) -> str:
        """The same, with what was begun and not ended; the shelf is not written."""
        try:
            self.now = self.folder.tidy(self.now)
        except OSError as error:
            left = f"what the model learned cannot be removed from {self.folder.path} ({error.strerror})"
        else:
            left = ""
        if left and left != self._untidy:
            log.warning("%s", left)
        self._untidy = left
        return left

    def say(self, trouble: Trouble, detail: str, now_ns: int, for_ns: int = TOLD_NS) -> None:
        """Tell it on the screen for a while."""
        self._notices.append((now_ns + for_ns, notice(trouble, detail)))

    def troubles(self, now_ns: int) -> list[m.Notice]:
        """What is told now."""
        self._notices = [(until_ns, told) for until_ns, told in self._notices if now_ns < until_ns]
        found = [told for _, told in self._notices]
        if self.unwritten:
            found.append(notice(Trouble.GROWN_NO_ROOM, self.unwritten))
        if (version := self.now.wearing) and version.is_stale:
            found.append(notice(Trouble.GROWN_STALE, named(version.serial)))
        return found

    def _write(self, now_ns: int) -> None:
        self.unwritten = ""
        try:
            self.folder.write(self.now)
        except OSError as error:
            self._write_ns = now_ns + NO_ROOM_NS
            self.unwritten = f"{self.folder.path} cannot be written ({error.strerror})"
            log.warning("what is worn is not written down: %s", self.unwritten)


def removed_by_hand(path: Path) -> str:
    """Remove an adapter that somebody laid there; why it cannot be, if it cannot."""
    try:
        removed(path)
    except OSError as error:
        return f"the adapter {path} cannot be removed ({error.strerror}): remove it by hand"
    return ""


def named(serial: int) -> str:
    """A version in words."""
    return f"version {serial}"


def notice(trouble: Trouble, detail: str) -> m.Notice:
    """Something that the screen is to say."""
    return m.Notice(process="generator", trouble=trouble, detail=detail)
