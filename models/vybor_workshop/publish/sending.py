"""What was published goes to its kit: over the network into its inbox, or onto a stick."""

import os
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError
from vybor_workshop.kits import fetching
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


def by_rsync(kit: Kit, bundle: Path, say: Say) -> None:
    """The usual one; what was cut off is gone on with. Raises NotReached, Missing."""
    fetching.run(kit, push_command(kit, bundle), lambda line: say(line.replace(" fetched ", " sent ")))


def push_command(kit: Kit, bundle: Path) -> list[str]:
    """One bundle. Pure."""
    return [
        *(fetching.RSYNC, "-t", f"--timeout={fetching.PATIENCE_S}", "--partial-dir=.partial", "--info=progress2"),
        *("-e", shlex.join(fetching.ssh(kit, "write_key")), "--", str(bundle), f"{fetching.at(kit)}:/"),
    ]


def send(home: Home, kit: Kit, data: DataSet, push: Push, say: Say) -> list[Published]:
    """Send a kit what waits for it; what was. Raises VyborError."""
    if not kit.outgoing.is_dir():
        return []
    queue = Queue(home.folder, kit, home.workstation())
    done = []
    with queue.alone():
        for one in _waiting(queue, data, say):
            push(kit, queue.path(one), say)
            queue.sent(one, NETWORK)
            say(f"{kit.card.name}: sent as number {one.serial}: {one.name}")
            done.append(one)
    return done


def lay(home: Home, kit: Kit, data: DataSet, folder: Path, say: Say) -> list[Published]:
    """Lay what waits into a folder of a stick; what was. Raises VyborError."""
    if not kit.outgoing.is_dir():
        return []
    queue = Queue(home.folder, kit, home.workstation())
    done = []
    with queue.alone():
        for one in _waiting(queue, data, say):
            _copied(queue.path(one), folder / one.bundle)
            queue.sent(one, STICK)
            say(f"{kit.card.name}: laid on the stick as number {one.serial}: {one.name}")
            done.append(one)
    return done


def _waiting(queue: Queue, data: DataSet, say: Say) -> list[Published]:
    """What is to go; what is stale by now is told."""
    kit = queue.kit.card.kit
    before = {one.serial for one in queue.withdrawn()}
    found = queue.waiting(len(stale.read(data, kit).deletions), fate.became(data, kit))
    for one in queue.withdrawn():
        if one.serial not in before:
            say(f"{queue.kit.card.name}: number {one.serial} is not sent: {one.withdrawn}")
    return found


def _copied(source: Path, target: Path) -> None:
    """It is whole on the stick, or not there. Raises PlaceError."""
    begun = target.with_name(f".{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as reading, begun.open("wb") as writing:
            shutil.copyfileobj(reading, writing, CHUNK)
            writing.flush()
            os.fsync(writing.fileno())
        begun.replace(target)
        small_files.sync_folder(target.parent)
    except OSError as error:
        raise PlaceError(f"{target} cannot be written ({error.strerror}); see that the stick has room") from None
