"""The graph against the same llama written out in numpy, and its 8 bits."""

from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest

from vybor.generator.network import bundle
from vybor.generator.network.bundle import Rotary
from vybor.generator.network.model import Model
from vybor_workshop.model import graph, nodes, packing
from vybor_workshop.model.architecture import Architecture, Floats
from vybor_workshop.model.packing import Codes
from world import tiny_model

NOISE = 0.04
"""Weights are the same rounded ones in both; what differs is the rounding of the activations."""
TEXT = [7, 99, 3, 250, 41, 7, 12, 200, 33, 81, 150, 61, 222, 17, 5, 140, 99, 30, 64, 201]


def test_eight_bits_are_at_most_half_a_step_off() -> None:
    weight = np.random.default_rng(1).standard_normal((6, 96)).astype(np.float32)
    weight[2] = 0
    codes, scales = packing.eight_bits(weight)
    assert codes.shape == (6, 3, 32)
    assert scales.shape == (6, 3)
    off = np.abs(unpacked(codes, scales) - weight).reshape(6, 3, 32)
    assert (off <= scales[:, :, None] / 2 + 1e-6).all()
    assert (codes[2] == 128).all()


def test_weights_of_eight_bits_come_through_unchanged() -> None:
    """A source that was quantised like this (Q8_0) loses nothing."""
    codes, scales = packing.eight_bits(np.random.default_rng(2).standard_normal((4, 64)).astype(np.float32))
    again, _ = packing.eight_bits(unpacked(codes, scales))
    assert np.array_equal(codes, again)


def test_every_weight_is_in_the_file_and_on_a_page(tmp_path: Path) -> None:
    folder = tiny_model.random(tmp_path / "random")
    model = onnx.load(folder / nodes.GRAPH_FILE, load_external_data=False)
    places = [
        {entry.key: entry.value for entry in tensor.external_data}
        for tensor in model.graph.initializer
        if tensor.external_data
    ]
    assert {place["location"] for place in places} == {nodes.WEIGHTS_FILE}
    assert {int(place["offset"]) % nodes.PAGE for place in places} == {0}
    ends = max(int(place["offset"]) + int(place["length"]) for place in places)
    assert ends == (folder / nodes.WEIGHTS_FILE).stat().st_size


KINDS = {
    "plain": {},
    "halves": {"rotary": Rotary.HALVES},
    "biased": {"biased": True, "rotary": Rotary.HALVES},
    "untied": {"tied": False},
    "qwen": {"biased": True, "tied": False, "rotary": Rotary.HALVES},
}


@pytest.mark.parametrize("bits", [8, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_computes_the_model(tmp_path: Path, kind: str, bits: int) -> None:
    plain = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 2, 512)
    llama = msgspec.structs.replace(plain, **KINDS[kind])
    weights = tiny_model.dice(llama, seed=3)
    folder = tiny_model.write(tmp_path / kind, llama, weights, how=tiny_model.How(bits=bits))
    model = Model(bundle.open_bundle(folder), threads=1)
    model.append(TEXT)
    expected = plain_llama(llama, weights, TEXT, bits)
    assert np.abs(model.end - expected).max() < NOISE * np.ptp(expected)
    assert expected.max() - expected[model.end.argmax()] < NOISE * np.ptp(expected)
    if (kind, bits) == ("plain", 8):  # in others two tokens may be nearer to each other than the rounding
        assert int(model.end.argmax()) == int(expected.argmax())


@pytest.mark.parametrize("left_out", ["biased", "tied", "rotary"])
def test_what_makes_a_family_matters(left_out: str) -> None:
    """The reference would tell if the graph left it out."""
    plain = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 2, 512)
    qwen = msgspec.structs.replace(plain, **KINDS["qwen"])
    weights = tiny_model.dice(qwen, seed=3)
    without = msgspec.structs.replace(qwen, **{left_out: getattr(plain, left_out)})
    expected = plain_llama(qwen, weights, TEXT)
    assert np.abs(plain_llama(without, weights, TEXT) - expected).max() > 2 * NOISE * np.ptp(expected)


def test_four_bits_are_two_in_a_byte_and_nearer_than_the_plain_way() -> None:
    weight = np.random.default_rng(1).standard_normal((64, 96)).astype(np.float32)
    weight[2] = 0
    codes, scales = packing.four_bits(weight)
    assert codes.shape == (64, 3, 16)
    assert (of_four(codes, scales)[2] == 0).all()
    off = ((of_four(codes, scales) - weight) ** 2).mean()
    blocks = weight.reshape(64, 3, 32)
    steps = np.abs(blocks).max(axis=2, keepdims=True) / 7 + 1e-12
    plain = ((np.rint(blocks / steps) * steps - blocks) ** 2).mean()
    assert 0 < off < plain


