"""The trainer is fed and followed: what it reads lies beside what it makes, and is gone when it ends."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor_workshop.growth import SCRATCH
from vybor_workshop.retrain import cutting, running
from vybor_workshop.retrain.following import Following
from vybor_workshop.retrain.trainer.given import Settings, Text
from vybor_workshop.retrain.wishes import Outcome

LOSSES = "losses.jsonl"
CHECKPOINTS, RUNS = "checkpoints", "runs"
MADE = f"{CHECKPOINTS}/adapter"
"""Where the trainer lays what it made."""


def train(settings: Settings, texts: Iterable[Text], python: Path, following: Following) -> None:
    """Run the trainer in the folder that the settings name. Raises TrainingFailed, OSError."""
    with tempfile.TemporaryDirectory(dir=settings.growth, prefix=SCRATCH) as scratch:
        folder = Path(scratch)
        small_files.write_bytes(folder / "settings.json", msgspec.json.encode(asdict(settings)), 0o600)
        small_files.write_bytes(folder / "sequences.jsonl", cutting.lines(texts).encode(), 0o600)
        told = running.command(python, folder, settings.processes)
        running.run(told, running.surroundings(os.environ, settings), following)


def clear(folder: Path, *, resume: bool) -> None:
    """Take away what an earlier beginning left, unless it is gone on with; of a killed one what was read."""
    for scratch in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(scratch)
    if resume:
        return
    for name in (CHECKPOINTS, RUNS):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / LOSSES).unlink(missing_ok=True)


def losses(folder: Path) -> list[str]:
    """What the trainer told, of all times that it was gone on with. Raises OSError."""
    return (folder / LOSSES).read_text(encoding="utf-8", errors="replace").splitlines()


def outcome(following: Following, before: float | None, changes: float) -> Outcome:
    """How it went. `before`: the loss of the early texts before anything was learned."""
    return Outcome(
        steps=following.steps,
        of_steps=following.of_steps,
        best_step=following.best_step,
        best_early=following.best,
        early_before=before,
        seconds=round(following.seconds, 1),
        peak_mb=following.peak_mb,
        changes=round(changes, 4),
    )
