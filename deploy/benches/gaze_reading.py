"""Eyes before the whole kit: looks a little beside the tiles they mean, and minutes of reading that mean nothing.

The kit is real, from the camera's pipe to the display; the face is drawn, and looks where it is told.
"""

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen, without_pad
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, SystemClock, seconds
from vybor.foundation.errors import Missing
from world.aims import middle
from world.bodies import EyesAndHeadband
from world.camera.face import HALF_SCREEN_RADIANS
from world.person import Person, Stuck
from world.play import FIRST_OFFER_LIMIT_S, World, decisions

BESIDE_DEG = 2.0
LANDS_DEG = 0.5
"""How far beside a word the eyes of a reader come down, along each axis: a standard deviation."""
WORD_S = 0.25
"""A fixation in reading; one a word (Rayner 1998: 200 to 250 ms)."""
LINE_S = 0.35
"""A look at the text that stands already."""
LOOK_S = 4.0
"""So long a look may take to be understood."""
DOTS_S = 60.0
"""Dots that are looked at are gone by then."""
SCREEN_DEG = tuple(float(np.degrees(2 * half)) for half in HALF_SCREEN_RADIANS)
SEEN_LOOKS = 3
"""Behind the reading; one of them at least lights something."""
TEXT = (0.5, 0.5)

Say = Callable[[str], None]
Place = tuple[float, float]


