"""One example a sentence that was spoken: what the model reads, and which characters of it teach how much.

`examples.jsonl` has one a line, in the order of the record, those to train with and those to measure with in one
file. Whoever trains and whoever measures read this file and nothing else of the record.
"""

import itertools
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import Missing, PlaceError, VyborError
from vybor_workshop.remedies import Remedy

MOST_WEIGHT = 1.5
LARGEST_BYTES = 2**30
"""Of a file of examples: two million sentences."""


class Part(StrEnum):
    """What an example is for; by the order of the record, each part behind the one before it."""

    TRAIN = "train"
    EARLY = "early"
    """Says when to stop training: it was said later."""
    HELD = "held"
    """The latest: what the trained model is measured with, and nothing else."""


class Brought(StrEnum):
    """How most of what teaches in an example was written."""

    ACCEPTED = "accepted"
    """Taken from what was offered."""
    SPELLED = "spelled"
    """Letter by letter."""
    PHRASE = "phrase"
    """A ready phrase of the person's."""


class Weighed(msgspec.Struct, frozen=True, array_like=True):
    """Characters of the text from `first` up to but without `end`, and how much they teach."""

    first: Annotated[int, msgspec.Meta(ge=0)]
    end: Annotated[int, msgspec.Meta(ge=1)]
    weight: Annotated[float, msgspec.Meta(gt=0, le=MOST_WEIGHT)]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Words that were offered."""

    label: str
    p: float | None = None
    """As the kit reckoned it, where it did."""
    seen: bool = False
    """The eyes rested on it for long enough to have read it."""
    chosen: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A choice among offered words, by which a piece of the text was taken. Nothing that was spelled is one."""

    at: Annotated[int, msgspec.Meta(ge=0)]
    """So many characters of the text stood there already."""
    weight: Annotated[float, msgspec.Meta(ge=0, le=1)]
    """How sure eyes and body alone were of it."""
    shown: tuple[Shown, ...]
    """Exactly one of them is chosen."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence."""

    kit: str
    boot: int
    sequence: int
    """Of the choice that wrote the last text that teaches: examples are in the order of (boot, sequence)."""
    day: str
    """By the kit's calendar, or "unknown"; for people, never for order."""
    part: Part
    language: str
    header: str
    """What the kit's model read before the text, special tokens meant as such."""
    text: str
    """What was written, as the kit's model read it: without the full stop that the kit put at *Speak*."""
    weights: tuple[Weighed, ...]
    """What teaches, in order and apart from each other; all other characters teach nothing."""
    choices: tuple[Choice, ...] = ()
    """Those of the words in it that were offered, in order."""
    source: Brought

    def __post_init__(self) -> None:
        if not self.weights:
            raise ValueError("nothing in it teaches")
        edges = [edge for span in self.weights for edge in (span.first, span.end)]
        if edges != sorted(edges) or any(span.first == span.end for span in self.weights):
            raise ValueError("its weights are not in order and apart")
        if edges[-1] > len(self.text):
            raise ValueError("its weights end behind its text")
        if any(
            sum(each.chosen for each in choice.shown) != 1 or choice.at > len(self.text) for choice in self.choices
        ):
            raise ValueError("a choice in it chose nothing, too much, or behind its text")

    @property
    def place(self) -> tuple[int, int]:
        """What says its order in the record of its kit."""
        return self.boot, self.sequence


class ExamplesError(VyborError):
    """A file of examples says something else than examples."""

    exit_code = 65  # EX_DATAERR


_decode = msgspec.json.Decoder(Example).decode
_encode = msgspec.json.Encoder().encode


def lines(examples: Iterable[Example]) -> bytes:
    """The file's content."""
    return b"".join(_encode(example) + b"\n" for example in examples)


def parsed(content: bytes, name: str) -> tuple[Example, ...]:
    """The examples of a file's content. Raises ExamplesError; `name` is the file's, for its sentence."""
    if content and not content.endswith(b"\n"):
        raise ExamplesError(f"{name} was cut off in its last line; {REMEDY.anew}")
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            found.append(_decode(line))
        except NOT_UNDERSTOOD as error:
            raise ExamplesError(f"line {number} of {name} is no example ({error}); {REMEDY.anew}") from None
    _check_order(found, name)
    return tuple(found)


def write(path: Path, examples: Sequence[Example]) -> None:
    """Put a file there at once, for its owner alone; on return it is on the disk. Raises PlaceError."""
    try:
        small_files.write_bytes(path, lines(examples), 0o600, is_synced=True)
    except OSError as error:
        raise PlaceError(f"{path} cannot be written ({error.strerror}); see that there is room") from None


def read(path: Path) -> tuple[Example, ...]:
    """The examples of a file. Raises Missing, PlaceError and ExamplesError."""
    try:
        content = small_files.read(path, LARGEST_BYTES)
    except FileNotFoundError:
        raise Missing(f"there are no examples {path}; {REMEDY.first}") from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); see that it is yours") from None
    return parsed(content, str(path))


REMEDY = Remedy("make them", "vybor-workshop dataset")
_ORDER = tuple(Part)


def _check_order(examples: Sequence[Example], name: str) -> None:
    """Raises ExamplesError where a later part has an earlier row: it would be measured with what it learned."""
    for before, after in itertools.pairwise(examples):
        in_order = before.place < after.place and _ORDER.index(before.part) <= _ORDER.index(after.part)
        if before.kit != after.kit or not in_order:
            raise ExamplesError(
                f"{name} has the example of boot {after.boot}, sequence {after.sequence} behind that of boot "
                f"{before.boot}, sequence {before.sequence}: of another kit, or out of order; {REMEDY.anew}"
            )
