"""Why a process could not start: one sentence in the folder of sockets, for who looks after it when it is silent.

Health says what is wrong with a process that runs; one that ends before it can speak leaves its sentence here.
"""

import logging
from pathlib import Path

from vybor.foundation import small_files

LONGEST_CHARACTERS = 300
LONGEST_BYTES = 8_000


def leave(runtime: Path, process: str, sentence: str) -> None:
    """Keep the sentence; where that is impossible, the log alone has it."""
    try:
        small_files.write(_path(runtime, process), sentence)
    except OSError as error:
        logging.getLogger(f"vybor.{process}").warning("last words not kept: %s", error)


def forget(runtime: Path, process: str) -> None:
    """The process runs: what it said before does not hold any more."""
    try:
        _path(runtime, process).unlink(missing_ok=True)
    except OSError as error:
        logging.getLogger(f"vybor.{process}").warning("last words not removed: %s", error)


def read(runtime: Path, process: str) -> str:
    """What it said, on one line; empty if nothing, or if what lies there is no file of its own."""
    try:
        words = small_files.read(_path(runtime, process), LONGEST_BYTES, links=False)
    except OSError:
        return ""
    return " ".join(words.decode("utf-8", errors="replace").split())[:LONGEST_CHARACTERS]


def _path(runtime: Path, process: str) -> Path:
    return runtime / f"{process}.last-words"
