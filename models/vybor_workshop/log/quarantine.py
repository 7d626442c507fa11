"""Segments that could not be taken in: the sealed file, and beside it the reason. The kit has them too."""

import hashlib
from collections.abc import Collection, Iterable

from vybor.segments.rows import Span
from vybor.segments.segment import LARGEST_BYTES, NAME
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.opening import Refused

REASON = ".reason.txt"


def put(data: DataSet, kit: str, refused: Iterable[Refused], deleted: Iterable[Span] = ()) -> None:
    """Set them aside. What is far too large, or may hold a row that was deleted, is told of and not kept."""
    gone = list(deleted)
    for each in refused:
        path = f"{_folder(kit)}/{_safe_name(each)}"
        if len(each.segment.content) <= LARGEST_BYTES and not _may_hold(each.segment.name, gone):
            data.put(path, each.segment.content)
        data.put(path + REASON, f"{each.told}\n".encode())


def release(data: DataSet, kit: str, names: Collection[str]) -> None:
    """Those have been taken in after all."""
    for name in sorted(set(names).intersection(data.names(_folder(kit)))):
        data.remove(f"{_folder(kit)}/{name}")
        data.remove(f"{_folder(kit)}/{name}{REASON}")


def forget(data: DataSet, kit: str, spans: Iterable[Span]) -> None:
    """Drop every file that may hold a row of these spans: whatever begins before one of them ends.

    The reasons stay. What cannot be read cannot be rewritten; the kit has what is left of it.
    """
    gone = list(spans)
    for name in data.names(_folder(kit)):
        if not name.endswith(REASON) and _may_hold(name, gone):
            data.remove(f"{_folder(kit)}/{name}")


def _may_hold(name: str, spans: Iterable[Span]) -> bool:
    """Whether a row of these may be in a segment of this name."""
    named = NAME.fullmatch(name)
    begins = (int(named["boot"]), int(named["sequence"])) if named else (0, 0)
    return any(begins <= (span.boot, span.last) for span in spans)


def _folder(kit: str) -> str:
    return f"quarantine/kit={kit}"


def _safe_name(refused: Refused) -> str:
    """A name that is one; another one may be a path to anywhere."""
    if NAME.fullmatch(refused.segment.name):
        return refused.segment.name
    return f"other-{hashlib.sha256(refused.segment.content).hexdigest()}"
