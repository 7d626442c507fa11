"""A GGUF file as a source: its numbers, its weights one at a time, its tokens."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gguf
import msgspec
import numpy as np
from gguf import ReaderTensor

from vybor_workshop.model.graph import BLOCK, Architecture, Floats, shapes
from vybor_workshop.model.recipe import SourceError

KIND = "llama"
TOKENS = ("gpt2", "smollm")
"""The only way to cut text into tokens that tokens.py knows: bytes as in GPT-2, before that digits one by one."""

ARRAYS = ("tokens", "token_type", "merges", "eos_token_id")

Fields = Mapping[str, Any]
"""What a GGUF file says of itself: numbers, strings and lists, as their names promise."""


class Source(msgspec.Struct, frozen=True):
    """What a model is written from."""

    llama: Architecture
    weights: Mapping[str, Floats]
    tokens: list[str]
    kinds: list[int]
    merges: list[str]
    end: int
    """The token that ends a text."""


class Weights(Mapping[str, Floats]):
    """The weights by name, each unpacked to 32 bits when it is asked for."""

    def __init__(self, tensors: Mapping[str, ReaderTensor]) -> None:
        self._tensors = tensors

    def __getitem__(self, name: str) -> Floats:
        tensor = self._tensors[name]
        return np.asarray(gguf.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def read(path: Path, context: int) -> Source:
    """Open a GGUF file, for so many positions at most. Raises SourceError."""
    try:
        reader = gguf.GGUFReader(path)
        fields = {name: field.contents() for name, field in reader.fields.items()}
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise SourceError(
            f"{path} is no whole GGUF file ({error}); it was cut off or damaged on the way: fetch it again"
        ) from None
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    try:
        _check_kind(fields)
        llama = _architecture(fields, context)
        _check_weights(llama, {name: tuple(reversed(tensor.shape.tolist())) for name, tensor in tensors.items()})
        tokens, kinds, merges, end = (fields[f"tokenizer.ggml.{name}"] for name in ARRAYS)
    except KeyError as missing:
        raise SourceError(f"{path} does not say its {missing.args[0]}") from None
    except UnknownKind as unknown:
        raise SourceError(f"{path} {unknown}") from None
    return Source(llama, Weights(tensors), tokens, kinds, merges, end)


class UnknownKind(Exception):
    """Why this builder cannot write a model."""


def _check_kind(fields: Fields) -> None:
    kind = fields["general.architecture"]
    if kind != KIND:
        raise UnknownKind(f"holds a model of the kind {kind}; this builder knows {KIND} only")
    cut = (fields["tokenizer.ggml.model"], fields["tokenizer.ggml.pre"])
    if cut != TOKENS:
        raise UnknownKind(f"cuts text into tokens as {'/'.join(cut)}; this builder knows {'/'.join(TOKENS)} only")
    if scaling := fields.get("llama.rope.scaling.type"):
        raise UnknownKind(f"scales its rotations ({scaling}); this builder knows plain ones only")


def _architecture(fields: Fields, context: int) -> Architecture:
    prefix = f"{KIND}."
    numbers = {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix)}
    heads, hidden = numbers["attention.head_count"], numbers["embedding_length"]
    llama = Architecture(
        layers=numbers["block_count"],
        hidden=hidden,
        feed_forward=numbers["feed_forward_length"],
        heads=heads,
        kv_heads=numbers["attention.head_count_kv"],
        head_dim=numbers.get("attention.key_length", hidden // heads),
        vocabulary=len(fields["tokenizer.ggml.tokens"]),
        norm_epsilon=numbers["attention.layer_norm_rms_epsilon"],
        rope_base=numbers["rope.freq_base"],
        context=min(context, numbers["context_length"]),
    )
    if numbers["rope.dimension_count"] != llama.head_dim:
        raise UnknownKind("rotates a part of each head; this builder knows whole ones only")
    rows = (hidden, llama.feed_forward, heads * llama.head_dim)
    if any(row % BLOCK for row in rows):
        raise UnknownKind(f"has rows of {', '.join(map(str, rows))}, which are not all blocks of {BLOCK}")
    return llama


def _check_weights(llama: Architecture, found: Mapping[str, tuple[int, ...]]) -> None:
    wanted = dict(shapes(llama))
    odd = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if odd:
        raise UnknownKind(
            f"has other weights than a llama whose embedding is its head: {', '.join(odd[:3])}"
            + (f" and {len(odd) - 3} more" if len(odd) > 3 else "")
        )
