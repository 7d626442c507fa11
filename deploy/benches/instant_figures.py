"""How good probabilities of the next word are: their cost, whether the word was shown, whether they hold. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from math import log

import msgspec

SHOWN = 4
"""Words that the layout has places for."""
LEAST_P = 1e-6
"""What a word costs at most that a tier does not know, so that one of them does not decide everything."""
BINS = 10


class Guess(msgspec.Struct, frozen=True):
    """What was expected at one place, and what came."""

    p: float
    """Of the word that came."""
    shown: tuple[tuple[float, bool], ...]
    """The likeliest words: the probability of each, and whether it came."""


def figures(name: str, guesses: Sequence[Guess]) -> dict[str, float]:
    """Log loss in nats, the share of words that were among four, and the calibration error of those four."""
    if not guesses:
        return {}
    shown = [one for guess in guesses for one in guess.shown[:SHOWN]]
    return {
        f"{name}.log_loss": log_loss([guess.p for guess in guesses]),
        f"{name}.hit_4": sum(any(came for _, came in guess.shown[:SHOWN]) for guess in guesses) / len(guesses),
        f"{name}.ece": calibration_error(shown),
        f"{name}.unknown": sum(guess.p < LEAST_P for guess in guesses) / len(guesses),
    }


def log_loss(ps: Sequence[float]) -> float:
    """The mean of -ln p."""
    return -sum(log(max(p, LEAST_P)) for p in ps) / len(ps)


def calibration_error(shown: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: in bins of equally many, how far the mean p is from the share that came."""
    ordered = sorted(shown, key=lambda one: one[0])
    bounds = [len(ordered) * number // BINS for number in range(BINS + 1)]
    bins = [ordered[first:end] for first, end in pairwise(bounds) if end > first]
    gaps = (abs(sum(p for p, _ in part) - sum(came for _, came in part)) for part in bins)
    return sum(gaps) / len(ordered) if ordered else 0.0
