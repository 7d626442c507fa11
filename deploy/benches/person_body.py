"""What a virtual person does with eyes, lids and hand: reads, looks at a tile, confirms. In virtual time.

A look is aimed at the middle of a tile, and a little beside it at later tries. Who confirms at the edge waits
until the pad opens and looks a little beyond it; who blinks or presses waits until the tile lights up, and
reacts. Where tiles light up in turn, who has a signal waits for their row and then for their tile. A slip is a
look at the nearest other tile, which is then confirmed as if it were the one that is meant.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum

from benches.person_eyes import LIDS_BEFORE_S, Eyes
from benches.person_kit import Kit
from benches.person_profile import Person
from vybor.contracts import messages as m
from vybor.contracts.evidence import CAP
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.headband.detecting.pairs import QUIET_AFTER_S
from world.aims import beyond, middle

LOOK_AGAIN_S = 2.5
"""A tile that does not light up for so long is looked at anew."""
TURNS_S = 15.0
"""Where tiles light up in turn the person waits so long for theirs."""
ANSWER_S = 2.0
"""A confirmation at the edge that brings nothing for so long is begun anew."""
SEEN_S = 0.3
"""After a signal must have been understood the person waits so long before they believe that it was missed."""
BESIDE = (0.0, 0.02, -0.02, 0.04, -0.04)
BEYOND = (0.04, 0.1)
"""Past the screen's edge, at the first try and at the others in turn; in fractions of the screen."""
ONSET_SD_S = 0.005
"""How exactly a headband's clock is known."""


class Doing(StrEnum):
    """What time is spent on."""

    READING = "reading"
    LOOKING = "looking"
    CONFIRMING = "confirming"
    NOTICING = "noticing"
    IDLE = "idle"


WAYS: dict[str, CommitSettings] = {
    "pad": CommitSettings(biosignal=False, switch=False),
    "blink": CommitSettings(pad=False, switch=False),
    "switch": CommitSettings(pad=False, biosignal=False),
    "scan": CommitSettings(pad=False, biosignal=False, scan=ScanUse.ALWAYS),
}
"""How a choice is confirmed: one way at a time. `scan`: the switch takes what is lit in turn."""


