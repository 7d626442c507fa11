"""`dataset.json`: what went into the examples of a growth, in numbers; it has no text of the person's."""

from pathlib import Path

import msgspec

from vybor.foundation.errors import Missing
from vybor_workshop import json_files
from vybor_workshop.dataset.examples import REMEDY, ExamplesError, Part

LARGEST_BYTES = 2**20


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of something."""

    examples: int = 0
    tokens: int = 0
    """Of header and text, as the base's tokenizer counts…"""
    taught: int = 0
    """…and those that teach."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What was made, of what, by which rules."""

    kit: str
    made_at: str
    rules: str
    """Twelve hex digits that change with the rules' text."""
    recipe: str
    """The name of the base's recipe…"""
    base_sha256: str
    """…and its weights: an adapter is made for these."""
    examples_sha256: str
    deletions: int
    """So many deletions the kit had told by then…"""
    deleted: tuple[tuple[int, int], ...] | None = None
    """…and these, by boot and sequence: with others this is stale. None: an older workshop counted them alone."""
    rows: int
    """Decisions that were read."""
    first: tuple[int, int]
    last: tuple[int, int]
    """Boot and sequence of the first and the last example."""
    parts: dict[Part, Size]
    kept: dict[str, int]
    """Characters that teach, by where they came from."""
    dropped: dict[str, int]
    """Characters, by the reason why they teach nothing."""
    sentences_dropped: dict[str, int] = {}
    """Sentences of which nothing teaches, by reason…"""
    rows_dropped: dict[str, int] = {}
    """…and decisions that are not read."""


def read(path: Path) -> Card:
    """Raises Missing, PlaceError and ExamplesError."""
    found = json_files.read(path, Card, LARGEST_BYTES, REMEDY.anew, ExamplesError)
    if found is None:
        raise Missing(f"there is no {path}; {REMEDY.first}")
    return found
