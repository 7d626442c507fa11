"""Whether looks fall beside what is meant: then a few dots are shown, and how far they fall is measured. Pure.

Who means a tile and cannot light it looks at it, or between it and its neighbour, while none is certain; or goes
to its edge, and nothing is chosen, or stays with it for long. Who only reads is certain within a moment, goes to
no edge and presses nothing.

Who can press does not wait for dots: tiles light up in turn for a while, and the dots come on the next empty line.

A pointer in the place of the eyes is where it is seen to be, and one that stands to a hair where it stood is in
nobody's hand, and on nobody's head: that is no look astray. Has it rested for long it was put away, maybe by
somebody who has a switch left, and tiles light up in turn until it is moved.
"""

import math
from typing import NamedTuple

import msgspec

from vybor.composer.writing import Writing, is_begun
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import scan, ways
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
TAKEN_FOR_WORDS_NS = seconds(1)
"""A look that falls on the edge for so long, and is taken for one at the words, is one of these (see AtEdge)."""
STARED_NS = seconds(6)
"""For who can press: one tile was looked at for so long, certain or not, and not taken. It is another one than is
meant: simulated people with bad eyes take three seconds for theirs."""
STARED_ALONE_NS = seconds(20)
"""Likewise for who cannot: it may be the tile that is meant, and its edge cannot be reached. Who only rests their
eyes there sees dots for nothing, each time later."""
AT_PEACE = (m.Mode.REST, m.Mode.FITTING)
"""No dots then: a fitting has places of its own to look at."""
MOST_DOUBLED = 4
AGAIN_NS = seconds(25)
"""From one time to the next: the person has to try first."""
VAIN_NS = seconds(6)
"""So long tiles light up in turn before the eyes are tried again…"""
FORGOTTEN_NS = seconds(60)
"""…and twice as long each time that comes sooner than so long after the last one was over."""
PUT_AWAY_NS = seconds(30)
"""So long a pointer has stood still to have been put away: who reads, or drinks tea, has it back at a touch."""
IN_HAND = 0.05
"""So far from there, in parts of the screen, it is held again: a table that is pushed moves it less."""
TURN_NS = seconds(0.5)
"""Eyes are tried again so soon after a choice or not yet: else what is about to light up goes dark."""


class Astray(msgspec.Struct, frozen=True):
    """What was tried in vain since the last choice."""

    unsure_ns: float = 0.0
    edges: int = 0
    at_edge_ns: int = 0
    """How long looks have fallen on the edge of a certain tile, and were taken for looks at its words."""
    slot: int | None = None
    """The tile that was looked at lately…"""
    stared_ns: int = 0
    """…and for how long; looks at others count twice against that."""
    look_ns: int = 0
    asked_ns: int | None = None
    """When dots were asked for last…"""
    times: int = 0
    """…and how often since the last choice…"""
    missed: int = 0
    """…of them because looks were certain of no tile, or found no edge, and not because eyes stayed."""
    owes_dots: bool = False
    """Whether tiles lit up in turn in place of dots."""
    vains: int = 0
    """How often they did so, soon one time after another…"""
    vain_until_ns: int | None = None
    """…and until when they do at least."""
    rests: tuple[float, float] | None = None
    """Where a pointer stands…"""
    rests_ns: int | None = None
    """…and since when it has, and nothing was chosen; None: there is none."""
    left: tuple[float, float] | None = None
    """Where it was put away, while tiles light up in turn for that."""


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
        return msgspec.structs.replace(_anew(known), look_ns=after.point_ns)
    at_tile = bool(after.looks) and after.looks[-1].posterior >= AT_A_TILE
    is_unsure = at_tile and not after.sure
    left_edge = before.pad_ns is not None and after.pad_ns is None
    at_edge_ns = known.at_edge_ns + spent_ns if _is_taken_for_words(after) else 0
    was_words = known.at_edge_ns >= TAKEN_FOR_WORDS_NS and at_edge_ns == 0
    stared_ns = known.stared_ns + (spent_ns if after.slot == known.slot else -2 * spent_ns)
    stays = stared_ns > 0 and known.slot is not None
    return msgspec.structs.replace(
        known,
        look_ns=after.point_ns,
        slot=known.slot if stays else after.slot,
        stared_ns=stared_ns if stays else 1,
        unsure_ns=known.unsure_ns * math.exp(-spent_ns / 1e9 / LATELY_S) + (spent_ns if is_unsure else 0),
        edges=known.edges + (left_edge or was_words),
        at_edge_ns=at_edge_ns,
    )


def pointed(known: Astray, before: Selector, after: Selector, point: m.GazePoint) -> Astray:
    """Take in what a place of a pointer changed: one that stands still says nothing."""
    place = (point.x, point.y)
    if after.point_ns <= known.look_ns:
        return known
    if place == known.rests:
        return msgspec.structs.replace(known, look_ns=after.point_ns)
    return msgspec.structs.replace(looked(known, before, after), rests=place, rests_ns=after.point_ns)


