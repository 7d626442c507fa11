"""What the workstation writes down of itself: JSON that people can read too, put there whole, read with care."""

from pathlib import Path
from typing import TypeVar

import msgspec

from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import PlaceError, VyborError
from vybor_workshop.places import make

Told = TypeVar("Told")


def encoded(content: object) -> bytes:
    """As it stands in a file. Pure."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def write(path: Path, content: object, *, in_new_folder: bool = False) -> None:
    """Put it there at once, for its owner alone; on return it is on the disk. Raises PlaceError.

    `in_new_folder`: its folder is made, too, if it is not there.
    """
    try:
        if in_new_folder:
            make(path.parent)
        small_files.write_bytes(path, encoded(content), 0o600, is_synced=True)
    except OSError as error:
        raise PlaceError(f"{path} cannot be written ({error.strerror}); see that there is room") from None


def read(
    path: Path, kind: type[Told], largest_bytes: int, remedy: str, wrong: type[VyborError] = PlaceError
) -> Told | None:
    """What it says; None: there is none. Raises PlaceError; `wrong`, with the remedy, if it says nothing."""
    try:
        return msgspec.json.decode(small_files.read(path, largest_bytes), type=kind)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); see that it is yours") from None
    except NOT_UNDERSTOOD as error:
        raise wrong(f"{path} says nothing that this version knows ({error}); {remedy}") from None
