"""Whose face it is: who writes is kept when others come into the picture, and nobody else takes over. Pure.

A face goes on from frame to frame where it was. One that is found anew has to be like the one before: in the
form of its upper half (the mouth moves), and of several the nearest in form and place is taken. Of one person's
pictures over days, with all that a sitting does to a head, 99 of 100 are within 1.3 of their mean; of thirty
others one is, two within 1.6, half beyond 2.5. That keeps a carer out who leans in, and proves nobody's
identity: so who sits there alone for two minutes is taken for the person, perhaps behind a new mask; and who
looks at the dots is.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Floats, Place

Form = tuple[float, ...]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""

OUTER = (33, 263)
"""The outer corners of the eyes: between them lies one span."""
DISTANCES = (
    ((33, 133), (362, 263)), ((133, 362),), ((33, 168), (263, 168)), ((133, 168), (362, 168)), ((234, 454),),
    ((168, 1),), ((129, 358),), ((33, 234), (263, 454)), ((129, 133), (358, 362)), ((10, 168),), ((127, 356),),
)  # fmt: skip
"""Widths of eyes, bridge, temples, nose and forehead in MediaPipe's mesh, left and right together."""
LEAST_PIXELS = 1e-6
USUAL = 0.03
"""How far the logarithm of such a distance strays of itself."""
UNLIKE, WHOLLY_UNLIKE = 1.6, 2.2
"""So far from the form that is known is somebody else, if found anew; a head that turns is as far at times."""
KNOWN = 15
"""Frames after which a form is known…"""
LEARNED = 300
"""…and of which it is the mean at most: it follows a face that swells or gets a mask."""
LATELY = 0.1
"""What a new frame counts for in the form of the last second."""
GOES_ON_NS = seconds(0.6)
MOVES = 0.8
"""Spans that a head moves from frame to frame at most…"""
GROWS = 1.4
"""…and how many times nearer it comes."""
A_SPAN_AWAY = 0.3
"""A face is so much less like for each span that it is away from where the person was, up to…"""
FAR_AWAY = 4.0
ALONE_NS = seconds(120)


class Person(msgspec.Struct, frozen=True):
    """What is known of who writes."""

    form: Form = ()
    frames: int = 0
    lately: Form = ()
    middle: Place = (0.0, 0.0)
    span: float = 1.0
    at_ns: int = 0
    other_ns: int | None = None
    """Since when somebody else is there alone."""

    @property
    def is_known(self) -> bool:
        """Whether anybody could be told from them."""
        return self.frames >= KNOWN

    @property
    def place(self) -> Place | None:
        """Where they were seen last; None if nobody was."""
        return self.middle if self.frames else None


def form_of(points: Floats) -> Form:
    """To 478 x 3 landmarks: logarithms of distances, in spans."""
    apart = np.linalg.norm(points[_FROM] - points[_TO], axis=1)
    far = np.log(np.maximum(apart, LEAST_PIXELS) / _between(points, OUTER))
    return tuple((np.add.reduceat(far, _FIRST) / _COUNT).tolist())


def unlike(some: Form, other: Form) -> float:
    """How far two forms are from each other, about .6 for one and the same face."""
    return float(np.sqrt(np.mean(np.square(np.subtract(some, other)))) / USUAL)


def goes_on(person: Person, points: Floats, at_ns: int) -> bool:
    """Whether a face is that of the frame before."""
    if person.frames == 0 or at_ns - person.at_ns > GOES_ON_NS:
        return False
    if person.is_known and unlike(person.lately, person.form) > WHOLLY_UNLIKE:
        return False
    grown = _between(points, OUTER) / person.span
    return _away(person, points) <= MOVES and 1 / GROWS <= grown <= GROWS


def followed(person: Person, points: Floats, at_ns: int) -> Person:
    """The person was seen here."""
    form, frames = form_of(points), min(person.frames + 1, LEARNED)
    known, lately = person.form or form, person.lately if goes_on(person, points, at_ns) else form
    return Person(
        form=tuple(old + (new - old) / frames for old, new in zip(known, form, strict=True)),
        frames=frames,
        lately=tuple(old + (new - old) * LATELY for old, new in zip(lately, form, strict=True)),
        middle=_middle(points),
        span=_between(points, OUTER),
        at_ns=at_ns,
    )


def chosen(person: Person, faces: Sequence[Floats], at_ns: int) -> tuple[Person, int | None]:
    """Which of the faces in a picture is the person's; None if none is. While nobody is known, the nearest."""
    if not person.is_known and faces:
        return Person(), largest(faces)
    how_unlike = [unlike(form_of(points), person.form) for points in faces]
    alike = [number for number, far in enumerate(how_unlike) if far <= UNLIKE]
    if alike:
        away = [A_SPAN_AWAY * min(_away(person, points), FAR_AWAY) for points in faces]
        return _person(person, other_ns=None), min(alike, key=lambda number: how_unlike[number] + away[number])
    if len(faces) != 1:
        return _person(person, other_ns=None), None
    since_ns = at_ns if person.other_ns is None else person.other_ns
    if at_ns - since_ns >= ALONE_NS:
        return Person(), 0
    return _person(person, other_ns=since_ns), None


def largest(faces: Sequence[Floats]) -> int:
    """Which of the faces in a picture is the nearest to the camera."""
    return int(np.argmax([_between(points, OUTER) for points in faces]))


def nearest(faces: Sequence[Floats], place: Place) -> int:
    """Which of the faces in a picture is the nearest to a place in it."""
    return int(np.argmin([math.dist(_middle(points), place) for points in faces]))


def is_same(some: Floats, other: Floats) -> bool:
    """Whether two sets of landmarks of one picture are of one face."""
    return math.dist(_middle(some), _middle(other)) < _between(some, OUTER) / 2


def box_of(points: Floats, size: tuple[int, int]) -> Box:
    """What a face covers of a picture of this width and height, with some room around it."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    room = (high - low) / 5
    left, top = np.maximum(low - room, 0)
    right, bottom = np.maximum(np.minimum(high + room, size), 0)  # a face may be beside the picture
    return int(left), int(top), int(right), int(bottom)


def _between(points: Floats, pair: tuple[int, int]) -> float:
    return float(np.linalg.norm(points[pair[0]] - points[pair[1]]))


def _middle(points: Floats) -> Place:
    across, down = points[list(OUTER), :2].mean(axis=0)
    return float(across), float(down)


def _away(person: Person, points: Floats) -> float:
    """From where the person was, in their spans."""
    return math.dist(_middle(points), person.middle) / person.span


_person = msgspec.structs.replace
_FROM, _TO = (np.array([pair[end] for pairs in DISTANCES for pair in pairs]) for end in (0, 1))
_COUNT = np.array([len(pairs) for pairs in DISTANCES])
_FIRST = np.cumsum(_COUNT) - _COUNT
