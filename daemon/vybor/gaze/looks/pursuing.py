"""A dot that is followed: when it begins to move, which samples count, whether it comes again. Pure.

It stands in the middle until open eyes were seen for a moment while it was shown; then it goes its way
(contracts/pursuit.py). What was followed of that, following.py tells.
"""

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.contracts import pursuit
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Floats
from vybor.gaze.looks import following
from vybor.gaze.looks.calibration import DISPLAY_SILENT_NS, PATIENCE_NS, SETTLE_NS
from vybor.gaze.points.model import Look

READY = 15
"""Samples before it moves: a second, to read what it will do."""
AHEAD_NS = seconds(0.4)
"""It is said so long before it moves: the display has to know by then."""
TAIL_NS = seconds(0.5)
"""Pictures come so long after what they show."""
TRIES = 2
"""Both take a minute and five seconds; whoever follows needs the first alone."""


class Sample(msgspec.Struct, frozen=True):
    """One frame with steady, open eyes."""

    at_ns: int
    row: Floats


class Pursuit(msgspec.Struct, frozen=True, kw_only=True):
    """A pursuit under way."""

    begun_ns: int
    seen_ns: int | None = None
    """Since when the display shows the dot."""
    shown_ns: int = 0
    """When the display last said so."""
    ready: int = 0
    moves_ns: int | None = None
    """Since when, or from when on, it moves."""
    samples: tuple[Sample, ...] = ()
    last_ns: int
    """When the last sample was taken, or the dot came."""
    tries: int = 1
    finished: bool = False
    given_up: bool = False


def begin(now_ns: int, tries: int = 1) -> Pursuit:
    """Show the dot."""
    return Pursuit(begun_ns=now_ns, last_ns=now_ns, tries=tries)


def shown(known: Pursuit, shown: m.Shown, now_ns: int) -> Pursuit:
    """Take in what the display shows."""
    target = shown.target
    if target is None or target.dot is None or not target.is_followed or target.moves_ns != known.moves_ns:
        return _pursuit(known, seen_ns=None)
    since_ns = known.seen_ns if known.seen_ns is not None else max(shown.at_ns, known.begun_ns)
    return _pursuit(known, seen_ns=since_ns, shown_ns=now_ns)


def sampled(known: Pursuit, row: Floats, captured_ns: int, now_ns: int) -> Pursuit:
    """Take in the features of a frame with steady, open eyes."""
    since_ns = known.seen_ns
    if known.finished or known.given_up or since_ns is None or now_ns > known.shown_ns + DISPLAY_SILENT_NS:
        return known
    if known.moves_ns is not None:
        sample = Sample(captured_ns, row)
        return _pursuit(known, samples=(*known.samples, sample), last_ns=now_ns)
    if captured_ns < since_ns + SETTLE_NS:
        return known
    ready = known.ready + 1
    moves_ns = now_ns + AHEAD_NS if ready >= READY else None
    # What is shown from now on is another target: it counts once the display says so.
    seen_ns = None if moves_ns else since_ns
    return _pursuit(known, ready=ready, moves_ns=moves_ns, seen_ns=seen_ns, last_ns=now_ns)


def waited(known: Pursuit, now_ns: int) -> Pursuit:
    """End when the dot has gone its way, or when nothing came for too long; begin again if it was not followed."""
    if now_ns - known.last_ns > PATIENCE_NS:
        return _pursuit(known, given_up=True)
    if known.moves_ns is None or now_ns < known.moves_ns + pursuit.LASTS_NS + TAIL_NS:
        return known
    if known.tries < TRIES and not looks(known, 0):
        return begin(now_ns, known.tries + 1)
    return _pursuit(known, finished=True)


def target(known: Pursuit, now_ns: int) -> m.CalibrationTarget:
    """What the display should show."""
    if known.finished or known.given_up:
        return m.CalibrationTarget(at_ns=now_ns, dot=None, dots=1, is_followed=True)
    return m.CalibrationTarget(
        at_ns=now_ns,
        dot=0,
        dots=1,
        x=pursuit.MIDDLE,
        y=pursuit.MIDDLE,
        progress=0.0 if known.moves_ns else known.ready / READY,
        is_followed=True,
        moves_ns=known.moves_ns,
    )


def looks(known: Pursuit, number: int) -> list[Look]:
    """The looks of a pursuit; none if too little of it was followed."""
    if known.moves_ns is None or not known.samples:
        return []
    times_ns = np.array([sample.at_ns for sample in known.samples], np.int64)
    rows = np.array([sample.row for sample in known.samples])
    return following.looks(times_ns, rows, known.moves_ns, number)


_pursuit = msgspec.structs.replace
