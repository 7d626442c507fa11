"""Chooses the source of frames that the settings name."""

import shutil
from pathlib import Path

from vybor.foundation.clock import Clock
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources.frames import CameraMissing, FrameSource
from vybor.gaze.sources.picamera import SYSTEM_PYTHON, Picamera
from vybor.gaze.sources.playback import Playback
from vybor.gaze.sources.rpicam import RpicamVid
from vybor.gaze.sources.turned import Turned
from vybor.gaze.sources.v4l2 import V4l2

FIRST_DEVICE = "/dev/video0"


def open_source(settings: GazeSettings, clock: Clock, python: str = SYSTEM_PYTHON) -> FrameSource:
    """Open `[gaze] camera`, turned upright. Raises CameraMissing with what to do."""
    source = _opened(settings, clock, python)
    return Turned(source, settings.turned) if settings.turned else source


def _opened(settings: GazeSettings, clock: Clock, python: str) -> FrameSource:
    kind, _, place = settings.camera.partition(":")
    if kind == "auto":
        return _first_found(settings, clock)
    if kind == "rpicam":
        return RpicamVid(settings, clock)
    if kind == "picamera2":
        return Picamera(settings, clock, python)
    if kind == "v4l2":
        return V4l2(place or FIRST_DEVICE, settings, clock)
    path = Path(settings.camera)
    if not path.exists():
        raise CameraMissing(
            f"[gaze] camera names {settings.camera}, which is not there; use auto, rpicam, picamera2, "
            "v4l2:/dev/video0 or the path of a recording"
        )
    return Playback(path, settings, clock)


def _first_found(settings: GazeSettings, clock: Clock) -> FrameSource:
    """rpicam-vid where that is installed: on a Pi most /dev/video devices are no cameras."""
    if shutil.which(settings.rpicam_program):
        return RpicamVid(settings, clock)
    try:
        return V4l2(FIRST_DEVICE, settings, clock)
    except CameraMissing as error:
        raise CameraMissing(
            f"no camera is found: {error}; for a camera on the Pi's own connector install rpicam-apps "
            f"({settings.rpicam_program} is not there)"
        ) from None
