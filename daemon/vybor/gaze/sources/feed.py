"""Keeps a source of frames open in a thread, and the newest frame in a slot of one.

A frame that nobody took is replaced by the next: nothing queues. A camera that is missing, ends or hangs is opened
again, after a pause that doubles.
"""

import logging
import os
import threading
from collections.abc import Callable

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, seconds
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame, FrameSource

log = logging.getLogger("vybor.gaze")

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
CLOSES_WITHIN_S = 3.0
STARTS_WITHIN_NS = seconds(6)
SILENT_AFTER_NS = seconds(1.5)
NEVER_OPENS = (
    "the camera does not open, and does not say why; unplug it, and restart this machine if that is in vain"
)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait for a camera."""

    first_pause_s: float = FIRST_PAUSE_S
    longest_pause_s: float = LONGEST_PAUSE_S
    starts_within_ns: int = STARTS_WITHIN_NS
    """From opening to the first frame."""
    silent_after_ns: int = SILENT_AFTER_NS
    """From one frame to the next; at least a few periods."""


class Feed:
    """The newest frame of a camera that is kept open."""

    def __init__(self, open_source: Callable[[], FrameSource], clock: Clock, rule: Rule) -> None:
        self._open = open_source
        self._clock = clock
        self._rule = rule
        self._signal = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._guard = threading.Lock()
        self._slot: Frame | None = None
        self._source: FrameSource | None = None
        self._heard_ns = clock.now_ns()
        self._flowing = False
        self._opening_ns: int | None = None
        """Since when a camera is being opened."""
        self._interrupted = False
        self._problem: m.Notice | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    @property
    def descriptor(self) -> int:
        """Becomes readable when there is a frame or news of the camera."""
        return self._signal

    def take(self) -> Frame | None:
        """The newest frame, once."""
        try:
            os.eventfd_read(self._signal)
        except BlockingIOError:
            return None
        with self._guard:
            frame, self._slot = self._slot, None
        return frame

    def tend(self, now_ns: int) -> m.Notice | None:
        """What is wrong with the camera now; one that hangs is interrupted, so that it is opened again."""
        if not self._thread.is_alive():
            raise RuntimeError("the camera's thread has ended; its error stands above")
        with self._guard:
            limit_ns = self._rule.silent_after_ns if self._flowing else self._rule.starts_within_ns
            if self._source is not None and now_ns - self._heard_ns > limit_ns:
                silent_s = (now_ns - self._heard_ns) / 1e9
                detail = f"the camera gave no frame for {silent_s:.1f} s; it is opened again"
                self._problem = _notice(m.Trouble.CAMERA_STOPPED, detail)
                self._heard_ns = now_ns
                self._flowing = False
                self._interrupted = True
                self._source.interrupt()
            opening_ns = self._opening_ns
            if opening_ns is not None and now_ns - opening_ns > self._rule.starts_within_ns:
                self._problem = _notice(m.Trouble.CAMERA_STOPPED, NEVER_OPENS)
            return self._problem

    def close(self) -> None:
        """End the thread and close the camera."""
        self._closing.set()
        with self._guard:
            if self._source is not None:
                self._source.interrupt()
        self._thread.join(CLOSES_WITHIN_S)
        if not self._thread.is_alive():  # a driver that hangs keeps it until the process ends
            os.close(self._signal)

    def _run(self) -> None:
        pause_s = self._rule.first_pause_s
        while not self._closing.is_set():
            if self._film():
                pause_s = self._rule.first_pause_s
            self._closing.wait(pause_s)
            pause_s = min(2 * pause_s, self._rule.longest_pause_s)

    def _film(self) -> bool:
        """Open the camera and read it until it fails; true if there was a frame."""
        with self._guard:
            self._opening_ns = self._clock.now_ns()
        try:
            source = self._open()
        except CameraMissing as error:
            self._failed(m.Trouble.CAMERA_MISSING, str(error))
            return False
        with self._guard:
            self._source, self._heard_ns, self._opening_ns = source, self._clock.now_ns(), None
            self._flowing = self._interrupted = False
        filmed = False
        try:
            while not self._closing.is_set():
                self._put(source.read())
                filmed = True
        except CameraMissing as error:
            self._failed(m.Trouble.CAMERA_MISSING, str(error))
        except CameraStopped as error:
            self._failed(m.Trouble.CAMERA_STOPPED, str(error))
        finally:
            with self._guard:
                self._source = None
            source.close()
        return filmed

    def _put(self, frame: Frame) -> None:
        with self._guard:
            self._slot = frame
            self._heard_ns, self._flowing, self._problem = self._clock.now_ns(), True, None
        os.eventfd_write(self._signal, 1)

    def _failed(self, trouble: m.Trouble, detail: str) -> None:
        with self._guard:
            self._slot, self._opening_ns = None, None
            if not self._interrupted:  # the end of a camera that hung is our own doing
                self._problem = _notice(trouble, detail)
            self._interrupted = False
        os.eventfd_write(self._signal, 1)


def _notice(trouble: m.Trouble, detail: str) -> m.Notice:
    return m.Notice(process="gaze", trouble=trouble, detail=detail)
