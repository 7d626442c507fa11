"""What was published goes to its kit: over the network into its inbox, or onto a stick."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError
from vybor_workshop.kits.home import Home, Kit
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.publish import fate
from vybor_workshop.publish.queue import Queue
from vybor_workshop.publish.record import Published

Say = Callable[[str], None]
NETWORK, STICK = "network", "stick"
CHUNK = 1 << 20


class Push(Protocol):
    """How a bundle comes into a kit's inbox."""

    def __call__(self, kit: Kit, bundle: Path, say: Say) -> None:
        """On return all of it is there. Raises NotReached, Missing."""
        ...


class Went(msgspec.Struct, frozen=True):
    """What came of what waited."""

    sent: tuple[Published, ...] = ()
    withdrawn: tuple[Published, ...] = ()
    """These never will go: their `withdrawn` says why."""


def send(home: Home, kit: Kit, data: DataSet, push: Push, say: Say) -> Went:
    """Send a kit what waits for it. Raises VyborError; what has gone until then is written down."""
    return _each(home, kit, data, NETWORK, lambda _, path: push(kit, path, say))


def lay(home: Home, kit: Kit, data: DataSet, folder: Path) -> Went:
    """Lay what waits into a folder of a stick. Raises VyborError; what lies there is written down."""
    return _each(home, kit, data, STICK, lambda one, path: _copied(path, folder / one.bundle))


def _each(home: Home, kit: Kit, data: DataSet, way: str, go: Callable[[Published, Path], None]) -> Went:
    if not kit.outgoing.is_dir():
        return Went()
    queue = Queue(home.folder, kit, home.workstation())
    with queue.alone():
        before = {one.serial for one in queue.withdrawn()}
        number = kit.card.kit
        found = queue.waiting(len(stale.known(data, home.folder, number).deletions), fate.became(data, number))
        for one in found:
            go(one, queue.path(one))
            queue.sent(one, way)
        return Went(tuple(found), tuple(one for one in queue.withdrawn() if one.serial not in before))


def _copied(source: Path, target: Path) -> None:
    """It is whole on the stick, or not there. Raises PlaceError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as reading:
            pieces = iter(lambda: reading.read(CHUNK), b"")
            small_files.write_lines(target, pieces, 0o644, is_synced=True)
    except OSError as error:
        raise PlaceError(f"{target} cannot be written ({error.strerror}); see that the stick has room") from None
