"""Whether a face lives: one that neither blinks nor moves its eyes for half a minute is a photograph. Pure.

Some people hardly blink, and a stare may last: so anything counts that a picture cannot do. Lids, irises, brows
and jaw are watched, each against what the landmarker's noise makes of a picture. Measured on a drawn portrait at
15 frames a second, eyes of 20, 34 and 57 pixels, over half a minute: irises and lids of one that stands stray by
1.0, .4 and .9 pixels at most, of one that sways as a head does by 1.6, 1.1 and 1.2. So who stares is hardly told
from a picture in somebody's hand, and has two minutes. Closed eyes sleep, and a picture that sleeps harms nobody.
"""

import math
import statistics

import msgspec
import numpy as np

from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import EYES, Face
from vybor.gaze.faces.features import LID_COLUMNS, eyes_of

STANDS_NS = seconds(30)
SWAYS_NS = seconds(120)
SWAYS_PIXELS = 0.5
"""A head that is alive moves by more, with breath and pulse; a picture that stands by .36."""
GAP_NS = seconds(2)
"""After so long without a face another one may have come, and has its time again."""
FRAMES = 5
"""Whose median is a place: the noise of single frames is not added up to a movement."""
MOVED_PIXELS = 1.75
"""How far a place of the irises or lids strays on a picture at most…"""
MOVED = 0.03
"""…but of large eyes by so many of their widths…"""
MOVED_SHAPE = 0.15
"""…and the score of a blendshape: .12 was seen, of eyes of 20 pixels."""
BLINKS = 0.2
"""A blink's score that is so far from the last ones is one, in a single frame; of a picture it is not."""
SHAPES = ("jawOpen", "browInnerUp", "eyeBlinkLeft", "eyeBlinkRight")

Places = tuple[float, ...]


class Life(msgspec.Struct, frozen=True):
    """What is known after a frame."""

    alive_ns: int | None = None
    """When the face last did what a picture cannot."""
    at_ns: int = 0
    is_still: bool = False
    """Whether it is a photograph."""
    lived: bool = False
    """Whether it ever did so since it came: who did and stares now is no portrait on a wall."""
    last: tuple[Places, ...] = ()
    """The last frames' places."""
    least: Places = ()
    """Of each place, since it last lived…"""
    most: Places = ()


def step(life: Life, face: Face, at_ns: int, *, closed: bool) -> Life:
    """One frame in."""
    if life.alive_ns is None or at_ns - life.at_ns > GAP_NS:
        return Life(alive_ns=at_ns, at_ns=at_ns, lived=closed)
    if closed:
        return Life(alive_ns=at_ns, at_ns=at_ns, lived=True)
    alive_ns = life.alive_ns
    if life.last and _is_elsewhere(face, life.last[-1]):
        life = Life(alive_ns, at_ns, life.is_still)
    last = (*life.last, _places(face))[-FRAMES:]
    middle = tuple(statistics.median(column) for column in zip(*last, strict=True))
    if any(abs(last[-1][place] - middle[place]) > BLINKS for place in _BLINKS):
        return Life(alive_ns=at_ns, at_ns=at_ns, lived=True)
    if len(last) < FRAMES:
        return msgspec.structs.replace(life, at_ns=at_ns, last=last)
    least = tuple(map(min, middle, life.least or middle))
    most = tuple(map(max, middle, life.most or middle))
    strayed = [high - low for high, low in zip(most, least, strict=True)]
    sways = max(strayed[:2]) > SWAYS_PIXELS
    if any(far > limit for far, limit in zip(strayed[2:], _limits(face), strict=True)):
        return Life(alive_ns=at_ns, at_ns=at_ns, lived=True, last=last, least=middle, most=middle)
    is_still = life.is_still or at_ns - alive_ns >= (SWAYS_NS if sways else STANDS_NS)
    return Life(alive_ns, at_ns, is_still, life.lived, last, least, most)


def watched(life: Life, at_ns: int) -> bool:
    """Whether a photograph is there, whose first blink must not be missed."""
    return life.is_still and at_ns - life.at_ns <= GAP_NS


def _is_elsewhere(face: Face, before: Places) -> bool:
    """Whether it jumped by more than from eye to eye: it is another face, and what differs of it no life."""
    points = face.points[:, :2]
    away = np.hypot(*(points.mean(axis=0) - before[:2]))
    return bool(away > np.hypot(*(points[EYES[1].corners[1]] - points[EYES[0].corners[0]])))


def _limits(face: Face) -> tuple[float, ...]:
    """How far the irises and lids, and the shapes, of a picture of this size stray."""
    width = sum(math.dist(*face.points[list(eye.corners), :2]) for eye in EYES) / len(EYES)
    moved = max(MOVED, MOVED_PIXELS / max(width, 1.0))
    return (*[moved] * len(LID_COLUMNS), *[MOVED_SHAPE] * len(SHAPES))


def _places(face: Face) -> Places:
    """The middle of the face in pixels; irises and lids in widths of the eye; the shapes."""
    across, down = face.points[:, :2].mean(axis=0)
    shapes = (face.blendshapes[shape] for shape in SHAPES)
    return (float(across), float(down), *map(float, eyes_of(face)), *shapes)


_BLINKS = range(-2, 0)
"""Where the scores of blinks stand."""
