"""The model on one page: a llama as an ONNX graph, written straight from its weights.

One layer, with N tokens at a time:

    x ── norm ── qkv ── attention over the cache ── o ──(+)── norm ── down(silu(gate) · up) ──(+)── x
    └─────────────────────────────────────────────────┘ └────────────────────────────────────┘

Every matrix is kept in 8 or 4 bits, in blocks of 32 weights with a scale each, and multiplied as it is
(MatMulNBits). Keys and values live in buffers of the caller's: `past` and `present` are the same memory, and a
step writes its own positions only. `position_ids` and `mask` are inputs, so the tokens of one step need not follow
each other: they may be branches of a tree (vybor/generator/network/model.py).

Where adapters are wanted, a matrix has two more inputs, `lora.<matrix>.a` and `.b`: what stands in them is added
as `(x · a) · b`. Nobody has to give them; of rank zero, as they are by themselves, they add exactly nothing.
"""

from collections.abc import Callable, Sequence

import numpy as np
from onnx import GraphProto, TensorProto, ValueInfoProto

from vybor.generator.network.bundle import Rotary
from vybor_workshop.model.architecture import BLOCK, Architecture, Floats, Weights
from vybor_workshop.model.bare import STEPS_APART
from vybor_workshop.model.nodes import Nodes, value
from vybor_workshop.model.packing import packed


def rotations(model: Architecture, base: float) -> tuple[Floats, Floats]:
    """Cosines and sines (positions, head_dim / 2) of the rotary embedding."""
    pairs = np.arange(0, model.head_dim, 2, dtype=np.float64) / model.head_dim
    angles = np.outer(np.arange(model.context), base**-pairs)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


