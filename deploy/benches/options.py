"""What several benches take on the command line."""

import argparse
from pathlib import Path


def new_file(text: str) -> Path:
    """A file to be written; its folder must be there."""
    if not (path := Path(text)).absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}; make it first")
    return path


def positive(text: str) -> int:
    """A number of things, at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few; take 1 or more")
    return number
