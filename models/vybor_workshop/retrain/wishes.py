"""What the owner wishes of a retraining, and `training.json`: what was wished, and what came of it."""

import os
import platform
from pathlib import Path

import msgspec

from vybor.foundation.errors import Missing
from vybor_workshop import json_files
from vybor_workshop.retrain.torch import TRAINS
from vybor_workshop.retrain.trainer.given import Objective

LARGEST_BYTES = 2**24
THREADS = 2
"""Of each of many trainings at once."""
MOST_THREADS = 8
"""More gain nothing on rows of some hundred tokens."""


def cores() -> int:
    """How many threads one training uses, unless something else is wished."""
    return min(os.cpu_count() or 1, MOST_THREADS)


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What decides the adapter, beside the examples: the same wishes make the same adapter on the same machine."""

    objective: Objective = Objective.SFT
    seed: int = 1
    epochs: float = 3.0
    """At most: the early texts end it before."""
    learning_rate: float = 1e-3
    """What LoRA wants; the defaults of TRL and of Trainer are far below."""
    rank: int = 4
    alpha: int = 8
    row_tokens: int = 320
    """Of a step's row of the person's own; general text has one beside it."""
    kl_weight: float = 2.0
    """Of how far the adapter is from the base on general text: see decision 48 for what 1 and 4 cost…"""
    general_weight: float = 0.0
    """…and of that text itself, which is not the person's: it is not to be forgotten, nor to be learned."""
    general_share: float = 0.3
    """So much of each step's tokens is general text; no step has that of another one."""
    sft_weight: float = 0.5
    patience: int = 2
    looks: int = 2
    processes: int = 1
    threads: int = msgspec.field(default_factory=cores)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a training went."""

    steps: int
    of_steps: int
    """So many it would have been without an early end."""
    best_step: int | None
    best_early: float | None
    """The loss of the early texts there, nats a token…"""
    early_before: float | None
    """…and what it was before anything was learned."""
    seconds: float
    peak_mb: float
    changes: float
    """By so much at most the kit's logits behind a text are others with it."""


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """`training.json`."""

    wishes: Wishes
    examples_sha256: str
    base_sha256: str
    texts: dict[str, int] = {}
    """How many of each share."""
    tokens: dict[str, int] = {}
    versions: dict[str, str]
    begun_at: str
    resumed: int = 0
    """How many times it was gone on with."""
    adapter_sha256: str = ""
    outcome: Outcome | None = None
    """None: it is not finished."""


def versions() -> dict[str, str]:
    """Of what trains."""
    pins = (pin.split("==") for group in TRAINS.pins for pin in group)
    return {"python": platform.python_version(), **dict(pins)}


def read(path: Path) -> Training | None:
    """What is known of a training; None if it was never begun. Raises PlaceError, Missing."""
    return json_files.read(path, Training, LARGEST_BYTES, "begin anew with --afresh", Missing)
