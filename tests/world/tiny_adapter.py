"""Small models that take adapters, and adapters for them, as PEFT writes them."""

import json
from pathlib import Path

import msgspec
import numpy as np

from vybor.generator.network import adapter, bundle
from vybor.generator.network.bundle import Rotary
from vybor.generator.network.trunk import Floats
from vybor_workshop.model.architecture import Architecture
from world import tiny_files, tiny_model

RANK = 4
SIZES = {
    "q": (64, 64),
    "k": (32, 64),
    "v": (32, 64),
    "o": (64, 64),
    "gate": (64, 64),
    "up": (64, 64),
    "down": (64, 64),
}
MODULES = {"q": "self_attn.q_proj", "k": "self_attn.k_proj", "v": "self_attn.v_proj", "o": "self_attn.o_proj"}
MODULES |= {part: f"mlp.{part}_proj" for part in ("gate", "up", "down")}
MATRICES = {"q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output"}
MATRICES |= {part: f"ffn_{part}" for part in ("gate", "up", "down")}

Halves = dict[tuple[int, str], tuple[Floats, Floats]]
"""A (rank, columns) and B (rows, rank) by layer and part, in Hugging Face's order of rows."""


def architecture(rotary: Rotary) -> Architecture:
    """The numbers of the model."""
    plain = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 2, 512)
    return msgspec.structs.replace(plain, rotary=rotary)


def write(folder: Path, rotary: Rotary = Rotary.PAIRS, weights: dict[str, Floats] | None = None) -> bundle.Bundle:
    """Make a bundle of random weights, or of these."""
    model = architecture(rotary)
    with_adapters = tiny_model.How(adapters=True)
    tiny_model.write(folder, model, weights or tiny_model.dice(model, 3), how=with_adapters)
    return bundle.open_bundle(folder)


def halves(parts: str = "qkvo", seed: int = 9) -> Halves:
    """Random halves for these parts of both layers."""
    dice = np.random.default_rng(seed)
    wanted = [part for part in SIZES if part in parts.split() or part in parts]
    return {
        (layer, part): (
            (dice.standard_normal((RANK, SIZES[part][1])) / 8).astype(np.float32),
            (dice.standard_normal((SIZES[part][0], RANK)) / 2).astype(np.float32),
        )
        for layer in (0, 1)
        for part in wanted
    }


def peft(folder: Path, parts: Halves, dtype: str = "F32", **lines: object) -> Path:
    """Write a PEFT directory."""
    folder.mkdir(parents=True)
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": 8, "base_sha256": tiny_model.BASE}
    (folder / adapter.CONFIG).write_text(json.dumps(config | lines))
    named: dict[str, Floats] = {}
    for (layer, part), (a, b) in parts.items():
        stem = f"base_model.model.model.layers.{layer}.{MODULES[part]}"
        named |= {f"{stem}.lora_A.weight": a, f"{stem}.lora_B.weight": b}
    tiny_files.safetensors(folder / adapter.WEIGHTS, named, dtype)
    return folder
