"""Where a kit's rows are: its card names every data set that took some, and a deletion goes to each of them.

A data set is on the card before it has a row, and not before its first file is there: a place that cannot be
written to is no place of the kit's. What one of them was told to delete, all are told; the segment that tells
of it gets its receipt once each has done it, so that the kit goes on telling until then. While they agree,
and nothing new is deleted, no other place than the one at hand is looked at: it may be far away.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from vybor.foundation.errors import PlaceError, VyborError
from vybor_workshop.kits.home import Home, Kit, note
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import LOCAL, DataSet
from vybor_workshop.log.ingest import forget
from vybor_workshop.said import without_password

Say = Callable[[str], None]


def address(data: DataSet) -> str:
    """How a card names it: the same place has one name, from whatever folder."""
    return str(Path(data.root).resolve()) if data.protocol == LOCAL else data.url


def remember(kit: Kit, data: DataSet, home: Path) -> Kit:
    """The card names this data set; on the disk, before rows go there, and once something could be written.

    Raises PlaceError where nothing can be, and where what was there of the kit is away: nothing is
    begun anew then.
    """
    here = address(data)
    if here not in kit.card.data:
        _begin(data, kit.card.kit, home)
        return note(kit, data=(*kit.card.data, here))
    try:
        list(holding(data, kit.card.kit))
    except PlaceError as error:
        raise PlaceError(f"{error}; {if_gone(kit.card.kit, here)}") from None
    return kit


def if_gone(kit: str, url: str) -> str:
    """What to do about a place that never comes back."""
    return f"if that place is gone for good: vybor-workshop kit change {kit} --no-data {without_password(url)}"


def _begin(data: DataSet, kit: str, home: Path) -> None:
    """Write the kit's first file there, that of what was deleted until now; one that is there stays as it is."""
    with data.writing():
        there = data.get(stale.path_of(kit))
        if there is None:
            stale.write(data, stale.Stale(kit, stale.heard(home, kit)))
        else:
            data.put(stale.path_of(kit), there)


def others(home: Home, kit: Kit, data: DataSet) -> list[str]:
    """The other places of its rows. The home's own counts where it has some: older cards named none. Raises."""
    own = Home(home.folder).data_url
    known = [*kit.card.data]
    if (Path(own) / "rows" / f"kit={kit.card.kit}").is_dir():
        known.append(address(DataSet(own, home.folder / "locks")))
    return sorted(set(known) - {address(data)})


def agree(home: Home, kit: Kit, data: DataSet) -> bool:
    """Whether each of its places has done what any of them was told to delete, as its card says. Raises."""
    return {address(data), *others(home, kit, data)} <= set(kit.card.agreed)


def tell_all(home: Home, kit: Kit, keys: KitKeys, data: DataSet, say: Say) -> Mapping[str, str]:
    """Let each of its data sets forget what one of them has forgotten; those that cannot yet, and why not.

    The card notes afterwards whether they agree, and until then that they do not. Raises PlaceError.
    """
    if kit.card.agreed:
        kit = note(kit, agreed=())
    places = (address(data), *others(home, kit, data))
    owed = _told(home, kit, keys, places, say)
    if not owed:
        note(kit, agreed=places)
    return owed


def _told(home: Home, kit: Kit, keys: KitKeys, places: Sequence[str], say: Say) -> Mapping[str, str]:
    owed: dict[str, str] = {}
    there: list[DataSet] = []
    gone = {each.place: each for each in stale.heard(home.folder, kit.card.kit)}
    for url in places:
        try:
            for one in holding(DataSet(url, home.folder / "locks"), kit.card.kit):
                gone |= {each.place: each for each in stale.read(one, kit.card.kit).deletions}
                there.append(one)
        except VyborError as error:
            owed[url] = str(error)
    for one in there:
        try:
            forget([gone[place] for place in sorted(gone)], keys, one, say)
        except PlaceError as error:
            owed[address(one)] = str(error)
    return owed


def holding(data: DataSet, kit: str) -> Iterator[DataSet]:
    """Itself, if the kit has rows there, or what was set aside.

    Raises PlaceError where there is no data set: so looks a disk that is not plugged in, or another in its place.
    """
    if data.names(f"rows/kit={kit}") or data.names(f"quarantine/kit={kit}"):
        yield data
    elif not data.is_there():
        raise PlaceError(f"{data.called} is not there, or is empty; put it back where it was")
