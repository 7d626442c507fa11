"""What the display has heard, and what of it holds now. Pure."""

import msgspec

from vybor.contracts import channels, pursuit
from vybor.contracts import messages as m
from vybor.display import helping
from vybor.display import starting as begin
from vybor.display.helping import Helping
from vybor.display.starting import Progress, Starting
from vybor.foundation.clock import seconds

CORE_SILENT_NS = seconds(0.9)
"""Four repeats of `Screen` that did not come: within a second the person knows that choosing does nothing."""
KEPT_LIT_NS = seconds(0.4)
"""A few looks: then nobody says any more that the eyes are on it."""
START_NS = seconds(15)
"""A deciding process that has not spoken yet is still starting for so long."""
HELP_OFFERED_NS = seconds(3)
"""A deciding process that only starts again is back sooner: no press meant for a tile may call for help."""
TARGET_SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.CalibrationTarget])
"""A calibration that ended without a word gives the screen back."""
PANEL_SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.PanelStatus])
"""A PIN of a page that is gone opens nothing."""
POWER_SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.PowerAsked])
MOVES_EVERY_NS = seconds(1 / 240)
"""A dot that moves is drawn anew with each picture that the screen can show."""


class Heard(msgspec.Struct, frozen=True):
    """The newest of each message, and when it came. Repeats count: their age is that of their publisher."""

    progress: Progress
    screen: m.Screen | None = None
    screen_ns: int = 0
    lit: m.Tile | None = None
    """What the eyes were on in the offer before this one…"""
    lit_ns: int = 0
    """…until then."""
    highlight: m.Highlight | None = None
    target: m.CalibrationTarget | None = None
    target_ns: int = 0
    help: Helping = Helping()
    panel: m.PanelStatus | None = None
    panel_ns: int = 0
    power: m.PowerAsked | None = None
    power_ns: int = 0


class Showing(msgspec.Struct, frozen=True):
    """What is to be on the screen."""

    screen: m.Screen | None = None
    highlight: m.Highlight | None = None
    """None unless a tile is lit."""
    target: m.CalibrationTarget | None = None
    """None unless there is a dot."""
    moved: tuple[float, float] | None = None
    """Where it is now, if it moves."""
    core_silent: bool = False
    starting: Starting | None = None
    """The starting page, which stands alone."""
    help: helping.Stage | None = None
    """How far a call for help by the switch is; None while the switch is there to choose."""
    is_night: bool = False
    """Whether it is shown in the colours of the night."""
    panel: m.PanelStatus | None = None
    """None unless somebody at a browser is asked for a PIN."""
    power: m.PowerAsked | None = None
    """None unless somebody there wants the kit to start again or to be switched off, which can be stopped."""

    def looks_like(self, other: "Showing") -> bool:
        """Whether both are the same to the person: a highlight that only has a newer time is."""
        return self._looks() == other._looks()

    def is_only_moved(self, other: "Showing") -> bool:
        """Whether nothing but the place of a dot that moves is another."""
        return msgspec.structs.replace(self, moved=other.moved).looks_like(other)

    def _looks(self) -> tuple[object, ...]:
        light, dot = _light(self.highlight), (_dot(self.target), self.moved)
        pin = (self.panel.pin, self.panel.certificate) if self.panel else ()
        off = (self.power.wish, self.power.left_s) if self.power else ()
        return self.screen, light, dot, self.core_silent, self.starting, self.help, self.is_night, pin, off


def hear(heard: Heard, message: m.AnyMessage, now_ns: int) -> Heard:
    """Take in a message."""
    heard = msgspec.structs.replace(heard, progress=begin.hear(heard.progress, message, now_ns))
    match message:
        case m.Screen():
            return _hear_screen(heard, message, now_ns)
        case m.Highlight():
            return msgspec.structs.replace(heard, highlight=message)
        case m.CalibrationTarget():
            return msgspec.structs.replace(heard, target=message, target_ns=now_ns)
        case m.PanelStatus():
            return msgspec.structs.replace(heard, panel=message, panel_ns=now_ns)
        case m.PowerAsked():
            return msgspec.structs.replace(heard, power=message, power_ns=now_ns)
        case _:
            return heard


