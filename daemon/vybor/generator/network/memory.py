"""How much memory a model will take in the generator, said before anything of it is loaded."""

from pathlib import Path

from vybor.generator.network.bundle import WEIGHTS, BundleError, Kv, Shape, manifest_of

MOST_BYTES = 1600 * 10**6
"""The generator's own limit (its row of processes.py), for it and for what it tries beside it."""
BESIDE_BYTES = 250 * 10**6
"""Python with its libraries, and what ONNX Runtime works in."""
IN_USE = 1.7
"""Times the weights' size: ONNX Runtime packs matrices anew. With the rest this is a tenth to a quarter more than
the 540 MB that SmolLM2 was seen to take, and the 1,300 of TinyLlama's shape."""
TEXTS = 3
"""Caches that are kept (model.py)…"""
SENTENCES = 2
"""…and so many more where sentences are made from key words by an adapter of their own (frames.py)."""
VALUE_BYTES = {Kv.FP32: 4, Kv.INT8: 1}
STATUS = Path("/proc/self/status")
RESIDENT = "RssAnon:"
"""Of the process's own, without what it maps."""


def needed(shape: Shape, weights_bytes: int, *, sentences: bool = False) -> int:
    """What a model takes once texts fill its caches: about, and rather too much.

    `sentences`: it wears an adapter for them, whose texts are read apart.
    """
    texts = TEXTS + SENTENCES if sentences else TEXTS
    values = 2 * shape.layers * shape.kv_heads * shape.head_dim * shape.context
    return BESIDE_BYTES + int(IN_USE * weights_bytes) + texts * VALUE_BYTES[shape.kv] * values


def refusal(needed_bytes: int) -> str:
    """Why a model is too large for this kit, in a sentence; empty: it is not."""
    if needed_bytes <= MOST_BYTES:
        return ""
    return (
        f"the model would take about {needed_bytes / 1e6:.0f} MB of memory, and the generator may have "
        f"{MOST_BYTES / 1e6:.0f}; send a smaller one, or build it in 4 bits"
    )


def has_room_beside(needed_bytes: int, taken_bytes: int) -> bool:
    """Whether what is tried fits beside a generator that takes so much now."""
    return needed_bytes + taken_bytes <= MOST_BYTES


def taken(status: Path = STATUS) -> int:
    """Bytes that this process takes now; all that it may, if nobody says."""
    try:
        lines = status.read_text(encoding="ascii").splitlines()
    except OSError:
        return MOST_BYTES
    found = (line.split()[1] for line in lines if line.startswith(RESIDENT))
    return int(next(found, MOST_BYTES // 1024)) * 1024


def needed_by(place: Path) -> int:
    """What the model in a folder takes; a folder that cannot be read takes nothing, and is told of elsewhere."""
    try:
        return needed(manifest_of(place).shape, (place / WEIGHTS).stat().st_size)
    except (BundleError, OSError):
        return 0
