"""A text in a cache of its own: tokens, and the keys and values that the network made of them."""

from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import DTypeLike, NDArray

from vybor.generator.network.bundle import Kv

Floats = NDArray[np.float32]
Kept = NDArray[np.float32] | NDArray[np.int8]

KEPT_AS: dict[Kv, DTypeLike] = {Kv.FP32: np.float32, Kv.INT8: np.int8}


class Trunk:
    """What was read, token by token, and what may follow the last one."""

    def __init__(self, names: Sequence[str], size: tuple[int, ...], kv: Kv) -> None:
        """Make an empty cache; the system gives memory to what of it is written."""
        self.arrays: dict[str, Kept] = {name: np.zeros(size, KEPT_AS[kv]) for name in names}
        self.caches = [
            (name, onnxruntime.OrtValue.ortvalue_from_numpy(array)) for name, array in self.arrays.items()
        ]
        """The same memory as ONNX Runtime takes it, which keeps no array alive."""
        self.tokens: list[int] = []
        self.end: Floats | None = None
        """Logits (vocabulary) of the token behind the last one; None if it was cut back."""

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
        return common

    def begin_as(self, other: "Trunk", count: int) -> None:
        """Become the first tokens of another one."""
        for name, array in self.arrays.items():
            array[:, :, :count] = other.arrays[name][:, :, :count]
        self.tokens, self.end = other.tokens[:count], None

    def clear(self) -> None:
        """Begin anew."""
        self.tokens, self.end = [], None