class Page:
    """The model, part by part; every method returns the name of what it has computed."""

    def __init__(self, model: Architecture, weights: Weights, nodes: Nodes, bits: int, adapters: bool) -> None:
        self._model = model
        self._weights = weights
        self._nodes = nodes
        self._bits = bits
        self._adapters = adapters
        self._caches: list[str] = []
        self._added: list[ValueInfoProto] = []

    def build(self, on_layer: Callable[[int], None]) -> None:
        """From `input_ids` to `logits`."""
        model = self._model
        self._rotations("", model.rope_base)
        if self._adapters:
            self._nodes.small(STEPS_APART, np.array([0]))
        embedding = self._matrix("token_embd", [self._weights["token_embd.weight"]])
        stream = self._apart(self._embedded(*embedding))
        normed = self._norm(stream, "blk.0.attn_norm")
        after = [f"{block}.attn_norm" for block in model.blocks[1:]] + ["output_norm"]
        for layer, (block, next_norm) in enumerate(zip(model.blocks, after, strict=True)):
            stream, normed = self._add_and_norm(stream, self._attention(block, normed), f"{block}.ffn_norm")
            stream, normed = self._add_and_norm(stream, self._feed_forward(block, normed), next_norm)
            on_layer(layer)
        wanted = self._nodes.node("Gather", [self._together(normed), "wanted"], axis=1)
        head = embedding if model.tied else self._matrix("output", [self._weights["output.weight"]])
        self._multiply(wanted, *head, (model.vocabulary, model.hidden), into="logits")

    def finished(self) -> GraphProto:
        """The graph with its inputs and outputs."""
        model = self._model
        cache = ("batch", model.kv_heads, "buffer", model.head_dim)
        inputs = [
            value("input_ids", TensorProto.INT64, ("batch", "step")),
            value("position_ids", TensorProto.INT64, ("batch", "step")),
            value("mask", TensorProto.FLOAT, ("batch", 1, "step", "length")),
            value("last_position", TensorProto.INT32, ("batch",)),
            value("length", TensorProto.INT32, ()),
            value("wanted", TensorProto.INT64, ("wanted",)),
            *(value(f"past.{name}", TensorProto.FLOAT, cache) for name in self._caches),
            *self._added,
        ]
        outputs = [
            value("logits", TensorProto.FLOAT, ("batch", "wanted", model.vocabulary)),
            *(value(f"present.{name}", TensorProto.FLOAT, cache) for name in self._caches),
        ]
        return self._nodes.finished(inputs, outputs)

    def _embedded(self, codes: str, scales: str) -> str:
        """Rows by token: of a tied head the same bytes, seen as a plain matrix."""
        shape = np.array([self._model.vocabulary, self._model.hidden * self._bits // 8])
        rows = self._nodes.node("Reshape", [codes, self._nodes.small("token_embd.shape", shape)])
        return self._nodes.contrib(
            "GatherBlockQuantized",
            [rows, "input_ids", scales],
            bits=self._bits,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )

    def _attention(self, block: str, normed: str) -> str:
        model = self._model
        qkv = self._linear(f"{block}.attn_qkv", normed, [f"{block}.attn_{part}" for part in "qkv"])
        if model.biased:
            biases = [self._weights[f"{block}.attn_{part}.bias"] for part in "qkv"]
            qkv = self._nodes.node(
                "Add", [qkv, self._nodes.large(f"{block}.attn_qkv.bias", np.concatenate(biases))]
            )
        entering = [self._together(qkv), "", ""]
        seen = self._look_back(block, entering, ["cosines", "sines", "position_ids", "mask"])
        return self._linear(f"{block}.attn_output", self._apart(seen))

    def _look_back(self, block: str, entering: Sequence[str], turning: Sequence[str]) -> str:
        """Attention over the cache, of q, k and v, or of all three in one; it turns q and k by their positions."""
        model = self._model
        key, value, seen = f"{block}.key", f"{block}.value", f"{block}.seen"
        self._caches += [key, value]
        return self._nodes.contrib(
            "GroupQueryAttention",
            [*entering, f"past.{key}", f"past.{value}", "last_position", "length", *turning],
            into=[seen, f"present.{key}", f"present.{value}"],
            num_heads=model.heads,
            kv_num_heads=model.kv_heads,
            do_rotary=1,
            rotary_interleaved=int(model.rotary is Rotary.PAIRS),
        )

    def _feed_forward(self, block: str, normed: str) -> str:
        gate, up = self._gate_and_up(block, normed)
        silu = self._nodes.contrib("QuickGelu", [gate], alpha=1.0)  # x sigmoid(alpha x)
        return self._linear(f"{block}.ffn_down", self._nodes.node("Mul", [silu, up]))

    def _gate_and_up(self, block: str, normed: str) -> tuple[str, str]:
        """Both in one product: of a few tokens, what takes time is how many operations there are."""
        both = self._linear(f"{block}.ffn_gate_up", normed, [f"{block}.ffn_{part}" for part in ("gate", "up")])
        gate, up = f"{block}.gate", f"{block}.up"
        self._nodes.node("Split", [both], [gate, up], axis=-1, num_outputs=2)
        return gate, up

    def _rotations(self, of: str, base: float) -> None:
        for name, rotation in zip(("cosines", "sines"), rotations(self._model, base), strict=True):
            self._nodes.large(f"{of}{name}", rotation)

    def _norm(self, entering: str, name: str) -> str:
        weight = self._vector(f"{name}.weight")
        epsilon = self._model.norm_epsilon
        return self._nodes.node("SimplifiedLayerNormalization", [entering, weight], epsilon=epsilon, axis=-1)

    def _add_and_norm(self, stream: str, change: str, norm: str) -> tuple[str, str]:
        """The stream with the change added, and that normalised for the next part."""
        added, normed = f"{norm}.added", f"{norm}.normed"
        self._nodes.contrib(
            "SkipSimplifiedLayerNormalization",
            [stream, change, self._vector(f"{norm}.weight")],
            into=[normed, "", "", added],
            epsilon=self._model.norm_epsilon,
        )
        return added, normed

    def _linear(self, name: str, entering: str, parts: Sequence[str] = ()) -> str:
        """Multiply by a matrix, or by some that are stacked; and by an adapter's, where they are wanted."""
        stacked = [self._weights[f"{part}.weight"] for part in parts or [name]]
        size = sum(len(part) for part in stacked), stacked[0].shape[1]
        product = self._multiply(entering, *self._matrix(name, stacked), size)
        return self._adapted(name, entering, product, size) if self._adapters else product

    def _adapted(self, name: str, entering: str, product: str, size: tuple[int, int]) -> str:
        """A product and, added in the same operation as the second of its matrices, what an adapter adds."""
        rows, columns = size
        for side, shape in {"a": (columns, 0), "b": (0, rows)}.items():
            self._nodes.small(f"lora.{name}.{side}", np.zeros(shape, np.float32))
            symbolic = tuple(length or f"{name}.rank" for length in shape)
            self._added.append(value(f"lora.{name}.{side}", TensorProto.FLOAT, symbolic))
        narrow = self._nodes.node("MatMul", [entering, f"lora.{name}.a"])
        return self._nodes.node("Gemm", [narrow, f"lora.{name}.b", product])

    def _apart(self, whole: str) -> str:
        """Of (1, step, …) the steps, where adapters are wanted: Gemm, which adds as it multiplies, takes these."""
        return self._nodes.node("Squeeze", [whole, STEPS_APART]) if self._adapters else whole

    def _together(self, steps: str) -> str:
        """The other way round: attention and whoever calls want (1, step, …)."""
        return self._nodes.node("Unsqueeze", [steps, STEPS_APART]) if self._adapters else steps

    def _multiply(
        self, entering: str, codes: str, scales: str, size: tuple[int, int], into: str | None = None
    ) -> str:
        rows, columns = size
        return self._nodes.contrib(
            "MatMulNBits",
            [entering, codes, scales],
            [into] if into else (),
            N=rows,
            K=columns,
            bits=self._bits,
            block_size=BLOCK,
            accuracy_level=4,
        )

    def _matrix(self, name: str, parts: list[Floats]) -> tuple[str, str]:
        codes, scales = packed(np.concatenate(parts), self._bits)
        return self._nodes.large(f"{name}.codes", codes), self._nodes.large(f"{name}.scales", scales)

    def _vector(self, name: str) -> str:
        return self._nodes.large(name, self._weights[name])