class Body:
    """One person before one kit."""

    def __init__(self, person: Person, eyes: Eyes, kit: Kit, way: str) -> None:
        self.kit = kit
        self.spent_s: defaultdict[Doing, float] = defaultdict(float)
        self.signals = 0
        """Double blinks and presses that were made on purpose, missed ones too."""
        self._person = person
        self._eyes = eyes
        self._way = way
        self.could_ns = 0
        """When what was meant could be confirmed last."""
        self._pressed_ns = 0
        """When the tiles were lit that were last meant by a press."""
        self._chance = person.chance("body")
        if way == "blink":
            self._expect_false_blink()

    def read(self, tile: m.Tile, words: int, doing: Doing = Doing.READING) -> None:
        """Rest the eyes on a tile for as long as its words take, unless something is chosen meanwhile."""
        self._eyes.aim(*middle(tile), self.kit.now_ns)
        before = len(self.kit.chosen)
        self.wait(doing, self._person.profile.read_s_per_word * words, lambda: len(self.kit.chosen) > before)

    def attempt(self, tile: m.Tile, tries: int) -> None:
        """Look at a tile and confirm it, once; over when something was chosen, or it is gone, or in vain."""
        if self.kit.wants_dots:
            self._look_at_dots()
        before = len(self.kit.chosen)
        target = self._nearest(tile) if self._chance.random() < self._person.profile.slip else tile
        over = self._over(tile, before)
        if self._way != "pad" and (self.kit.wants_press or self.kit.is_scanning):
            self._press_when_lit(tile, target, before, over)
            return
        x, y = middle(target)
        beside = BESIDE[(tries - 1) % len(BESIDE)]
        self._look(x + beside, y + beside / 2)
        self.wait(Doing.LOOKING, self._person.profile.saccade_s, over)
        ready = self._ready(target)
        self.wait(Doing.LOOKING, LOOK_AGAIN_S, lambda: ready() or over())
        if over() or not ready():
            return
        self._could(target, tile)
        if self._way == "pad":
            self._confirm_at_edge(target, BEYOND[(tries - 1) % len(BEYOND)], over)
        else:
            self._signal(before, over)

    def _look_at_dots(self) -> None:
        began_ns = self.kit.now_ns
        self.kit.look_at_dots()
        self.spent_s[Doing.LOOKING] += (self.kit.now_ns - began_ns) / SECOND_NS

    def wait(self, doing: Doing, for_s: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass, and remember on what."""
        began_ns = self.kit.now_ns
        holds = self.kit.pass_time(for_s, until)
        self.spent_s[doing] += (self.kit.now_ns - began_ns) / SECOND_NS
        return holds

    def _look(self, x: float, y: float) -> None:
        self._eyes.aim(x, y, self.kit.now_ns + seconds(self._person.profile.saccade_s))

    def _over(self, tile: m.Tile, before: int) -> Callable[[], bool]:
        """Whether there is nothing more to try: something was chosen, or the tile is another."""
        known: list[m.Screen] = []

        def over() -> bool:
            if len(self.kit.chosen) > before:
                return True
            screen = self.kit.screen
            if known and known[0] is screen:
                return False
            if not stands(tile, screen):
                return True
            known[:] = [screen]
            return False

        return over

    def _ready(self, tile: m.Tile) -> Callable[[], bool]:
        """Whether the tile can be confirmed, as far as the person sees."""

        def ready() -> bool:
            light = self.kit.light
            if light is None or light.slot != tile.slot:
                return False
            return light.pad_open if self._way == "pad" else light.armed

        return ready

    def _could(self, target: m.Tile, tile: m.Tile) -> None:
        if target is tile:
            self.could_ns = self.kit.now_ns

    def _press_when_lit(self, tile: m.Tile, target: m.Tile, before: int, over: Callable[[], bool]) -> None:
        """Tiles light up in turn, or would after a press: press where the row is lit, then where the tile is."""
        self._eyes.aim(*middle(target), self.kit.now_ns)
        if self.kit.wants_press:
            self._signal(before, over)
            return

        def lit() -> bool:
            light = self.kit.light
            is_new = light is not None and light.at_ns > self._pressed_ns
            return light is not None and is_new and target.slot in light.scan

        def ended() -> bool:
            return over() or self.kit.wants_press or not self.kit.is_scanning

        self.wait(Doing.LOOKING, TURNS_S, lambda: lit() or ended())
        if lit() and not ended():
            self._pressed_ns = self.kit.now_ns
            self._could(target, tile)
            self._signal(before, over)

    def _confirm_at_edge(self, tile: m.Tile, by: float, over: Callable[[], bool]) -> None:
        self._look(*beyond(tile, by))
        self.wait(Doing.CONFIRMING, self._person.profile.saccade_s + ANSWER_S, over)

    def _signal(self, before: int, over: Callable[[], bool]) -> None:
        """Blink twice, or press, if the tile stands until then."""
        profile = self._person.profile
        reaction_s = max(0.0, self._chance.gauss(profile.reaction_s, profile.reaction_sd_s))
        if self.wait(Doing.CONFIRMING, reaction_s, over):
            return
        self.signals += 1

        def chosen() -> bool:
            return len(self.kit.chosen) > before

        if self._way in ("switch", "scan"):
            if self._chance.random() >= profile.switch_miss:
                self.kit.press()
            self.wait(Doing.CONFIRMING, SEEN_S, chosen)
            return
        known_s = self._blink(is_missed=self._chance.random() < profile.blink_miss)
        self.wait(Doing.CONFIRMING, known_s + SEEN_S, chosen)

    def _blink(self, *, is_missed: bool) -> float:
        """Close the lids twice; returns after how long that is known."""
        blink_s = self._person.profile.blink_s
        onset_ns = self.kit.now_ns + seconds(LIDS_BEFORE_S)
        known_s = LIDS_BEFORE_S + blink_s + QUIET_AFTER_S
        self._eyes.blink(onset_ns, blink_s)
        if not is_missed:
            known_ns = self.kit.now_ns + seconds(known_s)
            self.kit.gesture(onset_ns, onset_ns + seconds(blink_s), known_ns, seconds(ONSET_SD_S), CAP)
        return known_s

    def _expect_false_blink(self) -> None:
        rate = self._person.profile.blink_false_per_min / 60
        if rate <= 0:
            return

        def blink() -> None:
            self._blink(is_missed=False)
            self._expect_false_blink()

        self.kit.at(self.kit.now_ns + seconds(self._chance.expovariate(rate)), blink)

    def _nearest(self, tile: m.Tile) -> m.Tile:
        here = middle(tile)
        others = [other for other in self.kit.screen.tiles if other.slot != tile.slot]
        return min(others, key=lambda other: math.dist(middle(other), here), default=tile)


def stands(tile: m.Tile, screen: m.Screen) -> bool:
    """Whether the tile is still there, for the eyes."""
    return any(is_same(tile, other) for other in screen.tiles)


def is_same(tile: m.Tile, other: m.Tile) -> bool:
    """Whether two tiles are the same for the eyes."""
    return (tile.slot, tile.role, tile.label) == (other.slot, other.role, other.label)
