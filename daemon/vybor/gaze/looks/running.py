"""A calibration under way, by dots that stand or by one that is followed; and how eyes alone end it. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Eyes
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import CalibrateBy, WhichEyes
from vybor.gaze.faces.face import Floats
from vybor.gaze.looks import calibration as dots
from vybor.gaze.looks import pursuing
from vybor.gaze.points import mending
from vybor.gaze.points.eyes import follow
from vybor.gaze.points.model import GazeModel, Look

Running = dots.Calibration | pursuing.Pursuit

AWAY_NS = seconds(2)
"""Eyes closed, or a face turned away, for so long end it. A blink takes a tenth of that."""
ASLEEP_NS = seconds(6)
"""Eyes that open so late were not closed to bring it back."""


class Watch(msgspec.Struct, frozen=True):
    """What eyes did that were open once since this began."""

    opened: bool = False
    away_ns: int | None = None
    """Since when they are closed, or gone."""
    closed: bool = False
    """Whether they were closed alone, and seen all the time."""


def watched(known: Watch, gaze: m.Gaze) -> Watch:
    """Take in a frame. Lids that are only lowered begin nothing: the lowest dots lower them, too."""
    if gaze.eyes is Eyes.OPEN:
        return Watch(opened=True)
    is_lowered = gaze.eyes is Eyes.CLOSED and not gaze.is_shut
    if not known.opened or (is_lowered and known.away_ns is None):
        return known
    closed = gaze.eyes is Eyes.CLOSED and (known.closed or known.away_ns is None)
    return Watch(opened=True, away_ns=gaze.at_ns if known.away_ns is None else known.away_ns, closed=closed)


def is_away(known: Watch, at_ns: int) -> bool:
    """Whether the eyes ask for an end."""
    return known.away_ns is not None and at_ns - known.away_ns >= AWAY_NS


def brings_back(before: Watch, gaze: m.Gaze) -> bool:
    """Whether eyes were closed for two seconds and opened again, which brings back what they have ended."""
    if gaze.eyes is not Eyes.OPEN or before.away_ns is None or not before.closed:
        return False
    return AWAY_NS <= gaze.at_ns - before.away_ns <= ASLEEP_NS


def begin(
    now_ns: int,
    by: CalibrateBy,
    *,
    brief: bool = False,
    check: bool = False,
    eyes: WhichEyes = WhichEyes.BOTH,
) -> Running:
    """What is to be looked at; a model that is there is mended by five dots, or three, in any case."""
    if by is CalibrateBy.PURSUIT and not brief and not check:
        return pursuing.begin(now_ns)
    return dots.begin(now_ns, brief=brief, check=check, eyes=eyes)


def is_whole(known: Running) -> bool:
    """Whether it makes a model by itself, and does not only mend or check one."""
    return isinstance(known, pursuing.Pursuit) or known.dots == dots.DOTS


def is_check(known: Running) -> bool:
    """Whether it only asks how well the model does."""
    return isinstance(known, dots.Calibration) and known.dots == dots.CHECK


def shown(known: Running, shown: m.Shown, now_ns: int) -> Running:
    """Take in what the display shows."""
    if isinstance(known, pursuing.Pursuit):
        return pursuing.shown(known, shown, now_ns)
    return dots.shown(known, shown, now_ns)


def sampled(known: Running, row: Floats, captured_ns: int, now_ns: int) -> Running:
    """Take in the features of a frame with steady, open eyes."""
    if isinstance(known, pursuing.Pursuit):
        return pursuing.sampled(known, row, captured_ns, now_ns)
    return dots.sampled(known, row, captured_ns, now_ns)


def waited(known: Running, now_ns: int) -> Running:
    """Time has passed."""
    if isinstance(known, pursuing.Pursuit):
        return pursuing.waited(known, now_ns)
    return dots.waited(known, now_ns)


def target(known: Running | None, now_ns: int) -> m.CalibrationTarget:
    """What the display should show."""
    if isinstance(known, pursuing.Pursuit):
        return pursuing.target(known, now_ns)
    return dots.target(known, now_ns)


def looks(
    known: Running, number: int, model: GazeModel | None, eyes: WhichEyes = WhichEyes.BOTH
) -> list[Look] | str:
    """What a calibration that ended has given, or why nothing."""
    if known.given_up:
        return "the calibration was given up: no open eyes were seen on a dot for too long"
    if isinstance(known, pursuing.Pursuit):
        found = pursuing.looks(known, number)
        return found or "the eyes did not follow the dot that moves; sit closer, mind the light, or use dots"
    found = dots.looks(known, number)
    if not found:
        return f"only {len(known.good)} of {len(known.dots)} dots were looked at calmly; calibrate again"
    judge = None if known.dots == dots.DOTS else model
    looked_at = mending.looked_at(judge, found) if judge else found
    if len(looked_at) < dots.LEAST_SHARE * len(known.dots) or not follow(looked_at, eyes, judge):
        return "the eyes did not follow the dots; sit closer, mind the light, and calibrate again"
    return looked_at
