"""Which part of a path the eyes followed, and the looks that this makes. Pure numpy.

Eyes that follow a dot move as it does (Vidal, Bulling and Gellersen 2013; Pfeuffer and others 2013): in a window
of time what an iris shows is correlated with the dot's place. So nothing need be known of the eyes beforehand, and
what was not followed tells of itself and is left out. How late the eyes are, with the camera and the display, is
found by trying: the figure is passed in all directions, so that a wrong delay fits worse.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vybor.contracts import pursuit
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.gaze.faces.features import NAMES, POINTING_COLUMNS, SCALES, is_of_head
from vybor.gaze.points.model import Look

Numbers = npt.NDArray[np.floating]
Times = npt.NDArray[np.int64]
"""Of capture, monotonic, in nanoseconds."""
Marked = npt.NDArray[np.bool_]

DELAYS_NS = tuple(seconds(0.05 * step) for step in range(7))
"""Eyes follow what they foresee at once, what surprises them .1 to .15 s later; a camera is late by as much."""
WINDOW_NS = seconds(3)
"""Near a corner the dot needs so long to go an eighth of the screen; in less, noise moves more than the eyes."""
FOLLOWS = 0.7
"""Vidal 2013 and Esteves 2015 ask for .8 in .5 to 1 s of a tracker ten times as exact."""
LEAST_WINDOW = 12
"""Samples that tell of a correlation."""
OUTLIER = 4.0
"""Median distances from the path at which one sample is dropped: a saccade ahead, or back to where it was lost."""
ROUNDS = 3
"""Of finding what was followed, by what was followed."""
LEAST_SHARE = 0.5
"""Of the path that has to be followed."""
PART_NS = seconds(0.4)
"""Samples that make a look: the dot goes a twentieth of the screen meanwhile."""
LEAST_SAMPLES = 4
WEIGHT = 9.0
"""Of all the looks of a path together: that of nine dots."""
ACROSS = [NAMES.index(f"iris_x_{side}") for side in ("left", "right")]
DOWN = [NAMES.index(f"{name}_{side}") for name in ("iris_y", "upper_lid") for side in ("left", "right")]
"""Upper lids follow eyes that go down better than landmarks of the iris do."""


class Followed(NamedTuple):
    """What was followed of a path."""

    kept: Marked
    """Of each sample, whether the eyes were on the dot."""
    delay_ns: int
    """From the dot's place to the picture that shows eyes on it."""


def followed(times_ns: Times, rows: Numbers, moves_ns: int) -> Followed:
    """From capture times, samples x features, and when the dot began to move."""
    axes = [[column] for column in POINTING_COLUMNS] if is_of_head(rows) else (ACROSS, DOWN)
    signs = np.stack([(rows[:, which] / SCALES[which]).mean(axis=1) for which in axes], axis=1)
    kept = np.ones(len(rows), bool)
    delay_ns = 0
    for _ in range(ROUNDS):
        delay_ns = max(DELAYS_NS, key=lambda late: _fits(signs[kept], places(times_ns[kept], moves_ns, late)))
        kept = _on_it(times_ns, signs, places(times_ns, moves_ns, delay_ns), kept)
        if kept.sum() < LEAST_WINDOW:
            return Followed(np.zeros(len(rows), bool), delay_ns)
    return Followed(kept, delay_ns)


def places(times_ns: Times, moves_ns: int, delay_ns: int) -> Numbers:
    """Where the dot was that is in pictures of these times: samples x 2."""
    return np.array([pursuit.place(int(at_ns) - moves_ns - delay_ns) for at_ns in times_ns]).reshape(-1, 2)


def looks(times_ns: Times, rows: Numbers, moves_ns: int, number: int) -> list[Look]:
    """The looks of a path; none if too little of it was followed, or not all over the screen."""
    if len(rows) < LEAST_WINDOW:
        return []
    kept, delay_ns = followed(times_ns, rows, moves_ns)
    part = (times_ns - moves_ns) // PART_NS
    on_it = places(times_ns, moves_ns, delay_ns)
    found = [
        (on_it[these].mean(axis=0), _as_if_still(times_ns[these], rows[these]))
        for one in np.unique(part)
        if (these := kept & (part == one)).sum() >= LEAST_SAMPLES
    ]
    quarters = {(x > pursuit.MIDDLE, y > pursuit.MIDDLE) for (x, y), _ in found}
    if len(found) * PART_NS < LEAST_SHARE * pursuit.LASTS_NS or len(quarters) < 4:
        return []
    weight = min(1.0, WEIGHT / len(found))
    return [Look(x=float(x), y=float(y), rows=still, calibration=number, weight=weight) for (x, y), still in found]


def _fits(signs: Numbers, on_it: Numbers) -> float:
    """How well both axes of what the eyes show go with the path."""
    return float(sum(abs(_correlation(signs[:, axis], on_it[:, axis])) for axis in (0, 1)))


def _correlation(one: Numbers, other: Numbers) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float(one @ other) / size if size > 0 else 0.0


def _on_it(times_ns: Times, signs: Numbers, on_it: Numbers, kept: Marked) -> Marked:
    """Of each sample, whether the eyes were on the dot around that time, as those tell that are held for so.

    What the eyes show is brought to the screen by a line an axis, and each axis counts by how exact it is.
    """
    path, shown, weights = on_it.copy(), np.empty_like(on_it), np.empty(2)
    for axis in (0, 1):
        about = on_it[kept, axis] - on_it[kept, axis].mean()
        slope = float(about @ signs[kept, axis]) / max(float(about @ about), 1e-12)
        if abs(slope) < 1e-9:
            return np.zeros(len(kept), bool)
        shown[:, axis] = (signs[:, axis] - signs[kept, axis].mean()) / slope + on_it[kept, axis].mean()
        weights[axis] = 1 / max(float(np.median((shown[kept, axis] - path[kept, axis]) ** 2)), 1e-12)
    away = ((shown - path) ** 2 * weights).sum(axis=1)
    near = away <= OUTLIER**2 * np.median(away[kept])
    scale = np.sqrt(weights)
    along = [_moves_with(times_ns, shown * scale, path * scale, int(at_ns)) for at_ns in times_ns]
    marked: Marked = near & np.array(along, bool)
    return marked


def _moves_with(times_ns: Times, shown: Numbers, path: Numbers, at_ns: int) -> bool:
    """Whether the eyes moved as the dot did, in the window around a time."""
    window = np.abs(times_ns - at_ns) <= WINDOW_NS / 2
    if window.sum() < LEAST_WINDOW:
        return False
    seen, gone = shown[window] - shown[window].mean(axis=0), path[window] - path[window].mean(axis=0)
    size = float(np.sqrt((seen**2).sum() * (gone**2).sum()))
    return size > 0 and float((seen * gone).sum()) / size >= FOLLOWS


def _as_if_still(times_ns: Times, rows: Numbers) -> Numbers:
    """Samples of a look without what changed as the dot went on; their noise as large as it was."""
    about = (times_ns - times_ns.mean()) / SECOND_NS
    middle = rows.mean(axis=0)
    left = rows - middle - np.outer(about, about @ (rows - middle) / max(float(about @ about), 1e-12))
    still: Numbers = middle + left * np.sqrt(len(rows) / (len(rows) - 2))
    return still.astype(np.float32)
