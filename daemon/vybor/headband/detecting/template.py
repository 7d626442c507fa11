"""What a fitting found of one person's signs, and how much less is believed of what is unlike them. Pure."""

import math
import statistics
from collections.abc import Sequence

import msgspec

UNLIKE_FREE = 0.5
"""Octaves: a factor of 1.4 either way is how blinks of one person differ."""
PER_OCTAVE = 1.5
RHYTHM_FREE = 0.5
"""Octaves of the time from blink to blink."""
LEAST_PAIRS = 3
LEAST_CLENCHES = 2
GAP_ROOM = 1.4
"""The longest pair that counts, over the usual one."""


class Own(msgspec.Struct, frozen=True):
    """Of one person, as this headband shows it; 0: not known."""

    blink_microvolts: float = 0.0
    """The usual height of the weaker blink of two that were meant."""
    rhythm_s: float = 0.0
    """From the onset of the first to that of the second."""
    clench_margin: float = 0.0
    """How many times as strong as what is loud a meant clench is."""


def doubt_of_pair(own: Own, heights: tuple[float, float], rhythm_s: float) -> float:
    """Log-odds that speak against two blinks, because this person's are of another height or rhythm."""
    weaker = min(abs(height) for height in heights)
    return _unlike(weaker, own.blink_microvolts, UNLIKE_FREE) + _unlike(rhythm_s, own.rhythm_s, RHYTHM_FREE)


def doubt_of_clench(own: Own, margin: float) -> float:
    """Log-odds that speak against a clench that is weaker than this person's; a stronger one is meant as well."""
    return _unlike(min(margin, own.clench_margin), own.clench_margin, UNLIKE_FREE)


def found(pairs: Sequence[tuple[float, float]], clenches: Sequence[float]) -> Own:
    """From (height, rhythm) of double blinks that were asked for, and margins of clenches; too few say nothing."""
    enough, clenched = len(pairs) >= LEAST_PAIRS, len(clenches) >= LEAST_CLENCHES
    return Own(
        blink_microvolts=round(statistics.median(height for height, _ in pairs), 1) if enough else 0.0,
        rhythm_s=round(statistics.median(rhythm_s for _, rhythm_s in pairs), 3) if enough else 0.0,
        clench_margin=round(statistics.median(clenches), 2) if clenched else 0.0,
    )


def _unlike(value: float, usual: float, free: float) -> float:
    if usual <= 0 or value <= 0:
        return 0.0
    return PER_OCTAVE * max(0.0, abs(math.log2(value / usual)) - free)
