"""How a face is while it rests: the running middle of its last seconds, and how far it strays from that. Pure.

A face is never still, and moves its own middle: it sinks in a bed, or smiles for an hour. What counts as a
movement is therefore held against the last seconds at rest, and against how restless those were.
"""

import math
import statistics

import msgspec

from vybor.foundation.clock import seconds

EVERY_NS = seconds(0.2)
"""Pictures closer together say the same."""
MOST = 50
"""Ten seconds."""
LEAST = 6
"""A bit more than a second: until then nobody knows how this face rests."""
NORMAL = 1.4826
"""From the median of a distance to a standard deviation, if it is spread normally."""

Place = tuple[float, ...]


class Rest(msgspec.Struct, frozen=True):
    """The last places at rest, and what they come to."""

    places: tuple[Place, ...] = ()
    kept_ns: int = 0
    middle: Place = ()
    spread: float = 0.0

    @property
    def is_known(self) -> bool:
        """Whether anything can be held against it."""
        return len(self.places) >= LEAST


def kept(rest: Rest, place: Place, at_ns: int) -> Rest:
    """Add a picture at rest."""
    if rest.places and at_ns - rest.kept_ns < EVERY_NS:
        return rest
    places = (*rest.places, place)[-MOST:]
    middle = tuple(statistics.median(column) for column in zip(*places, strict=True))
    spread = NORMAL * statistics.median(math.dist(each, middle) for each in places)
    return Rest(places, at_ns, middle, spread)
