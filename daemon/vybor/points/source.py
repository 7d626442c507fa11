"""The seam to whatever says where somebody looks: what it gives, and what every source of points can do.

A camera's frames have a seam of their own (gaze/sources): what comes here are places on the screen, made by
another program or device. A browser's display that follows the eyes (WebGazer) would be one more source.
"""

import math
from typing import Protocol

import msgspec

from vybor.foundation.errors import Missing, VyborError

FAR = 0.5
"""So far beyond the edge, in screens, a place is still a look: tiles reach beyond it by up to .35."""

Place = tuple[float, float]
"""x and y in fractions of the screen, (0, 0) top left."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One look, as whoever measured it tells it."""

    at_ns: int
    """Capture time, CLOCK_MONOTONIC."""
    at_sd_ns: int = 0
    place: Place | None = None
    """None: it says that it sees no open eyes."""


class TrackerMissing(Missing):
    """There is nothing to take looks from: no file, no stream, no library."""


class TrackerStopped(VyborError):
    """What gave looks gives no more, or not in a way that can be followed."""


class PointSource(Protocol):
    """Whatever gives looks. One thread calls it; `start` may take seconds."""

    @property
    def told(self) -> str:
        """What it is, in words; once it has started, which of several."""
        ...

    @property
    def remedy(self) -> str:
        """What to do where it has started and gives nothing."""
        ...

    @property
    def skipped(self) -> int:
        """So many of its lines or samples were no look and were left out, since it was made."""
        ...

    def start(self) -> None:
        """Find it and begin to take looks. Raises TrackerMissing or TrackerStopped; then call `stop`."""
        ...

    def read(self) -> tuple[Spot, ...]:
        """The looks since the last call, oldest first, perhaps none; never waits.

        Raises TrackerMissing or TrackerStopped; then call `stop`.
        """
        ...

    def stop(self) -> None:
        """Let go of it, whatever state it is in. A later `start` begins anew."""
        ...


def is_near(place: Place) -> bool:
    """Whether a place is one where eyes that look at a screen can rest; what is no number is none."""
    return all(math.isfinite(value) and -FAR <= value <= 1 + FAR for value in place)
