"""The environment that the trainer runs in: torch, transformers, PEFT; for many persons Ray."""

import shlex
from pathlib import Path

from vybor_workshop.environments import Environment
from vybor_workshop.materials import Say

TRAINS = Environment(
    "retrain",
    (
        ("torch==2.13.0",),
        (
            "transformers==5.23.0",
            "tokenizers==0.23.3",
            "peft==0.21.2",
            "accelerate==1.15.0",
            "gguf==0.19.0",
            "numpy==2.4.6",
            "tensorboard==2.21.0",
        ),
    ),
)
"""What trains. Of a GGUF file transformers 5.23 says exactly what 4.57 says (tests/reference/test_retrain.py)."""
QUEUES = Environment("ray", (("ray==2.60.0",),))
"""What hands out many persons' trainings. Apart, for who has one kit."""


def shown_by(runs: Path, cache: Path, say: Say) -> str:
    """By which command TensorBoard shows how a training went, in a line. `runs`: what the trainer wrote for it."""
    python = TRAINS.python(cache.absolute(), say)
    return f"`{shlex.join((str(python), '-m', 'tensorboard.main', '--logdir', str(runs)))}` shows how it went"
