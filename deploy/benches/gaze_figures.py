"""From guesses to figures: distances, tiles, ellipses, and how sure their ratios are. Pure."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from benches.gaze_sittings import Numbers, Sitting, on_words, tile_of
from vybor.points.correcting import WITHIN_TILE

DRAWS = 2000
SEED = 1
WITHIN_95 = 5.991
"""Of a squared distance in standard deviations, of two axes: 95 in 100 are below (chi squared, 2)."""
TILES = {"2x2": (2, 2), "3x2": (3, 2)}
WHAT_COUNTS = "prior400"


class Judged(msgspec.Struct, frozen=True):
    """Where a model took each judged frame to look, and how sure it was."""

    guesses: Numbers
    """(sittings, judged, 2), in fractions of the screen."""
    spreads: Numbers
    """The same: standard deviations."""


def figures(  # what a run is made of
    judged: Mapping[str, Judged],
    peer: Sequence[Numbers] | None,
    places: Numbers,
    planned: Sequence[Sitting],
    screen: tuple[int, int],
    px_per_degree: float,
) -> dict[str, float]:
    """Everything that the bench says."""
    true = np.array([places[list(one.judged)] for one in planned])
    found: dict[str, float] = {}
    away = {name: _px(one.guesses, true, screen) for name, one in judged.items()}
    for name, one in judged.items():
        found[f"px.{name}"] = float(away[name].mean())
        found |= _tiles(name, one.guesses, true) | _ellipses(name, one, true, screen, px_per_degree)
    found["coverage95"] = found[f"coverage95.{WHAT_COUNTS}"]
    found |= ratio("ratio_prior400_vs_cold9", away["prior400"], away["cold9"])
    if peer is not None:
        theirs = np.array(peer)
        seen = ~np.isnan(theirs[..., 0])
        distance = _px(np.nan_to_num(theirs), true, screen)
        found["px.eyetrax.cold9"] = float(distance[seen].mean())
        found |= _tiles("eyetrax.cold9", np.nan_to_num(theirs), true)
        found |= ratio(
            "ratio_vs_eyetrax.cold9", np.where(seen, away["cold9"], np.nan), np.where(seen, distance, np.nan)
        )
    return found


def ratio(name: str, ours: Numbers, theirs: Numbers) -> dict[str, float]:
    """Of mean distances (sittings, judged), with 95 in 100 of what is drawn anew from the sittings."""
    drawn = np.random.default_rng(SEED).integers(0, len(ours), (DRAWS, len(ours)))
    mine, other = np.nanmean(ours, axis=1), np.nanmean(theirs, axis=1)
    ratios = mine[drawn].mean(axis=1) / other[drawn].mean(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return {name: float(mine.mean() / other.mean()), f"{name}.low": float(low), f"{name}.high": float(high)}


def _px(guesses: Numbers, true: Numbers, screen: tuple[int, int]) -> Numbers:
    away = (guesses - true) * np.array(screen)
    distance: Numbers = np.hypot(away[..., 0], away[..., 1])
    return distance


def _tiles(name: str, guesses: Numbers, true: Numbers) -> dict[str, float]:
    found = {}
    flat, dots = guesses.reshape(-1, 2), true.reshape(-1, 2)
    for shape, (columns, rows) in TILES.items():
        right = tile_of(flat, columns, rows) == tile_of(dots, columns, rows)
        counts = on_words(dots, columns, rows, WITHIN_TILE)
        found[f"tile{shape}.{name}"] = float(right @ counts / counts.sum())
        found[f"tile{shape}_anywhere.{name}"] = float(right.mean())
    return found


def _ellipses(
    name: str, one: Judged, true: Numbers, screen: tuple[int, int], px_per_degree: float
) -> dict[str, float]:
    squared = (((one.guesses - true) / one.spreads) ** 2).sum(axis=-1)
    degrees = one.spreads * np.array(screen) / px_per_degree
    density = -squared / 2 - np.log(2 * np.pi * one.spreads.prod(axis=-1))
    return {
        f"coverage95.{name}": float((squared <= WITHIN_95).mean()),
        f"ellipse_deg2.{name}": float((np.pi * WITHIN_95 * degrees.prod(axis=-1)).mean()),
        f"loglik.{name}": float(density.mean()),
    }
