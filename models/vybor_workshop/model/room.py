"""Whether a build has the room that it needs, on the disk and in memory, before it begins."""

import shutil
from pathlib import Path

from vybor.foundation.errors import PlaceError, VyborError
from vybor_workshop.model import packing
from vybor_workshop.model.architecture import Architecture, weights_of

BESIDE_WEIGHTS_MB = 20
"""The graph, the tokenizer, the rotations and the gaps between pages."""
BESIDE_MEMORY_MB = 250
"""Python with its libraries, and what ONNX Runtime works in."""
COPIES = 4
"""Of a matrix in 32 bits, while it is packed."""
IN_USE = 1.7
"""Times the bundle's size, while it is tried: ONNX Runtime packs matrices anew. With 250 MB beside it this is a
tenth to a quarter more than the 1,170 MB that a build of TinyLlama's shape took, and the 635 MB of SmolLM2's."""
MEMINFO = Path("/proc/meminfo")


class TooLittleMemory(VyborError):
    """The model would not fit into the memory that is free."""

    exit_code = 71  # EX_OSERR


def check_disk(target: Path, model: Architecture, bits: int) -> None:
    """Raise PlaceError unless a bundle fits beside `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted_mb = bundle_mb(model, bits)
    free_mb = shutil.disk_usage(target.parent).free / 1e6
    if free_mb < wanted_mb:
        raise PlaceError(
            f"the bundle needs {wanted_mb:.0f} MB and {target.parent} has {free_mb:.0f} MB free; make room there, "
            "or name another folder with --out"
        )


def check_memory(model: Architecture, bits: int) -> None:
    """Raise TooLittleMemory unless the build, and the trial at its end, fit into what is free."""
    wanted_mb, free_mb = memory_mb(model, bits), available_mb(MEMINFO)
    if free_mb is not None and free_mb < wanted_mb:
        raise TooLittleMemory(
            f"the build needs {wanted_mb:.0f} MB of memory and {free_mb:.0f} MB are free; end other programs, "
            "or build on a larger machine"
        )


def bundle_mb(model: Architecture, bits: int) -> float:
    """What a bundle takes on the disk."""
    return BESIDE_WEIGHTS_MB + packing.bytes_of(weights_of(model), bits) / 1e6


def memory_mb(model: Architecture, bits: int) -> float:
    """What the build takes.

    While it packs the widest matrix, or in the trial, where there is a cache too.
    """
    widest = 4 * model.hidden * max(model.vocabulary, model.feed_forward, model.queries + 2 * model.keys)
    cache = 8 * model.layers * model.keys * model.context
    return (
        BESIDE_MEMORY_MB + max(COPIES * widest, IN_USE * packing.bytes_of(weights_of(model), bits) + cache) / 1e6
    )


def available_mb(meminfo: Path) -> float | None:
    """What Linux says can still be had; None on a system that does not say."""
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            return int(amount.split()[0]) * 1024 / 1e6
    return None
