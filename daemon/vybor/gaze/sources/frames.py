"""The seam to the lens: what a frame is, and what every source of frames can do."""

from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from vybor.foundation.errors import Missing, VyborError

Pixels = npt.NDArray[np.uint8]


class Frame(msgspec.Struct, frozen=True):
    """One picture: height x width x 3, RGB."""

    rgb: Pixels
    captured_ns: int
    captured_sd_ns: int


class CameraMissing(Missing):
    """There is no camera to open."""


class CameraStopped(VyborError):
    """A camera that was open gives no more frames."""


class FrameSource(Protocol):
    """An open camera, or a recording of one."""

    def read(self) -> Frame:
        """Wait for the next frame. Raises CameraMissing or CameraStopped when there is none to come."""
        ...

    def interrupt(self) -> None:
        """Let a `read` that waits in another thread fail soon."""
        ...

    def close(self) -> None:
        """Let go of the camera. Called by the thread that reads."""
        ...


def captured(arrived_ns: int, hz: float) -> tuple[int, int]:
    """Capture time and its standard deviation, where a source tells only when a frame arrived.

    The middle of the exposure is up to a period before the arrival: half of it is the guess and the doubt.
    """
    half_ns = round(0.5e9 / hz)
    return arrived_ns - half_ns, half_ns
