"""Frames from `rpicam-vid`, the Pi's own camera program, through a pipe.

Of rpicam-apps: yuv420 comes as full-range BT.601 (sYCC); its rows are padded to 64 bytes; without --flush the
end of each frame waits in stdio's buffer for the next one; errors end with `ERROR: *** … ***` on stderr.
"""

import os
import subprocess

import cv2
import numpy as np

from vybor.foundation.clock import Clock
from vybor.foundation.settings import GazeSettings
from vybor.gaze.frames import CameraMissing, CameraStopped, Frame, Pixels, captured

ROW_ALIGNMENT = 64
STDERR_KEPT = 4000
ENDS_WITHIN_S = 2.0


class RpicamVid:
    """A running rpicam-vid. Raises CameraMissing if the program is not there."""

    def __init__(self, settings: GazeSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        # Chroma needs even sizes.
        self._width, self._height = settings.width // 2 * 2, settings.height // 2 * 2
        self._stride = -(-self._width // ROW_ALIGNMENT) * ROW_ALIGNMENT
        self._planes = bytearray(self._stride * self._height * 3 // 2)
        self._said = b""
        self._frames = 0
        try:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise CameraMissing(
                f"{settings.rpicam_program} cannot be started ({error.strerror}); install rpicam-apps, "
                "or name another camera in [gaze] camera"
            ) from None
        assert self._process.stdout is not None and self._process.stderr is not None
        self._pipe = self._process.stdout
        self._errors = self._process.stderr
        os.set_blocking(self._errors.fileno(), False)

    def read(self) -> Frame:
        """Wait for a whole frame."""
        left = memoryview(self._planes)
        while left:
            count = self._pipe.readinto(left)  # type: ignore[attr-defined]  # bufsize=0 makes it a FileIO
            if not count:
                raise self._ended()
            left = left[count:]
        arrived_ns = self._clock.now_ns()
        self._listen()
        self._frames += 1
        return Frame(self._rgb(), *captured(arrived_ns, self._settings.hz))

    def interrupt(self) -> None:
        """End the program at once; its pipe ends with it."""
        self._process.kill()

    def close(self) -> None:
        """End the program and wait for it."""
        self._process.terminate()
        try:
            self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._pipe.close()
        self._errors.close()

    def _command(self) -> list[str]:
        settings = self._settings
        size = ["--width", str(self._width), "--height", str(self._height), "--framerate", f"{settings.hz:g}"]
        return [
            settings.rpicam_program, "--codec", "yuv420", *size,
            "--timeout", "0", "--nopreview", "--flush", "--verbose", "0", "-o", "-",
        ]  # fmt: skip

    def _rgb(self) -> Pixels:
        """Full-range Y, U, V planes to RGB; the padding of the rows is left out."""
        height, width, stride = self._height, self._width, self._stride
        planes = np.frombuffer(self._planes, np.uint8)
        light = planes[: stride * height].reshape(height, stride)[:, :width]
        chroma = planes[stride * height :].reshape(2, height // 2, stride // 2)[:, :, : width // 2]
        blue, red = (cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR) for plane in chroma)
        return np.asarray(cv2.cvtColor(cv2.merge([light, red, blue]), cv2.COLOR_YCrCb2RGB), np.uint8)

    def _listen(self) -> None:
        """Keep the end of what the program says; unread, it would fill the pipe and stop the program."""
        try:
            while said := os.read(self._errors.fileno(), 65536):
                self._said = (self._said + said)[-STDERR_KEPT:]
        except BlockingIOError:
            return

    def _ended(self) -> CameraMissing | CameraStopped:
        try:
            status = self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            status = 0
        self._listen()
        lines = self._said.decode(errors="replace").split("\n")
        errors = [line.strip() for line in lines if "ERROR" in line] or [f"exit status {status}"]
        sentence = f"{self._settings.rpicam_program} ended: {errors[-1]}"
        if self._frames:
            return CameraStopped(sentence)
        return CameraMissing(f"{sentence}; check the camera's cable and that no other program uses it")
