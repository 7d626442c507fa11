"""Where adapters for sentences from key words lie: a folder each, numbered as growths are, never overwritten.

    frames/0001/
      frames.json  pairs.jsonl       what went in
      training.json  checkpoints/  runs/  adapter/
      measured.json

How far one is, its files say. They belong to no kit and no person: any kit with the same model may get one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing, VyborError
from vybor_workshop import json_files, numbered
from vybor_workshop.dataset.examples import Part
from vybor_workshop.frames import pairs as told
from vybor_workshop.frames.pairs import Pair
from vybor_workshop.frames.rules import Why
from vybor_workshop.growth import read_told
from vybor_workshop.places import place_errors
from vybor_workshop.remedies import Remedy

FORM = 1
LARGEST_BYTES = 2**20
LARGEST_PAIRS = 2**28
BEGIN = Remedy("make one", "vybor-workshop frames train --text FILE")
MEASURE = Remedy("measure it", "vybor-workshop frames measure")


class FramesError(VyborError):
    """What is told of an adapter for sentences cannot be understood."""

    exit_code = 65  # EX_DATAERR


class TextFile(msgspec.Struct, frozen=True):
    """A file that was read: by its name alone, since it lies where the owner has it."""

    name: str
    sha256: str
    lines: int


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`frames.json`: what went in, in numbers."""

    schema: int = FORM
    language: str
    made_at: str
    recipe: str
    base_sha256: str
    files: tuple[TextFile, ...]
    left_out: dict[Why, int]
    """Lines, by the reason why they teach nothing."""
    sentences: dict[Part, int]
    pairs: int
    """Key words with their sentence, to learn from."""
    pairs_sha256: str


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """`measured.json`: how often the sentence that was meant was among those offered."""

    schema: int = FORM
    adapter_sha256: str
    sentences: int
    figures: dict[str, float]
    """See measuring.py."""

    @property
    def is_better(self) -> bool:
        """Whether it is surely more often with the adapter than without."""
        return self.figures.get("gain_low", 0.0) > 0


class Made(msgspec.Struct, frozen=True, order=True):
    """One of them."""

    number: int
    folder: Path

    @property
    def name(self) -> str:
        """The number as people write it."""
        return f"{self.number:04}"

    @property
    def card(self) -> Path:
        """What went in."""
        return self.folder / "frames.json"

    @property
    def pairs(self) -> Path:
        """Key words and sentences themselves."""
        return self.folder / "pairs.jsonl"

    @property
    def training(self) -> Path:
        """Wishes, versions, and what came of it."""
        return self.folder / "training.json"

    @property
    def runs(self) -> Path:
        """For TensorBoard."""
        return self.folder / "runs"

    @property
    def adapter(self) -> Path:
        """PEFT's directory; it is there once training is finished."""
        return self.folder / "adapter"

    @property
    def measured(self) -> Path:
        """What it is worth."""
        return self.folder / "measured.json"


def above(home: Path) -> Path:
    """Where all of them lie."""
    return home / "frames"


def all_of(home: Path) -> list[Made]:
    """All of them, oldest first."""
    return [Made(number, folder) for number, folder in numbered.folders(above(home))]


def named(home: Path, number: str) -> Made:
    """The one of this number, the newest without one. Raises Missing."""
    found = all_of(home)
    if not found:
        raise Missing(f"no adapter for sentences was made in {home} yet; {BEGIN.first}")
    if not number:
        return found[-1]
    for made in found:
        if number.isdecimal() and made.number == int(number):
            return made
    raise Missing(
        f"there is no adapter for sentences {number}; there are {', '.join(each.name for each in found)}"
    )


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """While it lasts nobody else makes one. Raises AddressInUse, PlaceError."""
    with numbered.alone(above(home), "an adapter for sentences is being made already"):
        yield


def begin(home: Path, card: Card, pairs: bytes) -> Made:
    """The next one, with what goes in, whole or not at all; alone. Raises PlaceError."""
    there = above(home)
    with place_errors(there), numbered.next_one(there) as folder:
        made = Made(0, folder)
        small_files.write_bytes(made.pairs, pairs, 0o600, is_synced=True)
        put(made.card, card)
    return all_of(home)[-1]


def put(path: Path, content: Card | Measured) -> None:
    """Put it there at once; on return it is on the disk. Raises OSError."""
    small_files.write_bytes(path, json_files.encoded(content), is_synced=True)


def card_of(made: Made) -> Card:
    """What went in. Raises Missing, PlaceError, FramesError."""
    return read_told(made.card, Card, FORM, LARGEST_BYTES, BEGIN, FramesError)


def measured_of(made: Made) -> Measured:
    """What it is worth. Raises Missing, PlaceError, FramesError."""
    return read_told(made.measured, Measured, FORM, LARGEST_BYTES, MEASURE, FramesError)


def pairs_of(made: Made, card: Card) -> tuple[Pair, ...]:
    """What went in itself. Raises Missing, PlaceError, FramesError."""
    with place_errors(made.pairs):
        try:
            content = small_files.read(made.pairs, LARGEST_PAIRS)
        except FileNotFoundError:
            raise Missing(f"there is no {made.pairs}; {BEGIN.anew}") from None
    if told.digest(content) != card.pairs_sha256:
        raise FramesError(f"{made.pairs} is not what its frames.json tells of: it was changed; {BEGIN.anew}")
    try:
        return told.read(content)
    except NOT_UNDERSTOOD as error:
        raise FramesError(f"{made.pairs} says nothing that this version knows ({error}); {BEGIN.anew}") from None
