"""Persons that are done, as numbers alone, in one file that can be taken to another machine.

Cells hold sentences, offers and adapters, and stay where they were made. What figures are reckoned from is less:
sums of sentences, and which of them, or which pairs of words, are the same. Words are hashes here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from benches import report
from benches.report import Origin
from benches.retrain_cells import Model, Text
from benches.retrain_figures import READ, Seat
from benches.retrain_measuring import Measured
from vybor.foundation import small_files
from vybor.foundation.errors import Missing
from vybor_workshop.evaluate.figures import Unit
from vybor_workshop.evaluate.specs import Name

RECKONED = (Name.KSR, Name.ACCEPT_1, Name.DISTINCT_2, *READ)
LARGEST_BYTES = 2**26


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds."""

    of: str
    """What the persons were measured with: the name of their cells."""
    seats: dict[str, Seat]
    origins: dict[str, Origin]
    """Where each was measured."""


class Keeping:
    """The persons of one file; each is put there when it is done."""

    def __init__(self, file: Path | None, of: str) -> None:
        """Raises Missing where the file is of other code, another model or other texts, or of something else."""
        self._file, self._of = file, of
        self._seats: dict[str, Seat] = {}
        self._origins: dict[str, Origin] = {}
        if file is None:
            return
        try:
            kept = msgspec.json.decode(small_files.read(file, LARGEST_BYTES), type=Kept)
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError) as error:
            raise Missing(f"{file} holds no persons that were measured ({error}); name another file") from None
        if kept.of != of:
            commits = ", ".join(sorted({origin.commit for origin in kept.origins.values()}))
            raise Missing(
                f"{file} is of {kept.of}, and this is {of}: code, model, texts or options differ; take the commit "
                f"{commits} to go on with it, or name another file"
            )
        self._seats, self._origins = kept.seats, kept.origins

    def known(self, name: str, seed: int) -> Seat | None:
        """Somebody who is done."""
        return self._seats.get(f"{name} {seed}")

    def origins(self, seats: Sequence[Seat]) -> set[Origin]:
        """Where these come from; who is not kept, from here."""
        kept = {id(seat): self._origins[name] for name, seat in self._seats.items()}
        return {kept.get(id(seat)) or report.here() for seat in seats if seat.measured}

    def keep(self, seat: Seat, seed: int) -> None:
        """Put somebody there who is done; who is not is left out."""
        if self._file and is_whole(seat):
            name = f"{seat.name} {seed}"
            self._seats[name], self._origins[name] = numbers(seat), report.here()
            kept = Kept(self._of, self._seats, self._origins)
            content = msgspec.json.format(msgspec.json.encode(kept), indent=0)
            small_files.write_bytes(self._file, content + b"\n", 0o644, is_synced=True)


def is_whole(seat: Seat) -> bool:
    """Whether nothing is left to be done; who got no adapter wears none."""
    has_all = set(seat.trained) == set(Text) and set(seat.measured) == set(Model) and seat.leaks is not None
    return has_all and (seat.worn is not None or not seat.trained[Text.OWN].adapter)


def numbers(seat: Seat) -> Seat:
    """What figures are reckoned from, without a word that anybody said."""
    return msgspec.structs.replace(seat, measured={model: _numbers(each) for model, each in seat.measured.items()})


def _numbers(measured: Measured) -> Measured:
    units: Mapping[Name, Sequence[Unit]] = measured.units
    return Measured(
        units={name: [_hashed(unit) for unit in units[name]] for name in RECKONED},
        said={},
        texts=tuple(map(_hash, measured.texts)),
    )


def _hashed(unit: Unit) -> Unit:
    return msgspec.structs.replace(unit, pairs=tuple((_hash(one), _hash(other)) for one, other in unit.pairs))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
