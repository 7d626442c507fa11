"""One belief over tiles, elsewhere and closed eyes: what each look says about which of them it is.

Evidence, not thresholds. Each tile has a body and a pad; with *elsewhere* and *eyes closed* they are the
hypotheses. A look is a Gaussian; its likelihood under a tile is the Gaussian's mass over the tile's rectangle
divided by the rectangle's size (the person looks anywhere inside it). Frames 33 ms apart are nearly one sample,
so each counts for `TEMPER` of itself, those that come faster than `FRAME_NS` for less, and old ones fade. Eyes
move on: whatever was seen, no place is ruled out, and from a tile to its pad it is one step.

A look without a point is evidence too: closed lids speak for closed eyes, a frame that could not be measured a
little, and a face that is not there against every tile.
"""

import math
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.foundation.clock import seconds

TEMPER = 0.5
FRAME_NS = seconds(1 / 15)
"""Looks closer together than those of the camera say less each: what counts is the time that they cover."""
FADE_S, NOISY_FADE_S = 0.35, 0.9
"""Time constant with which a look fades: of looks whose whole error stands, where more of them prove no more than
one does, and of looks that are all noise, which averages out."""
LIDS_FADE_S = 0.05
"""Lids open and close faster than eyes move on."""
ELSEWHERE_DENSITY = 1 / (1.3 * 1.7)
"""Elsewhere is anywhere on the screen and its surroundings, as far out as tiles reach."""
USUAL_TILE = 0.264
"""Of the screen, with what lies beyond its edge: a corner of ten zones. On larger tiles looks are spread thinner,
and elsewhere would win by that alone; but the larger tiles are, the less of the screen is elsewhere."""
FLOOR = 1e-6
"""Least density of a look under any hypothesis: one wild sample decides nothing."""
CLOSED_PRIOR = -2.0
"""Log-odds that eyes are closed of which nothing is known: about one moment in eight."""
UNSEEN_SAYS = {m.Eyes.CLOSED: 4.0, m.Eyes.OPEN: 1.5, m.Eyes.ABSENT: 0.0}
"""Log-odds of closed eyes that a look without a point adds: the camera seldom takes open eyes for closed ones;
that it cannot measure open ones happens far more often."""
POINT_SAYS = -4.0
"""Nobody can measure where closed eyes look."""
LARGEST_ERROR = 100.0
"""Of a look, in screens: more is no look."""
MOVES_ON = -4.6
"""Log-probability that the eyes have gone to one certain other place since the last look: three or four saccades a
second, to any of some twenty places…"""
WITHIN_TILE = -2.3
"""…and to the other part of the same tile: its pad is what is looked at after its words."""
ABSENT_SAYS = -1.5
"""Log-odds of each tile while the camera sees no face."""
PRIOR_EXPONENT = 0.3
PRIOR_FLOOR = -0.7
"""The language model's prior is capped: it shortens a look, it never chooses."""


class Belief(msgspec.Struct, frozen=True):
    """Log-evidence of each tile's body and pad against elsewhere, in their order, and of closed eyes."""

    bodies: tuple[float, ...]
    pads: tuple[float, ...]
    at_ns: int
    closed: float = 0.0


class Posterior(msgspec.Struct, frozen=True):
    """Probabilities that the eyes are on each tile, and closed; the rest is elsewhere."""

    tiles: tuple[float, ...]
    closed: float


def blank(tiles: Sequence[m.Tile], at_ns: int) -> Belief:
    """Know nothing."""
    return Belief((0.0,) * len(tiles), (0.0,) * len(tiles), at_ns)


def observe(belief: Belief, tiles: Sequence[m.Tile], point: m.GazePoint, at_ns: int) -> Belief:
    """Let what was known fade, and add one look at a place."""
    before, weight = _faded(belief, at_ns, point)
    elsewhere = math.log(ELSEWHERE_DENSITY)

    def added(known: float, area: m.Area) -> float:
        return known + TEMPER * weight * (math.log(max(density(point, area), FLOOR)) - elsewhere)

    return Belief(
        tuple(added(known, body(tile)) for known, tile in zip(before.bodies, tiles, strict=True)),
        tuple(added(known, tile.pad) for known, tile in zip(before.pads, tiles, strict=True)),
        at_ns,
        before.closed + POINT_SAYS * weight,
    )


