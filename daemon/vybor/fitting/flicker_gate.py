"""Whether somebody's brain answers flicker well enough to be asked: trials of a known rhythm, their score. Pure.

One person in several shows nothing of it, and nobody can train that: what they would be believed is noise.
"""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

SURE = 0.95
LEAST = 0.7
"""The bound must lie here. Right in seven of ten is what a choice is said to need to be of use (Kuebler and others
2004); a window then says .85 in log-odds, less than a gesture at its threshold."""


class Verdict(StrEnum):
    """What the trials say."""

    OPEN = "open"
    FEW = "few trials"
    """Even if all were right, the bound would lie below."""
    SILENT = "the electrodes say nothing"
    """In half of the trials or more: nobody knows yet."""
    CHANCE = "no better than chance"
    WEAK = "too weak"
    """Better than chance, but not surely good enough."""


class Trial(msgspec.Struct, frozen=True):
    """One rhythm was looked at, as somebody was asked to."""

    asked: int
    """Its place among the rhythms…"""
    answered: int | None
    """…and that of the one that was found; None: the window said nothing, which is a miss."""


class Score(msgspec.Struct, frozen=True):
    """What came of trials."""

    right: int
    trials: int
    rhythms: int
    """So many were to be told apart."""
    silent: int = 0
    """Of the trials, in which the window said nothing."""

    @property
    def chance(self) -> float:
        """The share that is right of who guesses."""
        return 1 / self.rhythms

    @property
    def bound(self) -> float:
        """Below this share the truth lies with a probability of at most 1 - SURE (Clopper and Pearson)."""
        return at_least(self.right, self.trials, SURE)

    @property
    def verdict(self) -> Verdict:
        """Whether flicker may be believed."""
        if self.bound >= LEAST:
            return Verdict.OPEN
        if at_least(self.trials, self.trials, SURE) < LEAST:
            return Verdict.FEW
        if self.silent * 2 >= self.trials:
            return Verdict.SILENT
        return Verdict.WEAK if self.bound > self.chance else Verdict.CHANCE


def score(trials: Sequence[Trial], rhythms: int) -> Score:
    """Count what was right."""
    right = sum(trial.answered == trial.asked for trial in trials)
    return Score(right, len(trials), rhythms, sum(trial.answered is None for trial in trials))


def at_least(right: int, of: int, sure: float) -> float:
    """The exact lower bound of a share; 0 where nothing was right."""
    return _where(lambda share: _at_most(of - right, of, 1 - share) >= 1 - sure) if right else 0.0


def at_most(right: int, of: int, sure: float) -> float:
    """The exact upper bound of a share; 1 where all was right."""
    return _where(lambda share: _at_most(right, of, share) <= 1 - sure) if right < of else 1.0


def _at_most(count: int, of: int, share: float) -> float:
    """The probability of at most so many."""
    return sum(math.comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(count + 1))


def _where(is_beyond: Callable[[float], bool]) -> float:
    """The share from which on something is so."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return high
