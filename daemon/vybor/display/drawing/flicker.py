"""What flickers on the screen: in which rhythms, how bright, how large, and which frame it is. Pure.

Rhythms are whole frames of the measured refresh, between 7 and 13 a second: below the band from 15 to 25 in which
flicker is most provocative, and none a multiple of another. What is bright differs from what is not by less than
a tenth of the greatest luminance, so it is no flash by WCAG 2.3.1; and if it were, all of it together covers less
than the ninth of the screen that WCAG lets flash. Only greys are added: nothing turns red.

Frames are counted by the refresh of the start, and every flip is held against it: a screen that has become faster
or slower since is not flickered on. Until that is sure, time itself holds back what would turn too soon.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from vybor.contracts import messages as m
from vybor.display.drawing.palette import Colour, Palette, Rgb
from vybor.display.drawing.scene import Rect
from vybor.foundation.clock import SECOND_NS, seconds

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
"""So many frames may be late or off the beat, of about the last fifty."""
EARLY, EARLY_IN_A_ROW = 0.75, 3
"""A flip that comes before so much of a period is early. One may follow a late one; so many in a row are a screen
that is faster than it was measured."""
PACES, PACE_OFF = 15, 0.05
"""So many periods of the last, by their median, may be so far from the measured one."""
TURNS_AGAIN_NS = seconds(1 / 14)
"""Nothing becomes bright, nor dark, again sooner, on whatever screen: above the fastest rhythm on a screen that
is off by what is allowed, below what provokes."""
LONG_AGO_NS = -SECOND_NS


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


class Field(msgspec.Struct, frozen=True):
    """One thing that flickers."""

    slot: int
    frames: int
    """Of its period."""
    bright: bool = True
    """What the frame that is due makes it."""
    turns: bool = True
    """Whether that is another than the frame before."""
    lit_ns: int = LONG_AGO_NS
    dimmed_ns: int = LONG_AGO_NS
    """When it became bright and dark."""


class Flickering(msgspec.Struct, frozen=True):
    """What flickers, and where in its time it is."""

    fields: tuple[Field, ...]
    since_ns: int
    flipped_ns: int
    frame: int = 0
    """Counted from the first, those that were missed too: rhythms keep their phase."""
    late: float = 0.0
    """The share of frames that were late or off the beat, of the last ones."""
    early: int = 0
    """So many flips in a row were early."""
    paces: tuple[float, ...] = ()
    """How long each of the last frames stood, in periods."""

    @property
    def bright(self) -> tuple[bool, ...]:
        """Of each field, in this frame."""
        return tuple(field.bright for field in self.fields)


def begun(slots: Sequence[int], refresh: Refresh, now_ns: int) -> Flickering | None:
    """From now on these flicker, each place always in the same rhythm; None if none can."""
    frames = rhythms(refresh) if refresh.is_steady else ()
    fields = tuple(Field(slot, frames[slot]) for slot in sorted(set(slots)) if 0 <= slot < len(frames))
    return Flickering(fields, now_ns, now_ns) if fields else None


def flipped(now: Flickering, refresh: Refresh, at_ns: int) -> Flickering:
    """The screen shows the frame: the next one is due, or a later one if this one came late.

    The first flip says where the screen is in its period, and is not held against anything.
    """
    lasted = (at_ns - now.flipped_ns) / refresh.period_ns if now.frame else 1.0
    passed = max(1, round(lasted))
    is_off = passed > 1 or abs(lasted - passed) > STEADY
    paces = (*now.paces[1 - PACES :], lasted / passed)
    due_ns = at_ns + round(refresh.period_ns * max(0.0, min(1.0, *paces)))
    return Flickering(
        fields=tuple(_next(field, now.frame + passed, at_ns, due_ns) for field in now.fields),
        since_ns=now.since_ns,
        flipped_ns=at_ns,
        frame=now.frame + passed,
        late=now.late + LATE_FADES * (is_off - now.late),
        early=now.early + 1 if lasted < EARLY else 0,
        paces=paces,
    )


def repainted(now: Flickering, at_ns: int) -> Flickering:
    """Something was painted: for a frame all was dark. What is due bright waits for its time."""
    return msgspec.structs.replace(now, fields=tuple(_darkened(field, at_ns) for field in now.fields))


def is_unsteady(now: Flickering) -> bool:
    """Whether the screen is not refreshed as it was measured, or too many frames were late for an exact rhythm."""
    is_off = len(now.paces) == PACES and abs(median(now.paces) - 1) > PACE_OFF
    return now.late > LATE_SHARE or now.early >= EARLY_IN_A_ROW or is_off


def _next(field: Field, frame: int, shown_ns: int, due_ns: int) -> Field:
    """What the next frame makes of it, which comes at that time at the soonest, by the quickest of the last."""
    lit_ns = shown_ns if field.turns and field.bright else field.lit_ns
    dimmed_ns = shown_ns if field.turns and not field.bright else field.dimmed_ns
    wanted = is_bright(frame, field.frames)
    turns = wanted != field.bright and due_ns - (lit_ns if wanted else dimmed_ns) >= TURNS_AGAIN_NS
    return Field(field.slot, field.frames, field.bright ^ turns, turns, lit_ns, dimmed_ns)


def _darkened(field: Field, at_ns: int) -> Field:
    """It is dark now, and what is due is held against that."""
    was_bright = field.bright ^ field.turns
    turns = field.bright and at_ns - field.lit_ns >= TURNS_AGAIN_NS
    dimmed_ns = at_ns if was_bright else field.dimmed_ns
    return Field(field.slot, field.frames, turns, turns, field.lit_ns, dimmed_ns)


def told(now: Flickering | None, refresh: Refresh) -> tuple[m.Flicker, ...]:
    """What flickers, for others."""
    fields = now.fields if now else ()
    return tuple(m.Flicker(slot=field.slot, hz=refresh.hz / field.frames) for field in fields)


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
