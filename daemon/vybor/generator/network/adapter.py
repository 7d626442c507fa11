"""An adapter: what a person's own words add to a model, a few megabytes, put on and taken off while it runs.

It comes as a PEFT directory (adapter_config.json and adapter_model.safetensors) or as one `.onnx_adapter` file,
and says by a hash which weights it was made for: beside others it would say things that nobody taught it.

    PEFT          q, k and v apart, by Hugging Face's names; B has a row for each row of the matrix
    the graph     q, k and v in one, gate and up in one, `lora.<matrix>.a` (columns, rank) and `.b` (rank, rows),
                  scaled already; graphs and files from before have gate and up apart
"""

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import VyborError
from vybor.generator.network import safetensors
from vybor.generator.network.bundle import Bundle, Rotary, Shape

Floats = NDArray[np.float32]
Takes = Mapping[str, tuple[int | str, ...]]
"""The graph's own names and shapes: Model.takes."""

CONFIG, WEIGHTS, ONE_FILE = "adapter_config.json", "adapter_model.safetensors", ".onnx_adapter"
BASE = "base_sha256"
"""Where an adapter says which weights it was made for: a line of the config, or bytes in the one file."""
LAYERS = "base_model.model.model.layers."
SIDES = {"lora_A.weight": "a", "lora_B.weight": "b"}
STACKED = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
ALONE = {
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""PEFT's names of the matrices, and the graph's."""
GATES = ("gate", "up")
"""The graph may take these two in one."""


class AdapterError(VyborError):
    """An adapter cannot be put on; the model goes on without it."""

    exit_code = 65  # EX_DATAERR


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of PEFT's adapter_config.json."""

    peft_type: str
    r: int
    lora_alpha: float
    use_rslora: bool = False
    use_dora: bool = False
    fan_in_fan_out: bool = False
    bias: str = "none"
    rank_pattern: dict[str, int] = {}
    alpha_pattern: dict[str, float] = {}
    base_sha256: str = ""

    @property
    def scale(self) -> float:
        """What B is multiplied by."""
        return self.lora_alpha / (math.sqrt(self.r) if self.use_rslora else self.r)


class Adapter(msgspec.Struct, frozen=True):
    """An adapter that fits its model: what Model.wear takes."""

    path: Path
    base: str
    arrays: dict[str, Floats]

    @property
    def digest(self) -> str:
        """Twelve letters that change with any matrix."""
        told = hashlib.sha256()
        for name in sorted(self.arrays):
            told.update(name.encode() + self.arrays[name].tobytes())
        return told.hexdigest()[:12]


def open_adapter(path: Path, bundle: Bundle, takes: Takes) -> Adapter:
    """Read an adapter for a model. Raises AdapterError, of which the model that runs knows nothing."""
    if not bundle.manifest.adapters:
        raise AdapterError(
            f"the model {bundle.manifest.name} takes no adapters; build it from a recipe with `adapters = true`"
        )
    base, arrays = _from_one_file(path) if path.suffix == ONE_FILE else _from_peft(path, bundle)
    arrays = _gates_joined(arrays, takes)
    _check_base(path, base, bundle)
    _check_shapes(path, arrays, takes)
    return Adapter(path, base, arrays)


def save(adapter: Adapter, path: Path) -> None:
    """Write an adapter as one `.onnx_adapter` file, which is read in a millisecond."""
    whole = onnxruntime.AdapterFormat()
    parts = {**adapter.arrays, BASE: np.frombuffer(bytes.fromhex(adapter.base), np.uint8)}
    whole.set_parameters({name: onnxruntime.OrtValue.ortvalue_from_numpy(part) for name, part in parts.items()})
    whole.export_adapter(str(path))


def _from_one_file(path: Path) -> tuple[str, dict[str, Floats]]:
    if not path.is_file():
        raise AdapterError(f"there is no adapter {path}")
    try:
        found = onnxruntime.AdapterFormat.read_adapter(str(path)).get_parameters()
    except RuntimeError:
        raise AdapterError(f"the adapter {path} was cut off or damaged; send it to the kit again") from None
    arrays = {name: value.numpy() for name, value in found.items()}
    base = arrays.pop(BASE, np.zeros(0, np.uint8)).tobytes().hex()
    return base, {name: array.astype(np.float32, copy=False) for name, array in arrays.items()}


def _from_peft(path: Path, bundle: Bundle) -> tuple[str, dict[str, Floats]]:
    parts: dict[tuple[str, str], dict[str, Floats]] = {}
    try:
        config = msgspec.json.decode((path / CONFIG).read_bytes(), type=Config)
        _check_kind(path, config)
        for name, one in safetensors.arrays(path / WEIGHTS).items():
            layer, module, side = _place(path, name)
            parts.setdefault((layer, module), {})[side] = one.read()
    except (OSError, *NOT_UNDERSTOOD, safetensors.Unreadable) as error:
        raise AdapterError(f"the adapter {path} cannot be read ({error}); send it to the kit again") from None
    _check_parts(path, parts, bundle.manifest.shape)
    arrays = _packed(parts, bundle.manifest.shape, config.scale)
    return config.base_sha256, {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _check_kind(path: Path, config: Config) -> None:
    plain = not (config.use_dora or config.fan_in_fan_out or config.rank_pattern or config.alpha_pattern)
    if config.peft_type != "LORA" or config.bias != "none" or not plain or config.r < 1:
        raise AdapterError(f"the adapter {path} is no plain LoRA: train it without DoRA, biases and patterns")


def _place(path: Path, name: str) -> tuple[str, str, str]:
    """Layer, module and side of one of PEFT's names."""
    for ending, side in SIDES.items():
        layer, _, module = name.removeprefix(LAYERS).removesuffix(f".{ending}").partition(".")
        if name.startswith(LAYERS) and name.endswith(ending) and module in (*STACKED, *ALONE):
            return layer, module, side
    raise AdapterError(f"the adapter {path} changes {name}, which no model of this kit lets itself be changed in")


def _check_parts(path: Path, parts: Mapping[tuple[str, str], dict[str, Floats]], shape: Shape) -> None:
    """Raise AdapterError where a part has no other half, or its halves fit neither each other nor the heads."""
    heads = dict(zip(STACKED, (shape.heads, shape.kv_heads, shape.kv_heads), strict=True))
    columns: dict[str, int] = {}
    for (layer, module), sides in parts.items():
        fits = sides.keys() == {"a", "b"} and all(side.ndim == 2 for side in sides.values())
        fits = fits and sides["a"].shape[0] == sides["b"].shape[1]
        if fits and module in heads:
            together = columns.setdefault(layer, sides["a"].shape[1])
            fits = len(sides["b"]) == heads[module] * shape.head_dim and sides["a"].shape[1] == together
        if not fits:
            raise AdapterError(f"the adapter {path} does not fit the model: look at its {module} of layer {layer}")


def _packed(parts: Mapping[tuple[str, str], dict[str, Floats]], shape: Shape, scale: float) -> dict[str, Floats]:
    """PEFT's matrices as the graph takes them."""
    arrays: dict[str, Floats] = {}
    for layer in {layer for layer, _ in parts}:
        stacked = [parts.get((layer, module)) for module in STACKED]
        if any(stacked):
            a, b = _stacked(stacked, shape)
            arrays |= {f"lora.blk.{layer}.attn_qkv.a": a, f"lora.blk.{layer}.attn_qkv.b": b * np.float32(scale)}
        for module, matrix in ALONE.items():
            if sides := parts.get((layer, module)):
                arrays[f"lora.blk.{layer}.{matrix}.a"] = sides["a"].T
                arrays[f"lora.blk.{layer}.{matrix}.b"] = sides["b"].T * np.float32(scale)
    return arrays


def _stacked(parts: list[dict[str, Floats] | None], shape: Shape) -> tuple[Floats, Floats]:
    """q's, k's and v's in one: each keeps its own rank, and changes its own rows only."""
    heads = (shape.heads, shape.kv_heads, shape.kv_heads)
    rows = [count * shape.head_dim for count in heads]
    sides, below = [], []
    for number, part in enumerate(parts):
        if part is None:
            continue
        b = part["b"] if number == len(parts) - 1 else _turned(part["b"], heads[number], shape.rotary)
        whole = np.zeros((b.shape[1], sum(rows)), np.float32)
        first = sum(rows[:number])
        whole[:, first : first + len(b)] = b.T
        sides.append(part["a"])
        below.append(whole)
    return np.concatenate(sides).T, np.concatenate(below)


def _gates_joined(arrays: Mapping[str, Floats], takes: Takes) -> dict[str, Floats]:
    """Gate and up in one, where the graph takes them so; halves that do not fit stay as they are, to be told."""
    joined = dict(arrays)
    for layer in (name.removesuffix("_gate_up.b") for name in takes if name.endswith(".ffn_gate_up.b")):
        rows = int(takes[f"{layer}_gate_up.b"][1])
        parts = {part: (joined.get(f"{layer}_{part}.a"), joined.get(f"{layer}_{part}.b")) for part in GATES}
        there = {part: (a, b) for part, (a, b) in parts.items() if a is not None and b is not None}
        if not there or any(not _is_half(a, b, rows) for a, b in there.values()):
            continue
        for part in there:
            del joined[f"{layer}_{part}.a"], joined[f"{layer}_{part}.b"]
        joined[f"{layer}_gate_up.a"] = np.ascontiguousarray(np.concatenate([a for a, _ in there.values()], axis=1))
        joined[f"{layer}_gate_up.b"] = np.concatenate([_beside(part, b) for part, (_, b) in there.items()])
    return joined


def _is_half(a: Floats, b: Floats, rows: int) -> bool:
    return a.ndim == b.ndim == 2 and a.shape[1] == len(b) and 2 * b.shape[1] == rows


def _beside(part: str, b: Floats) -> Floats:
    """A half's own rows, and nothing in those of the other."""
    nothing = np.zeros_like(b)
    return np.concatenate([b, nothing] if part == GATES[0] else [nothing, b], axis=1)


def _turned(b: Floats, heads: int, rotary: Rotary) -> Floats:
    """Rows of q or k in the graph's order: PEFT's are Hugging Face's, with a pair half a head apart."""
    if rotary is Rotary.HALVES or len(b) % (2 * heads):
        return b
    return b.reshape(heads, 2, -1, b.shape[1]).swapaxes(1, 2).reshape(b.shape)


def _check_base(path: Path, base: str, bundle: Bundle) -> None:
    if base != bundle.manifest.base:
        made_for = f"the weights {base[:12]}…" if base else "weights that it does not name"
        raise AdapterError(
            f"the adapter {path} was made for {made_for}, and the model {bundle.manifest.name} was built from "
            f"{bundle.manifest.base[:12]}…: train it for these, or use the model that it was made for"
        )


def _check_shapes(path: Path, arrays: Mapping[str, Floats], takes: Takes) -> None:
    """Raise AdapterError for a matrix that the model does not take, that has no other half, or no numbers."""
    ranks: dict[str, int] = {}
    for name, array in arrays.items():
        other = f"{name[:-1]}{'a' if name.endswith('.b') else 'b'}"
        if not np.isfinite(array).all():
            raise AdapterError(f"the adapter {path} has {name} with numbers that are none; train it anew")
        if other not in arrays:
            raise AdapterError(f"the adapter {path} has {name} without {other}; send it to the kit again")
        wanted = takes.get(name)
        if wanted is None:
            raise AdapterError(f"the adapter {path} has {name}, which the model does not take")
        fixed = [have == want for have, want in zip(array.shape, wanted, strict=False) if isinstance(want, int)]
        rank = array.shape[0 if name.endswith(".b") else -1]
        agree = ranks.setdefault(name[: -len(".a")], rank) == rank
        if array.ndim != len(wanted) or not all(fixed) or not agree:
            raise AdapterError(f"the adapter {path} has {name} of {array.shape}, and the model takes {wanted}")
