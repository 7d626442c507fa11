"""The numbers that shape a model, and the weights that follow from them.

Names of the weights are those of llama.cpp. A family differs from a plain llama by what is said here: Qwen2 adds
something to q, k and v; a Hugging Face file and GGUF's Qwen2 keep the two numbers of a rotary pair half a head
apart, GGUF's llama side by side; a large model has a head of its own; Gemma 3 is a page of its own.
"""

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.generator.network.bundle import Rotary

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

BLOCK = 32
"""Weights of a row that share a scale."""


class Windows(msgspec.Struct, frozen=True, kw_only=True):
    """What shapes a Gemma 3 beside the numbers of a llama (graph_gemma.py)."""

    width: int
    """Most layers see so many tokens back, themselves included."""
    whole_every: int
    """Each so manieth layer sees all."""
    rope_base: float
    """Of the layers with a window; the others have the model's own."""


class Architecture(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers that shape a llama or one of its relatives."""

    layers: int
    hidden: int
    feed_forward: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    norm_epsilon: float
    rope_base: float
    context: int
    """How many positions there are; a cache cannot be longer."""
    rotary: Rotary = Rotary.PAIRS
    """Where the rows of q and k keep the two numbers that turn together."""
    biased: bool = False
    """Whether something is added to q, k and v."""
    tied: bool = True
    """Whether the embedding is also the head."""
    windows: Windows | None = None
    """Of a Gemma 3."""

    @property
    def queries(self) -> int:
        """Rows of q."""
        return self.heads * self.head_dim

    @property
    def keys(self) -> int:
        """Rows of k, and of v."""
        return self.kv_heads * self.head_dim

    @property
    def blocks(self) -> list[str]:
        """The names of the layers."""
        return [f"blk.{layer}" for layer in range(self.layers)]


def shapes(model: Architecture) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every weight that the graph is made of, with its shape."""
    yield "token_embd.weight", (model.vocabulary, model.hidden)
    if not model.tied:
        yield "output.weight", (model.vocabulary, model.hidden)
    yield "output_norm.weight", (model.hidden,)
    for block in model.blocks:
        yield from _attention(model, block)
        yield f"{block}.ffn_norm.weight", (model.hidden,)
        yield f"{block}.ffn_gate.weight", (model.feed_forward, model.hidden)
        yield f"{block}.ffn_up.weight", (model.feed_forward, model.hidden)
        yield f"{block}.ffn_down.weight", (model.hidden, model.feed_forward)
        if model.windows:
            yield f"{block}.post_ffw_norm.weight", (model.hidden,)


def _attention(model: Architecture, block: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield f"{block}.attn_norm.weight", (model.hidden,)
    for part, rows in zip("qkv", (model.queries, model.keys, model.keys), strict=True):
        yield f"{block}.attn_{part}.weight", (rows, model.hidden)
        if model.biased:
            yield f"{block}.attn_{part}.bias", (rows,)
    yield f"{block}.attn_output.weight", (model.hidden, model.queries)
    if model.windows:
        yield f"{block}.attn_q_norm.weight", (model.head_dim,)
        yield f"{block}.attn_k_norm.weight", (model.head_dim,)
        yield f"{block}.post_attention_norm.weight", (model.hidden,)


def changed_by_rank(model: Architecture) -> int:
    """The numbers that each rank of an adapter has: a row and a column of every matrix of the layers."""
    return sum(sum(shape) for name, shape in shapes(model) if name.startswith("blk.") and len(shape) > 1)


def weights_of(model: Architecture) -> int:
    """How many weights a model has."""
    total = 0
    for _, (rows, *columns) in shapes(model):
        total += rows * (columns[0] if columns else 1)
    return total
