"""What the eyes of the scripted person do between two commands. Pure: time is handed in."""

import math

import msgspec
import numpy as np

SACCADE_S = 0.04
CLOSING_S = 0.08
OPENING_S = 0.12
MUSCLE_S = 0.15
"""How long brows, cheeks and a tilted head take there, and back."""
TILT = 0.21
"""Of the head, in radians: 12 degrees."""
HEAD_TAU_S = 0.8
"""How fast a resting head wanders."""
TREMOR_SCREENS = 0.004
"""Fixational movements, in fractions of the screen."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state of the scripted person and of the camera."""

    number: int = 0
    x: float = 0.5
    y: float = 0.5
    eyes_open: bool = True
    brows_up: bool = False
    cheeks_drawn: bool = False
    head_tilted: bool = False
    present: bool = True
    light: float = 1.0
    """Of the lamp, against the usual."""
    plugged: bool = True
    """Whether the camera's cable is in."""
    stalls: int = 0
    """A running camera program that sees this rise writes no more frames."""
    crashes: int = 0
    """A running camera program that sees this rise ends in the middle of a frame."""


class Pose(msgspec.Struct, frozen=True):
    """What one frame shows."""

    x: float
    """Where the eyes look, in fractions of the screen."""
    y: float
    lids: float
    """0: as open as the look asks for; 1: shut."""
    head: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Shift right and down in face widths, roll in radians, growth of the face."""
    brows: float = 0.0
    """0: at rest; 1: as high as they go."""
    cheeks: float = 0.0


HEAD_SD = (0.003, 0.003, 0.003, 0.002)
"""Of `Pose.head`."""


class Body:
    """Eyes that jump, lids that close, a head that is never quite still."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._from = (0.5, 0.5)
        self._to = (0.5, 0.5)
        self._jumped_s = -1.0
        self._lids = 0.0
        self._muscles = np.zeros(3)
        """Brows, cheeks and the tilt of the head."""
        self._head = np.zeros(4)
        self._last_s: float | None = None

    def pose(self, wish: Wish, now_s: float) -> Pose:
        """Move on to `now_s`, towards what is wished."""
        step_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        if (wish.x, wish.y) != self._to:
            self._from, self._to, self._jumped_s = self._place(now_s), (wish.x, wish.y), now_s
        self._close(wish.eyes_open, step_s)
        goal = np.array([wish.brows_up, wish.cheeks_drawn, wish.head_tilted], float)
        self._muscles += np.clip(goal - self._muscles, -step_s / MUSCLE_S, step_s / MUSCLE_S)
        self._sway(step_s)
        x, y = self._place(now_s)
        tremor_x, tremor_y = self._random.normal(0.0, TREMOR_SCREENS, 2)
        sway = [float(value) for value in self._head * np.array(HEAD_SD)]
        brows, cheeks, tilt = (float(value) for value in self._muscles)
        head = (sway[0], sway[1], sway[2] + TILT * tilt, sway[3])
        return Pose(x + tremor_x, y + tremor_y, self._lids, head, brows, cheeks)

    def _place(self, now_s: float) -> tuple[float, float]:
        """Where a saccade has come to: slow, fast, slow."""
        done = min(1.0, max(0.0, (now_s - self._jumped_s) / SACCADE_S))
        share = 0.5 - 0.5 * math.cos(math.pi * done)
        return tuple(a + share * (b - a) for a, b in zip(self._from, self._to, strict=True))  # type: ignore[return-value]

    def _close(self, eyes_open: bool, step_s: float) -> None:
        change = -step_s / OPENING_S if eyes_open else step_s / CLOSING_S
        self._lids = min(1.0, max(0.0, self._lids + change))

    def _sway(self, step_s: float) -> None:
        kept = math.exp(-step_s / HEAD_TAU_S)
        self._head = kept * self._head + math.sqrt(1 - kept * kept) * self._random.normal(0.0, 1.0, 4)
