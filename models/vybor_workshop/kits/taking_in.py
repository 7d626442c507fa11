"""The seam to the data set: segments go in, and what came of them comes back."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from vybor.segments.segment import Segment
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.kits.syncing import Ingested, TakeIn


def into(url: str, home: Path, say: Callable[[str], None]) -> TakeIn:
    """Take segments into the data set there. Raises Missing for a place that is none."""
    ingest, data_set = (import_module(f"vybor_workshop.log.{name}") for name in ("ingest", "data_set"))
    data = data_set.DataSet(url, home / "locks")

    def take_in(segments: Sequence[Segment], keys: KitKeys) -> Ingested:
        taken: Ingested = ingest.ingest(segments, keys, data, say)
        return taken

    return take_in
