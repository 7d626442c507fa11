"""Checkpoints that are whole: each has a seal, the hash of every file, written when all the rest is there."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

SEAL = "seal.json"
STEM = "checkpoint-"


def seal(folder: Path) -> None:
    """Say that a checkpoint is whole; on return it is on the disk."""
    hashes = {name: _hash(folder / name) for name in _names(folder)}
    new = folder / f"{SEAL}.new"
    with new.open("w", encoding="utf-8") as written:
        json.dump(hashes, written)
        written.flush()
        os.fsync(written.fileno())
    new.replace(folder / SEAL)


def is_whole(folder: Path) -> bool:
    """Whether every file is what it was when it was sealed."""
    try:
        hashes = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(hashes) and all(_hash(folder / name) == told for name, told in hashes.items())
    except (OSError, ValueError, AttributeError):
        return False


def newest(folder: Path) -> tuple[Path | None, list[Path]]:
    """The newest whole checkpoint, and the newer ones that are not."""
    damaged: list[Path] = []
    for found in sorted(folder.glob(f"{STEM}*"), key=_step, reverse=True):
        if is_whole(found):
            return found, damaged
        damaged.append(found)
    return None, damaged


def remove(folders: list[Path]) -> None:
    """Take away what is no checkpoint any more."""
    for folder in folders:
        shutil.rmtree(folder)


def _step(folder: Path) -> int:
    told = folder.name.removeprefix(STEM)
    return int(told) if told.isdecimal() else -1


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(SEAL):
            yield str(path.relative_to(folder))


def _hash(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
