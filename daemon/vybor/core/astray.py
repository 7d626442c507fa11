"""Whether looks fall beside what is meant: then a few dots are shown, and how far they fall is measured. Pure.

Where dots did not help, and somebody can press, tiles light up in turn for a while.

Who means a tile and cannot light it looks at it, or between it and its neighbour, while none is certain; or goes
to its edge, and nothing is chosen. Who only reads is certain within a moment, goes to no edge and presses nothing.
"""

import math
from typing import NamedTuple

import msgspec

from vybor.composer.writing import Writing, is_begun
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import scan
from vybor.selector import step as select
from vybor.selector.state import STALE_NS, Selector

UNSURE_NS = seconds(2.5)
"""So long a tile led lately without being certain…"""
LATELY_S = 8.0
"""Time constant with which that is forgotten: who reads is between two tiles for a quarter of the time."""
AT_A_TILE = 0.35
"""So likely the likeliest tile must be; else it is the text that is looked at."""
EDGES = 2
"""…or so many looks at an edge, or presses, led to nothing."""
AT_PEACE = (m.Mode.REST, m.Mode.FITTING)
"""No dots then: a fitting has places of its own to look at."""
MOST_DOUBLED = 4
AGAIN_NS = seconds(25)
"""From one time to the next: the person has to try first."""
VAIN_NS = seconds(60)
"""So long tiles light up in turn, where somebody can press, if dots did not help; then the eyes are tried anew."""
LINGERS_NS = seconds(2)
"""While a text is being written, they are given up for so much longer at least."""
FORGOTTEN_NS = seconds(600)
"""Who did without for so long begins with VAIN_NS again."""


class Astray(msgspec.Struct, frozen=True):
    """What was tried in vain since the last choice."""

    unsure_ns: float = 0.0
    edges: int = 0
    look_ns: int = 0
    asked_ns: int | None = None
    """When dots were asked for last…"""
    times: int = 0
    """…and how often since the last choice."""
    vains: int = 0
    """How often dots did not help, one soon behind the other…"""
    vain_until_ns: int | None = None
    """…and until when the last of them is believed."""


class Attempt(NamedTuple):
    """What was tried, and the eyes as they count from now on."""

    known: Astray
    eyes: Selector


def looked(known: Astray, before: Selector, after: Selector) -> Astray:
    """Take in what a look changed."""
    if after.point_ns <= known.look_ns:
        return known
    spent_ns = after.point_ns - known.look_ns
    if spent_ns >= STALE_NS:
        return msgspec.structs.replace(known, look_ns=after.point_ns)
    if after.scan is not None:
        return msgspec.structs.replace(known, look_ns=after.point_ns, unsure_ns=0.0, edges=0)
    at_tile = bool(after.looks) and after.looks[-1].posterior >= AT_A_TILE
    is_unsure = at_tile and not after.sure
    left_edge = before.pad_ns is not None and after.pad_ns is None
    return msgspec.structs.replace(
        known,
        look_ns=after.point_ns,
        unsure_ns=known.unsure_ns * math.exp(-spent_ns / 1e9 / LATELY_S) + (spent_ns if is_unsure else 0),
        edges=known.edges + left_edge,
    )


def pressed(known: Astray, *, in_vain: bool) -> Astray:
    """The switch was pressed; `in_vain`: no tile was lit, though tiles are there."""
    return msgspec.structs.replace(known, edges=known.edges + 1) if in_vain else known


def chosen(known: Astray) -> Astray:
    """Something was chosen: it goes well."""
    return msgspec.structs.replace(known, unsure_ns=0.0, edges=0, times=0)


def asked(known: Astray, now_ns: int) -> Astray:
    """Dots are asked for now."""
    return msgspec.structs.replace(known, unsure_ns=0.0, edges=0, asked_ns=now_ns, times=known.times + 1)


def is_due(known: Astray, mode: m.Mode, now_ns: int) -> bool:
    """Whether dots should be asked for; each time without a choice between them later."""
    return mode not in AT_PEACE and not _waits(known, now_ns) and _is_tried(known)


def is_vain(known: Astray, mode: m.Mode, now_ns: int) -> bool:
    """Whether dots were shown just now, and looks go astray all the same."""
    return mode not in AT_PEACE and _waits(known, now_ns) and _is_tried(known)


def given_up(known: Astray, now_ns: int) -> tuple[Astray, int]:
    """Tiles are to light up in turn if they can; also until when. Each time twice as long as the last one."""
    is_over = known.vain_until_ns is None or now_ns - known.vain_until_ns > FORGOTTEN_NS
    vains = 0 if is_over else min(known.vains + 1, MOST_DOUBLED)
    until_ns = now_ns + (VAIN_NS << vains)
    now = msgspec.structs.replace(known, unsure_ns=0.0, edges=0, vains=vains, vain_until_ns=until_ns)
    return now, until_ns


def passed(known: Astray, eyes: Selector, writing: Writing, rule: CommitSettings, now_ns: int) -> Attempt:
    """Time has passed: the eyes are given up for a while, or tried again.

    They are not tried again in the midst of a text, since tiles then stand elsewhere, but at once if nobody
    presses.
    """
    if eyes.scan is None:
        if not is_vain(known, writing.mode, now_ns):
            return Attempt(known, eyes)
        known, until_ns = given_up(known, now_ns)
        return Attempt(known, select.in_vain(eyes, until_ns))
    until_ns = eyes.inputs.vain_until_ns
    if until_ns <= now_ns:
        return Attempt(known, eyes)
    if scan.turn(eyes, now_ns, rule).still:
        return Attempt(known, select.in_vain(eyes, 0))
    if is_begun(writing) and until_ns - now_ns < LINGERS_NS:
        return Attempt(known, select.in_vain(eyes, now_ns + LINGERS_NS))
    return Attempt(known, eyes)


def _waits(known: Astray, now_ns: int) -> bool:
    wait_ns = AGAIN_NS << min(max(0, known.times - 1), MOST_DOUBLED)
    return known.asked_ns is not None and now_ns - known.asked_ns < wait_ns


def _is_tried(known: Astray) -> bool:
    return known.unsure_ns >= UNSURE_NS or known.edges >= EDGES
