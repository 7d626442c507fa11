"""transformers' Trainer with our rows and losses: what it looks at, when it stops, what it tells."""

import math
from collections import defaultdict
from pathlib import Path

import torch
from torch.utils.data import Dataset
from transformers import (
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer_callback import PrinterCallback, ProgressCallback

from . import checkpoints
from .branches import Row, beside
from .given import LOSS_DIGITS, Settings
from .losses import Sizes, of_step
from .network import Before
from .telling import Teller

OWN = "own"
Step = dict[str, Row]
"""A row of the person's own."""
WARM_UP = 0.1
"""Of all steps, on the way to the whole learning rate."""
LOOK = "eval_loss"


class NoNumber(Exception):
    """A loss is no number: what was learned is broken, and what was saved before is not."""


class Steps(Dataset[Step]):  # type: ignore[misc]  # torch publishes no types here
    """Rows by number."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> Step:
        return {OWN: self._rows[number]}


class Learner(Trainer):  # type: ignore[misc]
    """Learns from rows."""

    def __init__(self, given: Settings, general: list[Row], many: tuple[Sizes, Sizes], **told: object) -> None:
        """`general`: rows of general text; `many`: the sizes of the rows to train with, and of the early ones."""
        super().__init__(data_collator=_alone, **told)
        self.model_accepts_loss_kwargs = False
        self._given = given
        self._general = general
        self._many = many
        self._before = Before(self.model)
        self._parts: dict[str, list[float]] = defaultdict(list)
        self.remove_callback(PrinterCallback)
        self.remove_callback(ProgressCallback)

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: Step,
        return_outputs: bool = False,
        num_items_in_batch: object = None,
    ) -> torch.Tensor:
        """The loss of a step. Raises NoNumber."""
        if not model.training:
            alone = self._before.model  # ranks may have different numbers of early rows
            return of_step(alone, self._before, inputs[OWN], None, self._given, self._many[1]).own
        general = beside(self._general, self.state.global_step, self.args.process_index, self.args.world_size)
        parts = of_step(model, self._before, inputs[OWN], general, self._given, self._many[0])
        loss = parts.whole(self._given)
        if not torch.isfinite(loss):
            raise NoNumber(f"the loss of step {self.state.global_step + 1}")
        for name, part in parts._asdict().items():
            self._parts[name].append(float(part.detach()))
        return loss

    def prediction_step(
        self, model: torch.nn.Module, inputs: Step, *_: object, **__: object
    ) -> tuple[torch.Tensor, None, None]:
        """The loss of an early row."""
        with torch.no_grad():
            return self.compute_loss(model, inputs).detach(), None, None

    def end_as(self, last: Path) -> None:
        """Be what a training was that had ended, and was cut off before anything was made of it.

        To go on from its last checkpoint would be to train on: the Trainer forgets that it had stopped.
        """
        self.state = TrainerState.load_from_json(str(last / checkpoints.STATE))
        self.model.load_adapter(str(checkpoints.best(last)), self.model.active_adapters[0])

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """With the parts of the loss since the last time."""
        if "loss" in logs:
            logs |= {name: sum(each) / len(each) for name, each in self._parts.items()}
            self._parts.clear()
        super().log(logs, start_time)


class Watch(TrainerCallback):  # type: ignore[misc]  # transformers publishes no types here
    """Tells what happens, seals checkpoints, and stops for a loss that is no number."""

    def __init__(self, tell: Teller, given: Settings) -> None:
        self._tell = tell
        self._given = given

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """How many steps there will be."""
        self._tell("begun", step=state.global_step, steps=state.max_steps)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: object,
    ) -> None:
        """A step, or a look at the early texts."""
        facts = {name: round(each, LOSS_DIGITS) for name, each in (logs or {}).items()}
        if "loss" in facts:
            self._tell("step", step=state.global_step, steps=state.max_steps, **facts)
        elif LOOK in facts:
            if not math.isfinite(facts[LOOK]):
                raise NoNumber(f"the loss of the early texts at step {state.global_step}")
            self._tell("look", step=state.global_step, early=facts[LOOK])

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """Seal it, and end there if that was wished."""
        folder = Path(args.output_dir) / f"{checkpoints.STEM}{state.global_step}"
        if state.is_world_process_zero:
            checkpoints.seal(folder)
            self._tell("checkpoint", step=state.global_step)
        if self._given.stop_at and state.global_step >= self._given.stop_at:
            raise KeyboardInterrupt


def arguments(given: Settings, folder: Path, every: int, *, looks: bool, is_new: bool) -> TrainingArguments:
    """The Trainer's own settings; a look and a checkpoint `every` so many steps."""
    backend = "nccl" if torch.cuda.is_available() else "gloo"
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=given.epochs,
        per_device_train_batch_size=1,
        per_device_eval_batch_size=1,
        learning_rate=given.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=WARM_UP,
        max_grad_norm=1.0,
        weight_decay=0.0,
        seed=given.seed,
        full_determinism=True,
        use_cpu=not torch.cuda.is_available(),
        ddp_backend=backend if given.processes > 1 else None,
        ddp_find_unused_parameters=False,
        logging_steps=1,
        logging_nan_inf_filter=False,
        eval_strategy="steps" if looks else "no",
        eval_steps=every,
        eval_on_start=looks and is_new,  # else patience would count a look twice
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=looks,
        metric_for_best_model=LOOK if looks else None,
        greater_is_better=False if looks else None,
        restore_callback_states_from_checkpoint=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        report_to=["tensorboard"],
    )


def stopping(given: Settings) -> TrainerCallback:
    """Ends it when the early texts gain no more."""
    return EarlyStoppingCallback(early_stopping_patience=given.patience)


def _alone(rows: list[Step]) -> Step:
    """A step is a row by itself: rows are trees, and are not stacked."""
    (row,) = rows
    return row
