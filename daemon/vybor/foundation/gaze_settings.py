"""`[gaze]`: where looks come from, what the camera follows, and how large signs of the face are."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from vybor.foundation.kinds import MUST_BE

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Program = Annotated[str, msgspec.Meta(min_length=1, extra={MUST_BE: "the name of a program"})]
Camera = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(auto|rpicam|picamera2|v4l2(:/.+)?|(?!v4l2:|\w*:?/dev/v).*/.*)$",
        extra={MUST_BE: "auto, rpicam, picamera2, v4l2:/dev/video0 or such, or a path with a / in it"},
    ),
]


class GazeSource(StrEnum):
    """Where gaze comes from."""

    CAMERA = "camera"
    POINTER = "pointer"
    EYETRACKER = "eyetracker"
    NONE = "none"


class WhichEyes(StrEnum):
    """Whose sides are the wearer's own."""

    AUTO = "auto"
    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


class CalibrateBy(StrEnum):
    """What is looked at to calibrate."""

    DOTS = "dots"
    PURSUIT = "pursuit"


class PointBy(StrEnum):
    """What moves the place on the screen."""

    EYES = "eyes"
    HEAD = "head"


class GazeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[gaze]`."""

    source: GazeSource = GazeSource.CAMERA
    """Where gaze comes from: a camera, a pointer (mouse, head mouse, an eye tracker's pointer), another program or
    device that measures it ([eyetracker] says which), or nowhere."""
    camera: Camera = "auto"
    """Which camera; a path is that of a folder of pictures or of a video."""
    rpicam_program: Program = "rpicam-vid"
    """The program that brings a Raspberry Pi camera's pictures."""
    width: Annotated[int, msgspec.Meta(ge=160, le=4096)] = 640
    """Width of the camera's pictures, in pixels."""
    height: Annotated[int, msgspec.Meta(ge=120, le=4096)] = 480
    """Height of the camera's pictures, in pixels."""
    hz: Annotated[float, msgspec.Meta(ge=5, le=60)] = 15.0
    """Pictures a second. With less than five, looks are old when they come, and a path cannot be followed."""
    turned: Literal[0, 90, 180, 270] = 0
    """Degrees that pictures are turned clockwise: 180 if the camera hangs upside down. Who lies needs none."""
    eyes: WhichEyes = WhichEyes.AUTO
    """Which eyes count, the wearer's left or right; auto: both, unless one alone sees the dots clearly better."""
    pointer_sd: Fraction = 0.01
    """How exact a pointer is taken to be, in fractions of the screen."""
    calibration: CalibrateBy = CalibrateBy.DOTS
    """What is looked at to calibrate: nine dots that stand (dots), or one that moves for half a minute (pursuit),
    for whom holding still on a dot is hard."""
    by: PointBy = PointBy.EYES
    """What the camera follows: where the eyes look, or where the head points (head), for glasses that hide the
    eyes, bad light, or eyes that do not obey. The dots come after a change; each way keeps what it learned."""
    brow_least: Annotated[float, msgspec.Meta(ge=0.05, le=0.8)] = 0.2
    """How far brows rise above where they rest, to count as raised; all they can is about 0.8."""
    cheek_least: Annotated[float, msgspec.Meta(ge=0.05, le=0.8)] = 0.25
    """How far a corner of the mouth is drawn, to count as a sign; a smile is about 0.8."""
    head_least_deg: Annotated[float, msgspec.Meta(ge=2, le=30)] = 6.0
    """How many degrees the head nods or tilts, to count as a sign; turned to a side it is twice as many."""
