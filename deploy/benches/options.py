"""What several benches take on the command line."""

import argparse
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from vybor.foundation.errors import Missing

Kind = TypeVar("Kind")


def new_file(text: str) -> Path:
    """A file to be written; it must be possible, or the figures of minutes would be lost at the end."""
    if not (path := Path(text)).absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder; name a file in it")
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{path} cannot be written; name another file")
    return path


def read_each(folder: Path, names: Iterable[str], kind: type[Kind], option: str) -> dict[str, Kind]:
    """NAME.toml of a folder for each name, as what it describes; `option` names the folder. Raises Missing."""
    found: dict[str, Kind] = {}
    for name in names:
        path = folder / f"{name}.toml"
        try:
            found[name] = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind)
        except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise Missing(
                f"the profile {path} cannot be read ({error}); name the folder of the profiles with {option}"
            ) from None
    return found


def positive(text: str) -> int:
    """A number of things, at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few; take 1 or more")
    return number
