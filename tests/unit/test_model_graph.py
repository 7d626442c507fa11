"""The graph against the same llama written out in numpy, and its 8 bits."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from vybor.generator import bundle
from vybor.generator.model import Model
from vybor_workshop.model import graph, nodes, packing
from vybor_workshop.model.architecture import Architecture, Floats
from world import tiny_model

NOISE = 0.05
"""Weights are the same rounded ones in both; what differs is the rounding of the activations."""
TEXT = [7, 99, 3, 250, 41, 7]


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


def test_the_graph_computes_a_llama(tmp_path: Path) -> None:
    made: dict[str, Floats] = {}
    folder = tiny_model.random(tmp_path / "random", seed=3, keep=made)
    model = Model(bundle.open_bundle(folder), threads=1)
    model.append(TEXT)
    expected = plain_llama(tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 2, 512), made, TEXT)
    assert np.abs(model.end - expected).max() < NOISE * np.ptp(expected)
    assert int(model.end.argmax()) == int(expected.argmax())


@pytest.mark.parametrize("base", [10_000.0, 100_000.0])
def test_rotations_turn_by_the_position(base: float) -> None:
    llama = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 2, 8, rope_base=base)
    cosines, sines = graph.rotations(llama)
    assert cosines.shape == (8, llama.head_dim // 2)
    assert np.allclose(cosines**2 + sines**2, 1)
    assert np.allclose(np.arctan2(sines[1], cosines[1]), base ** (-np.arange(0, 1, 2 / llama.head_dim)))


def plain_llama(llama: Architecture, weights: dict[str, Floats], text: list[int]) -> Floats:
    """The logits behind a text, in 32 bits, from the definition of a llama."""
    w = {name: unpacked(*packing.eight_bits(one)) if one.ndim > 1 else one for name, one in weights.items()}
    x = w["token_embd.weight"][text]
    for layer in range(llama.layers):
        b = f"blk.{layer}."
        h = norm(x, w[b + "attn_norm.weight"], llama)
        x = x + attention(llama, h, w, b) @ w[b + "attn_output.weight"].T
        h = norm(x, w[b + "ffn_norm.weight"], llama)
        gate = h @ w[b + "ffn_gate.weight"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ w[b + "ffn_up.weight"].T)) @ w[b + "ffn_down.weight"].T
    last: Floats = norm(x[-1:], w["output_norm.weight"], llama)[0] @ w["token_embd.weight"].T
    return last


def attention(llama: Architecture, h: Floats, w: dict[str, Floats], b: str) -> Floats:
    count = len(h)
    q = turned(llama, (h @ w[b + "attn_q.weight"].T).reshape(count, llama.heads, -1))
    k = turned(llama, (h @ w[b + "attn_k.weight"].T).reshape(count, llama.kv_heads, -1))
    v = (h @ w[b + "attn_v.weight"].T).reshape(count, llama.kv_heads, -1)
    seen = np.empty((count, llama.heads, llama.head_dim), np.float32)
    for head in range(llama.heads):
        shared = head // (llama.heads // llama.kv_heads)
        scores = q[:, head] @ k[:, shared].T / np.sqrt(llama.head_dim)
        scores[np.triu_indices(count, 1)] = -np.inf
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        seen[:, head] = shares / shares.sum(axis=1, keepdims=True) @ v[:, shared]
    return seen.reshape(count, -1)


def turned(llama: Architecture, x: Floats) -> Floats:
    """Each pair of neighbours is a complex number, turned by the position."""
    angles = np.outer(np.arange(len(x)), llama.rope_base ** -(np.arange(0, 1, 2 / llama.head_dim)))
    spun = (x[..., 0::2] + 1j * x[..., 1::2]) * np.exp(1j * angles)[:, None]
    return np.stack([spun.real, spun.imag], axis=-1).reshape(x.shape).astype(np.float32)


def norm(x: Floats, gamma: Floats, llama: Architecture) -> Floats:
    scaled: Floats = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + llama.norm_epsilon) * gamma
    return scaled


def unpacked(codes: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], scales: Floats) -> Floats:
    weight: Floats = ((codes.astype(np.float32) - 128) * scales[:, :, None]).reshape(len(codes), -1)
    return weight
