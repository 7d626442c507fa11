"""The folder of a report: for its owner's eyes alone, and begun before anything is drawn."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from vybor.foundation import small_files
from vybor.foundation.errors import Missing, PlaceError

PAGE = "report.html"
MODE, FOLDER_MODE = 0o600, 0o700
"""Signals of a body: for their owner's eyes."""


def drawing(load: Callable[[], ModuleType]) -> ModuleType:
    """What draws. Raises Missing where matplotlib is not installed."""
    try:
        return load()
    except ImportError:
        raise Missing(
            "the pictures of a report need matplotlib, which is not installed; install it beside the kit "
            "(pip install 'vybor[report]')"
        ) from None


def begin(out: Path) -> None:
    """A folder that is new or empty. Raises PlaceError."""
    try:
        out.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise PlaceError(f"{out} has files in it; name a new folder or an empty one")
    except OSError as error:
        raise PlaceError(f"{out} cannot be written to ({error.strerror}); name another folder") from None


def write(path: Path, content: bytes) -> None:
    """A file of it. Raises PlaceError."""
    try:
        small_files.write_bytes(path, content, MODE)
    except OSError as error:
        raise PlaceError(
            f"{path} cannot be written ({error.strerror}); make room, or name another folder"
        ) from None
