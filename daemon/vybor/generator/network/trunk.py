"""A text in a cache of its own: tokens, and the keys and values that the network made of them."""

import contextlib
import math
import mmap
from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import DTypeLike, NDArray

from vybor.generator.network.bundle import Kv

Floats = NDArray[np.float32]
Kept = NDArray[np.float32] | NDArray[np.int8]

KEPT_AS: dict[Kv, DTypeLike] = {Kv.FP32: np.float32, Kv.INT8: np.int8}
WORTH_GIVING_BACK = 64
"""Tokens: 3 MB of SmolLM2's. Fewer are soon written again: words that are tried behind a text take 40."""


class Trunk:
    """What was read, token by token, and what may follow the last one."""

    def __init__(self, names: Sequence[str], size: tuple[int, ...], kv: Kv) -> None:
        """Make an empty cache, of size (1, kv_heads, context, head_dim) for each name.

        The system gives memory to what of it is written.
        """
        kind = np.dtype(KEPT_AS[kv])
        self._token_bytes = size[-1] * kind.itemsize
        self._head_bytes = size[-2] * self._token_bytes
        self._memory = mmap.mmap(
            -1, len(names) * math.prod(size) * kind.itemsize, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        )
        with contextlib.suppress(OSError):  # a kernel that has no large pages
            self._memory.madvise(mmap.MADV_NOHUGEPAGE)  # 2 MB for a head's first token
        self.arrays: dict[str, Kept] = dict(
            zip(names, np.ndarray((len(names), *size), kind, self._memory), strict=True)
        )
        self.caches = [
            (name, onnxruntime.OrtValue.ortvalue_from_numpy(array)) for name, array in self.arrays.items()
        ]
        """The same memory as ONNX Runtime takes it, which keeps no array alive."""
        self.tokens: list[int] = []
        self.end: Floats | None = None
        """Logits (vocabulary) of the token behind the last one; None if it was cut back."""
        self.reached = 0
        """So many tokens were written, with those that were tried behind it."""

    def common(self, tokens: Sequence[int]) -> int:
        """How many tokens it has in common with these, from the first on."""
        for place, (known, token) in enumerate(zip(self.tokens, tokens, strict=False)):
            if known != token:
                return place
        return min(len(self.tokens), len(tokens))

    def cut(self, tokens: Sequence[int]) -> int:
        """Keep what it has in common with these tokens; return how many those are.

        The last token of all is never kept without its logits, so that `end` is right after the rest is appended.
        """
        common = self.common(tokens)
        if common == len(self.tokens) == len(tokens) and self.end is not None:
            return common
        common = max(0, min(common, len(tokens) - 1))
        if common < len(self.tokens):
            self.end = None
        del self.tokens[common:]
        self._give_back()
        return common

    def begin_as(self, other: "Trunk", count: int) -> None:
        """Become the first tokens of another one."""
        for name, array in self.arrays.items():
            array[:, :, :count] = other.arrays[name][:, :, :count]
        self.tokens, self.end = other.tokens[:count], None
        self.reached = max(self.reached, count)
        self._give_back()

    def clear(self) -> None:
        """Begin anew."""
        self.tokens, self.end = [], None

    def _give_back(self) -> None:
        """Let the system have what lies behind the last token, where that is much.

        Of a long text that is gone the caches would hold some 46 kB a token, until another one is as long. What is
        given back reads as zeros. A page that two heads share stays.
        """
        if self.reached - len(self.tokens) < WORTH_GIVING_BACK:
            return
        self.reached = len(self.tokens)
        held_bytes, page = self.reached * self._token_bytes, mmap.PAGESIZE
        for head in range(0, len(self._memory), self._head_bytes):
            first, end = -(-(head + held_bytes) // page) * page, (head + self._head_bytes) // page * page
            if first < end:
                self._memory.madvise(mmap.MADV_DONTNEED, first, end - first)
