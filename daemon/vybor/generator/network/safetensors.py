"""A safetensors file: a header in JSON that says where each array stands, and the arrays behind it.

https://huggingface.co/docs/safetensors: eight bytes with the header's length, the header, the bytes.
"""

import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LONGEST_HEADER = 100_000_000
"""The format's own limit, in bytes."""
METADATA = "__metadata__"
STORED_AS: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype("<u2"),
}
"""bfloat16 is the upper half of a float of 32 bits."""


class Unreadable(Exception):
    """Why a file cannot be read; a sentence without its end."""


class Entry(msgspec.Struct, frozen=True):
    """Where an array stands."""

    dtype: str
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]


class Stored(msgspec.Struct, frozen=True):
    """One array of a file, not read yet."""

    file: Path
    name: str
    entry: Entry
    offset: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows first."""
        return self.entry.shape

    def read(self) -> Floats:
        """The array in 32 bits. Raises Unreadable where the disk does not give all of it."""
        kind, count = STORED_AS[self.entry.dtype], math.prod(self.shape)
        try:
            raw = np.fromfile(self.file, kind, count=count, offset=self.offset).reshape(self.shape)
        except (OSError, ValueError) as error:
            raise Unreadable(f"{self.file} cannot be read to the end of {self.name} ({error})") from None
        if self.entry.dtype == "BF16":
            raw = (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float32, copy=False)


def arrays(path: Path) -> dict[str, Stored]:
    """The arrays of a file by name. Raises Unreadable."""
    try:
        entries, first = _header(path)
        found = {name: Stored(path, name, entry, first + entry.data_offsets[0]) for name, entry in entries.items()}
        size = path.stat().st_size
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is no whole safetensors file ({error})") from None
    for stored in found.values():
        _check(stored, size, first)
    return found


def _header(path: Path) -> tuple[dict[str, Entry], int]:
    """The entries, and where the arrays begin."""
    with path.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if not 0 < length <= LONGEST_HEADER:
            raise ValueError(f"its header would be {length} bytes long")
        header = msgspec.json.decode(opened.read(length), type=dict[str, msgspec.Raw])
    header.pop(METADATA, None)
    return {name: msgspec.json.decode(entry, type=Entry) for name, entry in header.items()}, 8 + length


def _check(stored: Stored, size: int, first: int) -> None:
    begin, end = stored.entry.data_offsets
    kind = STORED_AS.get(stored.entry.dtype)
    if not 0 <= begin <= end or any(length < 0 for length in stored.shape):
        raise Unreadable(f"{stored.file} is damaged ({stored.name} would stand before the file, or have no size)")
    if first + end > size:
        raise Unreadable(f"{stored.file} is no whole safetensors file (it ends before {stored.name} does)")
    if kind is None:
        known = ", ".join(STORED_AS)
        raise Unreadable(f"{stored.file} keeps {stored.name} as {stored.entry.dtype}, and only {known} are known")
    if end - begin != math.prod(stored.shape) * kind.itemsize:
        raise Unreadable(f"{stored.file} is damaged ({stored.name} is not as long as its shape)")
