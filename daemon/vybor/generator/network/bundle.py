"""The bundle of a language model: a folder with its graph, its weights, its tokenizer and a manifest.

The workshop writes it (vybor_workshop/model), the kit opens it. Nothing of a bundle is used before every file has
the hash that the manifest names.
"""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from vybor.contracts.messages import Trouble
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import VyborError
from vybor.foundation.places import how_to_get

SCHEMA = 1
"""Raised when an older kit could no longer run what a newer workshop writes."""
MANIFEST, GRAPH, WEIGHTS, TOKENIZER = "manifest.json", "model.onnx", "model.onnx.data", "tokenizer.json"
FILES = (GRAPH, WEIGHTS, TOKENIZER)
ADAPTED = "model.adapted.onnx"
"""The same graph with room for an adapter. Bundles that take none have none, and of older ones the graph itself
takes adapters."""

MOST_CONTEXT = 32_768
"""Positions; a cache for more is memory that no kit has."""

Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Mark = tuple[tuple[int, int, int] | None, ...]


class Rotary(StrEnum):
    """Where the rows of q and k keep the two numbers of a head that turn together."""

    PAIRS = "pairs"
    """Side by side, as llama.cpp writes a llama."""
    HALVES = "halves"
    """Half a head apart, as Hugging Face does."""


class Kv(StrEnum):
    """What the keys and values of the text are kept as."""

    FP32 = "fp32"
    INT8 = "int8"
    """A quarter of the memory, with a scale for each layer that the build found out."""


class BundleError(VyborError):
    """A bundle is missing, damaged or for another version; `trouble` is what the screen says of it."""

    exit_code = 69  # EX_UNAVAILABLE

    def __init__(self, trouble: Trouble, text: str) -> None:
        super().__init__(text)
        self.trouble = trouble


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What the runtime must know of the network."""

    layers: Count
    kv_heads: Count
    head_dim: Count
    vocabulary: Count
    context: Annotated[int, msgspec.Meta(ge=1, le=MOST_CONTEXT)]
    """Positions there are, for text and branches together."""
    heads: int = 0
    """Of the queries; kv_heads of them are shared. Adapters need it."""
    rotary: Rotary = Rotary.PAIRS
    kv: Kv = Kv.FP32


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says of itself."""

    schema: int
    name: str
    licence: str
    recipe: str
    """The recipe's text, whole."""
    built_by: str
    languages: tuple[str, ...]
    header: Annotated[str, msgspec.Meta(min_length=1)]
    """What stands before the person's text; special tokens are meant as such."""
    eos_ids: tuple[int, ...]
    shape: Shape
    sha256: dict[str, str]
    base: str = ""
    """The hash of the weights that this was built from: an adapter says which ones it was made for."""
    answering: str = ""
    """The header where it is known what the other person just said: {partner} stands for that, {lately} for what
    the person spoke before, which may be nothing."""
    continuing: str = ""
    """The header where it is known what the person spoke in the minutes before: {lately} stands for that."""
    adapters: bool = False
    """Whether the graph takes adapters (adapter.py)."""
    figures: dict[str, float] = {}
    """What the recipe states of the model, against the same weights in 32 bits."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle whose files are what they should be."""

    folder: Path
    manifest: Manifest

    @property
    def identity(self) -> str:
        """The model's name and the beginning of its weights' hash: what the record keeps of it."""
        return f"{self.manifest.name}-{self.manifest.sha256[WEIGHTS][:12]}"

    @property
    def adapted(self) -> str:
        """The graph to use while an adapter is worn."""
        return ADAPTED if ADAPTED in self.manifest.sha256 else GRAPH


def open_bundle(path: Path) -> Bundle:
    """Read the manifest and check every file against it. Raises BundleError."""
    folder = path.resolve()  # ONNX Runtime takes no weights from behind a link
    manifest = manifest_of(path)
    adapted = [ADAPTED] if ADAPTED in manifest.sha256 else []
    for name in (*FILES, *adapted):
        _check(path, folder / name, manifest.sha256.get(name, ""))
    return Bundle(folder=folder, manifest=manifest)


def mark(path: Path) -> Mark:
    """Changes when a file of the bundle at this path comes, goes or is replaced. Cheap: a stat each."""
    return tuple(stamp(path / name) for name in (MANIFEST, *FILES, ADAPTED))


def files_of(folder: Path) -> tuple[str, ...]:
    """What a bundle that is being made consists of beside its manifest."""
    return (*FILES, ADAPTED) if (folder / ADAPTED).exists() else FILES


def stamp(file: Path) -> tuple[int, int, int] | None:
    """What tells a file from another in its place; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def manifest_of(path: Path) -> Manifest:
    """What a bundle says of itself; its files are not looked at. Raises BundleError."""
    manifest = _manifest(path)
    if manifest.schema != SCHEMA:
        raise BundleError(
            Trouble.MODEL_FAILED,
            f"the model in {path} is for another version of Vybor ({manifest.schema}, not {SCHEMA}); "
            f"{how_to_get(path)}",
        )
    return manifest


def _manifest(path: Path) -> Manifest:
    try:
        return msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        raise BundleError(
            Trouble.MODEL_MISSING, f"there is no model in {path} ({error.strerror}); {how_to_get(path)}"
        ) from None
    except NOT_UNDERSTOOD as error:
        raise BundleError(
            Trouble.MODEL_WRONG_HASH,
            f"the manifest of the model in {path} is damaged ({error}); {how_to_get(path)}",
        ) from None


def _check(path: Path, file: Path, sha256: str) -> None:
    try:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise BundleError(
            Trouble.MODEL_MISSING, f"{path / file.name} cannot be read ({error.strerror}); {how_to_get(path)}"
        ) from None
    if found != sha256:
        raise BundleError(
            Trouble.MODEL_WRONG_HASH,
            f"{path / file.name} is damaged: its hash is not the manifest's; {how_to_get(path)}",
        )
