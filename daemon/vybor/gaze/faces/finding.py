"""Finds the face of the person who writes, among others: one that is followed, and a look at all when it is lost.

Of the two faces that the landmarker follows, the nearer to where the person was is theirs. Looking for all of them
is dear: that is done only when a face was found anew, or jumped. Where the landmarker follows wrong ones, they are
painted over until it finds the right one.

A portrait on the wall may be found before the person is, or while they are away, and be followed for ever: so
where a face that never lived is followed, others are looked for once a second, and one of them is the person.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np

from vybor.contracts.messages import Trouble
from vybor.foundation.clock import seconds
from vybor.gaze.faces import person as p
from vybor.gaze.faces.face import Face, Floats, Place
from vybor.gaze.faces.picture import is_whole
from vybor.gaze.sources.frames import Frame

GREY = 128
OTHERS_NS = seconds(1)
MOST_PORTRAITS = 8


class Marking(Protocol):
    """What marks faces in a frame."""

    def find(self, frame: Frame, near: Place | None = None) -> Face | None:
        """Of the faces that are followed the nearest to a place, or the largest; None if there is none."""
        ...

    def everyone(self, frame: Frame) -> list[Floats]:
        """The landmarks of each face in the picture: 478 x 3, in pixels."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Finding:
    """One landmarker, one person."""

    def __init__(self, marking: Marking) -> None:
        self._marking = marking
        self._person = p.Person()
        self._hidden: tuple[p.Box, ...] = ()
        self._kept: p.Box = (0, 0, 0, 0)
        """What is not painted over."""
        self._is_portrait = False
        """Whether who is followed never lived…"""
        self._portraits: tuple[Floats, ...] = ()
        """…and those of which that was found, until who is followed lives."""
        self._others_ns = 0

    def find(self, frame: Frame) -> Face | Trouble | None:
        """The person's face; SOMEBODY_ELSE if only another one is there; None if none is."""
        face, at_ns = self._marking.find(self._painted(frame), self._person.place), frame.captured_ns
        if face is not None and not is_whole(face):
            return None
        if face is not None and p.goes_on(self._person, face.points, at_ns):
            if not self._is_portrait or at_ns < self._others_ns:
                return self._follow(face, at_ns)
            self._others_ns = at_ns + OTHERS_NS
            if not self._beside(face, self._everyone(frame)):
                return self._follow(face, at_ns)
            self._person, self._portraits = p.Person(), (*self._portraits, face.points)[-MOST_PORTRAITS:]
        if face is None and not self._hidden:
            return None
        everyone = self._everyone(frame) or ([face.points] if face is not None else [])
        who = [points for points in everyone if not self._is_known_portrait(points)] or everyone
        self._person, which = p.chosen(self._person, who, at_ns)
        if which is None:
            self._hidden = ()
            return Trouble.SOMEBODY_ELSE if everyone else None
        if face is not None and p.is_same(face.points, who[which]):
            return self._follow(face, at_ns)
        height, width = frame.rgb.shape[:2]
        boxes = [p.box_of(points, (width, height)) for points in everyone]
        self._kept = p.box_of(who[which], (width, height))
        self._hidden = tuple(box for box in boxes if box != self._kept)
        return None

    def portrait(self, *, is_one: bool) -> None:
        """Whether the face that is followed is a picture's, which never lived."""
        self._is_portrait = is_one
        if not is_one and self._person.is_known:
            self._portraits = ()

    def welcome(self) -> None:
        """Whoever is there now is the person."""
        self._person, self._hidden, self._portraits = p.Person(), (), ()

    def close(self) -> None:
        """Let go of the landmarker."""
        self._marking.close()

    def _follow(self, face: Face, at_ns: int) -> Face:
        self._hidden = ()
        self._person = p.followed(self._person, face.points, at_ns)
        return face

    def _everyone(self, frame: Frame) -> list[Floats]:
        return [points for points in self._marking.everyone(frame) if np.isfinite(points).all()]

    def _beside(self, face: Face, everyone: Sequence[Floats]) -> bool:
        """Whether anybody is there who is not known to be a portrait."""
        others = [points for points in everyone if not p.is_same(face.points, points)]
        return any(not self._is_known_portrait(points) for points in others)

    def _is_known_portrait(self, points: Floats) -> bool:
        return any(p.is_same(portrait, points) for portrait in self._portraits)

    def _painted(self, frame: Frame) -> Frame:
        """The frame without the faces of others."""
        if not self._hidden:
            return frame
        rgb = frame.rgb.copy()
        for left, top, right, bottom in self._hidden:
            rgb[top:bottom, left:right] = GREY
        left, top, right, bottom = self._kept
        rgb[top:bottom, left:right] = frame.rgb[top:bottom, left:right]
        return msgspec.structs.replace(frame, rgb=rgb)
