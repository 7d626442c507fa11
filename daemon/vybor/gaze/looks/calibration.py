"""Nine dots, five or three: which one is shown, which samples count, what to do about a bad one. Pure.

Nine make a model; five, where words and groups of letters stand, mend one that is there; three check it.

A sample counts only if it was captured while the display said that this very dot was on the screen, and some time
after it came there: the eye has to arrive.
"""

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import WhichEyes
from vybor.gaze.faces.face import Floats
from vybor.gaze.faces.features import IRIS_COLUMNS, POINTING_COLUMNS, is_of_head
from vybor.gaze.faces.sides import BOTH, WANTED, Sides
from vybor.gaze.points.model import Look

LOW, MIDDLE, HIGH = 0.06, 0.5, 0.94
DOTS = (
    (MIDDLE, MIDDLE), (LOW, LOW), (HIGH, LOW), (HIGH, HIGH), (LOW, HIGH),
    (MIDDLE, LOW), (HIGH, MIDDLE), (MIDDLE, HIGH), (LOW, MIDDLE),
)  # fmt: skip
BRIEF = ((MIDDLE, MIDDLE), (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
CHECK = ((0.2, 0.2), (0.8, 0.2), (MIDDLE, 0.8))
"""Where looks fall as a whole three dots say as well as five do, and one does not (points/mending.py)."""
SETTLE_NS = seconds(0.4)
SAMPLES, BRIEF_SAMPLES = 12, 18
"""Of each dot; of few dots more, so that their noise is no error of the place."""
LEAST_GOOD = 8
"""Samples of a dot that must agree."""
LARGEST_SPREAD = (0.02, 0.015)
"""Median deviation of the iris along and across the eye, in its widths; a whole screen is about 0.3 and 0.1."""
LARGEST_SWAY = (0.02, 0.02)
"""Where the head points: of its yaw and pitch, in radians; a degree. A whole screen is .3 or more."""
OUTLIER = 4.0
"""Median deviations from the median at which a sample is dropped."""
TRIES = 3
LEAST_SHARE = 0.75
"""Of the dots that must be looked at calmly: seven of nine, four of five."""
PATIENCE_NS = seconds(15)
"""A dot that nobody looks at for so long ends the calibration: the screen is needed for writing."""
DISPLAY_SILENT_NS = seconds(1.2)


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """A calibration under way."""

    dots: tuple[tuple[float, float], ...] = DOTS
    """Their places on the screen."""
    dot: int
    begun_ns: int
    """When this try at this dot began."""
    seen_ns: int | None = None
    """Since when the display shows the dot."""
    shown_ns: int = 0
    """When the display last said so."""
    rows: tuple[Floats, ...] = ()
    last_ns: int
    """When the last sample was taken, or the dot begun."""
    tries: int = 1
    good: tuple[tuple[int, Floats], ...] = ()
    """Dots that are done, with their samples."""
    given_up: bool = False
    eyes: WhichEyes = WhichEyes.BOTH
    """Whose calm counts."""

    @property
    def samples(self) -> int:
        """How many make a dot."""
        return SAMPLES if self.dots == DOTS else BRIEF_SAMPLES

    @property
    def finished(self) -> bool:
        """Whether every dot has been shown."""
        return self.dot >= len(self.dots)


def begin(
    now_ns: int, *, brief: bool = False, check: bool = False, eyes: WhichEyes = WhichEyes.BOTH
) -> Calibration:
    """Show the first dot."""
    dots = CHECK if check else BRIEF if brief else DOTS
    return Calibration(dots=dots, dot=0, begun_ns=now_ns, last_ns=now_ns, eyes=eyes)


def shown(calibration: Calibration, shown: m.Shown, now_ns: int) -> Calibration:
    """Take in what the display shows."""
    target = shown.target
    if calibration.finished or target is None or not _is_this_dot(calibration, target):
        return _calibration(calibration, seen_ns=None)
    since_ns = calibration.seen_ns
    if since_ns is None:
        since_ns = max(shown.at_ns, calibration.begun_ns)
    return _calibration(calibration, seen_ns=since_ns, shown_ns=now_ns)


def _is_this_dot(calibration: Calibration, target: m.CalibrationTarget) -> bool:
    """By its place too: a display that is late may still show the dot of this number of the calibration before."""
    return target.dot == calibration.dot and (target.x, target.y) == calibration.dots[calibration.dot]


def sampled(calibration: Calibration, row: Floats, captured_ns: int, now_ns: int) -> Calibration:
    """Take in the features of a frame with steady, open eyes."""
    since_ns = calibration.seen_ns
    if calibration.finished or calibration.given_up or since_ns is None:
        return calibration
    if captured_ns < since_ns + SETTLE_NS or captured_ns > calibration.shown_ns + DISPLAY_SILENT_NS:
        return calibration
    rows = (*calibration.rows, row)
    if len(rows) < calibration.samples:
        return _calibration(calibration, rows=rows, last_ns=now_ns)
    return _judged(calibration, calm(np.array(rows), calibration.eyes), now_ns)


def waited(calibration: Calibration, now_ns: int) -> Calibration:
    """Give up when nothing came for too long."""
    if now_ns - calibration.last_ns <= PATIENCE_NS:
        return calibration
    return _calibration(calibration, given_up=True)


def target(calibration: Calibration | None, now_ns: int) -> m.CalibrationTarget:
    """What the display should show."""
    if calibration is None or calibration.finished or calibration.given_up:
        dots = DOTS if calibration is None else calibration.dots
        return m.CalibrationTarget(at_ns=now_ns, dot=None, dots=len(dots))
    x, y = calibration.dots[calibration.dot]
    return m.CalibrationTarget(
        at_ns=now_ns,
        dot=calibration.dot,
        dots=len(calibration.dots),
        x=x,
        y=y,
        progress=len(calibration.rows) / calibration.samples,
    )


def is_enough(calibration: Calibration) -> bool:
    """Whether a finished calibration has as many good dots as it needs."""
    return calibration.finished and len(calibration.good) >= LEAST_SHARE * len(calibration.dots)


def looks(calibration: Calibration, number: int) -> list[Look]:
    """The looks of a finished calibration; none if too few dots were good."""
    if not is_enough(calibration):
        return []
    places = calibration.dots
    return [
        Look(x=places[dot][0], y=places[dot][1], rows=rows, calibration=number) for dot, rows in calibration.good
    ]


def calm(rows: Floats, eyes: WhichEyes) -> Floats | None:
    """The samples of a dot that agree, by both eyes or by one that may stand alone: the other may wander."""
    return next((kept for sides in WANTED[eyes] if (kept := agreeing(rows, sides)) is not None), None)


def agreeing(rows: Floats, sides: Sides = BOTH) -> Floats | None:
    """The samples of a dot without the outliers, or None if the eyes did not hold still.

    Judged by the irises alone, against their median; where the head points, by that.
    """
    points = is_of_head(rows)
    irises = [column for side in sides for column in IRIS_COLUMNS[2 * side : 2 * side + 2]]
    aims, largest = rows[:, POINTING_COLUMNS if points else irises], LARGEST_SWAY if points else LARGEST_SPREAD
    away = np.abs(aims - np.median(aims, axis=0))
    deviation = np.median(away, axis=0)
    along, across = deviation[0::2].mean(), deviation[1::2].mean()
    limit = np.maximum(OUTLIER * deviation, np.tile(largest, len(deviation) // 2))
    kept: Floats = rows[(away <= limit).all(axis=1)]
    if along > largest[0] or across > largest[1] or len(kept) < LEAST_GOOD:
        return None
    return kept


def _judged(calibration: Calibration, kept: Floats | None, now_ns: int) -> Calibration:
    """Go on to the next dot, or try this one again; after some tries it is left out."""
    if kept is None and calibration.tries < TRIES:
        return _calibration(
            calibration, rows=(), tries=calibration.tries + 1, begun_ns=now_ns, seen_ns=None, last_ns=now_ns
        )
    good = calibration.good if kept is None else (*calibration.good, (calibration.dot, kept))
    return Calibration(
        dots=calibration.dots,
        dot=calibration.dot + 1,
        begun_ns=now_ns,
        last_ns=now_ns,
        good=good,
        eyes=calibration.eyes,
    )


_calibration = msgspec.structs.replace
