"""How much longer a word was looked at than such a word is: gaze time without length, rarity, place and surprise.

Long, rare and unexpected words are looked at longer by anybody, and every place of the screen has its own habit.
A ridge regression of this person's log gaze time on those, fitted as the looks come, takes them out; what is left,
in standard deviations, is the residual. A tile is predicted before it is learned from. Pure.

One look in five to ten lands on the wrong tile (deploy/docs/researcher.md), so a single residual is worth little:
whoever adds them up must weigh them low. Looks far from the line pull it as far as 2.5 deviations do, no farther.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

EXAMINED_S = 0.3
"""Tiles looked at for less were passed by, not read."""
SLOTS = 8
RIDGE = 3.0
"""As if so many tiles had been seen for which nothing mattered."""
LEAST_LOOKS = 40
"""Fewer say nothing of the habits of a person."""
FARTHEST = 2.5
KEPT = 0.999
"""What a look counts after each later one: glasses, light and seat change."""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A tile that was looked at and not taken."""

    gaze_s: float
    characters: int
    """Of the label and of the grey words behind it."""
    commonness: float
    """The word's share of all words; 0 if it is not known."""
    slot: int
    p: float
    """How likely the word was."""

    @property
    def was_examined(self) -> bool:
        """Whether it can have been read."""
        return self.gaze_s >= EXAMINED_S

    def features(self) -> Doubles:
        """What gaze time goes with, each about as large as the others."""
        slots = np.zeros(SLOTS)
        slots[self.slot % SLOTS] = 1
        rarity = -math.log(max(self.commonness, 1e-7)) / 10
        surprise = -math.log(max(self.p, 1e-6)) / 5
        return np.array([1.0, self.characters / 10, rarity, surprise, *slots])


class Attention:
    """The habits of one person's looks, so far."""

    def __init__(self) -> None:
        size = 4 + SLOTS
        self.looks = 0
        self._squares: Doubles = np.zeros((size, size))
        self._products: Doubles = np.zeros(size)
        self._variance = 0.25
        """Of the residual's log seconds; before anybody has looked, a factor of 1.6."""

    def residual(self, looked: Looked) -> float | None:
        """In standard deviations; None for a tile that was not read, and while the habits are not known."""
        if not looked.was_examined or self.looks < LEAST_LOOKS:
            return None
        return self._error(looked) / math.sqrt(self._variance)

    def learn(self, looked: Looked) -> None:
        """Take in a tile that was examined."""
        if not looked.was_examined:
            return
        deviation = math.sqrt(self._variance)
        error = self._error(looked) if self.looks else 0.0
        held = max(-FARTHEST * deviation, min(FARTHEST * deviation, error))
        features = looked.features()
        pulled_to = math.log(looked.gaze_s) - (error - held)
        self._squares = KEPT * self._squares + np.outer(features, features)
        self._products = KEPT * self._products + pulled_to * features
        self.looks += 1
        share = max(1 / (self.looks + 1), 1 - KEPT)
        self._variance += share * (held * held - self._variance)

    def _error(self, looked: Looked) -> float:
        line = np.linalg.solve(self._squares + RIDGE * np.eye(len(self._products)), self._products)
        return math.log(looked.gaze_s) - float(line @ looked.features())
