"""One sync of one kit: fetch, verify, take in, and only then say to the kit that it is here.

Whatever is cut off when, the next sync goes on: a segment stays on the kit until a receipt for it has arrived
there; a receipt is written when the rows are in the data set, and it is sent again until it has arrived. So rows
may be fetched twice, never be lost, and the data set knows them by their place.
"""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from vybor.foundation import small_files
from vybor.foundation.clock import wall_time
from vybor.foundation.errors import PlaceError, VyborError
from vybor.segments import receipt
from vybor.segments.segment import LARGEST_BYTES, NAME, Segment, is_whole
from vybor_workshop.kits.home import Kit, Workstation, keys_of, note
from vybor_workshop.kits.keys import Ingested, KitKeys

BATCH = 100
"""Segments that are taken in at once, and named in one receipt."""
ROUNDS = 5
"""A kit seals what it has when somebody comes in: so it is looked once more, but not for ever."""
Say = Callable[[str], None]


TakeIn = Callable[[Sequence[Segment], KitKeys], Ingested]


class Transfer(Protocol):
    """How files come and go: rsync or SFTP over SSH (`ways.py`), or what stands in for them."""

    def fetch(self, kit: Kit, without: Path, say: Say) -> None:
        """What waits and is not named in a file, into `incoming`; what was begun is gone on with."""
        ...

    def deliver(self, kit: Kit, say: Say) -> None:
        """All of `receipts`."""
        ...


class Synced(msgspec.Struct, frozen=True):
    """What a sync brought."""

    segments: int = 0
    quarantined: Mapping[str, str] = {}


def sync(kit: Kit, workstation: Workstation, take_in: TakeIn, transfer: Transfer, say: Say) -> Synced:
    """Bring over what waits. Raises NotReached, Missing, PlaceError; what has come until then is taken in."""
    done: set[str] = set()
    quarantined: dict[str, str] = {}
    _deliver(kit, transfer, say)
    for _ in range(ROUNDS):
        failed = _fetched(kit, done | set(quarantined), transfer, say)
        came = 0
        for taken in _taken_in(kit, workstation, take_in, say):
            done |= set(taken.names)
            came += len(taken.names)
            quarantined |= taken.quarantined
        _deliver(kit, transfer, say)
        if failed:
            raise failed
        if not came:
            break
    note(kit, synced_at=wall_time())
    return Synced(len(done), quarantined)


def _fetched(kit: Kit, without: Collection[str], transfer: Transfer, say: Say) -> VyborError | None:
    """Fetch; an error is told after what has come was taken in. Raises PlaceError."""
    left_out = kit.folder / "without"
    try:
        kit.incoming.mkdir(exist_ok=True, mode=0o700)
        left_out.write_text("".join(f"/{name}\n" for name in sorted(without)), encoding="ascii")
    except OSError as error:
        raise PlaceError(f"{kit.folder} cannot be written ({error.strerror})") from None
    try:
        transfer.fetch(kit, left_out, say)
    except VyborError as error:
        return error
    return None


def _taken_in(kit: Kit, workstation: Workstation, take_in: TakeIn, say: Say) -> Iterator[Ingested]:
    """Batch by batch into the data set, with a receipt for each; what is taken in is not kept here."""
    keys = keys_of(kit, workstation)
    for batch in _batches(kit, say):
        taken = take_in(batch, keys)
        known = {one.name for one in batch}
        names = sorted(name for name in taken.names if name in known)
        if names:
            write_receipt(kit.receipts, kit.card.kit, names, workstation)
        for name in names:
            (kit.incoming / name).unlink(missing_ok=True)
        for name, why in taken.quarantined.items():
            say(f"{kit.card.name}: {name} is set aside, and stays on the kit: {why}")
        yield taken


def _batches(kit: Kit, say: Say) -> Iterator[list[Segment]]:
    names = sorted(path.name for path in kit.incoming.iterdir() if NAME.fullmatch(path.name))
    for begin in range(0, len(names), BATCH):
        batch = [one for name in names[begin : begin + BATCH] if (one := read(kit.incoming / name, say))]
        if batch:
            yield batch


def read(path: Path, say: Say, *, keep: bool = False) -> Segment | None:
    """A segment that was fetched; what is cut or changed is removed if it is not to be kept: it comes again."""
    try:
        found = Segment(path.name, small_files.read(path, LARGEST_BYTES, links=False))
    except OSError as error:
        say(f"{path.name} cannot be read ({error.strerror})")
        return None
    if not is_whole(found):
        say(f"{path.name} is not what its name says: it is left out, and comes again")
        if not keep:
            path.unlink(missing_ok=True)
        return None
    return found


def write_receipt(folder: Path, kit: str, names: Sequence[str], workstation: Workstation) -> Path:
    """A receipt for these, on the disk. Raises PlaceError."""
    told = receipt.Receipt(kit=kit, segments=tuple(names), at=wall_time())
    content = receipt.signed(told, workstation.signs)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}{receipt.ENDING}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        small_files.write_bytes(path, content, 0o600, is_synced=True)
    except OSError as error:
        raise PlaceError(f"the receipt {path} cannot be written ({error.strerror})") from None
    return path


def _deliver(kit: Kit, transfer: Transfer, say: Say) -> None:
    """Tell the kit what is here; what has arrived there is not kept."""
    waiting = sorted(kit.receipts.glob(f"*{receipt.ENDING}")) if kit.receipts.is_dir() else []
    if not waiting:
        return
    transfer.deliver(kit, say)
    for path in waiting:
        with contextlib.suppress(OSError):  # it is sent once more
            path.unlink()
