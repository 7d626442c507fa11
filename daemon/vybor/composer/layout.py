"""Where the zones of the screen are. Pure; shared by the composer, which fills them, and the display, which draws.

Read in the middle, act at the edge. A zone's area runs past the screen's edge, where eyes often rest; its pad is
the outermost part. Ten zones and eight are two rows of tiles, the text between them, and one tile at each end of
the text: these two are narrow, but nothing that could be chosen by mistake lies beside them, since a look that
falls short of them rests on the text, which is neutral. Six zones are two rows alone. Four lie in the corners and
two side by side, with the text in a column between them, or above: so most errors of the eyes lead past the
screen's edge, and that is no error. Why so: deploy/decisions/0030.
"""

import msgspec

from vybor.contracts.messages import Area

ROW_HEIGHT = 0.31
PAD_HEIGHT = 0.1
TALL_ROW, SLIM_PAD = 0.38, 0.08
SIDE_WIDTH = 0.19
SIDE_PAD_WIDTH = 0.06
BEYOND_X = 0.15
BEYOND_Y = 0.35
FAR_BEYOND_X = 0.35
"""Where eyes are measured badly, they land further beyond the edge too."""
CORNER_WIDTH = 0.35
TEXT_ABOVE = 0.3


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """One place for a tile."""

    visible: Area
    area: Area
    """What counts as looking at it: the visible part and what lies beyond the edge."""
    pad: Area


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Zones in order: the upper row from the left, the lower one, then left and right of the text."""

    zones: tuple[Zone, ...]
    band: Area
    """The neutral middle, where the text stands."""


def rows(columns: int, height: float = ROW_HEIGHT, side: float = SIDE_WIDTH, pad: float = PAD_HEIGHT) -> Layout:
    """Two rows of so many tiles, and a tile at each end of the text between them, unless that has no width."""
    upper = tuple(_zone(column, columns, (height, pad), upper=True) for column in range(columns))
    lower = tuple(_zone(column, columns, (height, pad), upper=False) for column in range(columns))
    sides = tuple(_side(left, side, (height, 1 - height), BEYOND_X) for left in (True, False)) if side else ()
    band = Area(left=side, top=height, right=1 - side, bottom=1 - height)
    return Layout(zones=upper + lower + sides, band=band)


def corners() -> Layout:
    """Four tiles, and the text in a column between them."""
    upper, lower = (-BEYOND_X, 0.5), (0.5, 1 + BEYOND_X)
    zones = (_side(left, CORNER_WIDTH, span, FAR_BEYOND_X) for span in (upper, lower) for left in (True, False))
    return Layout(zones=tuple(zones), band=Area(left=CORNER_WIDTH, top=0.0, right=1 - CORNER_WIDTH, bottom=1.0))


def halves() -> Layout:
    """Two tiles side by side, and the text above them."""
    span = (TEXT_ABOVE, 1 + BEYOND_X)
    zones = tuple(_side(left, 0.5, span, FAR_BEYOND_X) for left in (True, False))
    return Layout(zones=zones, band=Area(left=0.0, top=0.0, right=1.0, bottom=TEXT_ABOVE))


def _zone(column: int, columns: int, size: tuple[float, float], *, upper: bool) -> Zone:
    height, pad = size
    left, right = column / columns, (column + 1) / columns
    far_left = left - BEYOND_X if column == 0 else left
    far_right = right + BEYOND_X if column == columns - 1 else right
    top, bottom = (0.0, height) if upper else (1 - height, 1.0)
    far_top, far_bottom = (top - BEYOND_Y, bottom) if upper else (top, bottom + BEYOND_Y)
    pad_top, pad_bottom = (far_top, pad) if upper else (1 - pad, far_bottom)
    return Zone(
        visible=Area(left=left, top=top, right=right, bottom=bottom),
        area=Area(left=far_left, top=far_top, right=far_right, bottom=far_bottom),
        pad=Area(left=far_left, top=pad_top, right=far_right, bottom=pad_bottom),
    )


def _side(left: bool, width: float, span: tuple[float, float], beyond: float) -> Zone:
    """A tile at the left or the right edge, which reaches from the one height to the other."""
    top, bottom = span
    inner, outer, far = (width, SIDE_PAD_WIDTH, -beyond) if left else (1 - width, 1 - SIDE_PAD_WIDTH, 1 + beyond)
    edge = 0.0 if left else 1.0
    return Zone(
        visible=_between(inner, edge, max(0.0, top), min(1.0, bottom)),
        area=_between(inner, far, top, bottom),
        pad=_between(outer, far, top, bottom),
    )


def _between(one: float, other: float, top: float, bottom: float) -> Area:
    return Area(left=min(one, other), top=top, right=max(one, other), bottom=bottom)


TEN = rows(4)
EIGHT = rows(4, height=TALL_ROW, side=0.0, pad=SLIM_PAD)
SIX = rows(3, height=TALL_ROW, side=0.0, pad=SLIM_PAD)
FOUR = corners()
TWO = halves()
LAYOUTS: dict[int, Layout] = {len(layout.zones): layout for layout in (TEN, EIGHT, SIX, FOUR, TWO)}
"""By the number of their zones, the densest first."""
