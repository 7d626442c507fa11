"""Gemma 3: its page against the same model in numpy, its window under branches, its file, its terms."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.generator.network import bundle
from vybor.generator.network.bundle import Rotary
from vybor.generator.network.model import TRUNK, Floats, Model
from vybor_workshop import cli
from vybor_workshop.model import packing, source_gguf
from vybor_workshop.model.architecture import Architecture, Windows
from world import tiny_files, tiny_model

NOISE = 0.04
"""Of the logits' span: activations are rounded to 8 bits."""
TEXT = [7, 99, 3, 250, 41, 7, 12, 200, 33, 81, 150, 61, 222, 17, 5, 140, 99, 30, 64, 201]
WINDOWS = Windows(width=5, whole_every=2, rope_base=500.0)
SEED = 11


def architecture(**other: object) -> Architecture:
    plain = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, 3, 512)
    return msgspec.structs.replace(plain, **({"rotary": Rotary.HALVES, "windows": WINDOWS} | other))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    model = architecture()
    folder = tmp_path_factory.mktemp("gemma") / "model"
    return bundle.open_bundle(tiny_model.write(folder, model, tiny_model.dice(model, SEED)))


def test_the_graph_computes_the_model(made: bundle.Bundle) -> None:
    model = Model(made, threads=1)
    model.append(TEXT)
    expected = plain_gemma(architecture(), tiny_model.dice(architecture(), SEED), TEXT)
    assert np.abs(model.end - expected).max() < NOISE * np.ptp(expected)
    assert expected.max() - expected[model.end.argmax()] < NOISE * np.ptp(expected)


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(WINDOWS, width=512),
        msgspec.structs.replace(WINDOWS, width=4),
        msgspec.structs.replace(WINDOWS, whole_every=3),
        msgspec.structs.replace(WINDOWS, rope_base=10_000.0),
    ],
    ids=["no window", "one less", "other layers", "another base"],
)
def test_what_makes_a_gemma_matters(made: bundle.Bundle, other: Windows) -> None:
    """The graph is nearer to the right reference than to one that is wrong in a single number."""
    weights = tiny_model.dice(architecture(), SEED)
    model = Model(made, threads=1)
    model.append(TEXT)
    right = np.abs(model.end - plain_gemma(architecture(), weights, TEXT)).max()
    wrong = np.abs(model.end - plain_gemma(architecture(windows=other), weights, TEXT)).max()
    assert wrong > 2 * right


def test_a_branch_has_the_window_of_its_position_not_of_its_place(made: bundle.Bundle) -> None:
    """The last of twenty siblings stands twenty places behind the trunk, and is its next token all the same."""
    model = Model(made, threads=1)
    model.append(TEXT)
    tokens = list(range(100, 120))
    first = model.branch(tokens, [TRUNK] * len(tokens))
    second = model.branch([8], [len(tokens) - 1])
    fresh = Model(made, threads=1)
    fresh.append([*TEXT, tokens[-1]])
    assert np.abs(first[-1] - fresh.end).max() < NOISE * np.ptp(fresh.end)
    fresh.append([8])
    assert np.abs(second[0] - fresh.end).max() < NOISE * np.ptp(fresh.end)


def test_its_gguf_is_read(tmp_path: Path) -> None:
    windows = Windows(width=7, whole_every=6, rope_base=10_000.0)
    model = architecture(windows=windows)
    weights = tiny_model.dice(model, SEED)
    path = tiny_files.write_gguf(
        tmp_path / "gemma.gguf",
        tiny_files.Tiny(model, weights),
        tiny_files.of_bytes(tiny_model.RANDOM_NAMES),
        kind="gemma3",
        packing=tiny_files.F32,
    )
    found = source_gguf.read(path, 512)
    assert (found.kind, found.model) == ("gemma3", model)
    assert all(np.array_equal(found.weights[name], weight) for name, weight in weights.items())


def test_its_terms_are_shown_and_nothing_is_fetched_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["model", "build", "gemma3-270m", "--cache", str(tmp_path)]) == 77
    (told,) = capsys.readouterr().err.splitlines()
    assert told == (
        "vybor-workshop: the weights of gemma3-270m are under the Gemma Terms of Use: read them at "
        "https://ai.google.dev/gemma/terms, and if you accept them, build again with --accept-terms"
    )
    assert list(tmp_path.iterdir()) == []


def plain_gemma(model: Architecture, weights: dict[str, Floats], text: list[int]) -> Floats:
    """The logits behind a text, in 32 bits, from the definition of Gemma 3."""
    w = {name: coarse(one) if one.ndim > 1 else one for name, one in weights.items()}
    x = w["token_embd.weight"][text] * np.float32(np.sqrt(model.hidden))
    for layer in range(model.layers):
        b = f"blk.{layer}."
        h = attention(model, norm(x, w[b + "attn_norm.weight"], model), w, layer)
        x = x + norm(h @ w[b + "attn_output.weight"].T, w[b + "post_attention_norm.weight"], model)
        h = norm(x, w[b + "ffn_norm.weight"], model)
        gate = h @ w[b + "ffn_gate.weight"].T
        gelu = gate / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (gate + 0.044715 * gate**3)))
        h = (gelu * (h @ w[b + "ffn_up.weight"].T)) @ w[b + "ffn_down.weight"].T
        x = x + norm(h, w[b + "post_ffw_norm.weight"], model)
    last: Floats = norm(x[-1:], w["output_norm.weight"], model)[0] @ w["token_embd.weight"].T
    return last


def attention(model: Architecture, h: Floats, w: dict[str, Floats], layer: int) -> Floats:
    assert model.windows
    b, count = f"blk.{layer}.", len(h)
    sees_all = layer % model.windows.whole_every == model.windows.whole_every - 1
    base = model.rope_base if sees_all else model.windows.rope_base
    back = np.subtract.outer(np.arange(count), np.arange(count))
    hidden = (back < 0) | (back >= (count if sees_all else model.windows.width))
    q, k, v = (
        (h @ w[f"{b}attn_{part}.weight"].T).reshape(count, heads, model.head_dim)
        for part, heads in (("q", model.heads), ("k", model.kv_heads), ("v", model.kv_heads))
    )
    q = turned(norm(q, w[b + "attn_q_norm.weight"], model), base)
    k = turned(norm(k, w[b + "attn_k_norm.weight"], model), base)
    seen = np.empty((count, model.heads, model.head_dim), np.float32)
    for head in range(model.heads):
        shared = head // (model.heads // model.kv_heads)
        scores = np.where(hidden, -np.inf, q[:, head] @ k[:, shared].T / np.sqrt(model.head_dim))
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        seen[:, head] = shares / shares.sum(axis=1, keepdims=True) @ v[:, shared]
    return seen.reshape(count, -1)


def turned(x: Floats, base: float) -> Floats:
    """Two numbers half a head apart are a complex one, turned by the position."""
    half = x.shape[-1] // 2
    angles = np.outer(np.arange(len(x)), base ** -(np.arange(half) / half))
    spun = (x[..., :half] + 1j * x[..., half:]) * np.exp(1j * angles)[:, None]
    return np.concatenate([spun.real, spun.imag], axis=-1).astype(np.float32)


def norm(x: Floats, gamma: Floats, model: Architecture) -> Floats:
    scaled: Floats = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + model.norm_epsilon) * gamma
    return scaled


def coarse(weight: Floats) -> Floats:
    """A matrix as the graph has it."""
    codes, scales = packing.eight_bits(weight)
    whole: Floats = ((codes.astype(np.float32) - 128) * scales[:, :, None]).reshape(weight.shape)
    return whole
