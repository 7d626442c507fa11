"""The network's own rows for tokens: its input embedding, read from the bundle's file where it lies.

ONNX Runtime does not hand out a constant of a graph, and the `onnx` package is not on a kit, so the few fields of
the protobuf that say where a constant lies are read here: ModelProto.graph (7), GraphProto.initializer (5), and of
a TensorProto its dims (1), name (8) and external_data (13).
"""

import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.contracts.messages import Trouble
from vybor.generator.network.bundle import GRAPH, WEIGHTS, Bundle, BundleError

Floats = NDArray[np.float32]
Field = tuple[int, int | bytes]

CODES, SCALES = "token_embd.codes", "token_embd.scales"
GRAPH_FIELD, INITIALIZER, DIMS, NAME, EXTERNAL = 7, 5, 1, 8, 13
VARINT, LENGTH, FIXED = 0, 2, {1: 8, 5: 4}
"""Protobuf's ways to write a field: a number, so many bytes, always 8 or 4 bytes."""
BLOCK = 32
"""Weights that share a scale; in 8 bits a block has so many bytes, in 4 bits half of them."""


class Place(msgspec.Struct, frozen=True):
    """Where a constant lies in the file of weights."""

    dims: tuple[int, ...]
    offset: int


class EmbeddingRows:
    """The embedding of each token, (hidden) 32-bit floats; only the rows asked for are read, and none is kept."""

    def __init__(self, bundle: Bundle) -> None:
        """Find the matrix. Raises BundleError if the graph has none of that name, or the file cannot be mapped."""
        places = external(_bytes(bundle.folder / GRAPH))
        if not {CODES, SCALES} <= places.keys():
            raise BundleError(
                Trouble.MODEL_FAILED, f"the graph in {bundle.folder} has no {CODES}; build the model anew"
            )
        codes, scales = places[CODES], places[SCALES]
        try:
            with (bundle.folder / WEIGHTS).open("rb") as file:
                self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._codes = np.ndarray(codes.dims, np.uint8, self._file, codes.offset)
            self._scales = np.ndarray(scales.dims, np.float32, self._file, scales.offset)
        except (OSError, TypeError, ValueError) as error:  # NumPy's TypeError: the file ends before the matrix
            raise BundleError(
                Trouble.MODEL_FAILED,
                f"{bundle.folder / WEIGHTS} has no whole {CODES} ({error}); build the model anew",
            ) from None
        self.tokens = codes.dims[0]

    def __call__(self, tokens: Sequence[int]) -> Floats:
        """The rows (tokens, hidden) of some tokens."""
        codes, scales = self._codes[list(tokens)], self._scales[list(tokens)]
        # With each page that is read the kernel maps fifteen of its neighbours: soon the process would hold all of
        # the matrix, 31 MB of SmolLM2's, beside ONNX Runtime's own. They stay in the machine's cache of files.
        self._file.madvise(mmap.MADV_DONTNEED)
        if codes.shape[2] == BLOCK:
            steps = codes.astype(np.float32) - 128
        else:
            steps = np.stack([codes & 15, codes >> 4], axis=3).reshape(*codes.shape[:2], BLOCK) - np.float32(8)
        rows: Floats = (steps * scales[:, :, None]).reshape(len(tokens), codes.shape[1] * BLOCK)
        return rows


def external(model: bytes) -> dict[str, Place]:
    """Every constant of an ONNX model that lies in another file, by its name."""
    found: dict[str, Place] = {}
    for graph in _all(model, GRAPH_FIELD):
        for tensor in _all(graph, INITIALIZER):
            where = dict(map(_pair, _all(tensor, EXTERNAL)))
            if b"offset" in where:
                name = next(_all(tensor, NAME)).decode()
                found[name] = Place(_dims(tensor), int(where[b"offset"]))
    return found


def _all(message: bytes, number: int) -> Iterator[bytes]:
    """The bytes of every field of this number."""
    return (value for found, value in fields(message) if found == number and isinstance(value, bytes))


def _pair(entry: bytes) -> tuple[bytes, bytes]:
    """StringStringEntryProto."""
    parts = {number: value for number, value in fields(entry) if isinstance(value, bytes)}
    return parts.get(1, b""), parts.get(2, b"")


def _dims(tensor: bytes) -> tuple[int, ...]:
    """Protobuf writes a list of numbers one by one or packed, as its writer likes."""
    dims: list[int] = []
    for number, value in fields(tensor):
        if number == DIMS:
            dims += [value] if isinstance(value, int) else _packed(value)
    return tuple(dims)


def _packed(numbers: bytes) -> list[int]:
    place, found = 0, []
    while place < len(numbers):
        number, place = _varint(numbers, place)
        found.append(number)
    return found


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a protobuf message: numbers, and an integer or bytes. Raises ValueError for no protobuf."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        way = key & 7
        if way == VARINT:
            value, place = _varint(message, place)
            yield key >> 3, value
        elif way == LENGTH:
            length, place = _varint(message, place)
            yield key >> 3, message[place : place + length]
            place += length
        elif way in FIXED:
            place += FIXED[way]
        else:
            raise ValueError(f"a protobuf field is written in way {way}")


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    number = shift = 0
    while True:
        if place >= len(message):
            raise ValueError("a protobuf message ends in the middle of a number")
        byte = message[place]
        place += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, place


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(Trouble.MODEL_FAILED, f"{path} cannot be read ({error.strerror})") from None
