"""Belief over tiles: what a look says about which tile is meant.

Evidence, not thresholds. Each tile has a body and a pad; with *elsewhere* they are the hypotheses. A look
is a Gaussian; its likelihood under a hypothesis is the Gaussian's mass over the hypothesis's rectangle divided by
the rectangle's size (the person looks anywhere inside it). Frames 33 ms apart are nearly one sample, so each
counts for `TEMPER` of itself, and old ones fade.
"""

import math
from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad

TEMPER = 0.5
FADE_S = 0.2
"""Time constant with which a look fades: three or four looks at 15 Hz speak together."""
ELSEWHERE_DENSITY = 1 / (1.3 * 1.7)
"""Elsewhere is anywhere on the screen and its surroundings, as far out as tiles reach."""
FLOOR = 1e-6
"""Least density of a look under any hypothesis: one wild sample decides nothing."""
PRIOR_EXPONENT = 0.3
PRIOR_FLOOR = -0.7
"""The language model's prior is capped: it shortens a look, it never chooses."""


class Belief(msgspec.Struct, frozen=True):
    """Log-evidence of each tile's body and pad against elsewhere, in the order of the tiles."""

    bodies: tuple[float, ...]
    pads: tuple[float, ...]
    at_ns: int


class Posterior(msgspec.Struct, frozen=True):
    """Probabilities that the eyes are on each tile, and on its pad; the rest is elsewhere."""

    tiles: tuple[float, ...]
    pads: tuple[float, ...]


def blank(tiles: Sequence[m.Tile], at_ns: int) -> Belief:
    """Know nothing."""
    return Belief((0.0,) * len(tiles), (0.0,) * len(tiles), at_ns)


def observe(belief: Belief, tiles: Sequence[m.Tile], point: m.GazePoint, at_ns: int) -> Belief:
    """Let what was known fade, and add one look."""
    kept = math.exp(-max(0, at_ns - belief.at_ns) / 1e9 / FADE_S)
    elsewhere = math.log(ELSEWHERE_DENSITY)

    def added(log_evidence: float, area: m.Area) -> float:
        return kept * log_evidence + TEMPER * (math.log(max(density(point, area), FLOOR)) - elsewhere)

    return Belief(
        tuple(added(known, body(tile)) for known, tile in zip(belief.bodies, tiles, strict=True)),
        tuple(added(known, tile.pad) for known, tile in zip(belief.pads, tiles, strict=True)),
        at_ns,
    )


def posterior(belief: Belief, tiles: Sequence[m.Tile], *, use_prior: bool = True) -> Posterior:
    """Turn evidence and the capped prior into probabilities."""
    priors = [log_prior(tile) if use_prior else 0.0 for tile in tiles]
    bodies = [math.exp(value + prior) for value, prior in zip(belief.bodies, priors, strict=True)]
    pads = [math.exp(value + prior) for value, prior in zip(belief.pads, priors, strict=True)]
    total = sum(bodies) + sum(pads) + 1.0
    return Posterior(
        tuple((a + b) / total for a, b in zip(bodies, pads, strict=True)), tuple(b / total for b in pads)
    )


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
    return all(math.isfinite(value) for value in (point.x, point.y, point.sd_x, point.sd_y))


def density(point: m.GazePoint, area: m.Area) -> float:
    """Mean of the look's Gaussian over a rectangle: how likely this look is if the eyes are in there."""
    across = _mass(area.left, area.right, point.x, point.sd_x)
    down = _mass(area.top, area.bottom, point.y, point.sd_y)
    return across * down / ((area.right - area.left) * (area.bottom - area.top))


def _mass(low: float, high: float, mean: float, sd: float) -> float:
    scale = max(sd, 1e-4) * math.sqrt(2)
    return 0.5 * (math.erf((high - mean) / scale) - math.erf((low - mean) / scale))
