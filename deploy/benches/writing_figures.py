"""Keystroke savings and their certainty, from what each phrase cost. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benches.writing_person import Written

RESAMPLES = 5000
LOW_PERCENTILE = 2.5
"""The lower end of the two-sided 95 % interval."""
PERCENT = 100.0

Counts = NDArray[np.float64]


def ksr(written: Sequence[Written]) -> float:
    """Keystroke savings rate of all phrases together, in percent: 1 - keystrokes / characters."""
    keystrokes = sum(each.keystrokes for each in written)
    return PERCENT * (1 - keystrokes / sum(each.characters for each in written))


def selections_per_word(written: Sequence[Written]) -> float:
    """Everything chosen, over the words that stand there in the end."""
    return sum(each.selections for each in written) / sum(each.words for each in written)


def none_rate(written: Sequence[Written]) -> float:
    """The share of words before which no tile agreed."""
    return sum(each.none for each in written) / sum(each.positions for each in written)


def gain_low(ours: Sequence[Written], theirs: Sequence[Written], seed: int) -> float:
    """How much more is saved at least, in points: the lower end of a paired bootstrap over phrases."""
    chosen = np.random.default_rng(seed).integers(len(ours), size=(RESAMPLES, len(ours)))
    characters = _column([each.characters for each in ours])[chosen].sum(axis=1)
    saved = _column([each.keystrokes for each in theirs]) - _column([each.keystrokes for each in ours])
    gains = PERCENT * saved[chosen].sum(axis=1) / characters
    return float(np.percentile(gains, LOW_PERCENTILE))


def _column(counts: Sequence[int]) -> Counts:
    return np.array(counts, dtype=np.float64)


Costs = Mapping[str, Sequence[Written]]
"""Way of writing → what each phrase cost."""


def figures(costs: Costs, best: str, peer: str, seed: int, suffix: str = "") -> dict[str, float]:
    """The figures of one run: what each way costs, the best of ours, and gains on the peer, if that was there."""
    found = {f"ksr.{name}{suffix}": ksr(written) for name, written in costs.items()}
    found[f"selections_per_word{suffix}"] = selections_per_word(costs[best])
    found |= {f"selections_per_word.{name}{suffix}": selections_per_word(each) for name, each in costs.items()}
    found[f"none_rate{suffix}"] = none_rate(costs[best])
    found |= {f"none_rate.{name}{suffix}": none_rate(each) for name, each in costs.items()}
    if peer in costs:
        for key, name in {"": best, **{f".{name}": name for name in costs if name != peer}}.items():
            found[f"ksr.gain{key}{suffix}"] = ksr(costs[name]) - ksr(costs[peer])
            found[f"ksr.gain_low{key}{suffix}"] = gain_low(costs[name], costs[peer], seed)
    return found


def best_of(costs: Costs, ours: Sequence[str]) -> str:
    """The way that saves most."""
    return max(ours, key=lambda name: ksr(costs[name]))