def pressed(known: Astray, *, in_vain: bool) -> Astray:
    """The switch was pressed; `in_vain`: no tile was lit, though tiles are there."""
    return msgspec.structs.replace(known, edges=known.edges + 1) if in_vain else known


def chosen(known: Astray) -> Astray:
    """Something was chosen: it goes well."""
    rests_ns = None if known.rests is None else known.look_ns
    return msgspec.structs.replace(_anew(known), times=0, missed=0, rests_ns=rests_ns)


def asked(known: Astray, now_ns: int) -> Astray:
    """Dots are asked for now."""
    missed = known.missed + _is_missed(known)
    times = known.times + 1
    return msgspec.structs.replace(_anew(known), asked_ns=now_ns, times=times, missed=missed, owes_dots=False)


def is_due(known: Astray, eyes: Selector, writing: Writing, rule: CommitSettings, now_ns: int) -> bool:
    """Whether dots should be asked for; each time without a choice between them later."""
    if writing.mode in AT_PEACE or eyes.scan is not None or _waits(known, now_ns):
        return False
    if known.owes_dots and writing.mode is m.Mode.WORDS and not is_begun(writing):
        return True
    return is_tried(known) and not ways.can_scan(eyes.inputs, rule, now_ns)


def is_tried(known: Astray) -> bool:
    """Whether something was tried in vain."""
    return _is_missed(known) or known.stared_ns >= STARED_ALONE_NS


def passed(known: Astray, eyes: Selector, writing: Writing, rule: CommitSettings, now_ns: int) -> Attempt:
    """Time has passed: the eyes are given up for a while, or tried again.

    They are tried again right after a choice, or at once if nobody presses.
    """
    if eyes.scan is None:
        was_put_away = known.rests_ns is not None and now_ns - known.rests_ns >= PUT_AWAY_NS
        is_vain = is_tried(known) or known.stared_ns >= STARED_NS or was_put_away
        if not is_vain or writing.mode in AT_PEACE or not ways.can_scan(eyes.inputs, rule, now_ns):
            return Attempt(known, eyes)
        given_up = _given_up(known, eyes, now_ns)
        left = known.rests if was_put_away else None
        return Attempt(msgspec.structs.replace(given_up.known, left=left), given_up.eyes)
    until_ns = eyes.inputs.vain_until_ns
    if until_ns <= now_ns:
        return Attempt(known, eyes)
    if known.left is not None:
        return _put_away(known, known.left, eyes, now_ns)
    if scan.turn(eyes, now_ns, rule).still:
        return Attempt(known, select.in_vain(eyes, 0))
    if until_ns - now_ns < TURN_NS and (eyes.scan.row or now_ns - eyes.scan.began_ns > TURN_NS):
        return Attempt(known, select.in_vain(eyes, now_ns + TURN_NS))
    return Attempt(known, eyes)


def _put_away(known: Astray, left: tuple[float, float], eyes: Selector, now_ns: int) -> Attempt:
    """Until it is held again; a row that was taken is gone through first (selector/step.py).

    After all rounds the next press begins them anew, and takes nothing: who could press may have slept, and what
    the pointer lies on is not what they mean.
    """
    is_held = known.rests is not None and math.dist(known.rests, left) > IN_HAND
    if is_held:
        return Attempt(msgspec.structs.replace(known, left=None), select.in_vain(eyes, 0))
    return Attempt(known, select.in_vain(eyes, now_ns + TURN_NS))


def _given_up(known: Astray, eyes: Selector, now_ns: int) -> Attempt:
    is_over = known.vain_until_ns is None or now_ns - known.vain_until_ns > FORGOTTEN_NS
    vains = 0 if is_over else min(known.vains + 1, MOST_DOUBLED)
    until_ns = now_ns + (VAIN_NS << vains)
    known = msgspec.structs.replace(_anew(known), vains=vains, vain_until_ns=until_ns, owes_dots=True)
    return Attempt(known, select.in_vain(eyes, until_ns))


def _is_missed(known: Astray) -> bool:
    return known.unsure_ns >= UNSURE_NS or known.edges >= EDGES


def _is_taken_for_words(eyes: Selector) -> bool:
    return eyes.sure and eyes.at_edge.by_place > 0 >= eyes.at_edge.log_odds


def _anew(known: Astray) -> Astray:
    return msgspec.structs.replace(known, unsure_ns=0.0, edges=0, at_edge_ns=0, stared_ns=0)


def _waits(known: Astray, now_ns: int) -> bool:
    wait_ns = AGAIN_NS << min(max(0, known.times - 1), MOST_DOUBLED)
    return known.asked_ns is not None and now_ns - known.asked_ns < wait_ns
