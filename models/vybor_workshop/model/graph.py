"""The model on one page: a llama as an ONNX graph, written straight from its weights.

One layer, with N tokens at a time:

    x ── norm ── qkv ── attention over the cache ── o ──(+)── norm ── down(silu(gate) · up) ──(+)── x
    └─────────────────────────────────────────────────┘ └────────────────────────────────────┘

Every matrix is kept in 8 bits, in blocks of 32 weights with a scale each, and multiplied as it is (MatMulNBits).
Keys and values live in buffers of the caller's: `past` and `present` are the same memory, and a step writes its
own positions only. `position_ids` and `mask` are inputs, so the tokens of one step need not follow each other:
they may be branches of a tree (vybor/generator/model.py).

Names of the weights, and the order of q's and k's rows (rotary pairs side by side), are those of llama.cpp.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

GRAPH_FILE, WEIGHTS_FILE = "model.onnx", "model.onnx.data"
BLOCK = 32
PAGE = 4096
"""Weights begin on pages of their file, so that ONNX Runtime can map it."""
CONTRIB = "com.microsoft"
OPSETS = (helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1))
IR_VERSION = 10
ELEMENT = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.uint8): TensorProto.UINT8,
}


class Architecture(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers that shape a llama whose embedding is also its head."""

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


def shapes(llama: Architecture) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every weight that the graph is made of, with its shape."""
    queries, keys = llama.heads * llama.head_dim, llama.kv_heads * llama.head_dim
    yield "token_embd.weight", (llama.vocabulary, llama.hidden)
    yield "output_norm.weight", (llama.hidden,)
    for block in _blocks(llama):
        yield f"{block}.attn_norm.weight", (llama.hidden,)
        yield f"{block}.attn_q.weight", (queries, llama.hidden)
        yield f"{block}.attn_k.weight", (keys, llama.hidden)
        yield f"{block}.attn_v.weight", (keys, llama.hidden)
        yield f"{block}.attn_output.weight", (llama.hidden, queries)
        yield f"{block}.ffn_norm.weight", (llama.hidden,)
        yield f"{block}.ffn_gate.weight", (llama.feed_forward, llama.hidden)
        yield f"{block}.ffn_up.weight", (llama.feed_forward, llama.hidden)
        yield f"{block}.ffn_down.weight", (llama.hidden, llama.feed_forward)


def write(llama: Architecture, weights: Weights, folder: Path) -> None:
    """Write `model.onnx` and `model.onnx.data` into a folder. Raises OSError."""
    with (folder / WEIGHTS_FILE).open("wb") as blob:
        graph = _Graph(llama, weights, blob)
        graph.build()
    model = helper.make_model(graph.finished(), opset_imports=OPSETS, ir_version=IR_VERSION, producer_name="vybor")
    (folder / GRAPH_FILE).write_bytes(model.SerializeToString())


def eight_bits(weight: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Codes (rows, blocks, 32) and scales (rows, blocks): `weight ≈ scale * (code - 128)`."""
    blocks = weight.reshape(weight.shape[0], -1, BLOCK)
    scales = np.abs(blocks).max(axis=2) / np.float32(127)
    steps = np.where(scales == 0, np.float32(1), scales)
    return (np.rint(blocks / steps[:, :, None]) + 128).astype(np.uint8), scales


def rotations(llama: Architecture) -> tuple[Floats, Floats]:
    """Cosines and sines (positions, head_dim / 2) of the rotary embedding."""
    pairs = np.arange(0, llama.head_dim, 2, dtype=np.float64) / llama.head_dim
    angles = np.outer(np.arange(llama.context), llama.rope_base**-pairs)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _blocks(llama: Architecture) -> list[str]:
    return [f"blk.{layer}" for layer in range(llama.layers)]


