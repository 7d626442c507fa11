"""When a kit is paired again its folder gives way to another one; where its rows are outlives the folder.

kits/.<number>.before   the folder that gives way: what was not done with in it moves over, then it goes
kits/.<number>.data     where the rows of a kit are that was removed here

Cut off anywhere, it is gone on with, or the folder is back (`finish`). Whoever calls this holds the kit's lock.
"""

import contextlib
import errno
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD

UNDONE = ("incoming", "receipts", "outgoing")
"""What a kit's folder has beside its keys and its card."""
BEFORE = ".before"
LONGEST_BYTES = 1 << 20
"""Of a list of places."""


def give_way(folder: Path, fresh: Path) -> None:
    """`fresh` takes the place of a kit's folder, if there is one; where this fails, `finish` puts that back.

    Raises OSError.
    """
    if folder.exists():
        folder.rename(_before(folder))
    fresh.rename(folder)
    small_files.sync_folder(folder.parent)


def finish(folder: Path) -> None:
    """Go on with what was cut off: what was not done with moves over, or the folder is back. Raises OSError."""
    old = _before(folder)
    if not old.exists():
        return
    if not folder.exists():
        old.rename(folder)
    else:
        for name in UNDONE:
            if (old / name).is_dir():
                _move(old / name, folder / name)
        small_files.sync_folder(folder)
        shutil.rmtree(old)
    small_files.sync_folder(folder.parent)


def cut_off(kits: Path) -> list[Path]:
    """The folders of kits that something was cut off with."""
    left = kits.glob(f".{'[0-9a-f]' * 32}{BEFORE}") if kits.is_dir() else ()
    return sorted(path.with_name(path.name.removesuffix(BEFORE)[1:]) for path in left)


def keep_places(folder: Path, places: Sequence[str]) -> None:
    """Note where the rows of a kit are whose folder goes. Raises OSError."""
    if places:
        small_files.write_bytes(_places(folder), msgspec.json.encode(places), 0o600, is_synced=True)


def kept_places(folder: Path) -> tuple[str, ...]:
    """Where the rows of a kit are that was here before."""
    try:
        return msgspec.json.decode(small_files.read(_places(folder), LONGEST_BYTES), type=tuple[str, ...])
    except (OSError, *NOT_UNDERSTOOD):  # it was none, or somebody wrote something else there
        return ()


def drop_places(folder: Path) -> None:
    """Its new card has them. Raises OSError."""
    small_files.remove(_places(folder))


def _before(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}{BEFORE}")


def _places(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.data")


def _move(source: Path, target: Path) -> None:
    """A folder takes the place of an empty one as it is; else what is in it goes over. Raises OSError."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        for each in source.iterdir():
            with contextlib.suppress(FileNotFoundError):  # it is done with meanwhile
                each.replace(target / each.name)
        small_files.sync_folder(target)
