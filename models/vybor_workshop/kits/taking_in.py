"""The seam to the data set: segments go in, and what came of them comes back."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vybor.segments.segment import Segment
from vybor_workshop import growth
from vybor_workshop.kits.keys import Ingested, KitKeys
from vybor_workshop.kits.syncing import TakeIn
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest


def into(url: str, home: Path, say: Callable[[str], None]) -> TakeIn:
    """Take segments into the data set there. Raises Missing for a place that is none."""
    data = DataSet(url, home / "locks")

    def take_in(segments: Sequence[Segment], keys: KitKeys) -> Ingested:
        ingested = ingest(segments, keys, data, say)
        for grown in growth.forget(home, keys.kit, len(stale.read(data, keys.kit).deletions)):
            say(f"{keys.name}: growth {grown.name} is stale: it was made of what is deleted by now")
        return ingested

    return take_in
