"""One sync of one kit: fetch, verify, take in, and only then say to the kit that it is here.

Whatever is cut off when, the next sync goes on: a segment stays on the kit until a receipt for it has arrived
there; a receipt is written when the rows are in the data set, and it is sent again until it has arrived. So rows
may be fetched twice, never be lost, and the data set knows them by their place.
"""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
NOT_WHOLE = "it cannot be read, or is not what its name says"
Say = Callable[[str], None]


TakeIn = Callable[[Sequence[Segment], KitKeys], Ingested]


class Transfer(Protocol):
    """How files come and go: rsync or SFTP over SSH (`ways.py`), or what stands in for them."""

    def fetch(self, kit: Kit, without: Path, say: Say) -> None:
        """What waits and is not named in a file, into `incoming`; what was begun is gone on with.

        What lies there, or was begun, and is not on the kit any more goes: the wearer may have deleted it.
        """
        ...

    def deliver(self, kit: Kit, say: Say) -> None:
        """All of `receipts`."""
        ...

    def push(self, kit: Kit, bundle: Path, say: Say) -> None:
        """A bundle into the kit's inbox: on return all of it is there; what was cut off is gone on with."""
        ...


class Synced(msgspec.Struct, frozen=True):
    """What a sync brought."""

    segments: int = 0
    quarantined: Mapping[str, str] = {}
    owed: int = 0
    """Segments that tell of deletions which not every data set of the kit has done yet."""


def sync(kit: Kit, workstation: Workstation, take_in: TakeIn, transfer: Transfer, say: Say) -> Synced:
    """Bring over what waits. Raises NotReached, Missing, PlaceError; what has come until then is taken in."""
    done: set[str] = set()
    quarantined: dict[str, str] = {}
    owed: set[str] = set()
    _deliver(kit, transfer, say)
    for _ in range(ROUNDS):
        failed = _fetched(kit, done | owed | set(quarantined), transfer, say)
        came = 0
        for taken in _taken_in(kit, workstation, take_in, say):
            done |= set(taken.names)
            came += len(taken.names)
            quarantined |= taken.quarantined
            owed |= set(taken.owed)
        _deliver(kit, transfer, say)
        if failed:
            raise failed
        if not came:
            break
    note_reached(kit, came=bool(done or owed or quarantined))
    return Synced(len(done), quarantined, len(owed))


def note_reached(kit: Kit, *, came: bool) -> None:
    """All that waited was fetched; whether there was anything. Raises PlaceError."""
    now = wall_time()
    note(kit, synced_at=now, **({"came_at": now} if came else {}))


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
    """Batch by batch into the data set, with a receipt for each; nothing of it is kept here.

    What was set aside stays on the kit, and comes again with the next sync: until it is deleted there.
    """
    keys = keys_of(kit, workstation)
    for taken in taken_in(sorted(kit.incoming.iterdir()), take_in, keys, say):
        if taken.names:
            write_receipt(kit.receipts, kit.card.kit, taken.names, workstation)
        for name in (*taken.names, *taken.quarantined, *taken.owed):
            (kit.incoming / name).unlink(missing_ok=True)
        for name, why in taken.quarantined.items():
            say(f"{kit.card.name}: {name} is set aside, and stays on the kit: {why}")
        yield taken


def taken_in(paths: Iterable[Path], take_in: TakeIn, keys: KitKeys, say: Say) -> Iterator[Ingested]:
    """Have segments taken in, some at a time; what cannot be read, or was cut or changed, is set aside too."""
    segments = [path for path in paths if NAME.fullmatch(path.name)]
    for begin in range(0, len(segments), BATCH):
        some = segments[begin : begin + BATCH]
        batch = [one for path in some if (one := read(path, say))]
        known = {one.name for one in batch}
        taken = take_in(batch, keys) if batch else Ingested((), {})
        bad = {path.name: NOT_WHOLE for path in some if path.name not in known}
        names = tuple(sorted(known.intersection(taken.names)))
        yield Ingested(names, {**taken.quarantined, **bad}, owed=taken.owed)


def read(path: Path, say: Say) -> Segment | None:
    """A segment that was fetched; none where it is cut or changed."""
    try:
        found = Segment(path.name, small_files.read(path, LARGEST_BYTES, links=False))
    except OSError as error:
        say(f"{path.name} cannot be read ({error.strerror})")
        return None
    if not is_whole(found):
        say(f"{path.name} is not what its name says: it was cut or changed")
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
