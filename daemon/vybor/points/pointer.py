"""The system's pointer as a source of points: a mouse, a head mouse, a finger, an eye tracker's own pointer.

The display says where it is: it has the window. So nothing is opened here, and nothing can be away.
"""

from vybor.contracts import messages as m
from vybor.points.source import Spot, is_near


class SystemPointer:
    """Each place of the pointer is a look at it."""

    told = "the pointer of this machine"
    remedy = "move it into the kit's window"

    def __init__(self) -> None:
        self.skipped = 0
        self._begun = False
        self._last_ns: int | None = None
        self._moved: list[Spot] = []

    def start(self) -> None:
        """Begin to listen."""
        self._begun = True

    def moved(self, pointer: m.Pointer) -> None:
        """The display says where it is; what is far from the screen, or was earlier than the last, is left out."""
        if not self._begun:
            return
        later = self._last_ns is None or pointer.at_ns > self._last_ns
        if not later or not is_near((pointer.x, pointer.y)):
            self.skipped += 1
            return
        self._last_ns = pointer.at_ns
        self._moved.append(Spot(at_ns=pointer.at_ns, at_sd_ns=pointer.at_sd_ns, place=(pointer.x, pointer.y)))

    def read(self) -> tuple[Spot, ...]:
        """Where it has been since the last call."""
        moved, self._moved = self._moved, []
        return tuple(moved)

    def stop(self) -> None:
        """Listen no more."""
        self._begun, self._last_ns, self._moved = False, None, []
