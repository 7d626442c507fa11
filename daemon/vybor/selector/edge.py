"""Whether the eyes are at a tile's words or at its edge: told by how far they moved, not by where they fall. Pure.

An error of the looks that stands, as that of an old calibration does, is the same at the words and at the edge a
moment later. So what was seen while the words were read says what the error is here; the look at the edge is
judged after it is taken off, as far as it is likelier an error than eyes that were not on the middle of the words.
"""

import math
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen
from vybor.foundation.clock import seconds
from vybor.selector import belief as b

WITHIN_WORDS = 0.2
"""Where in a tile its words are looked at: a standard deviation, in its widths and heights."""
FIRST_NS = seconds(0.4)
"""The words are what is looked at first, for so long at least; later the eyes may be at the edge already.

Looks that creep for longer (behind a blink they do where MediaPipe smooths, which it does not here) would hide the
edge until the dots have come. The looks just before the edge listens were tried in their place: in one of two
draws of three people eyes that only read then chose, once in ten minutes, where by the first looks they did not;
in the other nothing was better either (deploy/bench person --profile fair bad --people 3
--limit 15, seeds 1 and 2).
"""
LEAST_LOOKS = 3
AT_EDGES = b.WITHIN_TILE
"""Log-odds that the eyes are at no tile's edge, where it is least likely: right after a choice."""
LEFT = 0.62
"""So likely it must be that they have left: two in three…"""
MOST_SAID = 3.0
"""…and a look says no more of it than this: a wild one tells nothing alone, those of an eighth of a second do."""


class Words(msgspec.Struct, frozen=True):
    """The mean of the looks at the words of the leading tile."""

    from_ns: int
    x: float
    y: float
    looks: int


class AtEdge(msgspec.Struct, frozen=True):
    """What is believed of the leading tile alone: its edge against its words."""

    slot: int | None = None
    log_odds: float = 0.0
    words: Words | None = None
    by_place: float = 0.0
    """As `log_odds`, of the looks as they fall, their error and all. Where it alone speaks for the edge, the error
    may have been misjudged: the first looks were not at the words."""


def step(known: AtEdge, tile: m.Tile, point: m.GazePoint, at_ns: int, since_ns: int) -> AtEdge:
    """Add a look, so long after the one before; `tile` leads now.

    What was known does not fade, as eyes that stay at an edge go on saying so; but they may have moved.
    """
    if tile.slot != known.slot:
        known = AtEdge(tile.slot)
    near = without_error(point, known.words, on_screen(b.body(tile)))
    log_odds = _added(known.log_odds, tile, near, since_ns)
    words = known.words if log_odds > 0 else _with(known.words, point, at_ns)
    return AtEdge(tile.slot, log_odds, words, _added(known.by_place, tile, point, since_ns))


def _added(known: float, tile: m.Tile, look: m.GazePoint, since_ns: int) -> float:
    words, edge = b.body(tile), tile.pad
    says = math.log(max(b.density(look, edge), b.FLOOR)) - math.log(max(b.density(look, words), b.FLOOR))
    return max(b.WITHIN_TILE, min(-b.WITHIN_TILE, known)) + b.TEMPER * b.weight_of(since_ns) * says


def share(known: AtEdge) -> float:
    """How probable the edge is, if it is this tile."""
    return 1 / (1 + math.exp(-known.log_odds))


def left(known: float | None, tiles: Sequence[m.Tile], point: m.GazePoint, since_ns: int) -> float | None:
    """Add a look to the log-odds that the eyes have left the edges of all tiles; None once they have."""
    if known is None:
        return None
    edge = max(b.density(point, tile.pad) for tile in tiles)
    other = max(b.ELSEWHERE_DENSITY, *(b.density(point, b.body(tile)) for tile in tiles))
    says = math.log(other) - math.log(max(edge, b.FLOOR))
    known = max(AT_EDGES, known) + b.TEMPER * b.weight_of(since_ns) * max(-MOST_SAID, min(MOST_SAID, says))
    return None if known >= LEFT else known


def without_error(point: m.GazePoint, words: Words | None, area: m.Area) -> m.GazePoint:
    """The look less the error that the looks at the words of this area speak for."""
    if words is None or words.looks < LEAST_LOOKS:
        return point
    x, sd_x = _mended((point.x, point.sd_x, point.standing_x), words.x, (area.left, area.right))
    y, sd_y = _mended((point.y, point.sd_y, point.standing_y), words.y, (area.top, area.bottom))
    return m.GazePoint(x=x, y=y, sd_x=sd_x, sd_y=sd_y)


def _mended(look: tuple[float, float, float], mean: float, ends: tuple[float, float]) -> tuple[float, float]:
    """One axis: the look's place and how exact it is, without what stands of its error.

    The mean is about as noisy as one look, which is a mean itself.
    """
    seen, sd, standing = look
    noise, within = max(0.0, sd**2 - standing**2), WITHIN_WORDS * (ends[1] - ends[0])
    share_of_error = standing**2 / (standing**2 + within**2 + noise) if standing else 0.0
    place = seen - share_of_error * (mean - sum(ends) / 2)
    return place, math.sqrt(noise + standing**2 * (1 - share_of_error))


def _with(words: Words | None, point: m.GazePoint, at_ns: int) -> Words:
    if words is None:
        return Words(at_ns, point.x, point.y, 1)
    if words.looks >= LEAST_LOOKS and at_ns - words.from_ns > FIRST_NS:
        return words
    looks = words.looks + 1
    return Words(
        words.from_ns, words.x + (point.x - words.x) / looks, words.y + (point.y - words.y) / looks, looks
    )
