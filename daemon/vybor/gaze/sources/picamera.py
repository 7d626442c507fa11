"""Frames from picamera2, which films in a process of its own on the system's Python: see picamera2_helper.py.

Nothing of this was ever run on hardware.
"""

from pathlib import Path

import msgspec

from vybor.foundation.clock import Clock, seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources import picamera2_helper as helper
from vybor.gaze.sources import yuv
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame, captured
from vybor.gaze.sources.program import Program

SYSTEM_PYTHON = "/usr/bin/python3"
"""Where the distribution's picamera2 lives; the kit's own Python has another NumPy and must not load it."""
LONGEST_ROW = 4 * 4096
READOUT_NS = seconds(0.02)
"""Sensors read their rows out in about 10 to 30 ms; when the eyes' rows were read is not known."""
OLD_NS = seconds(1)
"""A frame as old as this, and as three periods, shows what was."""
OLD_FRAMES = 30
"""So many old frames in a row are a camera that hangs, or a clock of another world."""


class Head(msgspec.Struct, frozen=True):
    """What the helper says of a picture."""

    width: int
    height: int
    stride: int
    sensor_ns: int
    """CLOCK_MONOTONIC at the end of the first row's exposure; 0 if it is not known."""
    exposure_ns: int
    length: int


class Picamera:
    """A running helper. Raises CameraMissing if there is no such Python."""

    def __init__(self, settings: GazeSettings, clock: Clock, python: str = SYSTEM_PYTHON) -> None:
        self._clock = clock
        self._hz = settings.hz
        self._old_ns = max(OLD_NS, seconds(3 / settings.hz))
        self._head = bytearray(helper.HEADER.size)
        self._planes = bytearray()
        self._frames = 0
        self._sensor_ns = 0
        size = [str(settings.width), str(settings.height), f"{settings.hz:g}"]
        # -I: no variables, no packages of the user's, and not this folder's v4l2.py in place of the system's.
        command = [python, "-I", str(Path(helper.__file__).absolute()), *size]
        self._program = Program(command, 'install python3-picamera2, or set [gaze] camera = "rpicam"')

    def read(self) -> Frame:
        """Wait for a whole frame that is not old."""
        for _ in range(OLD_FRAMES):
            head = self._picture()
            arrived_ns = self._clock.now_ns()
            if (
                head.sensor_ns
                and not self._sensor_ns < head.sensor_ns <= arrived_ns <= head.sensor_ns + self._old_ns
            ):
                continue
            self._sensor_ns = head.sensor_ns
            self._frames += 1
            rgb = yuv.rgb_of(self._planes, head.width, head.height, head.stride)
            return Frame(rgb, *taken_at(head, arrived_ns, self._hz))
        age_s = (arrived_ns - head.sensor_ns) / 1e9
        raise CameraStopped(f"picamera2 gives pictures from {age_s:.1f} s ago only; it is started again")

    def interrupt(self) -> None:
        """End the helper at once; its pipe ends with it."""
        self._program.kill()

    def close(self) -> None:
        """End the helper and wait for it."""
        self._program.close()

    def _picture(self) -> Head:
        """Wait for a header and the planes behind it."""
        if not self._program.fill(self._head):
            raise self._ended()
        head = head_of(self._head)
        if len(self._planes) != head.length:
            self._planes = bytearray(head.length)
        if not self._program.fill(self._planes):
            raise self._ended()
        return head

    def _ended(self) -> CameraMissing | CameraStopped:
        status = self._program.status()
        lines = self._program.lines()
        said = [line.removeprefix(helper.SAYS).strip() for line in lines if line.startswith(helper.SAYS)]
        if said and (status in (helper.MISSING, helper.NO_CAMERA, helper.TAKEN) or not self._frames):
            return CameraMissing(f"picamera2: {said[-1]}")
        last_words = f", its last words: {lines[-1]}" if lines else ""
        sentence = f"picamera2 has ended ({said[-1] if said else f'exit status {status}{last_words}'})"
        if self._frames:
            return CameraStopped(f"{sentence}; it is started again")
        return CameraMissing(f'{sentence}; check the camera\'s cable, or set [gaze] camera = "rpicam"')


def head_of(content: bytes | bytearray) -> Head:
    """Read a header. Raises CameraStopped if it is none, or says what cannot be."""
    magic, *numbers = helper.HEADER.unpack(content)
    if magic != helper.MAGIC:
        raise CameraStopped("what comes from picamera2 is no picture; it is started again")
    head = Head(*numbers)
    even = head.width % 2 == head.height % 2 == head.stride % 2 == 0
    possible = even and 0 < head.width <= head.stride <= LONGEST_ROW and 0 < head.height <= LONGEST_ROW
    if not possible or head.length != yuv.size_of(head.height, head.stride):
        raise CameraStopped(
            f"picamera2 says {head.length} bytes for {head.width} x {head.height} pixels "
            f"in rows of {head.stride}, which cannot be; it is started again"
        )
    return head


def taken_at(head: Head, arrived_ns: int, hz: float) -> tuple[int, int]:
    """The middle of the exposure, and how far it may be from that of the rows that show the eyes."""
    if not head.sensor_ns:
        return captured(arrived_ns, hz)
    half_ns = head.exposure_ns // 2
    return head.sensor_ns - half_ns, half_ns + READOUT_NS // 2
