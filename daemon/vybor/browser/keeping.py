"""The key of the page's link: made once, so that a link that somebody has kept goes on opening it."""

import re
import secrets
from pathlib import Path

from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError

BYTES = 24
KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def key(folder: Path) -> str:
    """The key that is kept there, made if none is. Raises PlaceError."""
    path = folder / "key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            kept = small_files.read(path, 200, links=False).decode("ascii", "replace")
        except FileNotFoundError:
            kept = ""
        if not KEY.fullmatch(kept):
            kept = secrets.token_urlsafe(BYTES)
            small_files.write_bytes(path, kept.encode(), 0o600, is_synced=True)
    except OSError as error:
        raise PlaceError(
            f"the key of the page cannot be kept in {folder} ({error.strerror}); mend that folder"
        ) from None
    return kept
