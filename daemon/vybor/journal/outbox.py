"""The outbox: the folder of segments that wait for the workstation. Whoever may read it sees names and bytes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nacl.signing import VerifyKey

from vybor.foundation import small_files
from vybor.segments.segment import LARGEST_BYTES, NAME, Segment, is_signed

MODE = 0o640
"""The group, which is that of the process `sync` on an installed kit, reads them."""


class Outbox:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, segment: Segment) -> None:
        """Lay a segment there; on return it is on the disk, whole, under its name. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        small_files.write_bytes(self._folder / segment.name, segment.content, MODE, is_synced=True)

    def names(self) -> set[str]:
        """Which segments lie there. Raises OSError."""
        return {path.name for path in self._all() if NAME.fullmatch(path.name)}

    def keep_only(self, names: Iterable[str], mine: VerifyKey) -> None:
        """Remove all else that this journal wrote, and what was begun and not ended. Raises OSError.

        Segments of a journal that was set aside stay: they may be the only copy of what was in it.
        """
        kept = set(names)
        others = [path for path in self._all() if path.name not in kept]
        self._remove([path for path in others if not NAME.fullmatch(path.name) or self._is_mine(path, mine)])

    def clear(self) -> None:
        """Remove everything, whoever wrote it. Raises OSError."""
        self._remove(self._all())

    def _all(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []

    def _remove(self, gone: Sequence[Path]) -> None:
        for path in gone:
            if path.is_symlink() or not path.is_dir():
                path.unlink(missing_ok=True)
        if gone:
            small_files.sync_folder(self._folder)

    def _is_mine(self, path: Path, mine: VerifyKey) -> bool:
        if path.is_symlink() or not path.is_file():
            return True
        return is_signed(Segment(path.name, small_files.read(path, LARGEST_BYTES, links=False)), mine)
