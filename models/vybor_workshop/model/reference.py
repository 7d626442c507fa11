"""The model that was built against the same weights in 32 bits, reckoned by others: torch and transformers.

They live in an environment of their own under the cache, and what is compared is what both say behind every token
of a dialogue.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import msgspec
import numpy as np

from vybor.foundation.errors import VyborError
from vybor.generator.network import bundle
from vybor.generator.network.model import Model
from vybor.generator.network.trunk import Floats
from vybor_workshop.environments import Environment, alone
from vybor_workshop.materials import Say
from vybor_workshop.model.build import spoken
from vybor_workshop.model.dialogue import TO_COMPARE

PINS = (
    ("torch==2.13.0",),  # first and by itself: together with others pip takes gigabytes of CUDA
    ("transformers==4.57.6", "tokenizers==0.22.2", "accelerate==1.15.0", "gguf==0.19.0", "numpy==2.4.6"),
)
"""What is installed, in this order. transformers 5 reads another rotation out of SmolLM2's files."""
SCRIPT = Path(__file__).with_name("reference_logits.py")
THREADS = 2


class ReferenceError(VyborError):
    """The reference could not be had."""

    exit_code = 69  # EX_UNAVAILABLE


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What the reference makes of the built model."""

    tokens: int
    kl: float
    """KL(reference || built), nats a token."""
    agreement: float
    """The share of tokens of which both hold the same for the likeliest."""

    def told(self) -> str:
        """In a line."""
        return (
            f"against 32 bits, {self.tokens} tokens: KL {self.kl:.4f} nats a token, agreement {self.agreement:.3f}"
        )


def compare(made: Path, raw: Path, cache: Path, say: Say) -> Compared:
    """Hold a bundle against the weights that it was built from.

    Raises NoEnvironment, ReferenceError, BundleError.
    """
    opened = bundle.open_bundle(made)
    texts = [text[: opened.manifest.shape.context] for text in spoken(opened, TO_COMPARE)]
    python = environment(cache, say)
    say("reckoning in 32 bits")
    with tempfile.TemporaryDirectory() as scratch:
        reference = reckoned(python, raw, texts, Path(scratch))
    model = Model(opened, THREADS)
    return compared(reference, np.concatenate([log_shares(_every(model, text)) for text in texts]))


def compared(reference: Floats, built: Floats) -> Compared:
    """From log-probabilities (tokens, vocabulary) of both.

    A reference may have rows for more tokens than there are: what it gives to those is shared among the others.
    """
    reference = log_shares(reference[:, : built.shape[1]])
    kl = (np.exp(reference) * (reference - built)).sum(axis=1)
    agree = reference.argmax(axis=1) == built.argmax(axis=1)
    return Compared(tokens=len(kl), kl=float(kl.mean()), agreement=float(agree.mean()))


def log_shares(logits: Floats) -> Floats:
    """The logarithm of softmax, row by row."""
    raised = logits - logits.max(axis=1, keepdims=True)
    shares: Floats = raised - np.log(np.exp(raised).sum(axis=1, keepdims=True))
    return shares


def environment(cache: Path, say: Say) -> Path:
    """The Python of the reference's environment, made the first time. Raises NoEnvironment."""
    return Environment("reference", PINS).python(cache, say)


def environment_folder(cache: Path) -> Path:
    """Where the environment lies."""
    return Environment("reference", PINS).folder(cache)


def _every(model: Model, text: list[int]) -> Floats:
    """The logits behind every token of a text."""
    rows = []
    model.rewind([])
    for token in text:
        model.append([token])
        rows.append(model.end)
    return np.stack(rows)


def reckoned(python: Path, raw: Path, texts: list[list[int]], scratch: Path) -> Floats:
    """The reference's log-probabilities (tokens, vocabulary) behind every token. Raises ReferenceError."""
    sequences, out = scratch / "sequences.json", scratch / "out.npy"
    sequences.write_text(json.dumps(texts), encoding="utf-8")
    _run([str(python), "-P", str(SCRIPT), str(raw), str(sequences), str(out)])
    found: Floats = np.load(out)
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=alone(os.environ), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ReferenceError(f"{Path(command[0]).name} could not work on the reference ({reason})")
