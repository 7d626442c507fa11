"""All of a retraining in order: refuse, cut, train, try, keep."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import AddressInUse, PlaceError
from vybor_workshop import materials
from vybor_workshop.growth import Growth
from vybor_workshop.materials import Say
from vybor_workshop.model import build
from vybor_workshop.retrain import cutting, plots, running, trying, wishes
from vybor_workshop.retrain.following import Following
from vybor_workshop.retrain.preparing import How, Ready, ready
from vybor_workshop.retrain.refusing import Refused
from vybor_workshop.retrain.torch import TRAINS
from vybor_workshop.retrain.wishes import Outcome, Training

WEIGHTS = "adapter_model.safetensors"
TRIED_TOKENS = 64
SCRATCH = ".training-"
"""What the trainer reads: the person's words as tokens."""


def retrain(growth: Growth, changed: Mapping[str, object], how: How, say: Say) -> Training:
    """Train the adapter of a growth. `changed`: the wishes that differ from the usual. Raises VyborError.

    Whatever interrupts it, there is no adapter, or a whole one that the kit's runtime has put on.
    """
    with _alone(growth):
        prepared = ready(growth, changed, how, say)
        python = TRAINS.python(how.cache, say)
        with _place_errors(growth):
            _clear(growth, how)
            wishes.write(growth.training, prepared.training)
            following = Following(say, SystemClock())
            try:
                _train(growth, prepared, how, python, following)
            except KeyboardInterrupt:
                say("interrupted; what was saved is whole, and `--resume` goes on from it")
                raise
            return _kept(growth, prepared, how, following, say)


@contextlib.contextmanager
def _alone(growth: Growth) -> Iterator[None]:
    with (growth.folder / ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AddressInUse(f"growth {growth.name} is being trained already; wait for that to end") from None
        yield


@contextlib.contextmanager
def _place_errors(growth: Growth) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlaceError(
            f"{growth.folder} cannot be written ({error.strerror}); make room, and go on with --resume"
        ) from None


def _clear(growth: Growth, how: How) -> None:
    """Take away what an earlier beginning left, unless it is gone on with; of a killed one what was read."""
    for scratch in growth.folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(scratch)
    if how.resume:
        return
    for folder in (growth.checkpoints, growth.runs):
        shutil.rmtree(folder, ignore_errors=True)
    (growth.folder / "losses.jsonl").unlink(missing_ok=True)


def _train(growth: Growth, prepared: Ready, how: How, python: Path, following: Following) -> None:
    """Run the trainer. What it reads has the person's words as tokens, and is gone when it ends."""
    settings = prepared.settings(growth, how)
    with tempfile.TemporaryDirectory(dir=growth.folder, prefix=SCRATCH) as scratch:
        folder = Path(scratch)
        small_files.write_bytes(folder / "settings.json", msgspec.json.encode(asdict(settings)), 0o600)
        small_files.write_bytes(folder / "sequences.jsonl", cutting.lines(prepared.texts).encode(), 0o600)
        told = running.command(python, folder, settings.processes)
        running.run(told, running.surroundings(os.environ, settings), following)


def _losses(growth: Growth) -> list[str]:
    """What the trainer told, of all times that it was gone on with."""
    return (growth.folder / "losses.jsonl").read_text(encoding="utf-8").splitlines()


def _kept(growth: Growth, prepared: Ready, how: How, following: Following, say: Say) -> Training:
    """Try the adapter, and let it be the growth's. Raises Refused where it is no gain."""
    before, best = plots.points(_losses(growth))[plots.LATER].get(0), following.best
    if before is not None and best is not None and best >= before:
        raise Refused(
            f"nothing was learned that holds on later days ({best:.3f} nats a token, and {before:.3f} before): no "
            "adapter was made; wait until more has been written"
        )
    made = growth.checkpoints / "adapter"
    say("trying it on as the kit does")
    bundle = build.build(prepared.recipe, how.cache, None, say, how.given)
    longest = max((text.tokens for text in prepared.texts), key=len)[:TRIED_TOKENS]
    changes = trying.check(bundle, made, longest, prepared.training.wishes.threads)
    training = msgspec.structs.replace(
        prepared.training,
        adapter_sha256=materials.sha256_of(made / WEIGHTS),
        outcome=Outcome(
            steps=following.steps,
            of_steps=following.of_steps,
            best_step=following.best_step,
            best_early=best,
            early_before=before,
            seconds=round(following.seconds, 1),
            peak_mb=following.peak_mb,
            changes=round(changes, 4),
        ),
    )
    plots.save(growth.plots, _losses(growth))
    wishes.write(growth.training, training)
    made.rename(growth.adapter)
    small_files.sync_folder(growth.folder)
    shutil.rmtree(
        growth.checkpoints
    )  # nothing goes on from them any more, and they have learned of the person too
    return training
