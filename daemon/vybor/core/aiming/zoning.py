"""How many zones the screen has: as many as this person's eyes can tell apart, by the error of their looks. Pure.

The gaze room says of each look how exact it is. The densest layout is taken on which a look at the middle of every
tile lands on that tile often enough. It changes only where nothing is torn from under the eyes.
"""

import math

import msgspec

from vybor.composer.layout import LAYOUTS, TEN, Layout, Zone
from vybor.composer.writing import Writing, is_begun
from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.foundation.clock import seconds
from vybor.selector.state import Selector

MOST = len(TEN.zones)
BY_EYES = (MOST, 8, 4, 2)
"""The layouts that are taken by themselves, the densest first. Six zones are hit hardly more often than eight and
cost half as many choices again: they are for whoever asks for them."""
LANDS = 0.86
"""So often a look at the middle of a tile must land on it. Simulated people write faster, and finish more, on the
densest layout for which it does than on any other (deploy/docs/researcher.md)."""
SLACK = 1.12
"""A layout is left for a denser one only if that would do with an error so many times as large, and for one with
fewer zones only if it would not do with one so many times smaller: the error of one calibration is a guess."""
REMEMBERED = 45
"""Looks, three seconds of them: one that is doubtful changes nothing."""
ENOUGH = 15
"""Before so many nothing is decided."""
FRESH_NS = seconds(8)
"""After tiles came up, behind the dots or at a start, the layout may still change while a text is being
written."""
IN_VAIN = 2
"""Where dots come so often since the last choice, something is wrong that dots do not mend: behind them tiles are
larger, and larger again each time that they come once more…"""
LARGER_NS = seconds(600)
"""…for so long."""
TOLD_NS = seconds(20)
"""So long the screen says that it has changed."""


class Zoning(msgspec.Struct, frozen=True):
    """What is known of the looks' error, and the layout that was taken."""

    zones: int = MOST
    square_x: float = 0.0
    square_y: float = 0.0
    """Means of the squared standard errors of looks, in fractions of the screen…"""
    looks: int = 0
    """…over so many."""
    hidden_ns: int = 0
    """When tiles were last not to be seen."""
    changed_ns: int = 0
    """When the layout last changed by itself…"""
    before: int = MOST
    """…and how many zones it had until then."""
    dots: int = 0
    """How often dots came in vain since the last choice."""
    most: int = MOST
    """No layout of more zones is taken…"""
    most_until_ns: int = 0
    """…until then."""


def saw(known: Zoning, point: m.GazePoint) -> Zoning:
    """A look came: its error counts as one of the last ones."""
    if not (0 < point.sd_x < 1 and 0 < point.sd_y < 1):
        return known
    looks = min(REMEMBERED, known.looks + 1)
    return msgspec.structs.replace(
        known,
        square_x=known.square_x + (point.sd_x**2 - known.square_x) / looks,
        square_y=known.square_y + (point.sd_y**2 - known.square_y) / looks,
        looks=looks,
    )


def watched(known: Zoning, eyes: Selector, writing: Writing, dots: int, now_ns: int) -> Zoning:
    """Time has passed for who writes this, with their eyes where the selector has them.

    `dots`: how often dots came since the last choice because looks chose nothing.
    """
    known = _tried(known, dots, now_ns)
    is_empty = not is_begun(writing) and writing.mode is m.Mode.WORDS
    is_calm = eyes.slot is None and eyes.scan is None
    return passed(known, now_ns, is_hidden=not eyes.tiles, is_calm=is_calm, is_empty=is_empty)


def passed(known: Zoning, now_ns: int, *, is_hidden: bool, is_calm: bool, is_empty: bool) -> Zoning:
    """Take another layout if the looks ask for it, and now is the time.

    `is_hidden`: no tiles are to be seen; `is_calm`: the eyes are on none; `is_empty`: nothing is being written.
    """
    if is_hidden:
        known = msgspec.structs.replace(known, hidden_ns=now_ns)
    if known.looks < ENOUGH or not is_calm or not (is_empty or now_ns - known.hidden_ns <= FRESH_NS):
        return known
    zones = asked_for(math.sqrt(known.square_x), math.sqrt(known.square_y), known.zones)
    if now_ns < known.most_until_ns:
        zones = min(zones, known.most)
    if zones == known.zones:
        return known
    return msgspec.structs.replace(known, zones=zones, changed_ns=now_ns, before=known.zones)


def _tried(known: Zoning, dots: int, now_ns: int) -> Zoning:
    """Dots have come once more, or something was chosen since."""
    if dots == known.dots:
        return known
    if dots < max(known.dots, IN_VAIN):
        return msgspec.structs.replace(known, dots=dots)
    fewer = next((zones for zones in BY_EYES if zones < known.zones), BY_EYES[-1])
    return msgspec.structs.replace(known, dots=dots, most=fewer, most_until_ns=now_ns + LARGER_NS)


def asked_for(sd_x: float, sd_y: float, now: int = MOST) -> int:
    """The number of zones for looks of such an error, where there are so many now."""
    if now > (fewer := _densest(sd_x / SLACK, sd_y / SLACK)):
        return fewer
    return max(now, _densest(sd_x * SLACK, sd_y * SLACK))


def lands(layout: Layout, sd_x: float, sd_y: float) -> float:
    """How often a look at the middle of a tile lands on it, on the tile where that is worst."""
    return min(_lands(zone, sd_x, sd_y) for zone in layout.zones)


def told(known: Zoning, now_ns: int) -> m.Trouble | None:
    """What the screen says of the layout."""
    if not known.changed_ns or now_ns - known.changed_ns > TOLD_NS:
        return None
    return m.Trouble.FEWER_TILES if known.zones < known.before else m.Trouble.MORE_TILES


def _densest(sd_x: float, sd_y: float) -> int:
    return next((zones for zones in BY_EYES if lands(LAYOUTS[zones], sd_x, sd_y) >= LANDS), BY_EYES[-1])


def _lands(zone: Zone, sd_x: float, sd_y: float) -> float:
    """Looked at are the words, which stand beside the pad; what counts is all of the area, past the edge too."""
    body = without_pad(zone.area, zone.pad)
    x = (max(0.0, body.left) + min(1.0, body.right)) / 2
    y = (max(0.0, body.top) + min(1.0, body.bottom)) / 2
    across = _mass(zone.area.left, zone.area.right, x, sd_x)
    return across * _mass(zone.area.top, zone.area.bottom, y, sd_y)


def _mass(low: float, high: float, mean: float, sd: float) -> float:
    scale = max(sd, 1e-4) * math.sqrt(2)
    return 0.5 * (math.erf((high - mean) / scale) - math.erf((low - mean) / scale))
