"""Where the zones of the screen are. Pure; shared by the composer, which fills them, and the display, which draws.

Read in the middle, act at the edge: two rows of tiles, the text between them, and one tile at each end of the
text. A zone's area runs past the screen's edge, where eyes often rest; its pad is the outermost part. The two
tiles beside the text are narrow, but nothing that could be chosen by mistake lies beside them: a look that falls
short of them rests on the text, which is neutral.
"""

import msgspec

from vybor.contracts.messages import Area

ROW_HEIGHT = 0.31
PAD_HEIGHT = 0.1
SIDE_WIDTH = 0.19
SIDE_PAD_WIDTH = 0.06
BEYOND_X = 0.15
BEYOND_Y = 0.35


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """One place for a tile."""

    visible: Area
    area: Area
    """What counts as looking at it: the visible part and what lies beyond the edge."""
    pad: Area


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Zones in slot order: the upper row from the left, the lower one, then left and right of the text."""

    zones: tuple[Zone, ...]
    band: Area
    """The neutral middle, where the text stands."""


def rows(columns: int) -> Layout:
    """Two rows of so many tiles, and a tile at each end of the text between them."""
    upper = tuple(_zone(column, columns, upper=True) for column in range(columns))
    lower = tuple(_zone(column, columns, upper=False) for column in range(columns))
    sides = (_side(left=True), _side(left=False))
    band = Area(left=SIDE_WIDTH, top=ROW_HEIGHT, right=1 - SIDE_WIDTH, bottom=1 - ROW_HEIGHT)
    return Layout(zones=upper + lower + sides, band=band)


def _zone(column: int, columns: int, *, upper: bool) -> Zone:
    left, right = column / columns, (column + 1) / columns
    far_left = left - BEYOND_X if column == 0 else left
    far_right = right + BEYOND_X if column == columns - 1 else right
    top, bottom = (0.0, ROW_HEIGHT) if upper else (1 - ROW_HEIGHT, 1.0)
    far_top, far_bottom = (top - BEYOND_Y, bottom) if upper else (top, bottom + BEYOND_Y)
    pad_top, pad_bottom = (far_top, PAD_HEIGHT) if upper else (1 - PAD_HEIGHT, far_bottom)
    return Zone(
        visible=Area(left=left, top=top, right=right, bottom=bottom),
        area=Area(left=far_left, top=far_top, right=far_right, bottom=far_bottom),
        pad=Area(left=far_left, top=pad_top, right=far_right, bottom=pad_bottom),
    )


def _side(*, left: bool) -> Zone:
    top, bottom = ROW_HEIGHT, 1 - ROW_HEIGHT
    inner, outer, far = (
        (SIDE_WIDTH, SIDE_PAD_WIDTH, -BEYOND_X) if left else (1 - SIDE_WIDTH, 1 - SIDE_PAD_WIDTH, 1 + BEYOND_X)
    )
    edge = 0.0 if left else 1.0
    return Zone(
        visible=_between(inner, edge, top, bottom),
        area=_between(inner, far, top, bottom),
        pad=_between(outer, far, top, bottom),
    )


def _between(one: float, other: float, top: float, bottom: float) -> Area:
    return Area(left=min(one, other), top=top, right=max(one, other), bottom=bottom)


TEN = rows(4)
