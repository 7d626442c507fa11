"""The scripted person: sees what the display says it shows, and acts on the world with eyes, lids and jaw.

There is no back door: the person moves a `Body`; cameras, headbands, mice and switches carry that into the kit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import Clock, seconds
from world.aims import middle
from world.mind import Wish, holding, wish, written

LOOK_AGAIN_S = 2.5
"""A tile that does not light up for so long is looked at anew, a little beside the last place."""
ANSWER_S = 3.0
"""A confirmation that changes nothing for so long was missed, and is made again."""
READ_S, READ_AT_MOST = 0.4, 4
"""Tiles that change are read again, but nobody reads for ever."""
REACTION_S = 0.3
"""From the tile's lighting up to the sign."""
STUCK_S = 40.0
MOST_TRIES = 11
FRESH_NS = seconds(1.5)
"""A light older than that is of eyes that the kit sees no more."""
DARK_S = 60.0
"""Where nothing can light up, since whoever sees the eyes is gone, people wait: by then it has come back."""


class Body(Protocol):
    """What a person can do."""

    uses_pad: bool
    """Whether it confirms at the tile's edge, which opens a little later than the tile lights up."""

    def look(self, x: float, y: float) -> None:
        """Turn the eyes to a place on the screen, in fractions of it."""
        ...

    def confirm(self, tile: m.Tile) -> None:
        """Make the sign that means *this one*."""
        ...

    def idle(self) -> None:
        """Do what a living body does now and then."""
        ...

    def call_dots(self) -> None:
        """Do what brings back the calibration's dots, where the eyes are not followed."""
        ...


class Stuck(Exception):
    """The person cannot go on."""


@dataclass
class Act:
    """One choice, as the person remembers it."""

    offer: int
    slot: int
    role: str
    label: str
    why: str
    offered: list[str]
    text: str
    seconds: float
    tries: int


@dataclass
class Written:
    """One sentence, meant and said."""

    meant: str
    said: str
    acts: list[Act] = field(default_factory=list)
    seconds: float = 0.0


