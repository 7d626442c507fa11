"""Chooses the source of frames that the settings name."""

import shutil
from pathlib import Path

from vybor.foundation.clock import Clock
from vybor.foundation.settings import GazeSettings
from vybor.gaze.frames import CameraMissing, FrameSource
from vybor.gaze.sources.picamera import Picamera
from vybor.gaze.sources.playback import Playback
from vybor.gaze.sources.rpicam import RpicamVid
from vybor.gaze.sources.v4l2 import V4l2

FIRST_DEVICE = "/dev/video0"


def open_source(settings: GazeSettings, clock: Clock) -> FrameSource:
    """Open `[gaze] camera`. Raises CameraMissing with what to do.

    `auto` is rpicam-vid where that is installed: on a Pi most /dev/video devices are no cameras.
    """
    kind, _, place = settings.camera.partition(":")
    if kind == "auto":
        kind = "rpicam" if shutil.which(settings.rpicam_program) else "v4l2"
    if kind == "rpicam":
        return RpicamVid(settings, clock)
    if kind == "picamera2":
        return Picamera(settings, clock)
    if kind == "v4l2":
        return V4l2(place or FIRST_DEVICE, settings, clock)
    path = Path(settings.camera)
    if not path.exists():
        raise CameraMissing(
            f"[gaze] camera names {settings.camera}, which is not there; use auto, rpicam, picamera2, "
            "v4l2:/dev/video0 or the path of a recording"
        )
    return Playback(path, settings, clock)
