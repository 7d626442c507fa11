"""A GGUF file as a source: its numbers, its weights one at a time, its tokens."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf import ReaderTensor
from tokenizers import Tokenizer

from vybor.generator.network.bundle import Rotary
from vybor_workshop.model import tokens
from vybor_workshop.model.architecture import Architecture, Floats, Windows
from vybor_workshop.model.recipe import SourceError
from vybor_workshop.model.source import ForTokens, Source, UnknownKind, check

ROTARY = {"llama": Rotary.PAIRS, "qwen2": Rotary.HALVES, "gemma3": Rotary.HALVES}
"""The kinds that can be written, and how their q and k are stored."""
GEMMA = "gemma3"
WHOLE_EVERY, NEAR_ROPE_BASE = 6, 10_000.0
"""Of every Gemma 3, https://arxiv.org/abs/2503.19786."""

Fields = Mapping[str, Any]
"""What a GGUF file says of itself: numbers, strings and lists, as their names promise."""


class Weights(Mapping[str, Floats]):
    """The weights by name, each unpacked to 32 bits when it is asked for."""

    def __init__(self, tensors: Mapping[str, ReaderTensor]) -> None:
        self._tensors = tensors

    def __getitem__(self, name: str) -> Floats:
        tensor = self._tensors[name]
        return np.asarray(gguf.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)

    def __contains__(self, name: object) -> bool:
        return name in self._tensors  # Mapping's own would read the weight

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each, rows first."""
        return {name: tuple(reversed(tensor.shape.tolist())) for name, tensor in self._tensors.items()}


def read(path: Path, context: int) -> Source:
    """Open a GGUF file, for so many positions at most. Raises SourceError."""
    try:
        reader = gguf.GGUFReader(path)
        fields = {name: field.contents() for name, field in reader.fields.items()}
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise SourceError(
            f"{path} is no whole GGUF file ({error}); it was cut off or damaged on the way: fetch it again"
        ) from None
    weights = Weights({tensor.name: tensor for tensor in reader.tensors})
    try:
        _check_kind(fields)
        tokenizer, count = _tokenizer(fields)
        model = _architecture(fields, weights, count, context)
        check(model, weights.shapes())
        end = fields["tokenizer.ggml.eos_token_id"]
    except KeyError as missing:
        raise SourceError(f"{path} does not say its {missing.args[0]}") from None
    except UnknownKind as unknown:
        raise SourceError(f"{path} {unknown}") from None
    return Source(fields["general.architecture"], model, ForTokens(weights, count), tokenizer, (end,))


def _check_kind(fields: Fields) -> None:
    kind = fields["general.architecture"]
    if kind not in ROTARY:
        raise UnknownKind(f"holds a model of the kind {kind}; this builder knows {', '.join(ROTARY)} only")
    if fields.get("split.count", 1) > 1:
        raise UnknownKind(f"is one of {fields['split.count']} parts; join them with `llama-gguf-split --merge`")
    if scaling := fields.get(f"{kind}.rope.scaling.type"):
        raise UnknownKind(f"scales its rotations ({scaling}); this builder knows plain ones only")


def _architecture(fields: Fields, weights: Weights, count: int, context: int) -> Architecture:
    kind = fields["general.architecture"]
    numbers = {
        name.removeprefix(f"{kind}."): value for name, value in fields.items() if name.startswith(f"{kind}.")
    }
    heads, hidden = numbers["attention.head_count"], numbers["embedding_length"]
    head_dim = numbers.get("attention.key_length", hidden // heads)
    if numbers.get("rope.dimension_count", head_dim) != head_dim:
        raise UnknownKind("rotates a part of each head; this builder knows whole ones only")
    return Architecture(
        layers=numbers["block_count"],
        hidden=hidden,
        feed_forward=numbers["feed_forward_length"],
        heads=heads,
        kv_heads=numbers.get("attention.head_count_kv", heads),
        head_dim=head_dim,
        vocabulary=count,
        norm_epsilon=numbers["attention.layer_norm_rms_epsilon"],
        rope_base=numbers.get("rope.freq_base", 10_000.0),
        context=min(context, numbers["context_length"]),
        rotary=ROTARY[kind],
        biased="blk.0.attn_q.bias" in weights,
        tied="output.weight" not in weights,
        windows=_windows(numbers) if kind == GEMMA else None,
    )


def _windows(numbers: Fields) -> Windows:
    """What GGUF says of a Gemma's windows, and what it leaves to whoever reads it."""
    return Windows(
        width=numbers["attention.sliding_window"],
        whole_every=WHOLE_EVERY,
        rope_base=numbers.get("rope.freq_base_swa", NEAR_ROPE_BASE),
    )


def _tokenizer(fields: Fields) -> tuple[Tokenizer, int]:
    """The tokenizer, and how many tokens it has: those behind the last one in use only fill up."""
    names, kinds = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.token_type"]
    count = max((place + 1 for place, kind in enumerate(kinds) if kind != tokens.UNUSED), default=0)
    names, kinds = names[:count], kinds[:count]
    cut, how = fields["tokenizer.ggml.model"], fields.get("tokenizer.ggml.pre", "default")
    if cut == "llama":
        return tokens.of_pieces(names, kinds, fields["tokenizer.ggml.scores"]), count
    if cut != "gpt2" or how not in tokens.BEFORE_BYTES:
        known = ", ".join(["llama", *(f"gpt2/{name}" for name in tokens.BEFORE_BYTES)])
        raise UnknownKind(f"cuts text into tokens as {cut}/{how}; this builder knows {known} only")
    return tokens.tokenizer(names, kinds, fields["tokenizer.ggml.merges"], how), count
