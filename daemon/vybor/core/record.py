"""What the record keeps of a choice beside what it did: the offer, the looks, and how it came about. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.selector import belief as b
from vybor.selector.state import Selector


def offered(tiles: Sequence[m.Tile], known: Selector) -> tuple[m.OfferedTile, ...]:
    """The tiles as they stood when the decision fell, with what the looks said of each."""
    looked = dict(known.gaze_ns)
    alone = _by_looks_alone(tiles, known)
    return tuple(_offered(tile, looked.get(tile.slot, 0), alone.get(tile.slot)) for tile in tiles)


def _offered(tile: m.Tile, gaze_ns: int, looked_p: float | None) -> m.OfferedTile:
    return m.OfferedTile(
        slot=tile.slot,
        role=tile.role,
        label=tile.label,
        grey=tile.grey,
        source=tile.source,
        p=tile.p,
        gaze_ms=gaze_ns / 1e6,
        looked_p=looked_p,
        origin=tile.origin,
        members=tuple(_offered(each, 0, None) for each in tile.members),
    )


def with_circumstances(decision: m.Decision, before: Writing, proposals: m.Proposals | None) -> m.Decision:
    """The decision with the page that it was made on, and with whose offer it answers."""
    decision = msgspec.structs.replace(decision, mode=before.mode, prefix=before.prefix, looks=before.looks)
    if proposals is None:
        return decision
    return msgspec.structs.replace(
        decision,
        model=proposals.model,
        propensity=proposals.propensity,
        took_ms=proposals.took_ms,
        was_ahead=proposals.was_ahead,
    )


def _by_looks_alone(tiles: Sequence[m.Tile], known: Selector) -> dict[int, float]:
    """How probable each slot is without the language model's prior; nothing where the belief is of other tiles."""
    if known.tiles != tuple(tiles):
        return {}
    believed = b.posterior(known.belief, tiles, use_prior=False)
    return {tile.slot: round(p, 4) for tile, p in zip(tiles, believed.tiles, strict=True)}
