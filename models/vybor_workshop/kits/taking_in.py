"""The seam to the data set: segments go in, and what came of them comes back."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from vybor.foundation.errors import Missing
from vybor.segments.segment import Segment
from vybor_workshop import growth
from vybor_workshop.kits.home import Home, Kit
from vybor_workshop.kits.keys import Ingested, KitKeys
from vybor_workshop.kits.syncing import TakeIn
from vybor_workshop.kits.whereabouts import agree, if_gone, remember, tell_all
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest
from vybor_workshop.said import without_password

PASSING = ("memory",)
"""Stores that end with the process."""


def into(url: str, home: Path, say: Callable[[str], None]) -> TakeIn:
    """Take segments into the data set there. Raises Missing for a place that is none, or does not last."""
    data = DataSet(url, home / "locks")
    if data.protocol in PASSING:
        raise Missing(
            f"what is kept in {url} is gone when this command ends, and the kit would remove its own; name a "
            "folder or a store with --data"
        )
    looked: set[str] = set()

    def everywhere(kit: Kit, keys: KitKeys, *, deletes: bool) -> Mapping[str, str]:
        """Once for what was owed before, then whenever something is deleted: another place may be far away."""
        if not deletes and (keys.kit in looked or agree(Home(home), kit, data)):
            return {}
        looked.add(keys.kit)
        return tell_all(Home(home), kit, keys, data, say)

    def take_in(segments: Sequence[Segment], keys: KitKeys) -> Ingested:
        kit = Home(home).paired(keys.kit)
        if kit:
            kit = remember(kit, data, home)
        ingested = ingest(segments, keys, data, say)
        owed = everywhere(kit, keys, deletes=bool(ingested.deleting)) if kit else {}
        for grown in growth.forget(home, keys.kit, stale.remember(data, home, keys.kit).places):
            say(f"{keys.name}: growth {grown.name} is stale: it was made of what is deleted by now")
        return _without_receipt(ingested, owed, keys, say) if owed else ingested

    return take_in


def _without_receipt(
    ingested: Ingested, owed: Mapping[str, str], keys: KitKeys, say: Callable[[str], None]
) -> Ingested:
    """What tells of deletions stays on the kit as long as a data set owes one, and comes again."""
    for url, why in owed.items() if ingested.deleting else ():
        say(
            f"{keys.name}: what its wearer deleted is NOT deleted in {without_password(url)} yet ({why}); the "
            f"next sync tries again; {if_gone(keys.kit, url)}"
        )
    names = tuple(name for name in ingested.names if name not in ingested.deleting)
    return Ingested(names, ingested.quarantined, owed=ingested.deleting)
