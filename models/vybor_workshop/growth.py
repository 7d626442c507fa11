"""Where growths lie: one folder a retraining, numbered, never overwritten.

    grown/<kit>/0001/
      dataset.json  examples.jsonl     what went in (vybor_workshop.dataset)
      training.json  checkpoints/  runs/  adapter/
      evaluation.json  evaluation.html  card.md  plots/     measured.json: only until all is measured
      gate.json
      published.json
    grown/<kit>/parts/interest/0001/   parts/counts, parts/signs: fits of numbers alone (vybor_workshop.personal)
      fit.json  numbers.json  published.json

How far a growth is, its files say: each is written when what it tells of is done, at once and as a whole.
"""

import fcntl
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from vybor.foundation import small_files
from vybor.foundation.errors import Missing, VyborError
from vybor_workshop import json_files, numbered
from vybor_workshop.dataset import card
from vybor_workshop.dataset.examples import ExamplesError
from vybor_workshop.places import place_errors
from vybor_workshop.remedies import Remedy

MEASURED = "measured.json"

SCRATCH = ".training-"
"""How the folders begin that a trainer reads from: a person's words as tokens. They are gone when it ends."""


class State(StrEnum):
    """How far a growth is."""

    MADE = "examples made"
    TRAINING = "training"
    TRAINED = "trained"
    EVALUATED = "evaluated"
    GATED = "gated"
    PUBLISHED = "published"


class Growth(msgspec.Struct, frozen=True, order=True):
    """One retraining: its kit, its number, and where its files are."""

    kit: str
    number: int
    folder: Path

    @property
    def dataset(self) -> Path:
        """What went in, in numbers."""
        return self.folder / "dataset.json"

    @property
    def examples(self) -> Path:
        """The examples themselves: the person's words."""
        return self.folder / "examples.jsonl"

    @property
    def training(self) -> Path:
        """Settings, seed, versions, losses, and whether it is finished."""
        return self.folder / "training.json"

    @property
    def lock(self) -> Path:
        """Whoever trains it holds it."""
        return self.folder / ".lock"

    @property
    def checkpoints(self) -> Path:
        """Of the trainer, to go on from."""
        return self.folder / "checkpoints"

    @property
    def runs(self) -> Path:
        """For TensorBoard."""
        return self.folder / "runs"

    @property
    def adapter(self) -> Path:
        """PEFT's directory; it is there once training is finished."""
        return self.folder / "adapter"

    @property
    def evaluation(self) -> Path:
        """The figures."""
        return self.folder / "evaluation.json"

    @property
    def measured(self) -> Path:
        """What an evaluation has measured so far; it is gone once all is (vybor_workshop.evaluate.finished)."""
        return self.folder / MEASURED

    @property
    def page(self) -> Path:
        """The figures for people."""
        return self.folder / "evaluation.html"

    @property
    def model_card(self) -> Path:
        """The model card."""
        return self.folder / "card.md"

    @property
    def plots(self) -> Path:
        """Pictures."""
        return self.folder / "plots"

    @property
    def gate(self) -> Path:
        """Each rule with its figure, and whether it holds."""
        return self.folder / "gate.json"

    @property
    def published(self) -> Path:
        """To whom, when, as which serial."""
        return self.folder / "published.json"

    @property
    def name(self) -> str:
        """The number as people write it."""
        return f"{self.number:04}"


def above(home: Path, kit: str, part: str = "") -> Path:
    """Where a kit's growths stand; with a part, the fits of that."""
    return home / "grown" / kit / "parts" / part if part else home / "grown" / kit


def growths(home: Path, kit: str, part: str = "") -> list[Growth]:
    """All of a kit's, oldest first; with a part, the fits of that."""
    return [Growth(kit, number, folder) for number, folder in numbered.folders(above(home, kit, part))]


def named(home: Path, kit: str, number: str) -> Growth:
    """The one of this number, the newest without one. Raises Missing."""
    all_of_it = growths(home, kit)
    if not all_of_it:
        raise Missing(f"nothing has been made for the kit {kit} yet; begin with `vybor-workshop dataset`")
    if not number:
        return all_of_it[-1]
    for growth in all_of_it:
        if number.isdecimal() and growth.number == int(number):
            return growth
    raise Missing(f"the kit {kit} has no growth {number}; it has {', '.join(each.name for each in all_of_it)}")