class Person:
    """Writes sentences through a `Body` and what is `Shown`."""

    def __init__(self, bus: Bus, body: Body, clock: Clock, tell: Callable[[str], None]) -> None:
        self._bus = bus
        self._body = body
        self._clock = clock
        self._tell = tell
        self._shown: m.Shown | None = None
        self.first_offer_s = 0.0
        self.when_lit: Callable[[int], None] = lambda act: None
        """Called with the number of the act, from 1, when its tile has lit up."""
        self.while_waiting: Callable[[m.Shown | None], None] = lambda shown: None
        """Called with what is on the screen, many times a second."""
        self._act = 0
        self.unmeant: list[str] = []
        """Texts that the person did not ask for."""
        self.in_vain: list[str] = []
        """Choices after which the screen changed and the text did not: whoever decides was gone at that moment."""

    def wait_for_offer(self, limit_s: float) -> None:
        """Look at the calibration's dots while there are any, until tiles can be chosen."""
        deadline_ns = self._clock.now_ns() + seconds(limit_s)
        dot = None
        while not self._tiles():
            if self._clock.now_ns() > deadline_ns:
                raise Stuck(f"no tiles within {limit_s:.0f} s (shown: {self._shown})")
            target = self._shown.target if self._shown else None
            if target and target.dot is not None:
                if target.dot != dot:
                    dot = target.dot
                    self._tell(f"look at dot {dot + 1} of {target.dots}")
                self._body.look(target.x, target.y)
            self._body.idle()
            self._see(0.1)

    def calibrate(self, limit_s: float) -> None:
        """Wait for the dots, and look at each."""
        if not self._wait(lambda: not self._tiles(), limit_s):
            raise Stuck(f"no dots within {limit_s:.0f} s")
        self.wait_for_offer(limit_s)

    def write(self, sentence: str) -> Written:
        """Write one sentence and have it said. Raises Stuck if nothing works any more."""
        began_ns = self._clock.now_ns()
        report = Written(meant=sentence, said="")
        self._act = 0
        while True:
            self._read()
            screen = self._screen()
            chosen = wish(screen, sentence)
            if chosen.tile is None:
                raise Stuck(f"no tile for {chosen.why!r} on {screen.mode} at {screen.text!r}")
            act = self._choose(chosen, lambda screen: wish(screen, sentence))
            report.acts.append(act)
            after = self._screen()
            if chosen.tile.role is Role.SPEAK and after.said and not after.text:
                report.said = after.said
                report.seconds = (self._clock.now_ns() - began_ns) / 1e9
                return report

    def take(self, role: Role) -> list[Act]:
        """Find the tile of a role on this page, and choose it; several choices where it is folded into another.

        Raises Stuck.
        """

        def think(screen: m.Screen) -> Wish:
            return Wish(holding(screen, role), f"{role.value} is what I need")

        self.wait_for(role, STUCK_S)
        acts: list[Act] = []
        while not acts or acts[-1].role != role.value:
            self._read()
            wanted = think(self._screen())
            if wanted.tile is None:
                raise Stuck(f"there is no {role.value} on {self._screen().mode}")
            acts.append(self._choose(wanted, think))
        return acts

    def wait_for(self, role: Role, limit_s: float) -> None:
        """Look on until there is a tile of this role. Raises Stuck."""

        def is_there() -> bool:
            return (
                self._shown is not None and self._shown.screen is not None and bool(holding(self._screen(), role))
            )

        if not self._wait(is_there, limit_s):
            raise Stuck(f"there is no {role.value} within {limit_s:.0f} s (shown: {self._shown})")

    @property
    def sharing(self) -> m.Sharing | None:
        """What the page of sharing says."""
        return self._shown.screen.sharing if self._shown and self._shown.screen else None

    def _read(self) -> None:
        """Look the tiles over until they have stood still for as long as that takes."""
        self.wait_for_offer(STUCK_S)
        for _ in range(READ_AT_MOST):
            offer = self._screen().offer
            self._wait(lambda: self._screen().offer != offer, READ_S)  # noqa: B023  (called at once)
            if self._screen().offer == offer:
                return
        self.wait_for_offer(STUCK_S)

    def _choose(self, wanted: Wish, think: Callable[[m.Screen], Wish]) -> Act:
        """Look at the tile until it lights up, confirm, and see what came of it."""
        assert wanted.tile is not None
        tile, before = wanted.tile, self._screen()
        self._act += 1
        began_ns = self._clock.now_ns()
        tries = 0
        while tries < MOST_TRIES:
            tries += 1
            self._body.idle()
            self._body.look(*_aim(tile, tries))
            armed = self._wait_for_light(tile)
            if not self._stands(tile):  # the offer changed under the eyes, or dots came up: think again
                self._read()
                again = think(self._screen())
                if again.tile is None:
                    raise Stuck(f"no tile for {again.why!r}")
                wanted, tile = again, again.tile
                continue
            if not armed:
                if self._is_not_calibrated():  # as the documents say; the dots come, and are looked at
                    self._body.call_dots()
                    self._wait(lambda: not self._stands(tile), ANSWER_S)  # noqa: B023  (called at once)
                    continue
                if not self._is_seen() and not self._wait(self._blinks_until_seen, DARK_S):
                    raise Stuck(f"the eyes are not seen within {DARK_S:.0f} s (shown: {self._shown})")
                continue
            self.when_lit(self._act)
            self._wait(lambda: False, REACTION_S)
            self._body.confirm(tile)
            if self._wait(lambda: _signature(self._screen()) != _signature(before), ANSWER_S):
                return self._remember(wanted, tile, before, began_ns, tries)
        raise Stuck(
            f"{tile.role} {tile.label!r} cannot be chosen (highlight: {self._shown and self._shown.highlight})"
        )

    def _wait_for_light(self, tile: m.Tile) -> bool:
        """Wait until the tile lights up, or is gone."""
        return self._wait(lambda: self._is_armed(tile) or not self._stands(tile), LOOK_AGAIN_S)

    def _remember(self, wanted: Wish, tile: m.Tile, before: m.Screen, began_ns: int, tries: int) -> Act:
        after = self._screen()
        expected = _expected(before, tile)
        if expected is not None and after.text != expected:
            kind = self.in_vain if after.text == before.text else self.unmeant
            kind.append(f"meant {expected!r}, got {after.text!r}")
        took_s = (self._clock.now_ns() - began_ns) / 1e9
        offered = [as_told(tile) for tile in before.tiles]
        act = Act(
            before.offer, tile.slot, tile.role.value, tile.label, wanted.why, offered, after.text, took_s, tries
        )
        self._tell(
            f"sees {' | '.join(offered)}\n"
            f"  look at {tile.label or tile.role.value!r} ({wanted.why}), confirm after {took_s:.1f} s"
            f" → {after.text!r}" + (f" + {after.prefix!r}" if after.prefix else "")
        )
        return act

    def _is_armed(self, tile: m.Tile) -> bool:
        light = self._shown.highlight if self._shown else None
        if not light or light.slot != tile.slot or light.offer != self._screen().offer:
            return False
        return light.pad_open if self._body.uses_pad else light.armed

    def _is_seen(self) -> bool:
        """Whether what lights up comes from looks of now."""
        light = self._shown.highlight if self._shown else None
        return light is not None and self._clock.now_ns() - light.captured_ns < FRESH_NS

    def _is_not_calibrated(self) -> bool:
        return any(notice.trouble is m.Trouble.NOT_CALIBRATED for notice in self._screen().notices)

    def _blinks_until_seen(self) -> bool:
        """Who waits to be seen blinks as ever: a face that does not is taken for a picture."""
        self._body.idle()
        return self._is_seen() or self._is_not_calibrated()

    def _stands(self, tile: m.Tile) -> bool:
        return tile in self._tiles()

    def _tiles(self) -> tuple[m.Tile, ...]:
        shown = self._shown
        calibrating = shown and shown.target and shown.target.dot is not None
        return shown.screen.tiles if shown and shown.screen and not calibrating else ()

    def _screen(self) -> m.Screen:
        if self._shown is None or self._shown.screen is None:
            raise Stuck("the display shows nothing")
        return self._shown.screen

    def _wait(self, until: Callable[[], bool], limit_s: float) -> bool:
        deadline_ns = self._clock.now_ns() + seconds(limit_s)
        while not until():
            if self._clock.now_ns() > deadline_ns:
                return False
            self._see(0.05)
        return True

    @property
    def offer(self) -> int:
        """The offer on the screen; 0 before there is one."""
        return self._shown.screen.offer if self._shown and self._shown.screen else 0

    @property
    def text(self) -> str:
        """The text on the screen."""
        return self._shown.screen.text if self._shown and self._shown.screen else ""

    def see(self, wait_s: float = 0.05) -> None:
        """Look at the screen for a moment."""
        self._see(wait_s)

    def look_away(self) -> None:
        """Rest the eyes on the middle, where nothing can be chosen, for a moment."""
        self._body.look(0.5, 0.5)
        self._see(0.05)

    def _see(self, wait_s: float) -> None:
        for arrival in self._bus.receive(wait_s):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Shown):
                self._shown = arrival.message
        self._bus.tend()
        self.while_waiting(self._shown)


