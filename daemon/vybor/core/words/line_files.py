"""Small files of the wearer's, a line each, under the kit's key."""

from pathlib import Path

from vybor.foundation import sealed_files
from vybor.foundation.keys import Key


def read(path: Path, largest_bytes: int, key: Key) -> tuple[list[str], str]:
    """The lines, none where there is no file; and why it cannot be read, or nothing."""
    try:
        return sealed_files.read(path, largest_bytes, key).decode().splitlines(), ""
    except FileNotFoundError:
        return [], ""
    except (OSError, UnicodeDecodeError) as error:
        return [], f"{path} cannot be read ({error}); mend it or move it away, and start the kit again"
