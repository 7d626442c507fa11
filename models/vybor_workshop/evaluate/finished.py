"""What an evaluation has measured so far: one that was ended in its midst goes on from there.

A file beside the growth, written anew for each part that is done; it says what all parts depend on, and where that
is another thing by now, all is measured anew. In it are words that the models say from the person's beginnings: so
it goes once all is measured, and with the examples (vybor_workshop.growth.forget), and is not written again where
those went meanwhile. What comes up on an empty line is never in it, nor is the speed, which the models are held to
side by side: both are asked anew.
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import msgspec

import vybor
import vybor_workshop.evaluate
from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor_workshop.dataset import examples
from vybor_workshop.evaluate import keeping
from vybor_workshop.evaluate.figures import Found, Tell
from vybor_workshop.evaluate.subject import EvaluationError, Subject
from vybor_workshop.materials import sha256_of
from vybor_workshop.places import place_errors

LARGEST_BYTES = 2**28
REMEDY = "see that it is yours and has room, and go on with the same command"
MEASURED_BY = ("onnxruntime", "tokenizers", "numpy")
GONE = (
    "the person had something deleted meanwhile, so nothing that was measured stays; make the examples anew with "
    "`vybor-workshop dataset` and train again"
)


class Finished(Protocol):
    """Gives the figures of a part: those that are kept, or else those that are made now."""

    def __call__(self, part: str, make: Callable[[], Found]) -> Found:
        """`part`: its name, the same each time."""
        ...


def anew(part: str, make: Callable[[], Found]) -> Found:
    """For who keeps nothing: each part is made."""
    return make()


class _File(msgspec.Struct, frozen=True):
    """`measured.json`."""

    of: str = ""
    parts: dict[str, Found] = {}


class Kept:
    """The parts of one evaluation, in its file."""

    def __init__(self, path: Path, of: str, tell: Tell, stands: Callable[[], bool] = lambda: True) -> None:
        """`of`: what they depend on. `stands`: whether the person's words that they come from are still there.

        Raises PlaceError where there is a file that cannot be read.
        """
        self._path, self._of, self._stands = path, of, stands
        with place_errors(path, REMEDY):
            found = _read(path)
        self._parts = dict(found.parts) if found.of == of else {}
        if self._parts:
            tell(f"an earlier evaluation was ended: {len(self._parts)} parts of it are kept, and it goes on there")

    def __call__(self, part: str, make: Callable[[], Found]) -> Found:
        """As `Finished` has it. Raises PlaceError where it cannot be written: the figures could not be either.

        Raises EvaluationError where the words are gone by now: whoever deletes takes them first, then this file.
        """
        if part not in self._parts:
            self._parts[part] = make()
            with place_errors(self._path, REMEDY):
                content = msgspec.json.encode(_File(self._of, self._parts))
                small_files.write_bytes(self._path, content, 0o600, is_synced=True)
            if not self._stands():
                self.remove()
                raise EvaluationError(GONE)
        return self._parts[part]

    def remove(self) -> None:
        """All is measured. Raises PlaceError."""
        with place_errors(self._path, REMEDY):
            small_files.remove(
                *self._path.parent.glob(f"*{self._path.name}*")
            )  # and what was killed while writing


def named(finished: Finished, of: str) -> Finished:
    """The same for the parts of one model."""
    return lambda part, make: finished(f"{of}: {part}", make)


def depends_on(subject: Subject) -> str:
    """The hash of all that the figures come from: growth, base, adapters, word list, texts, and this program.

    Lists of names and private things are none of it: they concern the empty line alone.

    Raises Missing, PlaceError.
    """
    told = (
        sorted(subject.bundle.manifest.sha256.items()),
        [(who.value, path and keeping.hashes(path)) for who, path in subject.adapters.items()],
        sha256_of(subject.words),
        hashlib.sha256(examples.lines(subject.examples)).hexdigest(),
        (subject.others.sha256, subject.general.sha256),
        (subject.threads, subject.most_written),
        [version(name) for name in MEASURED_BY],
        _program(),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _program() -> str:
    """Of what the kit runs, and of what measures."""
    found = hashlib.sha256()
    for package in (vybor, vybor_workshop.evaluate):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            found.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> _File:
    """Nothing where there is none, or one that this version does not understand. Raises OSError."""
    try:
        return msgspec.json.decode(small_files.read(path, LARGEST_BYTES), type=_File)
    except (FileNotFoundError, *NOT_UNDERSTOOD):
        return _File()
