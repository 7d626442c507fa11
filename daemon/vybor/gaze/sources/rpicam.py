"""Frames from `rpicam-vid`, the Pi's own camera program, through a pipe.

Of rpicam-apps: yuv420 comes as full-range BT.601 (sYCC); its rows are padded to 64 bytes; without --flush the
end of each frame waits in stdio's buffer for the next one; errors end with `ERROR: *** … ***` on stderr.
"""

from vybor.foundation.clock import Clock
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources import yuv
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame, captured
from vybor.gaze.sources.program import TAKEN, Program, taken

ROW_ALIGNMENT = 64


class RpicamVid:
    """A running rpicam-vid. Raises CameraMissing if the program is not there."""

    def __init__(self, settings: GazeSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        # Chroma needs even sizes.
        self._width, self._height = settings.width // 2 * 2, settings.height // 2 * 2
        self._stride = -(-self._width // ROW_ALIGNMENT) * ROW_ALIGNMENT
        self._planes = bytearray(yuv.size_of(self._height, self._stride))
        self._frames = 0
        self._program = Program(self._command(), "install rpicam-apps, or name another camera in [gaze] camera")

    def read(self) -> Frame:
        """Wait for a whole frame."""
        if not self._program.fill(self._planes):
            raise self._ended()
        arrived_ns = self._clock.now_ns()
        self._frames += 1
        rgb = yuv.rgb_of(self._planes, self._width, self._height, self._stride)
        return Frame(rgb, *captured(arrived_ns, self._settings.hz))

    def interrupt(self) -> None:
        """End the program at once; its pipe ends with it."""
        self._program.kill()

    def close(self) -> None:
        """End the program and wait for it."""
        self._program.close()

    def _command(self) -> list[str]:
        settings = self._settings
        size = ["--width", str(self._width), "--height", str(self._height), "--framerate", f"{settings.hz:g}"]
        return [
            settings.rpicam_program, "--codec", "yuv420", *size,
            "--timeout", "0", "--nopreview", "--flush", "--verbose", "0", "-o", "-",
        ]  # fmt: skip

    def _ended(self) -> CameraMissing | CameraStopped:
        status = self._program.status()
        lines = self._program.lines()
        errors = [line for line in lines if "ERROR" in line] or [f"exit status {status}"]
        sentence = f"{self._settings.rpicam_program} ended: {errors[-1]}"
        if taken(lines):
            return CameraMissing(f"{sentence}; {TAKEN}")
        if self._frames:
            return CameraStopped(sentence)
        return CameraMissing(f"{sentence}; check the camera's cable and that no other program uses it")
