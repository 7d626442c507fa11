"""A camera that hangs upside down or on its side: each frame is turned upright as it comes."""

import msgspec
import numpy as np

from vybor.gaze.sources.frames import Frame, FrameSource

QUARTER_DEG = 90


class Turned:
    """Another source, its pictures turned clockwise by so many degrees, a multiple of 90."""

    def __init__(self, source: FrameSource, degrees: int) -> None:
        self._source = source
        self._quarters = degrees // QUARTER_DEG

    def read(self) -> Frame:
        """Wait for the next frame, as the source does."""
        frame = self._source.read()
        if frame.rgb.ndim < 2:  # no picture: the room says so
            return frame
        return msgspec.structs.replace(frame, rgb=np.ascontiguousarray(np.rot90(frame.rgb, -self._quarters)))

    def interrupt(self) -> None:
        """Let a `read` that waits fail soon."""
        self._source.interrupt()

    def close(self) -> None:
        """Let go of the camera."""
        self._source.close()
