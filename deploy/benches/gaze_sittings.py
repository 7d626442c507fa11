"""Frames with known dots, cut into sittings: which calibrate, which were kept before, which are judged. Pure."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.gaze.looks.calibration import DOTS

Numbers = NDArray[np.float64]

POOL = 60
"""Frames of which a sitting's dots are taken: those nearest to where the kit shows its own."""
JUDGED = 60
"""Frames right behind them."""
STEP = 40
EARLIEST = 400
"""As many looks as the first sitting has to have before it."""


class Sitting(msgspec.Struct, frozen=True):
    """Indices into the frames, in the order in which they were taken."""

    dots: tuple[int, ...]
    earlier: tuple[int, ...]
    """Everything before this sitting, the newest last."""
    judged: tuple[int, ...]


def sittings(places: Numbers) -> Iterator[Sitting]:
    """Sitting after sitting over dots (frames, 2) in fractions of the screen; each knows only what was before."""
    for first in range(EARLIEST, len(places) - POOL - JUDGED + 1, STEP):
        pool = range(first, first + POOL)
        yield Sitting(
            nearest(places, pool), tuple(range(first)), tuple(range(first + POOL, first + POOL + JUDGED))
        )


def nearest(places: Numbers, pool: Sequence[int]) -> tuple[int, ...]:
    """For each of the kit's dots the frame of the pool whose own dot is nearest; each frame once."""
    left = list(pool)
    found = []
    for dot in DOTS:
        at = min(left, key=lambda one: float(((places[one] - dot) ** 2).sum()))
        left.remove(at)
        found.append(at)
    return tuple(found)


def tile_of(places: Numbers, columns: int, rows: int) -> NDArray[np.int64]:
    """Which tile of a whole screen each place is on, or is nearest to."""
    column = np.clip((places[:, 0] * columns).astype(np.int64), 0, columns - 1)
    row = np.clip((places[:, 1] * rows).astype(np.int64), 0, rows - 1)
    return column + columns * row


def on_words(places: Numbers, columns: int, rows: int, sd: float) -> Numbers:
    """How much each dot counts, if it were looked at for what stands on its tile.

    Words are looked at around a tile's middle, with this standard deviation in widths and heights of the tile;
    dots of a set lie anywhere. A dot at the edge of a tile, which no word has, hardly counts.
    """
    within = np.stack([places[:, 0] * columns, places[:, 1] * rows], axis=1) % 1 - 0.5
    weights: Numbers = np.exp(-(within**2).sum(axis=1) / (2 * sd**2))
    return weights