@contextmanager
def making(home: Path, kit: str, part: str = "") -> Iterator[Path]:
    """A folder to make the next growth in, or fit; it gets its number when all in it is done, else it is gone.

    Raises PlaceError, and AddressInUse where another process makes one of this kit.
    """
    there, what = above(home, kit, part), f"numbers of {part}" if part else "examples"
    with numbered.alone(there, f"{what} of {kit} are being made already"), numbered.next_one(there) as made:
        yield made


def state(growth: Growth) -> State:
    """How far it is, by its files."""
    reached = (
        (growth.published, State.PUBLISHED),
        (growth.gate, State.GATED),
        (growth.evaluation, State.EVALUATED),
        (growth.adapter, State.TRAINED),
        (growth.training, State.TRAINING),
    )
    return next((there for file, there in reached if file.exists()), State.MADE)


def is_stale(growth: Growth, deleted: Collection[tuple[int, int]]) -> bool:
    """Whether its person has deleted something since its examples were made: then it is not published.

    `deleted`: what the kit has told by now (vybor_workshop.log.stale). Raises Missing, PlaceError and
    ExamplesError where its dataset.json cannot be read, or is of another kit: that one's deletions are others, and
    its words another person's.
    """
    made_of = card.read(growth.dataset)
    if made_of.kit != growth.kit:
        raise ExamplesError(
            f"{growth.folder} was made of what the kit {made_of.kit} wrote, and lies among those of {growth.kit}; "
            "put it back where it belongs"
        )
    if made_of.deleted is None:
        return made_of.deletions < len(deleted)
    return not set(deleted) <= set(made_of.deleted)


def forget(home: Path, kit: str, deleted: Collection[tuple[int, int]]) -> list[Growth]:
    """Remove the person's words from every growth that is stale; these growths. Raises PlaceError.

    Their figures stay, and what was trained to its end, which is not published any more. Where dataset.json cannot
    be read, nobody knows, and the words go too, as they do from what somebody was killed in the middle of.
    """
    there = above(home, kit)
    for folder in (there, *there.glob("parts/*")):
        numbered.clear(folder)
    found = [each for each in growths(home, kit) if _with_words(each) and _may_be_stale(each, deleted)]
    for each in found:
        with place_errors(each.folder):
            for path in _with_words(each):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            small_files.sync_folder(each.folder)
    return found


def _with_words(growth: Growth) -> list[Path]:
    """What of it has the person's words: its examples, and what a trainer reads, or a killed one did.

    And what an evaluation has measured so far, or was writing of that when it was killed; and checkpoints that a
    training has left, which learned them. One that is under way keeps its own to its end.
    """
    examples = [growth.examples] if growth.examples.exists() else []
    left = [growth.checkpoints] if growth.checkpoints.exists() and not _is_training(growth) else []
    return [*examples, *left, *growth.folder.glob(f"{SCRATCH}*"), *growth.folder.glob(f"*{MEASURED}*")]


def _is_training(growth: Growth) -> bool:
    try:
        with growth.lock.open(encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _may_be_stale(growth: Growth, deleted: Collection[tuple[int, int]]) -> bool:
    try:
        return is_stale(growth, deleted)
    except VyborError:
        return True


class Versioned(Protocol):
    """What says of which form it is."""

    @property
    def schema(self) -> int:
        """Raised when an older workshop could no longer read it."""
        ...


Told = TypeVar("Told", bound=Versioned)


def read_told(
    path: Path, kind: type[Told], form: int, largest_bytes: int, remedy: Remedy, wrong: type[VyborError]
) -> Told:
    """What a file of a growth tells, of this form. Raises Missing, PlaceError and `wrong`, with the remedy."""
    found = json_files.read(path, kind, largest_bytes, remedy.anew, wrong)
    if found is None:
        raise Missing(f"there is no {path}; {remedy.first}")
    if found.schema > form:
        raise wrong(f"{path} was written by a newer workshop ({found.schema}, not {form}); update this one")
    if found.schema != form:
        raise wrong(f"{path} is of another version ({found.schema}, not {form}); {remedy.anew}")
    return found
