"""Whether the eyes are open, and whether the lids hold still enough for the look to count. Pure.

How far an eye is shut is judged by the opening between its lids against this person's usual opening, and by the
landmarker's own blink score, whichever is more. The eye that is wider open decides: a wink closes nothing. Where
one eye alone counts, it decides alone.

Lids go down with eyes that look at a lap or at keys, past what counts as closed here. They do not go as far as
this person's own blinks, of which there are some every minute: that tells shut eyes from eyes that look down.
"""

import msgspec

from vybor.foundation.clock import SECOND_NS, seconds
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.features import openings
from vybor.gaze.faces.sides import BOTH, Sides

SHUT_ABOVE = 0.5
OPEN_BELOW = 0.38
"""Of 1,800 frames of one person at work, the 22 above 0.5 were shut; eyes on the lowest row were below 0.38."""
FALL_PER_S = 2.0
LEAST_FALL = 0.08
"""Lids that fall faster than this, and by more than noise, are closing, and drag the iris down with them."""
STEADY_AFTER_NS = seconds(0.08)
GAP_S = 0.3
USUAL_OPENING = 0.28
"""In widths of the eye, until this person is known."""
WIDENS, NARROWS = 0.05, 0.002
"""How fast the usual opening follows, a frame: quickly up and slowly down, so that it is that of wide eyes."""
USUAL_DEPTH = 0.72
"""How far a blink shuts eyes, until this person is known. Of the frames that were shut of one at work (SHUT_ABOVE)
two in three were between .64 and .83, and the others, on the way or looking down, between .5 and .63."""
DEEPENS, FLATTENS = 0.5, 0.1
"""How fast the usual depth follows, a blink: a picture catches few blinks at their deepest."""
SHUT_FROM = 0.85
"""Of the usual depth: eyes that are shut on purpose are shut at least as far as lids that fall by themselves."""
LONGEST_BLINK_NS = seconds(0.4)


class Lids(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the lids after a frame."""

    shut: float = 0.0
    closed: bool = False
    falling: bool = False
    opened_ns: int | None = None
    """When the eyes last opened."""
    usual: tuple[float, float] = (USUAL_OPENING, USUAL_OPENING)
    at_ns: int | None = None
    depth: float = USUAL_DEPTH
    """How far this person's blinks shut the eyes."""
    closed_ns: int | None = None
    """Since when they are closed…"""
    deepest: float = 0.0
    """…and how far they were shut meanwhile."""

    @property
    def is_shut(self) -> bool:
        """Whether they are closed as far as by a blink."""
        return self.closed and self.shut >= SHUT_FROM * self.depth


def step(lids: Lids, face: Face, at_ns: int, sides: Sides = BOTH) -> Lids:
    """One frame in, the new state of the lids out; `sides` are the eyes that count."""
    seen = openings(face)
    blinks = (face.blendshapes["eyeBlinkRight"], face.blendshapes["eyeBlinkLeft"])
    shut = min(max(1 - seen[side] / lids.usual[side], blinks[side]) for side in sides)
    closed = shut > (OPEN_BELOW if lids.closed else SHUT_ABOVE)
    since_s = GAP_S if lids.at_ns is None else (at_ns - lids.at_ns) / SECOND_NS
    fall = max(LEAST_FALL, FALL_PER_S * since_s)
    return Lids(
        shut=shut,
        closed=closed,
        falling=since_s < GAP_S and shut - lids.shut > fall,
        opened_ns=at_ns if lids.closed and not closed else lids.opened_ns,
        usual=lids.usual if closed else _follow(lids.usual, seen),
        at_ns=at_ns,
        depth=lids.depth if closed else _depth(lids, at_ns),
        closed_ns=(lids.closed_ns if lids.closed else at_ns) if closed else None,
        deepest=max(lids.deepest, shut) if closed else 0.0,
    )


def steady(lids: Lids) -> bool:
    """Whether a look in this frame says where the person looks."""
    if lids.closed or lids.falling or lids.at_ns is None:
        return False
    return lids.opened_ns is None or lids.at_ns - lids.opened_ns >= STEADY_AFTER_NS


def _depth(lids: Lids, at_ns: int) -> float:
    """The usual depth, after a blink that may just be over. What lasts longer is meant, or looks down."""
    if lids.closed_ns is None or at_ns - lids.closed_ns > LONGEST_BLINK_NS:
        return lids.depth
    rate = DEEPENS if lids.deepest > lids.depth else FLATTENS
    return lids.depth + rate * (lids.deepest - lids.depth)


def _follow(usual: tuple[float, float], seen: tuple[float, float]) -> tuple[float, float]:
    left, right = (
        old + (WIDENS if new > old else NARROWS) * (new - old) for old, new in zip(usual, seen, strict=True)
    )
    return left, right
