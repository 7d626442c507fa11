"""Whether looks fall beside what is meant: then a few dots are shown, and how far they fall is measured. Pure.

Who means a tile and cannot light it looks at it, or between it and its neighbour, while none is certain; or goes
to its edge, and nothing is chosen. Who only reads is certain within a moment, and goes to no edge.
"""

import math

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.selector.state import STALE_NS, Selector

UNSURE_NS = seconds(2.5)
"""So long a tile led lately without being certain…"""
LATELY_S = 8.0
"""Time constant with which that is forgotten: who reads is between two tiles for a quarter of the time."""
AT_A_TILE = 0.35
"""So likely the likeliest tile must be; else it is the text that is looked at."""
EDGES = 2
"""…or so many looks at an edge led to nothing."""
AT_PEACE = (m.Mode.REST, m.Mode.FITTING)
"""No dots then: a fitting has places of its own to look at."""
MOST_DOUBLED = 4
AGAIN_NS = seconds(25)
"""From one time to the next: the person has to try first."""


class Astray(msgspec.Struct, frozen=True):
    """What was tried in vain since the last choice."""

    unsure_ns: float = 0.0
    edges: int = 0
    look_ns: int = 0
    asked_ns: int | None = None
    """When dots were asked for last…"""
    times: int = 0
    """…and how often since the last choice."""


def looked(known: Astray, before: Selector, after: Selector) -> Astray:
    """Take in what a look changed."""
    if after.point_ns <= known.look_ns:
        return known
    spent_ns = after.point_ns - known.look_ns
    if spent_ns >= STALE_NS:
        return msgspec.structs.replace(known, look_ns=after.point_ns)
    at_tile = bool(after.looks) and after.looks[-1].posterior >= AT_A_TILE
    is_unsure = at_tile and not after.sure
    left_edge = before.pad_ns is not None and after.pad_ns is None
    return msgspec.structs.replace(
        known,
        look_ns=after.point_ns,
        unsure_ns=known.unsure_ns * math.exp(-spent_ns / 1e9 / LATELY_S) + (spent_ns if is_unsure else 0),
        edges=known.edges + left_edge,
    )


def chosen(known: Astray) -> Astray:
    """Something was chosen: it goes well."""
    return Astray(look_ns=known.look_ns, asked_ns=known.asked_ns)


def asked(known: Astray, now_ns: int) -> Astray:
    """Dots are asked for now."""
    return Astray(look_ns=known.look_ns, asked_ns=now_ns, times=known.times + 1)


def is_due(known: Astray, mode: m.Mode, now_ns: int) -> bool:
    """Whether dots should be asked for; each time without a choice between them later."""
    if mode in AT_PEACE:
        return False
    wait_ns = AGAIN_NS << min(max(0, known.times - 1), MOST_DOUBLED)
    if known.asked_ns is not None and now_ns - known.asked_ns < wait_ns:
        return False
    return known.unsure_ns >= UNSURE_NS or known.edges >= EDGES
