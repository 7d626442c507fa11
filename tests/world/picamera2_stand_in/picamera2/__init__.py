"""A stand-in for picamera2 0.3.36: the signatures, the order of calls and the errors of the real one.

Of the real one: `configure` fills in the stride; there are as many frames as buffers, and a request that is not
released keeps its buffer; what is asked for before its time is a RuntimeError; a camera that another program has
makes `__init__` fail with the reason as its cause; without a camera the list of cameras is empty, and its first is
an IndexError. SensorTimestamp is the kernel's CLOCK_MONOTONIC when the first row has been exposed.
"""

import os
import threading

import cv2
import numpy as np
from libcamera import ColorSpace

from vybor.foundation.clock import SystemClock
from world.camera.client import ADDRESS
from world.camera.face import Face, Image
from world.camera.person import Body, Wish
from world.camera.rpicam_vid import POLL_S, START_S, Wire

MANNER = "PICAMERA2_STAND_IN"
"""`none`, `taken`, `taken-of-old`, `breaks`, `frozen`, `timeless` or `chatty`: how the camera behaves."""
ROW_ALIGNMENT = 128
"""A Pi 5's rows of the light plane."""
EXPOSURE_US = 8000
READ_OUT_NS = 12_000_000

Stream = dict[str, object]
Configuration = dict[str, object]


class CompletedRequest:
    """A frame, and the buffer that it keeps until it is released."""

    def __init__(self, camera: "Picamera2", planes: np.ndarray, metadata: dict[str, int]) -> None:
        self._camera = camera
        self._planes = planes
        self._metadata = metadata
        self.ref_count = 1

    def make_buffer(self, name: str) -> np.ndarray:
        if name != "main":
            raise RuntimeError(f"Stream {name!r} is not defined")
        assert self.ref_count, "a released request has no buffers"
        return self._planes.copy()

    def get_metadata(self) -> dict[str, int]:
        assert self.ref_count, "a released request has no metadata"
        return dict(self._metadata)

    def release(self) -> None:
        self.ref_count -= 1
        if self.ref_count < 0:
            raise RuntimeError("CompletedRequest: lock now has negative ref_count")
        self._camera.buffers_free += 1


