"""Gemma 3 on half a page: what it does otherwise than a llama (graph.py).

    x = embedding · √hidden
    x ── norm ── q, k, v ── norm of each head of q and k ── attention ── o ── norm ──(+)── x
    x ── norm ── down(gelu(gate) · up) ── norm ──(+)── x

Five layers of six see a window of the text and turn by another base. The window is a second mask, made out of the
caller's: a branch stands at a later place of the cache than its position says, so the operator's own window, which
counts places, would be too narrow for it.
"""

import math
from collections.abc import Callable

import numpy as np
from onnx import TensorProto

from vybor_workshop.model.architecture import Architecture, Windows
from vybor_workshop.model.graph import Page

UNSEEN = np.float32(-1e9)
NEAR, NEAR_MASK = "near.", "near.mask"
"""What belongs to the layers with a window."""


class GemmaPage(Page):
    """The model, part by part."""

    def build(self, on_layer: Callable[[int], None]) -> None:
        """From `input_ids` to `logits`."""
        windows = windows_of(self._model)
        self._rotations(NEAR, windows.rope_base)
        self._near_mask(windows.width)
        super().build(on_layer)

    def _near_mask(self, width: int) -> None:
        """The caller's mask, and unseen what lies a window or more before a token's position."""
        node, small = self._nodes.node, self._nodes.small
        begin, step = (small(f"near.{number}", np.array(number)) for number in (0, 1))
        keys = node("Range", [begin, node("Cast", ["length"], to=int(TensorProto.INT64)), step])
        axes = small("near.axes", np.array([1, 3]))
        positions = node("Unsqueeze", ["position_ids", axes])
        last = node("Sub", [positions, small("near.width", np.array(width))])
        too_far = node("LessOrEqual", [keys, last])
        node("Where", [too_far, small("near.unseen", np.array(UNSEEN)), "mask"], [NEAR_MASK])

    def _embedded(self, codes: str, scales: str) -> str:
        root = self._nodes.small("token_embd.root", np.array(math.sqrt(self._model.hidden), np.float32))
        return self._nodes.node("Mul", [super()._embedded(codes, scales), root])

    def _attention(self, block: str, normed: str) -> str:
        model, windows = self._model, windows_of(self._model)
        qkv = self._linear(f"{block}.attn_qkv", normed, [f"{block}.attn_{part}" for part in "qkv"])
        sizes = self._nodes.small(f"{block}.sizes", np.array([model.queries, model.keys, model.keys]))
        q, k, v = (f"{block}.{part}" for part in "qkv")
        self._nodes.node("Split", [self._together(qkv), sizes], [q, k, v], axis=-1)
        entering = [self._norm_heads(q, f"{block}.attn_q_norm"), self._norm_heads(k, f"{block}.attn_k_norm"), v]
        sees_all = (int(block.removeprefix("blk.")) + 1) % windows.whole_every == 0
        near, mask = ("", "mask") if sees_all else (NEAR, NEAR_MASK)
        seen = self._look_back(block, entering, [f"{near}cosines", f"{near}sines", "position_ids", mask])
        leaving = self._linear(f"{block}.attn_output", self._apart(seen))
        return self._norm(leaving, f"{block}.post_attention_norm")

    def _norm_heads(self, entering: str, name: str) -> str:
        apart = self._nodes.small(f"{name}.apart", np.array([0, 0, -1, self._model.head_dim]))
        together = self._nodes.small(f"{name}.together", np.array([0, 0, -1]))
        normed = self._norm(self._nodes.node("Reshape", [entering, apart]), name)
        return self._nodes.node("Reshape", [normed, together])

    def _feed_forward(self, block: str, normed: str) -> str:
        gate, up = self._gate_and_up(block, normed)
        gelu = self._nodes.node("Gelu", [gate], approximate="tanh")
        down = self._linear(f"{block}.ffn_down", self._nodes.node("Mul", [gelu, up]))
        return self._norm(down, f"{block}.post_ffw_norm")


def windows_of(model: Architecture) -> Windows:
    """What makes a Gemma of it."""
    if model.windows is None:
        raise ValueError("this is no Gemma")
    return model.windows
