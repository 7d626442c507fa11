"""Checkpoints that are whole: each has a seal, the hash of every file, written when all the rest is there.

What the trainer wrote into one of how far it was, is read here too.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEAL = "seal.json"
STEM = "checkpoint-"
STATE = "trainer_state.json"


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
    """The newest checkpoint to go on from, and the newer ones that are damaged, or whose best one is."""
    damaged: list[Path] = []
    for found in sorted(folder.glob(f"{STEM}*"), key=_step, reverse=True):
        if _is_sound(found):
            return found, damaged
        damaged.append(found)
    return None, damaged


def best(folder: Path) -> Path:
    """The best one up to this one, by the looks at the early texts; itself where nothing was looked at."""
    step = _state(folder)["best_global_step"]
    return folder.with_name(f"{STEM}{step}") if step else folder


def is_last(folder: Path) -> bool:
    """Whether the training was over behind it: all steps done, or no more gained. To go on were to train on."""
    control = _state(folder)["stateful_callbacks"]["TrainerControl"]
    return bool(control["args"]["should_training_stop"])


def remove(folders: list[Path]) -> None:
    """Take away what is no checkpoint any more."""
    for folder in folders:
        shutil.rmtree(folder)


def _is_sound(folder: Path) -> bool:
    try:
        return is_whole(folder) and is_whole(best(folder))
    except OSError:  # another process of this training takes it away
        return False


def _state(folder: Path) -> dict[str, Any]:
    """Of a whole checkpoint."""
    state: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    return state


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
