"""How much room the record may take: a warning well before, and never a stop."""

from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds

LOOK_NS = seconds(60)
WARN_FROM = 0.9
"""Of the quota."""


SLOWEST_BYTES_S, LEAST_S = 1_000_000, 60.0
"""As slow as a worn card may be, when all of the record is read or written in one go."""


def longest_s(path: Path) -> float:
    """So long what goes over all of the record may take."""
    return LEAST_S + taken_bytes(path) / SLOWEST_BYTES_S


class Quota:
    """Looks at the record's size now and then."""

    def __init__(self, path: Path, quota_bytes: int) -> None:
        self._path = path
        self._quota_bytes = quota_bytes
        self._look_ns = 0
        self.notice: m.Notice | None = None

    def turn(self, now_ns: int) -> None:
        """Look, if it is time."""
        if not self._quota_bytes or now_ns < self._look_ns:
            return
        self.look(now_ns)

    def look(self, now_ns: int) -> None:
        """Look now: much may have been deleted."""
        if not self._quota_bytes:
            return
        self._look_ns = now_ns + LOOK_NS
        self.notice = warning(taken_bytes(self._path), self._quota_bytes)


def taken_bytes(path: Path) -> int:
    """The size of the record and its log."""
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def warning(taken: int, quota: int) -> m.Notice | None:
    """What is to be said of so many bytes, if anything."""
    if taken < WARN_FROM * quota:
        return None
    detail = (
        f"the record has {taken // 1_000_000} MB of {quota // 1_000_000}; delete days "
        "(`vybor log delete --day`), or allow more (journal.quota_mb). It goes on being written"
    )
    return m.Notice(process="journal", trouble=m.Trouble.RECORD_LARGE, detail=detail)
