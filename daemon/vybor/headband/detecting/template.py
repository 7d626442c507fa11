"""What a fitting found of one person's signs, and how much less is believed of what is unlike them. Pure."""

import math

import msgspec

UNLIKE_FREE = 0.5
"""Octaves: a factor of 1.4 either way is how blinks of one person differ."""
PER_OCTAVE = 1.5
RHYTHM_FREE = 0.5
"""Octaves of the time from blink to blink."""


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


def _unlike(value: float, usual: float, free: float) -> float:
    if usual <= 0 or value <= 0:
        return 0.0
    return PER_OCTAVE * max(0.0, abs(math.log2(value / usual)) - free)
