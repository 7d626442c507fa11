"""The path of a dot that is followed with the eyes; the display and gaze must agree on it. Pure.

A Lissajous figure of three swings across to four down: it goes through the middle, comes near all four corners
and leaves no part of the screen out. It is slow at the edges, where tiles are looked at, and never still. Across a
screen of 45 degrees it is as fast as 13 degrees a second, down one of 27 as 10; on a small panel half of that.
Eyes follow what moves so, and so evenly that they know where it goes, with hardly a lag.
"""

import math

LASTS_NS = 30_000_000_000
GATHERS_S = 1.5
"""From rest to its usual speed."""
MIDDLE, REACH = 0.5, 0.44
"""In fractions of the screen: it goes as far out as the dots that stand."""
ACROSS, DOWN = 3, 4


def place(since_ns: int) -> tuple[float, float]:
    """Where the dot is so long after it began to move; before that, and when it is over, in the middle."""
    if not 0 < since_ns < LASTS_NS:
        return MIDDLE, MIDDLE
    since_s, lasts_s = since_ns / 1e9, LASTS_NS / 1e9
    gone_s = since_s**2 / (2 * GATHERS_S) if since_s < GATHERS_S else since_s - GATHERS_S / 2
    turn = 2 * math.pi * gone_s / (lasts_s - GATHERS_S / 2)
    return MIDDLE + REACH * math.sin(ACROSS * turn), MIDDLE + REACH * math.sin(DOWN * turn)
