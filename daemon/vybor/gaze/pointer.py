"""Gaze without a camera: the mouse, a head mouse or a finger on the display stands for the eyes, or nothing."""

from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.gaze.looks import recorded
from vybor.gaze.looks.forgetting import LOOKS, forget_looks
from vybor.points.pointer import SystemPointer
from vybor.points.source import Spot


class PointerRoom:
    """The room `gaze` without a camera: says each place of the pointer again, as a look at it."""

    def __init__(self, bus: Bus, sd: float, state: Path) -> None:
        """`state` may hold looks of a time with a camera."""
        self._bus = bus
        self._sd = sd
        self._state = state
        self._pointer = SystemPointer()
        self._pointer.start()
        self._recorded = recorded.Recorded()
        self._now_ns = 0

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Publish a look for each place of the pointer."""
        if isinstance(heard.message, m.Pointer):
            self._pointer.moved(heard.message)
            for spot in self._pointer.read():
                self._bus.publish(gaze(spot, self._sd))

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Forget the looks that are kept, tell of a recording; refuse the rest: there is nothing to calibrate."""
        request, reason = asked.command.request, "there is no camera to calibrate: [gaze] source says so"
        if isinstance(asked.command, m.RecordLooks):
            self._recorded, reason = recorded.asked(self._recorded, asked.command, now_ns), ""
        if isinstance(asked.command, m.ForgetLooks):
            reason = forget_looks(self._state / LOOKS)
        self._bus.answer(asked, m.Refused(request=request, reason=reason) if reason else m.Done(request=request))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """Nothing is asked of anybody."""

    def turn(self, now_ns: int) -> float:
        """Nothing is ever due; it is seen when whoever recorded has ended without a word."""
        self._now_ns = now_ns
        return 1.0

    def troubles(self) -> tuple[m.Notice, ...]:
        """That looks are recorded. Nothing can go wrong here; a silent display is the core's to notice."""
        return recorded.notices(self._recorded, self._now_ns)

    def close(self) -> None:
        """Listen no more."""
        self._pointer.stop()


def gaze(spot: Spot, sd: float) -> m.Gaze:
    """The look that a pointer stands for: whoever moves it sees where it is, and no error stands."""
    if spot.place is None:
        return m.Gaze(at_ns=spot.at_ns, at_sd_ns=spot.at_sd_ns, eyes=m.Eyes.ABSENT)
    x, y = spot.place
    point = m.GazePoint(x=x, y=y, sd_x=sd, sd_y=sd)
    return m.Gaze(at_ns=spot.at_ns, at_sd_ns=spot.at_sd_ns, eyes=m.Eyes.OPEN, point=point)