def as_told(tile: m.Tile) -> str:
    """A tile in the transcript: its label, and in brackets what stands there in grey; of a fold what it holds."""
    if tile.members:
        return " / ".join(map(as_told, tile.members))
    grey = f"[{tile.grey}]" if tile.grey else ""
    return f"{tile.label} {grey}".strip() or tile.role.value


def _aim(tile: m.Tile, tries: int) -> tuple[float, float]:
    """The middle of the tile's visible body; at later tries a little beside it, as people do."""
    x, y = middle(tile)
    beside = (0.0, 0.02, -0.02, 0.04, -0.04)[(tries - 1) % 5]
    return x + beside, y + beside / 2


def _signature(screen: m.Screen) -> tuple[object, ...]:
    """What a choice changes; the model's words may come and go without one."""
    fixed = tuple(
        (tile.slot, each.role, each.label)
        for tile in screen.tiles
        for each in tile.members or (tile,)
        if each.role is not Role.CANDIDATE
    )
    return screen.mode, screen.text, screen.prefix, screen.said, fixed


def _expected(before: m.Screen, tile: m.Tile) -> str | None:
    """The text that must stand there after this choice; None where pages or letters change, not the text."""
    if tile.role in (Role.CANDIDATE, Role.PHRASE, Role.SPELLED) or (tile.role is Role.MARK and not before.prefix):
        return written(before.text, tile.label)
    if tile.role is Role.SPEAK:
        return ""
    if tile.role in (Role.UNDO, Role.CAPITAL) or before.mode is Mode.REST:
        return None
    return before.text
