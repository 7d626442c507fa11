"""`[eyetracker]`: what gives looks in place of the kit's own camera, and what is known of it."""

from enum import StrEnum
from typing import Annotated

import msgspec

from vybor.foundation.kinds import MUST_BE

Where = Annotated[
    str, msgspec.Meta(pattern=r"^[^\n\r]{0,400}$", extra={MUST_BE: "one line of at most 400 letters"})
]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=0.5)]
Pixels = Annotated[int, msgspec.Meta(ge=0, le=32_768)]


class TrackerKind(StrEnum):
    """What gives the looks."""

    LSL = "lsl"
    OPENFACE = "openface"
    RECORDING = "recording"
    WEBGAZER = "webgazer"


class EyetrackerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[eyetracker]`: read where gaze.source is eyetracker."""

    kind: TrackerKind = TrackerKind.LSL
    """What gives the looks: a stream of type Gaze by Lab Streaming Layer (lsl), the CSV of OpenFace's
    FeatureExtraction (openface), a file with a time, x and y in each line (recording), or WebGazer.js in the page
    that is the display (webgazer; browser.webgazer says where it lies)."""
    where: Where = ""
    """The path of the file, or the name of the stream; if empty, any stream of type Gaze: name it where others are
    in the network, for whoever sends looks chooses."""
    live: bool = True
    """Whether the file is written while it is read: its new lines are looks of now. If not, it is played."""
    width_px: Pixels = 0
    """The screen's width in the tracker's pixels, where it tells pixels; 0: it tells fractions of the screen."""
    height_px: Pixels = 0
    """The screen's height in the tracker's pixels; 0 where width_px is 0."""
    sd: Fraction = 0.0
    """How far its looks fall beside, in fractions of the screen, as a standard deviation; choices that hold mend
    it while one writes. 0: as is usual of its kind (lsl .03, recording .05, webgazer .12, openface .2)."""
    noise_sd: Fraction = 0.0
    """How much its looks differ while the eye rests; 0: as is usual (lsl .01, recording .02, webgazer and openface
    .04)."""
    width_mm: Annotated[float, msgspec.Meta(ge=50, le=3000)] = 155.0
    """The screen's visible width, with which OpenFace's angles become places."""
    height_mm: Annotated[float, msgspec.Meta(ge=30, le=2000)] = 87.0
    """The screen's visible height, for the same."""
    camera_above_mm: Annotated[float, msgspec.Meta(ge=-2000, le=2000)] = 10.0
    """How far OpenFace's camera is above the upper edge of what is visible, in its middle; below it: negative."""
    distance_mm: Annotated[float, msgspec.Meta(ge=0, le=3000)] = 0.0
    """From camera to face, where it is known better than OpenFace guesses it; 0: as OpenFace tells it."""
