"""Films with picamera2 for the process `gaze`. A script for the system's Python: it knows nothing of the kit.

The distribution's picamera2 and the kit's NumPy cannot live in one process (picamera2 #1088 #1211), so this one
runs beside it. To stdout goes a header and a YUV420 picture for each frame, and nothing else; to stderr what
libcamera has to say, and at the end one line that begins with SAYS. It ends when stdin does: whoever started it is
gone.

    /usr/bin/python3 -I picamera2_helper.py WIDTH HEIGHT HZ
"""

import contextlib
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, Protocol

HEADER = struct.Struct("<4sIIIqqI")
"""MAGIC, width, height, stride, sensor time, exposure, length. Sizes in pixels and bytes, times in nanoseconds.

The sensor time is CLOCK_MONOTONIC's at the end of the first row's exposure (picamera2 #821), 0 if not known."""
MAGIC = b"VyF1"
SAYS = "picamera2:"
MISSING, NO_CAMERA, TAKEN, FAILED = 3, 4, 5, 6
"""Exit statuses. 1 and 2 are Python's own."""
BUFFERS = 4
TAKEN_WORDS = ("camera.acquire()", "failed to acquire camera", "device or resource busy")
"""Of picamera2's errors, old and new, when another program has the camera."""
REMEDY = 'install it (apt install python3-picamera2), or set [gaze] camera = "rpicam"'


class Request(Protocol):
    """What is used of picamera2's CompletedRequest."""

    def get_metadata(self) -> Mapping[str, Any]:
        """SensorTimestamp in nanoseconds, ExposureTime in microseconds, and more."""
        ...

    def make_buffer(self, name: str) -> Any:  # noqa: ANN401  (an array of the system's NumPy)
        """A copy of a stream's bytes."""
        ...

    def release(self) -> None:
        """Give the buffer back to the camera."""
        ...


class Camera(Protocol):
    """What is used of Picamera2."""

    def create_video_configuration(self, **wanted: object) -> dict[str, Any]:
        """A configuration to hand to `configure`."""
        ...

    def configure(self, configuration: dict[str, Any]) -> None:
        """Set the camera up; raises RuntimeError."""
        ...

    def stream_configuration(self, name: str) -> Mapping[str, Any]:
        """What the camera has made of it: size, stride, format."""
        ...

    def start(self) -> None:
        """Begin to film."""
        ...

    def capture_request(self) -> Request:
        """Wait for a frame."""
        ...


class Ending(Exception):
    """Why no more is filmed: an exit status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def main(arguments: list[str]) -> NoReturn:
    """Film until stdin ends or there is a reason not to."""
    width, height, hz = int(arguments[0]), int(arguments[1]), float(arguments[2])
    pipe = os.dup(1)
    os.dup2(2, 1)  # what anybody prints must not get between the frames
    threading.Thread(target=end_with_stdin, daemon=True).start()
    status = 0
    try:
        film(width, height, hz, pipe)
    except Ending as ending:
        sys.stderr.write(f"\n{SAYS} {ending}\n")
        sys.stderr.flush()
        status = ending.status
    except BrokenPipeError:
        pass  # nobody reads any more
    os._exit(status)  # an orderly end of libcamera can hang; the kernel takes the camera back


def end_with_stdin() -> None:
    """End this process when the other end of stdin is closed."""
    while os.read(0, 1024):
        pass
    os._exit(0)


def film(width: int, height: int, hz: float, pipe: int) -> None:
    """Write frames. Raises Ending, or BrokenPipeError when nobody reads any more."""
    camera, colours = opened()
    with explained():
        period_us = round(1e6 / hz)
        configuration = camera.create_video_configuration(
            main={"size": (width // 2 * 2, height // 2 * 2), "format": "YUV420"},
            colour_space=colours,
            controls={"FrameDurationLimits": (period_us, period_us)},
            buffer_count=BUFFERS,
        )
        camera.configure(configuration)
        camera.start()
        stream = camera.stream_configuration("main")
    if stream["format"] != "YUV420":
        raise Ending(FAILED, f'the camera gives {stream["format"]} and no YUV420; set [gaze] camera = "v4l2:…"')
    while True:
        with explained():
            request = camera.capture_request()
            try:
                metadata, planes = request.get_metadata(), memoryview(request.make_buffer("main"))
            finally:
                request.release()
        planes = planes[: stream["stride"] * stream["size"][1] * 3 // 2]  # a buffer may end in spare bytes
        write(pipe, header(stream, metadata, planes.nbytes))
        write(pipe, planes)


def opened() -> tuple[Camera, object]:
    """The first camera, and full-range BT.601 by libcamera's name for it. Raises Ending."""
    try:
        from libcamera import ColorSpace  # noqa: PLC0415  (what is missing is told)
        from picamera2 import Picamera2  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Ending(MISSING, f"{sys.executable} has no module {error.name}; {REMEDY}") from None
    except (ImportError, AttributeError, ValueError) as error:  # two NumPys in one place, for one
        reason = " ".join(str(error).split())
        raise Ending(
            MISSING,
            f"{sys.executable} cannot load picamera2 ({reason}); reinstall python3-picamera2 and take away "
            'what pip has put beside it, or set [gaze] camera = "rpicam"',
        ) from None
    with explained():
        if not Picamera2.global_camera_info():
            raise Ending(
                NO_CAMERA,
                "there is no camera; check its cable with the power off, and that this user is in the group video",
            )
        return Picamera2(), ColorSpace.Sycc()


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn what picamera2 raises into an Ending."""
    try:
        yield
    except (RuntimeError, OSError, IndexError) as error:
        reasons = [str(reason) for reason in causes(error)]
        if any(words in reason.lower() for reason in reasons for words in TAKEN_WORDS):
            raise Ending(
                TAKEN,
                "another program uses the camera; close it, or restart this machine if there is none to be found",
            ) from None
        raise Ending(FAILED, f"the camera does not work ({reasons[-1]}); check its cable") from None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, the first cause last."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def header(stream: Mapping[str, Any], metadata: Mapping[str, Any], length: int) -> bytes:
    """What stands before a picture."""
    width, height = stream["size"]
    sensor_ns = metadata.get("SensorTimestamp") or 0
    exposure_ns = 1000 * (metadata.get("ExposureTime") or 0)
    if sensor_ns:
        clocks = time.CLOCK_MONOTONIC, time.CLOCK_BOOTTIME
        sensor_ns = monotonic(sensor_ns, *(time.clock_gettime_ns(clock) for clock in clocks))
    return HEADER.pack(MAGIC, width, height, stream["stride"], sensor_ns, exposure_ns, length)


def monotonic(sensor_ns: int, monotonic_ns: int, boottime_ns: int) -> int:
    """A sensor's time as CLOCK_MONOTONIC's.

    libcamera's documents name CLOCK_BOOTTIME, the Pi's drivers stamp CLOCK_MONOTONIC (libcamera's bug 254). The
    two part when the machine has slept; a time that is not yet can only be the other clock's.
    """
    return sensor_ns - (boottime_ns - monotonic_ns) if sensor_ns > monotonic_ns else sensor_ns


def write(pipe: int, content: "bytes | memoryview") -> None:
    """Write all of it; waits for the reader."""
    left = memoryview(content)
    while left:
        left = left[os.write(pipe, left) :]


if __name__ == "__main__":
    main(sys.argv[1:])
