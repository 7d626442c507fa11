"""Geometry of a tile that more than one room must agree on. Pure."""

from enum import StrEnum

from vybor.contracts.messages import Area


class Edge(StrEnum):
    """The edge of the screen that a tile lies at, where its pad is."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


def on_screen(area: Area) -> Area:
    """The part of an area that can be seen."""
    return Area(
        left=max(0.0, area.left),
        top=max(0.0, area.top),
        right=min(1.0, area.right),
        bottom=min(1.0, area.bottom),
    )


def edge_of(area: Area, pad: Area) -> Edge:
    """Where in its area the pad lies: it covers one side of it, from end to end."""
    if pad.bottom < area.bottom:
        return Edge.TOP
    if pad.top > area.top:
        return Edge.BOTTOM
    return Edge.LEFT if pad.right < area.right else Edge.RIGHT


def without_pad(area: Area, pad: Area) -> Area:
    """The part of an area that is for reading."""
    match edge_of(area, pad):
        case Edge.TOP:
            return Area(left=area.left, top=pad.bottom, right=area.right, bottom=area.bottom)
        case Edge.BOTTOM:
            return Area(left=area.left, top=area.top, right=area.right, bottom=pad.top)
        case Edge.LEFT:
            return Area(left=pad.right, top=area.top, right=area.right, bottom=area.bottom)
        case Edge.RIGHT:
            return Area(left=area.left, top=area.top, right=pad.left, bottom=area.bottom)
