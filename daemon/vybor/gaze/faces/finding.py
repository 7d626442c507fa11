"""Finds the face of the person who writes, among others: one that is followed, and a look at all when it is lost.

Following one face is cheap, and looking for several is not: that is done only when a face was found anew, or
jumped. Where the landmarker follows the wrong one, that one is painted over until it finds the right one.
"""

from typing import Protocol

import msgspec

from vybor.contracts.messages import Trouble
from vybor.gaze.faces import person as p
from vybor.gaze.faces.face import Face, Floats
from vybor.gaze.sources.frames import Frame

GREY = 128


class Marking(Protocol):
    """What marks faces in a frame."""

    def find(self, frame: Frame) -> Face | None:
        """The face that is followed, or one that is found; None if there is none."""
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

    def find(self, frame: Frame) -> Face | Trouble | None:
        """The person's face; SOMEBODY_ELSE if only another one is there; None if none is."""
        face, at_ns = self._marking.find(self._painted(frame)), frame.captured_ns
        if face is not None and p.goes_on(self._person, face.points, at_ns):
            return self._follow(face, at_ns)
        if face is None and not self._hidden:
            return None
        everyone = self._marking.everyone(frame) or ([face.points] if face is not None else [])
        self._person, which = p.chosen(self._person, everyone, at_ns)
        if which is None:
            self._hidden = ()
            return Trouble.SOMEBODY_ELSE if everyone else None
        if face is not None and p.is_same(face.points, everyone[which]):
            return self._follow(face, at_ns)
        height, width = frame.rgb.shape[:2]
        boxes = [p.box_of(points, (width, height)) for points in everyone]
        self._kept, self._hidden = boxes[which], tuple(box for box in boxes if box != boxes[which])
        return None

    def welcome(self) -> None:
        """Whoever is there now is the person."""
        self._person, self._hidden = p.Person(), ()

    def close(self) -> None:
        """Let go of the landmarker."""
        self._marking.close()

    def _follow(self, face: Face, at_ns: int) -> Face:
        self._hidden = ()
        self._person = p.followed(self._person, face.points, at_ns)
        return face

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
