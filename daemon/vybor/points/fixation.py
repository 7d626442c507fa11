"""A light filter: looks are averaged within a fixation, and a jump begins a new one: nothing lags. Pure."""

import msgspec

from vybor.foundation.clock import seconds

MOST = 5
"""A third of a second at 15 Hz: a slow drift of the eye is followed."""
JUMP_SD = 4.0
"""A look this many standard deviations of the noise away is a new fixation."""
GAP_NS = seconds(0.3)


class Noise(msgspec.Struct, frozen=True):
    """Standard deviation from look to look while the eye holds still, in fractions of the screen."""

    x: float
    y: float


class Fixation(msgspec.Struct, frozen=True, kw_only=True):
    """The mean of the looks since the last jump."""

    x: float = 0.0
    y: float = 0.0
    looks: int = 0
    at_ns: int = 0


def step(fixation: Fixation, x: float, y: float, noise: Noise, at_ns: int) -> Fixation:
    """One look in, the fixation that it belongs to out."""
    goes_on = (
        fixation.looks > 0
        and at_ns - fixation.at_ns <= GAP_NS
        and abs(x - fixation.x) <= JUMP_SD * noise.x
        and abs(y - fixation.y) <= JUMP_SD * noise.y
    )
    if not goes_on:
        return Fixation(x=x, y=y, looks=1, at_ns=at_ns)
    looks = min(fixation.looks + 1, MOST)
    return Fixation(
        x=fixation.x + (x - fixation.x) / looks, y=fixation.y + (y - fixation.y) / looks, looks=looks, at_ns=at_ns
    )
