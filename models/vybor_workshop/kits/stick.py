"""A stick with what `vybor log eject` laid on it: the same segments, and the receipts go back on it.

DIR/vybor-<number>/outbox/*.segment
DIR/vybor-<number>/inbox/*.receipt
"""

import re
from collections.abc import Iterator
from pathlib import Path

from vybor.foundation.errors import Missing, PlaceError
from vybor_workshop.kits.home import Home, Kit, Workstation, alone, keys_of
from vybor_workshop.kits.syncing import Say, Synced, TakeIn, note_reached, taken_in, write_receipt

FOLDER = re.compile(r"vybor-([0-9a-f]{32})")


def brought(home: Home, stick: Path, take_in: TakeIn, say: Say) -> Iterator[tuple[Kit, Synced]]:
    """Take in what lies there, kit by kit.

    Raises Missing where nothing of a paired kit does, AddressInUse where it is being synced, PlaceError.
    """
    try:
        found = [(match[1], path) for path in sorted(stick.iterdir()) if (match := FOLDER.fullmatch(path.name))]
    except OSError as error:
        raise PlaceError(
            f"{stick} cannot be read ({error.strerror}); name the folder where the stick is"
        ) from None
    known = {kit.card.kit: kit for kit in home.kits()}
    mine = [(known[number], path) for number, path in found if number in known]
    for number, _ in found:
        if number not in known:
            say(f"{stick} has something of a kit that is not paired with this workstation: {number}")
    if not mine:
        raise Missing(
            f"{stick} has nothing of a kit that is paired; lay it there with `vybor log eject` on the kit"
        )
    workstation = home.workstation()
    for kit, folder in mine:
        with alone(kit):
            synced = _taken(kit, folder, workstation, take_in, say)
            note_reached(kit, came=bool(synced.segments or synced.quarantined or synced.owed))
        yield kit, synced


def _taken(kit: Kit, folder: Path, workstation: Workstation, take_in: TakeIn, say: Say) -> Synced:
    done: list[str] = []
    quarantined: dict[str, str] = {}
    owed = 0
    for taken in taken_in(sorted(_entries(folder / "outbox")), take_in, keys_of(kit, workstation), say):
        if taken.names:
            write_receipt(folder / "inbox", kit.card.kit, taken.names, workstation)
        done += taken.names
        quarantined |= taken.quarantined
        owed += len(taken.owed)
    return Synced(len(done), quarantined, owed)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise PlaceError(f"{folder} cannot be read ({error.strerror})") from None
