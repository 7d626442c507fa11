"""Frames from picamera2. It needs the distribution's libcamera binding, and it has never been run on hardware."""

from vybor.foundation.clock import Clock
from vybor.foundation.settings import GazeSettings
from vybor.gaze.frames import CameraMissing, CameraStopped, Frame, captured


class Picamera:
    """An open camera. Raises CameraMissing if the module or the camera is not there."""

    def __init__(self, settings: GazeSettings, clock: Clock) -> None:
        try:
            from picamera2 import Picamera2  # noqa: PLC0415  (only where somebody chose it)
        except ImportError:
            raise CameraMissing(
                "the module picamera2 is missing; install python3-picamera2 and make the environment with "
                '--system-site-packages, or set [gaze] camera = "rpicam"'
            ) from None
        self._clock = clock
        self._hz = settings.hz
        try:
            self._camera = Picamera2()
        except (RuntimeError, IndexError) as error:  # what it raises without a camera, or with one in use
            raise CameraMissing(f"picamera2 opens no camera ({error}); check its cable") from None
        # In picamera2 BGR888 names the order in a register: in memory it is R, G, B.
        configuration = self._camera.create_video_configuration(
            main={"size": (settings.width, settings.height), "format": "BGR888"},
            controls={"FrameRate": settings.hz},
            buffer_count=2,
        )
        self._camera.configure(configuration)
        self._camera.start()

    def read(self) -> Frame:
        """Wait for a frame."""
        try:
            rgb = self._camera.capture_array("main")
        except RuntimeError as error:
            raise CameraStopped(f"picamera2 gives no more frames ({error})") from None
        return Frame(rgb, *captured(self._clock.now_ns(), self._hz))

    def interrupt(self) -> None:
        """Stop the camera: a capture that waits is given up."""
        self._camera.stop()

    def close(self) -> None:
        """Let go of the camera."""
        self._camera.close()