def _hear_screen(heard: Heard, screen: m.Screen, now_ns: int) -> Heard:
    light, before = heard.highlight, heard.screen
    if before and light and light.slot is not None and light.offer == before.offer != screen.offer:
        heard = msgspec.structs.replace(heard, lit=_tile(before, light.slot), lit_ns=now_ns)
    return msgspec.structs.replace(heard, screen=screen, screen_ns=now_ns)


def showing(heard: Heard, now_ns: int) -> Showing:
    """What holds now: dots over tiles, tiles once the kit is up, and no highlight of a tile that is gone."""
    silent_ns = _silent_ns(heard, now_ns)
    silent = silent_ns > 0
    call = heard.help.stage if silent_ns > HELP_OFFERED_NS else None
    target = heard.target if now_ns - heard.target_ns <= TARGET_SILENT_NS else None
    if target is not None and target.dot is not None and call is None:
        return Showing(heard.screen, target=target, moved=_moved(target, now_ns), core_silent=silent)
    pin = heard.panel if heard.panel and heard.panel.pin and now_ns - heard.panel_ns <= PANEL_SILENT_NS else None
    if page := begin.starting(heard.progress, now_ns):
        return Showing(core_silent=silent, starting=page, help=call, panel=pin)
    light = heard.highlight if _is_lit(heard, now_ns) and not silent else None
    power = None if silent else _power(heard, now_ns)
    return Showing(heard.screen, light, core_silent=silent, help=call, panel=pin, power=power)


def _power(heard: Heard, now_ns: int) -> m.PowerAsked | None:
    """What waits for the wearer to stop it; of a deciding process that is gone nothing does."""
    asked = heard.power
    waits = asked is not None and asked.wish is not None and asked.end is m.PowerEnd.WAITS
    return asked if waits and now_ns - heard.power_ns <= POWER_SILENT_NS else None


def changes_in_ns(heard: Heard, now_ns: int) -> int | None:
    """In how many nanoseconds silence alone will change what holds; None if only a message can."""
    left = [-_silent_ns(heard, now_ns), HELP_OFFERED_NS - _silent_ns(heard, now_ns)]
    target = heard.target if now_ns - heard.target_ns <= TARGET_SILENT_NS else None
    if target is not None and target.moves_ns is not None:
        left.append(max(MOVES_EVERY_NS, target.moves_ns - now_ns))
    return min((ns + 1 for ns in left if ns >= 0), default=None)


def _is_lit(heard: Heard, now_ns: int) -> bool:
    """Whether the tile that the eyes were said to be on is there.

    While the words around it change, the highlight of the new offer is a look away: a tile that is the same stays
    lit until then, for it would go dark and light up again at each answer of the model.
    """
    light, screen = heard.highlight, heard.screen
    if light is None or screen is None or not _lights(light):
        return False
    if light.offer == screen.offer:
        return True
    now = None if light.slot is None else _tile(screen, light.slot)
    return now is not None and now_ns - heard.lit_ns <= KEPT_LIT_NS and _face(now) == _face(heard.lit)


def _tile(screen: m.Screen, slot: int) -> m.Tile | None:
    return next((tile for tile in screen.tiles if tile.slot == slot), None)


def _face(tile: m.Tile | None) -> tuple[object, ...]:
    """What a tile looks like."""
    return (tile.slot, tile.role, tile.label, tile.grey, tile.area) if tile else ()


def _silent_ns(heard: Heard, now_ns: int) -> int:
    """For how long the deciding process has been missed; 0 or less while it has not."""
    if heard.screen is None:
        return now_ns - heard.progress.began_ns - START_NS
    return now_ns - heard.screen_ns - CORE_SILENT_NS


def _lights(light: m.Highlight) -> bool:
    return light.slot is not None or bool(light.scan)


def _light(highlight: m.Highlight | None) -> tuple[object, ...]:
    if highlight is None:
        return ()
    return highlight.slot, highlight.armed, highlight.pad_open, highlight.pad_progress, highlight.scan


def _moved(target: m.CalibrationTarget, now_ns: int) -> tuple[float, float] | None:
    """The display goes on by itself: no message is there in time for each picture."""
    if target.moves_ns is None or now_ns < target.moves_ns:
        return None
    return pursuit.place(now_ns - target.moves_ns)


def _dot(target: m.CalibrationTarget | None) -> tuple[object, ...]:
    if target is None:
        return ()
    return target.dot, target.dots, target.x, target.y, target.progress, target.is_followed, target.moves_ns
