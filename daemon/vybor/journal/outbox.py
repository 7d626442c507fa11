"""The outbox: the folder of segments that wait for the workstation. Whoever may read it sees names and bytes."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from nacl.signing import VerifyKey

from vybor.foundation import small_files
from vybor.segments.segment import LARGEST_BYTES, NAME, Segment, is_signed, is_whole

MODE = 0o640
"""The group, which is that of the process `sync` on an installed kit, reads them."""


class Outbox:
    """The folder."""

    def __init__(self, folder: Path, aside: Path) -> None:
        """`aside`: where segments of a journal that was set aside lie, which nobody fetches."""
        self._folder = folder
        self._aside = aside

    def put(self, segment: Segment) -> None:
        """Lay a segment there; on return it is on the disk, whole, under its name. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        small_files.write_bytes(self._folder / segment.name, segment.content, MODE, is_synced=True)

    def names(self) -> set[str]:
        """Which segments lie there. Raises OSError."""
        return {path.name for path in self._all() if NAME.fullmatch(path.name)}

    def whole(self) -> set[str]:
        """Which of them are what their names say. Raises OSError."""
        return {path.name for path in self._all() if (one := _segment(path)) and is_whole(one)}

    def keep_only(self, names: Iterable[str], mine: VerifyKey) -> None:
        """Remove all else, also what was begun and not ended. Raises OSError.

        Segments of a journal that was set aside may be the only copy of what was in it. They leave the folder:
        nobody agreed to their being fetched, and the next journal's workstation may be another one.
        """
        kept = set(names)
        others = [path for path in self._all() if path.name not in kept]
        for path in others:
            if (one := _segment(path)) and is_whole(one) and not is_signed(one, mine):
                self._put_aside(one)
        self._remove(others)

    def clear(self) -> None:
        """Remove everything, whoever wrote it, what was put aside too. Raises OSError."""
        self._remove(self._all())
        if self._aside.is_dir():
            shutil.rmtree(self._aside)
            small_files.sync_folder(self._aside.parent)

    def _put_aside(self, segment: Segment) -> None:
        self._aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        small_files.write_bytes(self._aside / segment.name, segment.content, 0o600, is_synced=True)

    def _all(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []

    def _remove(self, gone: Sequence[Path]) -> None:
        for path in gone:
            if path.is_symlink() or not path.is_dir():
                path.unlink(missing_ok=True)
        if gone:
            small_files.sync_folder(self._folder)


def _segment(path: Path) -> Segment | None:
    """What stands in a file of such a name; none where it is no file, far too large, or cannot be read."""
    if not NAME.fullmatch(path.name):
        return None
    try:
        return Segment(path.name, small_files.read(path, LARGEST_BYTES, links=False))
    except OSError:
        return None
