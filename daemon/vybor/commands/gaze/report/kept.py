"""The looks that the kit has kept, read for a report; of what is locked, or hidden from this user, it is said."""

import os
from collections.abc import Iterator
from pathlib import Path

from vybor.foundation import keys, sealed_files, small_files
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.places import Places
from vybor.gaze.looks.forgetting import LOOKS
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points.model import Look

PROCESS = "gaze"


def looks(places: Places) -> list[Look]:
    """All of them. Raises Missing if there are none, and PlaceError where they may not be read, or are locked."""
    folder = _folder(places)
    key = keys.NONE
    if any(_is_sealed(path) for path in _files(folder)):
        key = keys.derived(keys.given(os.environ), PROCESS)
        if not key.secret:
            why = f": {key.locked}" if key.locked else ""
            raise PlaceError(
                f"the looks in {folder} are encrypted, and their key is not there{why}; {_unlock(folder)}"
            )
    found = Looks(folder, key).load()
    if not found:
        raise Missing(
            f"no looks are kept in {folder}; `vybor gaze calibrate` first, or name the kit's folder with --state"
        )
    return found


def _folder(places: Places) -> Path:
    """Where they lie: a kit of systemd has a folder for each process."""
    try:
        return (places.folder_of(PROCESS, LOOKS) or places.state) / LOOKS
    except PermissionError:
        raise PlaceError(f"this user may not look into {places.state}; use sudo") from None


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    try:
        yield from sorted(
            path for path in folder.iterdir() if path.suffix == ".npz"
        )  # glob passes over what is shut
    except PermissionError:
        raise PlaceError(f"this user may not look into {folder}; use sudo") from None


def _is_sealed(path: Path) -> bool:
    try:
        return sealed_files.is_sealed(small_files.start(path, len(keys.SEALED)))
    except PermissionError:
        raise PlaceError(f"this user may not read {path}; use sudo") from None
    except OSError:
        return False  # a damaged one is passed over, as the kit does


def _unlock(folder: Path) -> str:
    return f"use sudo, or {keys.how_to_unlock(folder)}"
