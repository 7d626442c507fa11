"""The simulated person's eyes while an offer is read: how long each tile is taken to have been looked at.

The noise is that of the frozen people (`good`, `fair`, `bad`): an offset of the session, drift, correlated fast
noise and lost samples, on a panel of 155 x 87 mm. How long a word is looked at because it fits what somebody means
to say is nobody's measurement: `LIKING` is assumed, and the bench says what is left of the gain without it.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benches import options
from vybor.composer.layout import BEYOND_X, TEN

PANEL_MM = (155.0, 87.0)
LIKING = 1.0
"""Log seconds more for a word whose vector is that of what is still to be said."""
SPREAD = 0.4
"""Standard deviation of log seconds from one look to the next."""
LETTERS, RARITY = 0.05, 0.04
"""Log seconds more for a letter, and for a word that is e times rarer."""
USUAL_LETTERS = 5


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What the bench needs of a profile; the other keys of its file are not read."""

    distance_mm: float
    gaze_hz: float
    bias_deg: float
    noise_deg: float
    noise_tau_s: float
    drift_deg_per_min: float
    dropout: float
    saccade_s: float
    read_s_per_word: float


def _person(*values: float) -> Person:
    return Person(**dict(zip(Person.__struct_fields__, values, strict=True)))


PEOPLE: dict[str, Person] = {
    "good": _person(400, 15, 0.7, 0.5, 0.08, 0.02, 0.02, 0.25, 0.22),
    "fair": _person(450, 15, 1.5, 0.9, 0.10, 0.05, 0.05, 0.30, 0.30),
    "bad": _person(450, 10, 3.0, 1.6, 0.15, 0.15, 0.12, 0.40, 0.45),
}
"""The frozen people's gaze, in the order of `Person`."""


def read(folder: Path) -> dict[str, Person]:
    """The same from the frozen files. Raises Missing."""
    return options.read_each(folder, PEOPLE, Person, "--people")


class Word(msgspec.Struct, frozen=True):
    """A tile as the person reads it."""

    text: str
    commonness: float
    liking: float
    """How much it is what the person means to say: -1 to 1."""


class Eyes:
    """One session of looking."""

    def __init__(self, person: Person, chance: random.Random) -> None:
        self._person = person
        self._chance = chance
        self._offset = (chance.gauss(0, person.bias_deg), chance.gauss(0, person.bias_deg))
        self._heading = chance.uniform(0, 2 * math.pi)
        self._noise = (0.0, 0.0)
        self._now_s = 0.0

    def read(self, tiles: Sequence[Word], until: int, liking: float = LIKING) -> list[float]:
        """Seconds that each tile of the upper row is taken to have been looked at.

        They are read in order up to `until`, the first one that is meant.
        """
        seconds = [0.0] * len(tiles)
        for slot, word in enumerate(tiles[: until + 1]):
            self._look(slot, self._reading_s(word, liking), seconds)
        return seconds

    def _reading_s(self, word: Word, liking: float) -> float:
        letters = LETTERS * (len(word.text) - USUAL_LETTERS)
        rarity = RARITY * (-math.log(max(word.commonness, 1e-7)) - 7)
        more = letters + rarity + liking * word.liking + self._chance.gauss(0, SPREAD)
        return 2 * self._person.read_s_per_word * math.exp(more)

    def _look(self, slot: int, for_s: float, seconds: list[float]) -> None:
        """The eyes go to a tile and stay; each sample counts for the tile that it lands on."""
        self._now_s += self._person.saccade_s
        frame_s = 1 / self._person.gaze_hz
        area = TEN.zones[slot].visible
        middle = ((area.left + area.right) / 2, (area.top + area.bottom) / 2)
        for _ in range(max(1, round(for_s / frame_s))):
            self._now_s += frame_s
            x, y = self._sample(middle, frame_s)
            lost = self._chance.random() < self._person.dropout
            landed = max(0, min(3, int(x * 4)))
            on_row = -BEYOND_X <= x < 1 + BEYOND_X and y < TEN.band.top
            if on_row and not lost and landed < len(seconds):
                seconds[landed] += frame_s

    def _sample(self, aimed: tuple[float, float], frame_s: float) -> tuple[float, float]:
        """Where the camera takes the eyes to be, in fractions of the screen."""
        person, kept = self._person, math.exp(-frame_s / self._person.noise_tau_s)
        fresh = person.noise_deg * math.sqrt(1 - kept * kept)
        self._noise = (
            kept * self._noise[0] + self._chance.gauss(0, fresh),
            kept * self._noise[1] + self._chance.gauss(0, fresh),
        )
        drift = person.drift_deg_per_min * self._now_s / 60
        turned = (drift * math.cos(self._heading), drift * math.sin(self._heading))
        mm = person.distance_mm * math.tan(math.radians(1))
        x, y = (
            place + (self._offset[axis] + turned[axis] + self._noise[axis]) * mm / PANEL_MM[axis]
            for axis, place in enumerate(aimed)
        )
        return x, y
