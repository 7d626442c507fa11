"""`evaluation.json`: all figures of a growth, and what they were measured with. It has no word of the person's."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.errors import Missing, PlaceError
from vybor.generator.network.adapter import CONFIG, WEIGHTS
from vybor_workshop.evaluate.figures import Figure
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.subject import EvaluationError
from vybor_workshop.growth import read_told
from vybor_workshop.remedies import Remedy

SCHEMA = 1
LARGEST_BYTES = 2**22
REMEDY = Remedy("measure it", "vybor-workshop evaluate")


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Which model, to the byte."""

    identity: str
    """The bundle's name and the beginning of its weights' hash, as the record of the kit has it."""
    base_sha256: str
    adapter: str
    """Twelve letters that change with any of the adapter's numbers…"""
    adapter_sha256: str
    """…the hash of its weights, as the file has them…"""
    config_sha256: str
    """…and of its config: what is published is what was measured."""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What a growth is worth."""

    schema: int = SCHEMA
    kit: str
    growth: int
    made_at: str
    model: Model
    examples_sha256: str
    predecessor: int = 0
    """The growth that was published before; 0: none, it is measured against the factory model alone."""
    predecessor_adapter: str = ""
    before_knew: bool = False
    """It learned from what is measured with here, or from what was deleted since: nothing is held against it."""
    language: str
    held: int
    """Sentences that were kept back to measure with…"""
    written: int
    """…and so many of them, the newest, were written again."""
    days: int
    texts: dict[str, str]
    """The hashes of other people's and general text: figures of the same texts may be compared over months."""
    versions: dict[str, str]
    figures: dict[Name, Figure]
    missing: tuple[Name, ...] = ()
    """Figures of which there was nothing to measure: nobody spelled anything, or has no rare word."""
    leaks: int
    leaked: dict[str, int] = {}
    """How many, by tier…"""
    tiers: tuple[str, ...] = ()
    """…of these, which were asked."""


class Hashes(msgspec.Struct, frozen=True):
    """Of an adapter's two files."""

    weights: str
    config: str


def hashes(adapter: Path) -> Hashes:
    """Raises Missing, PlaceError."""
    return Hashes(weights=_sha256(adapter / WEIGHTS), config=_sha256(adapter / CONFIG))


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise Missing(f"there is no {path}; train it with `vybor-workshop retrain`") from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); see that it is yours") from None


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a growth's folder for its owner alone; the last one says that all are there."""
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True, mode=0o700)
            small_files.write_bytes(folder / name, content, 0o600, is_synced=True)
    except OSError as error:
        raise PlaceError(
            f"{folder} cannot be written ({error.strerror}); see that it is yours and has room"
        ) from None


def read(path: Path) -> Evaluation:
    """Raises Missing, PlaceError and EvaluationError."""
    return read_told(path, Evaluation, SCHEMA, LARGEST_BYTES, REMEDY, EvaluationError)