def test_weights_of_four_bits_come_through_unchanged() -> None:
    """A source that was quantised like this (Q4_0) loses nothing."""
    dice = np.random.default_rng(2)
    numbers = dice.integers(-8, 8, (4, 2, 32)).astype(np.float32)
    numbers[:, :, 5] = -8
    weight = (numbers * dice.standard_normal((4, 2, 1)).astype(np.float32)).reshape(4, 64)
    assert np.allclose(of_four(*packing.four_bits(weight)), weight, atol=1e-5)


@pytest.mark.parametrize("base", [10_000.0, 100_000.0])
def test_rotations_turn_by_the_position(base: float) -> None:
    llama = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 2, 8, rope_base=base)
    cosines, sines = graph.rotations(llama, base)
    assert cosines.shape == (8, llama.head_dim // 2)
    assert np.allclose(cosines**2 + sines**2, 1)
    assert np.allclose(np.arctan2(sines[1], cosines[1]), base ** (-np.arange(0, 1, 2 / llama.head_dim)))


def plain_llama(llama: Architecture, weights: dict[str, Floats], text: list[int], bits: int = 8) -> Floats:
    """The logits behind a text, in 32 bits, from the definition of a llama and its relatives."""
    w = {name: coarse(one, bits) if one.ndim > 1 else one for name, one in weights.items()}
    x = w["token_embd.weight"][text]
    for layer in range(llama.layers):
        b = f"blk.{layer}."
        h = norm(x, w[b + "attn_norm.weight"], llama)
        x = x + attention(llama, h, w, b) @ w[b + "attn_output.weight"].T
        h = norm(x, w[b + "ffn_norm.weight"], llama)
        gate = h @ w[b + "ffn_gate.weight"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ w[b + "ffn_up.weight"].T)) @ w[b + "ffn_down.weight"].T
    head = w["token_embd.weight" if llama.tied else "output.weight"]
    last: Floats = norm(x[-1:], w["output_norm.weight"], llama)[0] @ head.T
    return last


def attention(llama: Architecture, h: Floats, w: dict[str, Floats], b: str) -> Floats:
    count = len(h)
    q, k, v = (
        h @ w[f"{b}attn_{part}.weight"].T + (w[f"{b}attn_{part}.bias"] if llama.biased else 0) for part in "qkv"
    )
    q = turned(llama, q.reshape(count, llama.heads, -1))
    k = turned(llama, k.reshape(count, llama.kv_heads, -1))
    v = v.reshape(count, llama.kv_heads, -1)
    seen = np.empty((count, llama.heads, llama.head_dim), np.float32)
    for head in range(llama.heads):
        shared = head // (llama.heads // llama.kv_heads)
        scores = q[:, head] @ k[:, shared].T / np.sqrt(llama.head_dim)
        scores[np.triu_indices(count, 1)] = -np.inf
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        seen[:, head] = shares / shares.sum(axis=1, keepdims=True) @ v[:, shared]
    return seen.reshape(count, -1)


def turned(llama: Architecture, x: Floats) -> Floats:
    """Two numbers of a head, neighbours or half a head apart, are a complex one, turned by the position."""
    angles = np.outer(np.arange(len(x)), llama.rope_base ** -(np.arange(0, 1, 2 / llama.head_dim)))
    half = llama.head_dim // 2
    neighbours = llama.rotary is Rotary.PAIRS
    first, second = (x[..., 0::2], x[..., 1::2]) if neighbours else (x[..., :half], x[..., half:])
    spun = (first + 1j * second) * np.exp(1j * angles)[:, None]
    parts = spun.real, spun.imag
    whole = np.stack(parts, axis=-1).reshape(x.shape) if neighbours else np.concatenate(parts, axis=-1)
    return whole.astype(np.float32)


def norm(x: Floats, gamma: Floats, llama: Architecture) -> Floats:
    scaled: Floats = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + llama.norm_epsilon) * gamma
    return scaled


def coarse(weight: Floats, bits: int) -> Floats:
    """A matrix as the graph has it."""
    return unpacked(*packing.eight_bits(weight)) if bits == 8 else of_four(*packing.four_bits(weight))


def unpacked(codes: Codes, scales: Floats) -> Floats:
    weight: Floats = ((codes.astype(np.float32) - 128) * scales[:, :, None]).reshape(len(codes), -1)
    return weight


def of_four(codes: Codes, scales: Floats) -> Floats:
    numbers = np.stack([codes & 15, codes >> 4], axis=-1).reshape(*codes.shape[:2], 32).astype(np.float32) - 8
    weight: Floats = (numbers * scales[:, :, None]).reshape(len(codes), -1)
    return weight
