"""The environment that the trainer runs in: torch, transformers, PEFT; for many persons Ray."""

from vybor_workshop.environments import Environment

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