def reading(share: Path, looks: int, minutes: float, seed: int, say: Say) -> dict[str, float]:
    """Looks that are understood, and what is chosen by eyes that only read. Raises Stuck and Missing."""
    clock, chance = SystemClock(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        world = World(Path(folder), share.resolve())
        with world.running() as (camera, cyton):
            bus = Bus("person", world.runtime, clock, [m.Shown])
            try:
                body = EyesAndHeadband(camera, cyton, clock, seed)
                person = Person(bus, body, clock, lambda _: None)
                person.wait_for_offer(FIRST_OFFER_LIMIT_S)
                reader = Reader(bus, body, clock, chance)
                say(f"{looks} looks, {BESIDE_DEG:g} degrees beside the tile that is meant")
                found = reader.looks(looks)
                say(f"{minutes:g} minutes of reading")
                before = len(decisions(world.state))
                found |= reader.read(minutes)
            finally:
                bus.close()
        kept = len(decisions(world.state))
    return found | {"decisions": float(kept)} | false_selections(found, kept - before)


def false_selections(found: Mapping[str, float], recorded: int) -> dict[str, float]:
    """What reading chose, by the screen or by the record: a choice may leave text and page as they were."""
    return {"reading_false_selections": max(found["reading_false_selections"], float(recorded))}


class Reader:
    """Eyes that look at tiles, and at words, and choose nothing.

    Who comes to an edge again and again and chooses nothing is asked for a few dots, and looks at them, as anybody
    would: meanwhile there are no tiles to look at, and nothing to read.
    """

    def __init__(self, bus: Bus, body: EyesAndHeadband, clock: Clock, chance: random.Random) -> None:
        self._bus, self._body, self._clock, self._chance = bus, body, clock, chance
        self._shown: m.Shown | None = None
        self._until(lambda: bool(self._tiles()), LOOK_S)

    def looks(self, count: int) -> dict[str, float]:
        """Each tile in turn, a little beside it; which one lights up first.

        What dots break off is begun anew, on the same side. Raises Stuck if there are more dots than looks.
        """
        right = wrong = broken_off = number = 0
        side = self._side()
        while number < count:
            if broken_off > count:
                raise Stuck(f"dots broke off {broken_off} of {number} looks")
            self._answer_dots()
            self._until(lambda: bool(self._tiles()), LOOK_S)
            self._body.idle()
            self._look(TEXT)
            self._until(lambda: self._lit() is None or self._dot() is not None, LOOK_S)
            tiles = self._tiles()
            if self._dot() is not None or not tiles:
                broken_off += 1
                continue
            tile = tiles[number % len(tiles)]
            self._look(_beside(middle(tile), BESIDE_DEG, side))
            self._until(lambda: self._lit() is not None or self._dot() is not None, LOOK_S)
            if self._dot() is not None:
                broken_off += 1
                continue
            number, side = number + 1, self._side()
            right += self._lit() == tile.slot
            wrong += self._lit() not in (None, tile.slot)
        undecided = float(count - right - wrong)
        return {
            "looks": float(count),
            "looks_decided_right": right / count,
            "looks_wrong": float(wrong),
            "looks_undecided": undecided,
            "looks_broken_off": float(broken_off),
        }

    def read(self, minutes: float) -> dict[str, float]:
        """Word by word through the tiles and the text, again and again; how often the kit took it for a choice.

        Raises Missing if the kit does not see the eyes any more: who is not seen chooses nothing.
        """
        left_ns = seconds(60 * minutes)
        before, false, fixations = self._said(), 0, 0
        while left_ns > 0:
            self._answer_dots()
            for place, stays_s in self._page():
                began_ns = self._clock.now_ns()
                self._body.idle()
                self._look(place)
                fixations += 1
                self._until(lambda: self._dot() is not None, stays_s)
                left_ns -= self._clock.now_ns() - began_ns
                if self._said() != before:
                    false, before = false + 1, self._said()
                    break
                if left_ns <= 0 or self._dot() is not None:
                    break
        if not false and self.looks(SEEN_LOOKS)["looks_undecided"] == SEEN_LOOKS:
            raise Missing("no look lights a tile behind the reading: it is not known whether it was seen at all")
        return {
            "reading_false_selections": float(false),
            "reading_minutes": float(minutes),
            "reading_fixations": float(fixations),
        }

    def _page(self) -> Iterator[tuple[Place, float]]:
        """Where eyes go on a page that is read: the text, then the tiles, most of the time in order."""
        yield self._landed(TEXT), LINE_S
        tiles = list(self._tiles())
        if self._chance.random() < 0.3:  # looking back and forth
            self._chance.shuffle(tiles)
        for tile in tiles:
            words = max(1, len(f"{tile.label} {tile.grey}".split()))
            area = on_screen(without_pad(tile.area, tile.pad))
            for number in range(words):
                x = area.left + (area.right - area.left) * (number + 1) / (words + 1)
                yield self._landed((x, (area.top + area.bottom) / 2)), WORD_S

    def _landed(self, place: Place) -> Place:
        x, y = (self._chance.gauss(0, LANDS_DEG) / across for across in SCREEN_DEG)
        return place[0] + x, place[1] + y

    def _side(self) -> float:
        """In radians."""
        return self._chance.uniform(0, 2 * np.pi)

    def _look(self, place: Place) -> None:
        self._body.look(*place)

    def _said(self) -> tuple[object, ...]:
        """What no reading may change."""
        screen = self._shown.screen if self._shown else None
        return (screen.mode, screen.text, screen.prefix, screen.said) if screen else ()

    def _tiles(self) -> tuple[m.Tile, ...]:
        return self._shown.screen.tiles if self._shown and self._shown.screen else ()

    def _lit(self) -> int | None:
        light = self._shown.highlight if self._shown else None
        return light.slot if light and light.armed else None

    def _dot(self) -> m.CalibrationTarget | None:
        """What the kit asks to be looked at."""
        target = self._shown.target if self._shown else None
        return target if target and target.dot is not None else None

    def _answer_dots(self) -> None:
        """Look at each dot until there are tiles again. Raises Stuck if that never comes."""
        until_ns = self._clock.now_ns() + seconds(DOTS_S)
        while dot := self._dot():
            if self._clock.now_ns() > until_ns:
                raise Stuck(f"dots that are looked at stand longer than {DOTS_S:.0f} s")
            self._body.idle()
            self._look((dot.x, dot.y))
            self._until(lambda: self._dot() != dot, WORD_S)

    def _until(self, holds: Callable[[], bool], limit_s: float) -> None:
        """Watch the screen until something holds, or for so long."""
        until_ns = self._clock.now_ns() + seconds(limit_s)
        while not holds() and self._clock.now_ns() < until_ns:
            for arrival in self._bus.receive(0.02):
                if isinstance(arrival, Heard) and isinstance(arrival.message, m.Shown):
                    self._shown = arrival.message
            self._bus.tend()


def _beside(place: Place, degrees: float, direction: float) -> Place:
    return (
        place[0] + degrees * float(np.cos(direction)) / SCREEN_DEG[0],
        place[1] + degrees * float(np.sin(direction)) / SCREEN_DEG[1],
    )
