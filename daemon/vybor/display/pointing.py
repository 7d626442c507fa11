"""The mouse as a pointer: how often it is said where it is. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.display.drawing.surface import Moment
from vybor.foundation.clock import seconds

MOVING_NS = seconds(1 / 30)
STILL_NS = seconds(1 / 15)
"""A still mouse still looks."""


class Mouse(msgspec.Struct, frozen=True):
    """Where it is, in fractions of the screen; nowhere until it moves, and when it has left the window."""

    place: tuple[float, float] | None = None
    moved: bool = False
    said_ns: int = 0
    when: Moment | None = None
    """When it came there, where that is known better than by when it is said."""

    def at(self, x: float, y: float, when: Moment | None = None) -> "Mouse":
        """It has moved to this place."""
        return msgspec.structs.replace(self, place=(x, y), moved=True, when=when)

    def gone(self) -> "Mouse":
        """It has left the window."""
        return msgspec.structs.replace(self, place=None, moved=False)

    def said(self, now_ns: int) -> "Mouse":
        """Its place has been published."""
        return msgspec.structs.replace(self, moved=False, said_ns=now_ns)

    def told(self, now_ns: int) -> m.Pointer | None:
        """Where it is, if that should be published now: of one that moved since, when it did."""
        if self.place is None or not self.is_due(now_ns):
            return None
        when = (self.when if self.moved else None) or Moment(at_ns=now_ns)
        x, y = self.place
        return m.Pointer(at_ns=when.at_ns, at_sd_ns=when.at_sd_ns, x=x, y=y)

    def is_due(self, now_ns: int) -> bool:
        """Whether its place should be published now."""
        return self.place is not None and now_ns - self.said_ns >= (MOVING_NS if self.moved else STILL_NS)
