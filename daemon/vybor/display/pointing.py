"""The mouse as a pointer: how often it is said where it is. Pure."""

import msgspec

from vybor.foundation.clock import seconds

MOVING_NS = seconds(1 / 30)
STILL_NS = seconds(1 / 15)
"""A still mouse still looks."""


class Mouse(msgspec.Struct, frozen=True):
    """Where it is, in fractions of the screen; nowhere until it moves, and when it has left the window."""

    place: tuple[float, float] | None = None
    moved: bool = False
    said_ns: int = 0

    def at(self, x: float, y: float) -> "Mouse":
        """It has moved to this place."""
        return msgspec.structs.replace(self, place=(x, y), moved=True)

    def gone(self) -> "Mouse":
        """It has left the window."""
        return msgspec.structs.replace(self, place=None, moved=False)

    def said(self, now_ns: int) -> "Mouse":
        """Its place has been published."""
        return msgspec.structs.replace(self, moved=False, said_ns=now_ns)

    def is_due(self, now_ns: int) -> bool:
        """Whether its place should be published now."""
        return self.place is not None and now_ns - self.said_ns >= (MOVING_NS if self.moved else STILL_NS)
