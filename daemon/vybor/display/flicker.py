"""What flickers on the screen: in which rhythms, how bright, how large, and which frame it is. Pure.

Rhythms are whole frames of the measured refresh, between 7 and 13 a second: below the band from 15 to 25 in which
flicker is most provocative, and none a multiple of another. What is bright differs from what is not by less than
a tenth of the greatest luminance, so it is no flash by WCAG 2.3.1; and if it were, all of it together covers less
than the ninth of the screen that WCAG lets flash. Only greys are added: nothing turns red.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from vybor.contracts import messages as m
from vybor.display.palette import Colour, Palette, Rgb
from vybor.display.scene import Rect
from vybor.foundation.clock import SECOND_NS

SLOWEST_HZ, FASTEST_HZ = 7.0, 13.0
MOST = 3
"""So many things flicker at most…"""
MOST_AREA = 0.11
"""…and cover so much of the screen together: a ninth may flash at once (WCAG: 341 by 256 of 1024 by 768)."""
GROUNDS = (Colour.TILE, Colour.TILE_LIT)
MEASURED_FLIPS = 60
STEADY = 0.1
"""Nine of ten flips come within so much of a period of where they should."""
REFRESH_HZ = (24.0, 250.0)
"""Slower is no screen; faster does not wait for one."""
LATE_SHARE, LATE_FADES = 0.15, 0.02
"""So many frames may be late, of about the last fifty."""


class Refresh(msgspec.Struct, frozen=True):
    """How often the screen is refreshed, as measured."""

    period_ns: float
    spread: float
    """How far nine of ten periods are from the median at most, in periods."""

    @property
    def hz(self) -> float:
        """Pictures a second."""
        return SECOND_NS / self.period_ns

    @property
    def is_steady(self) -> bool:
        """Whether frames can be counted by it."""
        return self.spread <= STEADY and REFRESH_HZ[0] <= self.hz <= REFRESH_HZ[1]


def measured(flips_ns: Sequence[int]) -> Refresh:
    """By the times of flips that follow each other; of too few, none that is steady."""
    periods = [max(1, after - before) for before, after in pairwise(flips_ns)]
    if not periods:
        return Refresh(1.0, 1.0)
    usual = median(periods)
    apart = sorted(abs(period - usual) / usual for period in periods)
    return Refresh(usual, apart[min(len(apart) - 1, math.ceil(0.9 * len(apart)))])


def rhythms(refresh: Refresh) -> tuple[int, ...]:
    """The frames that each place's period has: the slowest, one in the middle and the fastest that there are."""
    counts = [count for count in range(1, 64) if SLOWEST_HZ <= refresh.hz / count <= FASTEST_HZ]
    if len(counts) <= MOST:
        return tuple(reversed(counts))
    slow, fast = counts[-1], counts[0]
    between = (refresh.hz / slow + refresh.hz / fast) / 2
    middle = min(counts[1:-1], key=lambda count: abs(refresh.hz / count - between))
    return slow, middle, fast


def is_bright(frame: int, frames: int) -> bool:
    """The square wave: bright in the first half of a period, rounded up, dark in the other."""
    return frame % frames < (frames + 1) // 2


class Flickering(msgspec.Struct, frozen=True):
    """What flickers, and where in its time it is."""

    slots: tuple[tuple[int, int], ...]
    """Each with the frames of its period."""
    since_ns: int
    flipped_ns: int
    frame: int = 0
    """Counted from the first, those that were missed too: rhythms keep their phase."""
    late: float = 0.0
    """The share of frames that were late, of the last ones."""

    @property
    def bright(self) -> tuple[bool, ...]:
        """Of each slot, in this frame."""
        return tuple(is_bright(self.frame, frames) for _, frames in self.slots)


def begun(slots: Sequence[int], refresh: Refresh, now_ns: int) -> Flickering | None:
    """From now on these flicker, each place always in the same rhythm; None if none can."""
    frames = rhythms(refresh) if refresh.is_steady else ()
    paired = tuple((slot, frames[slot]) for slot in sorted(set(slots)) if 0 <= slot < len(frames))
    return Flickering(paired, now_ns, now_ns) if paired else None


def flipped(now: Flickering, refresh: Refresh, at_ns: int) -> Flickering:
    """The screen shows the frame: the next one is due, or a later one if this one came late."""
    passed = max(1, round((at_ns - now.flipped_ns) / refresh.period_ns))
    late = now.late + LATE_FADES * ((passed > 1) - now.late)
    return msgspec.structs.replace(now, frame=now.frame + passed, flipped_ns=at_ns, late=late)


def is_unsteady(now: Flickering) -> bool:
    """Whether too many frames were late for an exact rhythm."""
    return now.late > LATE_SHARE


def told(now: Flickering | None, refresh: Refresh) -> tuple[m.Flicker, ...]:
    """What flickers, for others."""
    slots = now.slots if now else ()
    return tuple(m.Flicker(slot=slot, hz=refresh.hz / frames) for slot, frames in slots)


def field(tile: Rect, width: int, height: int) -> Rect:
    """The part of a tile that flickers, around its words: as much of it as may flash if all of them do at once.

    Words stand toward the middle of the screen.
    """
    most = MOST_AREA / MOST * width * height
    share = min(1.0, math.sqrt(most / max(1, tile.width * tile.height)))
    across, down = math.floor(tile.width * share), math.floor(tile.height * share)
    is_above = tile.y + tile.height / 2 < height / 2
    return Rect(tile.x + (tile.width - across) // 2, tile.bottom - down if is_above else tile.y, across, down)


def brightened(palette: Palette, contrast: float) -> Palette:
    """The colours while it is bright: the grounds of tiles differ in luminance by `contrast` at most."""
    return {colour: _stepped(rgb, contrast) if colour in GROUNDS else rgb for colour, rgb in palette.items()}


def luminance(rgb: Rgb) -> float:
    """The relative luminance of WCAG, 0 to 1."""
    parts = [value / 255 for value in rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _stepped(rgb: Rgb, contrast: float) -> Rgb:
    """A grey more, or less of one where it is bright already: as much as the contrast allows."""
    sign = 1 if luminance(rgb) < 0.5 else -1
    found = rgb
    for step in range(1, 256):
        stepped = _added(rgb, sign * step)
        if abs(luminance(stepped) - luminance(rgb)) > contrast:
            break
        found = stepped
    return found


def _added(rgb: Rgb, grey: int) -> Rgb:
    red, green, blue = (min(255, max(0, value + grey)) for value in rgb)
    return red, green, blue