class Picamera2:
    """The camera; what it shows is the scripted person."""

    def __init__(
        self,
        camera_num: int = 0,
        verbose_console: int | None = None,
        tuning: object = None,
        allocator: object = None,
    ) -> None:
        self._manner = os.environ.get(MANNER, "")
        _ = self.global_camera_info()[camera_num]
        try:
            self._open()
        except RuntimeError as error:
            raise RuntimeError("Camera __init__ sequence did not complete.") from error
        self._configured: Configuration = {}
        self._wire = Wire(os.environ.get(ADDRESS))
        self._clock = SystemClock()
        self._body = Body(seed=os.getpid())
        self._first = Wish()
        self.buffers_free = 0

    @staticmethod
    def global_camera_info() -> list[dict[str, object]]:
        if os.environ.get(MANNER) == "none":
            return []
        return [{"Model": "imx708", "Location": 2, "Rotation": 180, "Id": "/base/axi/imx708@1a", "Num": 0}]

    def _open(self) -> None:
        if self._manner == "taken":
            raise RuntimeError("Failed to acquire camera: Device or resource busy")
        if self._manner == "taken-of-old":
            raise RuntimeError("camera.acquire() returned unexpected code: -16")

    def create_video_configuration(  # noqa: PLR0913, PLR0917  (the real one's)
        self,
        main: Stream | None = None,
        lores: Stream | None = None,
        raw: Stream | None = None,
        transform: object = None,
        colour_space: ColorSpace | None = None,
        buffer_count: int = 6,
        controls: dict[str, object] | None = None,
        display: str | None = "main",
        encode: str | None = "main",
        queue: bool = True,
        sensor: dict[str, object] | None = None,
        use_case: str = "video",
    ) -> Configuration:
        stream: Stream = {"format": "XBGR8888", "size": (1280, 720), "preserve_ar": True} | (main or {})
        if unknown := stream.keys() - {"format", "size", "stride", "preserve_ar"}:
            raise ValueError(f"unknown stream fields {unknown}")
        return {
            "main": stream,
            "colour_space": colour_space or ColorSpace.Smpte170m(),
            "buffer_count": buffer_count,
            "queue": queue,
            "controls": {"FrameDurationLimits": (33333, 33333)} | (controls or {}),
        }

    def configure(self, camera_config: Configuration | None = None) -> None:
        if camera_config is None:
            raise NotImplementedError("the preview configuration is not played")
        for name in _controls(camera_config):
            if name not in {"FrameDurationLimits", "NoiseReductionMode", "AeEnable"}:
                raise RuntimeError(f"Control {name} is not advertised by libcamera")
        stream = dict(_stream(camera_config))
        width, height = _size(stream)
        if stream["format"] != "YUV420" or width % 2 or height % 2:
            raise RuntimeError(f"Invalid camera configuration: {camera_config}")
        stride = -(-width // ROW_ALIGNMENT) * ROW_ALIGNMENT
        stream |= {"stride": stride, "framesize": stride * height * 3 // 2}
        self._configured = camera_config | {"main": stream}

    def stream_configuration(self, name: str = "main") -> Stream:
        return {"main": _stream(self._configured)}[name]

    def start(self, config: Configuration | None = None, show_preview: bool = False) -> None:
        if not self._configured or config is not None:
            raise RuntimeError("Camera has not been configured")
        count = self._configured["buffer_count"]
        assert isinstance(count, int)
        self.buffers_free = count
        self._face = Face(*_size(_stream(self._configured)))
        self._first = self._wire.hear(START_S)
        self._due_ns = self._clock.now_ns()

    def capture_request(
        self, wait: bool | float | None = None, signal_function: object = None, flush: object = None
    ) -> CompletedRequest:
        if not self.buffers_free:
            raise RuntimeError("no request was released: the real camera would now wait for ever")
        self.buffers_free -= 1
        limits = _controls(self._configured)["FrameDurationLimits"]
        assert isinstance(limits, tuple)
        while (early_ns := self._due_ns - self._clock.now_ns()) > 0:
            self._wire.hear(min(early_ns / 1e9, POLL_S))
        now_ns = self._clock.now_ns()
        self._due_ns = max(self._due_ns, now_ns) + limits[0] * 1000
        self._obey(self._wire.hear(0))
        wish = self._wire.wish
        picture = self._face.frame(self._body.pose(wish, now_ns / 1e9) if wish.present else None)
        return CompletedRequest(self, self._planes(picture), self._metadata(now_ns))

    def _obey(self, wish: Wish) -> None:
        if self._manner == "breaks":
            raise RuntimeError("Camera frontend has timed out!")
        if self._manner == "chatty":
            print("x" * 40_000)
            os.write(2, b"WARN V4L2 " * 20_000)
        if wish.crashes > self._first.crashes:
            os._exit(139)
        while wish.stalls > self._first.stalls:
            threading.Event().wait()

    def _metadata(self, now_ns: int) -> dict[str, int]:
        if self._manner == "timeless":
            return {"ExposureTime": EXPOSURE_US}
        seen_ns = 1 if self._manner == "frozen" else now_ns - READ_OUT_NS
        return {"SensorTimestamp": seen_ns, "ExposureTime": EXPOSURE_US, "FrameDuration": 33333}

    def _planes(self, rgb: Image) -> np.ndarray:
        """Planes Y, U, V in the colour space that was asked for; what lies between the rows is no picture."""
        space = self._configured["colour_space"]
        assert isinstance(space, ColorSpace)
        planes = list(cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)))
        if space.name != "sYCC":
            planes = [np.rint(16 + plane * (219 / 255)).astype(np.uint8) for plane in planes]
        light, red, blue = planes
        stride = _stream(self._configured)["stride"]
        assert isinstance(stride, int)
        half = (rgb.shape[1] // 2, rgb.shape[0] // 2)
        rows = [(light, stride)]
        rows += [(cv2.resize(plane, half, interpolation=cv2.INTER_AREA), stride // 2) for plane in (blue, red)]
        padded = [np.pad(plane, ((0, 0), (0, row - plane.shape[1])), constant_values=255) for plane, row in rows]
        return np.concatenate([plane.ravel() for plane in padded])


def _stream(configuration: Configuration) -> Stream:
    stream = configuration["main"]
    assert isinstance(stream, dict)
    return stream


def _size(stream: Stream) -> tuple[int, int]:
    size = stream["size"]
    assert isinstance(size, tuple)
    width, height = size
    return width, height


def _controls(configuration: Configuration) -> dict[str, object]:
    controls = configuration["controls"]
    assert isinstance(controls, dict)
    return controls
