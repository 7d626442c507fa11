"""Receipts on their way from the inbox to the journal, one at a time. One that is never answered goes aside.

The journal answers at once. If it dies of a receipt, it dies of it each time that it has started again: so the
journal is asked for something else first, and the receipt once more after that. A receipt that is lost costs a
transfer: what it names stays on the kit, and is fetched again.
"""

import logging
from pathlib import Path

from vybor.foundation.clock import seconds
from vybor.sync import inbox

log = logging.getLogger("vybor.sync")

PATIENCE_NS = seconds(10)
TRIES = 2


class Receipts:
    """The inbox, and the receipt that the journal was asked to take."""

    def __init__(self, folder: Path, aside: Path) -> None:
        """`aside`: where the last one lies that the journal did not answer to."""
        self._folder = folder
        self._aside = aside
        self._path: Path | None = None
        self._since_ns = 0
        self._unanswered: dict[str, int] = {}

    def next(self, now_ns: int) -> bytes | None:
        """One that the journal is to be asked to take."""
        found = inbox.next_receipt(self._folder)
        if found is None:
            return None
        self._path, content = found
        self._since_ns = now_ns
        return content

    def is_silent(self, now_ns: int) -> bool:
        """Whether the journal has said nothing to it for too long."""
        return self._path is not None and now_ns - self._since_ns >= PATIENCE_NS

    def give_up(self) -> None:
        """The journal is not asked again now; nor ever, if that has happened before."""
        if (path := self._path) is None:
            return
        self._path = None
        self._unanswered[path.name] = self._unanswered.get(path.name, 0) + 1
        log.warning("receipt: the journal does not answer to it")
        if self._unanswered[path.name] >= TRIES:
            self._unanswered.pop(path.name)
            try:
                path.replace(self._aside)
            except OSError as error:
                log.warning("receipt: it cannot be put aside: %s", error.strerror)

    def refused(self) -> None:
        """The journal cannot take it now."""
        self._path = None

    def taken(self) -> bool:
        """The journal has answered: whether one was on its way, which is removed."""
        path, self._path = self._path, None
        if path is None:
            return False
        self._unanswered.pop(path.name, None)
        try:
            inbox.remove(path)
        except OSError as error:  # it is told once more
            log.warning("receipt: it cannot be removed: %s", error.strerror)
        return True