class _Graph:
    """Nodes and weights as they come; every method returns the name of what it has computed."""

    def __init__(self, llama: Architecture, weights: Weights, blob: BinaryIO) -> None:
        self._llama = llama
        self._weights = weights
        self._blob = blob
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._caches: list[str] = []

    def build(self) -> None:
        """From `input_ids` to `logits`."""
        llama = self._llama
        for name, rotation in zip(("cosines", "sines"), rotations(llama), strict=True):
            self._constant(name, rotation)
        head, head_scales = self._matrix("token_embd", [self._weights["token_embd.weight"]])
        stream = self._embedding(head, head_scales)
        normed = self._node(
            "SimplifiedLayerNormalization",
            [stream, self._norm("blk.0.attn_norm")],
            epsilon=llama.norm_epsilon,
            axis=-1,
        )
        after = [f"{block}.attn_norm" for block in _blocks(llama)[1:]] + ["output_norm"]
        for block, next_norm in zip(_blocks(llama), after, strict=True):
            stream, normed = self._add_and_norm(stream, self._attention(block, normed), f"{block}.ffn_norm")
            stream, normed = self._add_and_norm(stream, self._feed_forward(block, normed), next_norm)
        wanted = self._node("Gather", [normed, "wanted"], axis=1)
        self._multiply(wanted, head, head_scales, llama.vocabulary, llama.hidden, into="logits")

    def finished(self) -> GraphProto:
        """The graph with its inputs and outputs."""
        llama = self._llama
        cache = ("batch", llama.kv_heads, "buffer", llama.head_dim)
        inputs = [
            _value("input_ids", TensorProto.INT64, ("batch", "step")),
            _value("position_ids", TensorProto.INT64, ("batch", "step")),
            _value("mask", TensorProto.FLOAT, ("batch", 1, "step", "length")),
            _value("last_position", TensorProto.INT32, ("batch",)),
            _value("length", TensorProto.INT32, ()),
            _value("wanted", TensorProto.INT64, ("wanted",)),
            *(_value(f"past.{name}", TensorProto.FLOAT, cache) for name in self._caches),
        ]
        outputs = [
            _value("logits", TensorProto.FLOAT, ("batch", "wanted", llama.vocabulary)),
            *(_value(f"present.{name}", TensorProto.FLOAT, cache) for name in self._caches),
        ]
        return helper.make_graph(self._nodes, "llama", inputs, outputs, self._constants)

    def _embedding(self, codes: str, scales: str) -> str:
        """Rows of the head, by token: the same bytes, seen as a plain matrix."""
        shape = np.array([self._llama.vocabulary, self._llama.hidden])
        self._constants.append(numpy_helper.from_array(shape, "token_embd.shape"))  # a shape may not be external
        rows = self._node("Reshape", [codes, "token_embd.shape"])
        return self._contrib(
            "GatherBlockQuantized",
            [rows, "input_ids", scales],
            bits=8,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )

    def _attention(self, block: str, normed: str) -> str:
        llama = self._llama
        queries, keys = llama.heads * llama.head_dim, llama.kv_heads * llama.head_dim
        packed = [self._weights[f"{block}.attn_{part}.weight"] for part in "qkv"]
        qkv = self._linear(f"{block}.attn_qkv", normed, packed, queries + 2 * keys, llama.hidden)
        key, value = f"{block}.key", f"{block}.value"
        self._caches += [key, value]
        seen = f"{block}.seen"
        steps = ["last_position", "length", "cosines", "sines", "position_ids", "mask"]
        self._contrib(
            "GroupQueryAttention",
            [qkv, "", "", f"past.{key}", f"past.{value}", *steps],
            into=[seen, f"present.{key}", f"present.{value}"],
            num_heads=llama.heads,
            kv_num_heads=llama.kv_heads,
            do_rotary=1,
            rotary_interleaved=1,
        )
        return self._linear(
            f"{block}.attn_output", seen, [self._weights[f"{block}.attn_output.weight"]], llama.hidden, queries
        )

    def _feed_forward(self, block: str, normed: str) -> str:
        inner, outer = self._llama.feed_forward, self._llama.hidden
        gate, up = (
            self._linear(f"{block}.{part}", normed, [self._weights[f"{block}.{part}.weight"]], inner, outer)
            for part in ("ffn_gate", "ffn_up")
        )
        silu = self._node("Mul", [gate, self._node("Sigmoid", [gate])])
        gated = self._node("Mul", [silu, up])
        return self._linear(f"{block}.ffn_down", gated, [self._weights[f"{block}.ffn_down.weight"]], outer, inner)

    def _add_and_norm(self, stream: str, change: str, norm: str) -> tuple[str, str]:
        """The stream with the change added, and that normalised for the next part."""
        added, normed = f"{norm}.added", f"{norm}.normed"
        self._contrib(
            "SkipSimplifiedLayerNormalization",
            [stream, change, self._norm(norm)],
            into=[normed, "", "", added],
            epsilon=self._llama.norm_epsilon,
        )
        return added, normed

    def _linear(self, name: str, entering: str, parts: list[Floats], rows: int, columns: int) -> str:
        return self._multiply(entering, *self._matrix(name, parts), rows, columns)

    def _multiply(
        self, entering: str, codes: str, scales: str, rows: int, columns: int, into: str | None = None
    ) -> str:
        sizes = {"N": rows, "K": columns, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self._contrib("MatMulNBits", [entering, codes, scales], into=[into] if into else None, **sizes)

    def _matrix(self, name: str, parts: list[Floats]) -> tuple[str, str]:
        codes, scales = eight_bits(np.concatenate(parts))
        return self._constant(f"{name}.codes", codes), self._constant(f"{name}.scales", scales)

    def _norm(self, name: str) -> str:
        return self._constant(f"{name}.weight", self._weights[f"{name}.weight"])

    def _constant(self, name: str, array: NDArray[np.generic]) -> str:
        """Append an array to the file of weights."""
        self._blob.write(bytes(-self._blob.tell() % PAGE))
        where = {"location": WEIGHTS_FILE, "offset": self._blob.tell(), "length": array.nbytes}
        tensor = TensorProto(name=name, data_type=ELEMENT[array.dtype], dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, number in where.items():
            tensor.external_data.add(key=key, value=str(number))
        self._blob.write(array.tobytes())
        self._constants.append(tensor)
        return name

    def _contrib(
        self, operator: str, entering: list[str], into: list[str] | None = None, **settings: float
    ) -> str:
        return self._node(operator, entering, into, domain=CONTRIB, **settings)

    def _node(
        self,
        operator: str,
        entering: list[str],
        into: list[str] | None = None,
        domain: str = "",
        **settings: float,
    ) -> str:
        leaving = into or [f"{operator}_{len(self._nodes)}"]
        node = helper.make_node(operator, entering, leaving, domain=domain)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in settings.items())
        self._nodes.append(node)
        return leaving[0]


def _value(name: str, element: int, shape: tuple[int | str, ...]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, element, shape)
