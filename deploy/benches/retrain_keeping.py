"""Persons that are done, as numbers alone, in one file that can be taken to another machine.

Cells hold sentences, offers and adapters, and stay where they were made. What figures are reckoned from is less:
sums of sentences, and which of them, or which pairs of words, are the same. Words are hashes here.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benches import report
from benches.report import Origin
from benches.retrain_cells import Model, Text, Trained
from benches.retrain_figures import READ, Seat
from benches.retrain_measuring import Measured, Worn
from vybor.foundation import small_files
from vybor.foundation.errors import Missing
from vybor_workshop.evaluate.figures import Unit
from vybor_workshop.evaluate.specs import Name

RECKONED = (Name.KSR, Name.ACCEPT_1, Name.DISTINCT_2, *READ)
LARGEST_BYTES = 2**26


class Sum(msgspec.Struct, frozen=True, array_like=True):
    """One sentence's, or text's."""

    top: float
    bottom: float
    pairs: tuple[str, ...]
    """Hashes of pairs of words."""


class Sums(msgspec.Struct, frozen=True):
    """What came of one model."""

    units: dict[Name, tuple[Sum, ...]]
    texts: tuple[str, ...]
    """Hashes of the sentences that were written again."""


class Person(msgspec.Struct, frozen=True):
    """Somebody who is done."""

    origin: Origin
    """Where they were measured."""
    name: str
    trained: dict[Text, Trained]
    leaks: int
    worn: Worn | None
    measured: dict[Model, Sums]


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds."""

    of: str
    """What the persons were measured with: the name of their cells."""
    persons: dict[str, Person]


class Keeping:
    """The persons of one file; each is put there when it is done."""

    def __init__(self, file: Path | None, of: str) -> None:
        """Raises Missing where the file is of other code, another model or other texts, or of something else."""
        self._file, self._of = file, of
        self._persons: dict[str, Person] = {}
        self._seats: dict[str, Seat] = {}
        if file is None:
            return
        try:
            kept = msgspec.json.decode(small_files.read(file, LARGEST_BYTES), type=Kept)
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError) as error:
            raise Missing(f"{file} holds no persons that were measured ({error}); name another file") from None
        if kept.of != of:
            commits = ", ".join(sorted({person.origin.commit for person in kept.persons.values()}))
            raise Missing(
                f"{file} is of {kept.of}, and this is {of}: code, model, texts or options differ; take the commit "
                f"{commits} to go on with it, or name another file"
            )
        self._persons = kept.persons
        self._seats = {name: seat_of(person) for name, person in kept.persons.items()}

    def known(self, name: str, seed: int) -> Seat | None:
        """Somebody who is done."""
        return self._seats.get(f"{name} {seed}")

    def origins(self, seats: Sequence[Seat]) -> set[Origin]:
        """Where these come from; who is not kept, from here."""
        kept = {id(seat): self._persons[name].origin for name, seat in self._seats.items()}
        return {kept.get(id(seat)) or report.here() for seat in seats if seat.measured}

    def keep(self, seat: Seat, seed: int) -> None:
        """Put somebody there who is done; who is not is left out."""
        if self._file and is_whole(seat):
            name, person = f"{seat.name} {seed}", person_of(seat, report.here())
            self._persons[name], self._seats[name] = person, seat_of(person)
            small_files.write_bytes(self._file, self._encoded(), 0o644, is_synced=True)

    def _encoded(self) -> bytes:
        """A line a person: what is added to the file is one."""
        encode = msgspec.json.encode
        persons = b",\n".join(encode(name) + b":" + encode(each) for name, each in self._persons.items())
        return b'{"of":%b,"persons":{\n' % encode(self._of) + persons + b"\n}}\n"


def is_whole(seat: Seat) -> bool:
    """Whether nothing is left to be done; who got no adapter wears none."""
    has_all = set(seat.trained) == set(Text) and set(seat.measured) == set(Model) and seat.leaks is not None
    return has_all and (seat.worn is not None or not seat.trained[Text.OWN].adapter)


def person_of(seat: Seat, origin: Origin) -> Person:
    """What figures are reckoned from, without a word that anybody said; of somebody who is done."""
    measured = {model: _sums(each) for model, each in seat.measured.items()}
    return Person(origin, seat.name, dict(seat.trained), seat.leaks or 0, seat.worn, measured)


def seat_of(person: Person) -> Seat:
    """The same as figures are reckoned from it."""
    return Seat(
        name=person.name,
        trained=person.trained,
        measured={model: _measured(each) for model, each in person.measured.items()},
        leaks=person.leaks,
        worn=person.worn,
    )


def _sums(measured: Measured) -> Sums:
    units = {name: tuple(map(_sum, measured.units[name])) for name in RECKONED}
    return Sums(units, tuple(map(_hash, measured.texts)))


def _sum(unit: Unit) -> Sum:
    return Sum(round(unit.top, 4), round(unit.bottom, 4), tuple(_hash(" ".join(pair)) for pair in unit.pairs))


def _measured(sums: Sums) -> Measured:
    units = {
        name: [Unit(each.top, each.bottom, tuple((pair, "") for pair in each.pairs)) for each in every]
        for name, every in sums.units.items()
    }
    return Measured(units, {}, sums.texts)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]
