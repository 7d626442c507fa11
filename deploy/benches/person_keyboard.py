"""The dwell keyboard of the frozen baseline: keys, dwell, and the densest layout that this person's gaze can hit.

Keys fill the whole panel, and the outer ones reach past its edge; no line of text takes room, though a real one
needs it. *Keys*: every letter, the space, Backspace and Speak beside five words. *Two steps*: groups of letters,
and then the letters of the group on the same grid. A look stays DWELL_S on a key, with gaps as long as a blink,
and the key is pressed. All this favours the keyboard.
"""

import math
import string
from enum import StrEnum

import msgspec

from benches.person_eyes import Eyes, Sample
from benches.person_profile import Person
from vybor.foundation.clock import seconds

DWELL_S = 1.0
KEPT_S = 0.3
"""Looks that are lost, or lie elsewhere, for no longer than this do not begin the dwell anew."""
WORDS = 5
LEAST_HITS = 0.95
TRIALS = 40
"""Looks at each key by which a layout is judged."""
MOST_TO_HIT_S = 4.0
BEYOND = 0.35
"""How far past the panel's edge outer keys reach, in fractions of the screen: as far as the kit's tiles."""


class Control(StrEnum):
    """Keys that are no letters and no words."""

    BACKSPACE = "backspace"
    SPEAK = "speak"
    SPACE = "space"
    BACK = "back"
    """To the groups, from the letters of one: where Speak is otherwise."""


class Layout(msgspec.Struct, frozen=True):
    """A grid of keys of one size; the first five are words, the last ones controls."""

    name: str
    columns: int
    rows: int
    letters: tuple[str, ...]
    """One letter or one group a key."""

    @property
    def controls(self) -> tuple[Control, ...]:
        """On the first page."""
        return Control.SPACE, Control.BACKSPACE, Control.SPEAK

    @property
    def cells(self) -> int:
        """Keys on the grid."""
        return self.columns * self.rows

    def middle(self, cell: int) -> tuple[float, float]:
        """The middle of a key, in fractions of the screen."""
        row, column = divmod(cell, self.columns)
        return (column + 0.5) / self.columns, (row + 0.5) / self.rows

    def at(self, x: float, y: float) -> int | None:
        """The key that a look falls on."""
        if not (-BEYOND <= x <= 1 + BEYOND and -BEYOND <= y <= 1 + BEYOND):
            return None
        column = min(self.columns - 1, max(0, math.floor(x * self.columns)))
        row = min(self.rows - 1, max(0, math.floor(y * self.rows)))
        return row * self.columns + column

    def cell_of(self, letter: str) -> int:
        """The key of a letter, or of its group; a digit or mark costs what the first letter does."""
        return WORDS + next((n for n, group in enumerate(self.letters) if letter in group), 0)

    def cell_in_group(self, letter: str) -> int:
        """The key of a letter on its group's page."""
        group = self.letters[self.cell_of(letter) - WORDS]
        return max(0, group.find(letter))

    def cell_of_control(self, control: Control) -> int:
        """The key of a control."""
        return self.cells - len(self.controls) + self.controls.index(control)

    def neighbour(self, cell: int) -> int:
        """The nearest other key."""
        here = self.middle(cell)
        return min((c for c in range(self.cells) if c != cell), key=lambda c: math.dist(self.middle(c), here))


SINGLE = Layout("keys", 7, 5, tuple(string.ascii_lowercase))
TWO_STEPS = Layout("two steps", 4, 3, ("abcdefg", "hijklm", "nopqrst", "uvwxyz"))
"""The coarsest on which five words, groups and controls have keys of one size; a finer one saves no step."""
DENSEST_FIRST = (SINGLE, TWO_STEPS)


class Dwell:
    """Looks in, pressed keys out."""

    def __init__(self, layout: Layout, dwell_s: float = DWELL_S) -> None:
        self._layout = layout
        self._dwell_ns = seconds(dwell_s)
        self._cell: int | None = None
        self._spent_ns = 0
        self._seen_ns = 0
        self._last_ns = 0

    def take(self, sample: Sample) -> int | None:
        """The key that is pressed by this look, if one is."""
        passed_ns, self._last_ns = sample.at_ns - self._last_ns, sample.at_ns
        if sample.is_lost or sample.is_closed:
            return None
        cell = self._layout.at(sample.x, sample.y)
        if cell == self._cell and cell is not None:
            self._spent_ns += min(passed_ns, seconds(KEPT_S))
            self._seen_ns = sample.at_ns
        elif sample.at_ns - self._seen_ns > seconds(KEPT_S) or self._cell is None:
            self._cell, self._spent_ns, self._seen_ns = cell, 0, sample.at_ns
        if self._cell is None or self._spent_ns < self._dwell_ns:
            return None
        pressed, self._cell, self._spent_ns = self._cell, None, 0
        return pressed


def hit_rate(layout: Layout, person: Person, trials: int = TRIALS) -> float:
    """How often the key that is looked at is the one that is pressed; all keys together."""
    keys = WORDS + len(layout.letters) + len(layout.controls)
    hits = 0
    for trial in range(trials):
        eyes = Eyes(person, f"trial {trial}", 0)
        now_ns = 0
        for cell in _spread(layout, keys):
            eyes.aim(*layout.middle(cell), now_ns)
            pressed, now_ns = dwelt(layout, eyes, now_ns + seconds(MOST_TO_HIT_S))
            hits += pressed == cell
    return hits / (trials * keys)


def dwelt(layout: Layout, eyes: Eyes, until_ns: int) -> tuple[int | None, int]:
    """The first key that is pressed, and when; None at the end."""
    dwell = Dwell(layout)
    while eyes.next_ns <= until_ns:
        sample = eyes.sample()
        if (pressed := dwell.take(sample)) is not None:
            return pressed, sample.at_ns
    return None, until_ns


def _spread(layout: Layout, keys: int) -> list[int]:
    """The cells that have keys: words, letters, and the controls at the end."""
    return [*range(keys - len(layout.controls)), *range(layout.cells - len(layout.controls), layout.cells)]


def densest(person: Person) -> tuple[Layout, float]:
    """The densest layout that this gaze hits well enough, or the coarsest; and how often it hits."""
    for layout in DENSEST_FIRST:
        rate = hit_rate(layout, person)
        if rate >= LEAST_HITS:
            return layout, rate
    return DENSEST_FIRST[-1], rate
