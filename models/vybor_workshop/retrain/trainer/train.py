"""One adapter, from a folder with settings and texts."""

import math
import os
import resource
from collections.abc import Sequence
from pathlib import Path

import torch
from peft import PeftModel

from . import checkpoints, given, saving
from .branches import Row, rows
from .given import Settings, Share
from .learning import Learner, NoNumber, Steps, Watch, arguments, stopping
from .losses import Sizes, sizes
from .network import load, with_adapter
from .telling import Teller

NO_NUMBER = 3
"""How it ends where a loss is no number."""
WRONG_WORLD = 4
"""How it ends where there are not as many processes as there should be."""


def main(told: Sequence[str]) -> None:
    """Train; what there is to tell is told as JSON lines."""
    folder = Path(told[0])
    wanted = given.settings(folder / "settings.json")
    growth = Path(wanted.growth)
    tell = Teller(growth / "losses.jsonl" if int(os.environ.get("RANK", "0")) == 0 else None)
    torch.set_num_threads(wanted.threads)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing reads it; to fill it takes time
    _check_world(wanted, tell)
    try:
        _train(wanted, given.texts(folder / "sequences.jsonl"), tell)
    except NoNumber as what:
        tell("failed", reason="no number", what=str(what))
        raise SystemExit(NO_NUMBER) from None


def _check_world(wanted: Settings, tell: Teller) -> None:
    """Launchers have been known to start one process where two were asked for, without a word."""
    found = int(os.environ.get("WORLD_SIZE", "1"))
    if found != wanted.processes:
        tell("failed", reason="world", what=f"{found} processes instead of {wanted.processes}")
        raise SystemExit(WRONG_WORLD)


def _train(wanted: Settings, texts: list[given.Text], tell: Teller) -> None:
    own = _rows(texts, Share.TRAIN, wanted.row_tokens, wanted)
    early = _rows(texts, Share.EARLY, wanted.row_tokens, wanted)
    general = _rows(texts, Share.GENERAL, wanted.general_row_tokens, wanted)
    growth = Path(wanted.growth)
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(growth / "runs")
    resumed = _resumed(wanted, tell)
    learner = _learner(wanted, (own, early, general), tell, is_new=resumed is None)
    if learner.args.world_size != wanted.processes:
        tell("failed", reason="world", what=f"{learner.args.world_size} ranks instead of {wanted.processes}")
        raise SystemExit(WRONG_WORLD)
    if resumed and checkpoints.is_last(resumed):
        learner.end_as(resumed)
        tell("begun", step=learner.state.global_step, steps=learner.state.max_steps)
    else:
        learner.train(resume_from_checkpoint=str(resumed) if resumed else None)
    _end(wanted, learner, tell)


def _rows(texts: list[given.Text], share: Share, most: int, wanted: Settings) -> list[Row]:
    return rows(given.of_share(texts, share), most, wanted.seed)


def _learner(
    wanted: Settings, of: tuple[list[Row], list[Row], list[Row]], tell: Teller, *, is_new: bool
) -> Learner:
    own, early, general = of
    every = max(math.ceil(len(own) / wanted.processes / wanted.looks), 1)
    callbacks = [Watch(tell, wanted), *([stopping(wanted)] if early else [])]
    return Learner(
        wanted,
        general,
        (sizes(own, general), sizes(early, []) if early else Sizes(1, 1, 1)),
        model=with_adapter(load(Path(wanted.base)), wanted),
        args=arguments(wanted, Path(wanted.growth) / "checkpoints", every, looks=bool(early), is_new=is_new),
        train_dataset=Steps(own),
        eval_dataset=Steps(early) if early else None,
        callbacks=callbacks,
    )


def _resumed(wanted: Settings, tell: Teller) -> Path | None:
    if not wanted.resume:
        return None
    found, damaged = checkpoints.newest(Path(wanted.growth) / "checkpoints")
    for folder in damaged:
        tell("damaged", what=folder.name)
    if os.environ.get("RANK", "0") == "0":
        checkpoints.remove(damaged)
    return found


def _check_agreed(model: PeftModel, wanted: Settings, tell: Teller) -> None:
    """Ranks that learn together must have learned the same."""
    found: list[str] = [""] * wanted.processes
    torch.distributed.all_gather_object(found, saving.digest(model))
    if len(set(found)) > 1:
        tell("failed", reason="world", what=f"{wanted.processes} processes that did not learn the same")
        raise SystemExit(WRONG_WORLD)


def _end(wanted: Settings, learner: Learner, tell: Teller) -> None:
    """Write the adapter, and tell how it went."""
    state, model = learner.state, learner.accelerator.unwrap_model(learner.model)
    if wanted.processes > 1:
        _check_agreed(model, wanted, tell)
    if learner.args.should_save:
        saving.adapter(model, wanted.base_sha256, Path(wanted.growth) / "checkpoints" / "adapter")
    tell(
        "ended",
        step=state.global_step,
        steps=state.max_steps,
        best_step=state.best_global_step,
        best=None if state.best_metric is None else round(state.best_metric, given.LOSS_DIGITS),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 1),
    )