def observe_unseen(belief: Belief, eyes: m.Eyes, at_ns: int) -> Belief:
    """Let what was known fade, and add a look that has no place."""
    before, weight = _faded(belief, at_ns)
    added = TEMPER * weight * ABSENT_SAYS if eyes is m.Eyes.ABSENT else 0.0
    return Belief(
        tuple(known + added for known in before.bodies),
        tuple(known + added for known in before.pads),
        at_ns,
        before.closed + UNSEEN_SAYS[eyes] * weight,
    )


def posterior(belief: Belief, tiles: Sequence[m.Tile], *, use_prior: bool = True) -> Posterior:
    """Turn evidence and the capped prior into probabilities."""
    priors = [log_prior(tile) if use_prior else 0.0 for tile in tiles]
    bodies = [math.exp(value + prior) for value, prior in zip(belief.bodies, priors, strict=True)]
    pads = [math.exp(value + prior) for value, prior in zip(belief.pads, priors, strict=True)]
    closed = 1 / (1 + math.exp(-belief.closed - CLOSED_PRIOR))
    each = (1 - closed) / (sum(bodies) + sum(pads) + _elsewhere(tiles))
    return Posterior(tuple((a + b) * each for a, b in zip(bodies, pads, strict=True)), closed)


def log_prior(tile: m.Tile) -> float:
    """The capped log-prior of a tile; controls, which no model rates, have none."""
    if tile.p is None or tile.p <= 0:
        return 0.0
    return max(PRIOR_FLOOR, PRIOR_EXPONENT * math.log(min(1.0, tile.p)))


def body(tile: m.Tile) -> m.Area:
    """The tile without its pad."""
    return without_pad(tile.area, tile.pad)


def is_finite(point: m.GazePoint) -> bool:
    """Whether a look is a look, not noise in numbers."""
    sizes = (point.sd_x, point.sd_y, point.standing_x, point.standing_y)
    return math.isfinite(point.x) and math.isfinite(point.y) and all(0 <= size < LARGEST_ERROR for size in sizes)


def density(point: m.GazePoint, area: m.Area) -> float:
    """Mean of the look's Gaussian over a rectangle: how likely this look is if the eyes are in there."""
    across = _mass(area.left, area.right, point.x, point.sd_x)
    down = _mass(area.top, area.bottom, point.y, point.sd_y)
    return across * down / ((area.right - area.left) * (area.bottom - area.top))


def weight_of(since_ns: int) -> float:
    """How much a look counts that comes so long after the one before."""
    return min(1.0, max(0, since_ns) / FRAME_NS)


def fade_s(point: m.GazePoint | None) -> float:
    """How fast what was known fades, by what kind of error the looks have."""
    if point is None:
        return FADE_S
    standing = point.standing_x**2 + point.standing_y**2
    return NOISY_FADE_S - (NOISY_FADE_S - FADE_S) * min(1.0, standing / max(1e-9, point.sd_x**2 + point.sd_y**2))


def _elsewhere(tiles: Sequence[m.Tile]) -> float:
    """How likely elsewhere is beside one tile, before anything was seen."""
    covered = sum((tile.area.right - tile.area.left) * (tile.area.bottom - tile.area.top) for tile in tiles)
    return min(1.0, USUAL_TILE * len(tiles) / covered) if tiles else 1.0


def _faded(belief: Belief, at_ns: int, point: m.GazePoint | None = None) -> tuple[Belief, float]:
    """What is still known when the next look comes, as eyes may have moved on, and how much that look counts."""
    since_ns = max(0, at_ns - belief.at_ns)
    kept, weight = math.exp(-since_ns / 1e9 / fade_s(point)), weight_of(since_ns)
    bodies, pads = [kept * known for known in belief.bodies], [kept * known for known in belief.pads]
    least = math.log(1.0 + sum(map(math.exp, bodies)) + sum(map(math.exp, pads))) + MOVES_ON
    closed = math.exp(-since_ns / 1e9 / LIDS_FADE_S) * belief.closed
    faded = Belief(
        tuple(max(a, b + WITHIN_TILE, least) for a, b in zip(bodies, pads, strict=True)),
        tuple(max(b, a + WITHIN_TILE, least) for a, b in zip(bodies, pads, strict=True)),
        at_ns,
        closed,
    )
    return faded, weight


def _mass(low: float, high: float, mean: float, sd: float) -> float:
    scale = max(sd, 1e-4) * math.sqrt(2)
    return 0.5 * (math.erf((high - mean) / scale) - math.erf((low - mean) / scale))
