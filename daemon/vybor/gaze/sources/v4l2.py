"""Frames from a V4L2 device (a USB webcam), through OpenCV."""

import errno
import fcntl
import os
import struct

import cv2

from vybor.foundation.clock import Clock
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame, captured
from vybor.gaze.sources.program import TAKEN

ANOTHER = "or name another in [gaze] camera"
REQUEST_BUFFERS = 0xC0145608
"""VIDIOC_REQBUFS of linux/videodev2.h: a driver refuses it with EBUSY while another program films."""
NO_BUFFERS_TO_CAPTURE_BY_MAPPING = struct.pack("=5I", 0, 1, 1, 0, 0)


class V4l2:
    """An open device. Raises CameraMissing if it cannot be opened."""

    def __init__(self, device: str, settings: GazeSettings, clock: Clock) -> None:
        self._device = device
        self._clock = clock
        self._hz = settings.hz
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what fails is told once, by the room
        self._capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise CameraMissing(why_not(device))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
        self._capture.set(cv2.CAP_PROP_FPS, settings.hz)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self) -> Frame:
        """Wait for a frame; OpenCV gives up after ten seconds without one."""
        there, bgr = self._capture.read()
        if not there:
            raise CameraStopped(f"{self._device} gives no more frames; was it unplugged?")
        arrived_ns = self._clock.now_ns()
        return Frame(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), *captured(arrived_ns, self._hz))  # type: ignore[arg-type]

    def interrupt(self) -> None:
        """OpenCV's own limit ends a `read`; releasing the device under it would crash."""

    def close(self) -> None:
        """Release the device."""
        self._capture.release()


def why_not(device: str) -> str:
    """Why a device cannot be opened as a camera, and what to do."""
    try:
        descriptor = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    except FileNotFoundError:
        return f"there is no {device}; plug the camera in, {ANOTHER}"
    except PermissionError:
        return f"{device} may not be opened; add this user to the group video and log in again"
    except OSError as error:
        return f"{device} cannot be opened ({TAKEN if error.errno == errno.EBUSY else error.strerror})"
    try:
        fcntl.ioctl(descriptor, REQUEST_BUFFERS, NO_BUFFERS_TO_CAPTURE_BY_MAPPING)
    except OSError as error:
        if error.errno == errno.EBUSY:
            return f"{device} cannot be opened as a camera: {TAKEN}"
    finally:
        os.close(descriptor)
    return f"{device} cannot be opened as a camera; plug one in, {ANOTHER}"
