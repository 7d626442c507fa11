"""The bundles of one kit on this side: what waits, what went, what may not go any more, which number is next."""

import contextlib
import fcntl
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from vybor.bundles import bundle as bundles
from vybor.bundles.manifest import FILE_NAME, MOST_SERIAL, OF_NOBODY, Kind, Manifest, file_name
from vybor.bundles.refusals import Refused
from vybor.contracts.messages import Became, GrownState
from vybor.foundation import small_files
from vybor.foundation.clock import wall_time
from vybor.foundation.errors import AddressInUse, PlaceError, VyborError
from vybor_workshop.kits.home import Kit, Workstation
from vybor_workshop.publish import record
from vybor_workshop.publish.record import Published

STALE = (
    "its person has deleted something since its examples were made; make new ones with `vybor-workshop dataset`, "
    "then retrain (of numbers alone: `vybor-workshop personal fit`)"
)
MAKING = ".making"
"""How a bundle is called before it is whole: it counts for nothing."""
UNSETTLED = (GrownState.TRYING,)
"""The kit still looks at it."""


class NotPublished(VyborError):
    """It is not to be published, or not any more."""

    exit_code = 65  # EX_DATAERR


class Queue:
    """`outgoing` of a kit, and what is written down of it. One process at a time works with it (`alone`)."""

    def __init__(self, home: Path, kit: Kit, workstation: Workstation) -> None:
        self.home, self.kit = home, kit
        self._workstation = workstation
        self.folder = kit.outgoing

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While it lasts, nobody else publishes for this kit or sends it something. Raises AddressInUse."""
        try:
            self.folder.mkdir(exist_ok=True, mode=0o700)
            lock = (self.folder / ".lock").open("w", encoding="ascii")
        except OSError as error:
            raise PlaceError(
                f"{self.folder} cannot be written ({error.strerror}); see that it is yours and has room"
            ) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AddressInUse(
                    f"something is being published for {self.kit.card.name} already; wait for that to end"
                ) from None
            yield

    def serial(self, became: Mapping[int, Became]) -> int:
        """The next number; `became`: what the kit has told. Raises NotPublished, PlaceError.

        It tells of a file that it could not use by the name alone, whoever gave it that: such a number counts for
        nothing, and is passed over.
        """
        named = (
            int(found["serial"]) for path in self.folder.iterdir() if (found := FILE_NAME.fullmatch(path.name))
        )
        published = (one.serial for one in record.all_of(self.home, self.kit.card.kit))
        taken = (number for number, its in became.items() if its.base or its.state is not GrownState.REFUSED)
        highest = max((*named, *published, *taken), default=0)
        serial = next(number for number in itertools.count(highest + 1) if number not in became)
        if serial > MOST_SERIAL:
            raise NotPublished(
                f"{self.kit.card.name} was sent {MOST_SERIAL} bundles, and there are no more numbers"
            )
        return serial

    def put(self, manifest: Manifest, files: bundles.Files) -> Published:
        """Make a bundle, and write it down; whole, or not at all. Raises VyborError."""
        begun = self.folder / MAKING
        bundles.write(begun, manifest, files, self._workstation.signs)
        try:
            path = self.folder / file_name(manifest, begun.stat().st_size)
            begun.replace(path)
            small_files.sync_folder(self.folder)
        except OSError as error:
            raise PlaceError(
                f"{self.folder} cannot be written ({error.strerror}); see that it is yours and has room"
            ) from None
        return self._noted(path)

    def settled(self) -> None:
        """Write down what was made by somebody who was killed before they did. Raises VyborError."""
        known = {one.serial for one in record.all_of(self.home, self.kit.card.kit)}
        for path in sorted(self.folder.glob("*.bundle")):
            found = FILE_NAME.fullmatch(path.name)
            if found and int(found["serial"]) not in known:
                try:
                    self._noted(path)
                except Refused:  # nobody of ours made it
                    path.unlink()

    def waiting(self, deletions: int, became: Mapping[int, Became]) -> list[Published]:
        """What is to be sent, lowest number first; what may not go any more is withdrawn. Raises VyborError."""
        self.settled()
        found = []
        for one in record.all_of(self.home, self.kit.card.kit):
            path = self.path(one)
            if not path.exists():
                continue
            is_stale = one.kind not in OF_NOBODY and one.deletions < deletions
            if is_stale and not one.sent_at and not one.withdrawn:
                self._change(one, withdrawn=STALE)
            if is_stale or one.withdrawn or is_settled(became.get(one.serial)):
                path.unlink()
            elif not one.sent_at:
                found.append(one)
        return found

    def withdrawn(self) -> list[Published]:
        """What never went, and will not. Raises PlaceError."""
        return [one for one in record.all_of(self.home, self.kit.card.kit) if one.withdrawn]

    def sent(self, one: Published, by: str) -> None:
        """It has gone: it stays here until the kit says what became of it. Raises PlaceError."""
        self._change(one, sent_at=wall_time(), by=by)

    def path(self, one: Published) -> Path:
        """The bundle, if it is still here."""
        return self.folder / one.bundle

    def _noted(self, path: Path) -> Published:
        """Check what stands there as the kit will, then write it down. Raises VyborError."""
        found = bundles.opened(path, self._workstation.signs.verify_key, self.kit.card.kit).manifest
        before = self._of_growth(found.kind, found.growth)
        told = record.told(found, path, bundles.sha256_of(path))
        if before:
            earlier = (*before.earlier, msgspec.structs.replace(before, earlier=()))
            told = msgspec.structs.replace(told, earlier=earlier)
        record.keep(self.home, told)
        return told

    def _of_growth(self, kind: Kind, growth: int) -> Published | None:
        """The newest that was published of a growth, or of a fit."""
        whole = record.all_of(self.home, self.kit.card.kit)
        found = [one for one in whole if growth and (one.kind, one.growth) == (kind, growth)]
        return max(found, key=lambda one: one.serial, default=None)

    def _change(self, one: Published, **changes: str) -> None:
        newest = self._of_growth(one.kind, one.growth) or one
        if newest.serial == one.serial:
            record.keep(self.home, msgspec.structs.replace(newest, **changes))
            return
        earlier = tuple(
            msgspec.structs.replace(each, **changes) if each.serial == one.serial else each
            for each in newest.earlier
        )
        record.keep(self.home, msgspec.structs.replace(newest, earlier=earlier))


def is_settled(became: Became | None) -> bool:
    """Whether the kit has it, and has decided what to do with it."""
    return became is not None and became.state not in UNSETTLED
