"""Whether a picture says anything, and what is wrong with it if it does not. Pure.

A picture without a face is judged as a whole, to name what can be mended; one with a face by its eyes alone. What
cannot be seen is nobody: no look comes of it, and no dot learns from it.
"""

import numpy as np

from vybor.contracts.messages import Trouble
from vybor.gaze.faces.face import EYES, Face
from vybor.gaze.faces.patches import LEAST_CONTRAST
from vybor.gaze.faces.sides import Sides
from vybor.gaze.sources.frames import Pixels

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Grey of red, green and blue (ITU-R BT.601)."""
EVERY = 8
"""One pixel in so many, along and down, tells of the light."""
DARK, BRIGHT = 40.0, 235.0
"""Of 255: where the lightest parts are darker, or the darkest ones brighter, no face can be seen."""
LIGHTEST, DARKEST = 95, 10
"""The hundredth parts of a picture that are asked for it."""
BURNT_SHARE = 0.4
"""Of a picture as bright as it can be: the rest of it is too dark then, whatever is there."""
TORN_SHARE = 0.12
"""Of the rows that are of one grey between black and white: a lens has noise, what is missing has none."""
BURNT_EYE = 225.0
"""Mean of an eye's picture: at 210 looks were right, at 230 beside by three times as much."""
LEAST_EYE = 14.0
"""Width of an eye in pixels: at 16 looks were right, at 11 no face is found."""

REMEDIES: dict[Trouble, str] = {
    Trouble.NOBODY_SEEN: "no face is in the camera's picture",
    Trouble.PICTURE_DARK: "the camera's picture is dark: light the face from the front, or uncover the lens",
    Trouble.PICTURE_BRIGHT: "the camera's picture is too bright: turn it from the window, or dim the lamp",
    Trouble.PICTURE_BROKEN: "the camera's pictures come torn: try another cable, socket or camera",
    Trouble.EYES_SMALL: "the eyes are too small in the camera's picture: come nearer, or set more [gaze] width",
    Trouble.PHOTOGRAPH: "no blink and no movement of the eyes for half a minute: a picture is no person",
    Trouble.SOMEBODY_ELSE: "the face is not that of who looked at the dots: calibrate, if it is to write now",
}
"""What keeps looks away, and what to do, in a sentence of the log and the doctor."""


def is_picture(rgb: Pixels) -> bool:
    """Whether this has the shape that a frame has."""
    return rgb.dtype == np.uint8 and rgb.ndim == 3 and rgb.shape[2] == 3 and min(rgb.shape) > 0


def fault(rgb: Pixels) -> Trouble | None:
    """What is wrong with a picture in which no face was found; None if nothing is."""
    if not is_picture(rgb):
        return Trouble.PICTURE_BROKEN
    grey = rgb[::EVERY, ::EVERY] @ LUMA
    if np.percentile(grey, LIGHTEST) < DARK:
        return Trouble.PICTURE_DARK
    if np.percentile(grey, DARKEST) > BRIGHT or (grey >= BRIGHT).mean() > BURNT_SHARE:
        return Trouble.PICTURE_BRIGHT
    between = (grey[:, 0] > 1) & (grey[:, 0] < 254)
    torn = (np.ptp(grey, axis=1) < 1) & between
    return Trouble.PICTURE_BROKEN if torn.mean() > TORN_SHARE else None


def is_whole(face: Face) -> bool:
    """Whether every number of a face is one."""
    marks = np.isfinite(face.points).all() and np.isfinite(face.pose).all() and np.isfinite(face.eyes).all()
    return bool(marks) and all(np.isfinite(score) for score in face.blendshapes.values())


def seen(face: Face, side: int) -> Trouble | None:
    """What keeps an eye from being seen, 0 for the left one in the picture; None if nothing does."""
    corners = face.points[list(EYES[side].corners), :2]
    if np.hypot(*(corners[1] - corners[0])) < LEAST_EYE:
        return Trouble.EYES_SMALL
    if (corners < 0).any() or (corners > face.size).any():
        return Trouble.NOBODY_SEEN
    if face.light[side] > BURNT_EYE:
        return Trouble.PICTURE_BRIGHT
    if face.contrast[side] >= LEAST_CONTRAST:
        return None
    return Trouble.PICTURE_DARK if face.light[side] < DARK else Trouble.PICTURE_BROKEN


def unseen(face: Face, sides: Sides, *, closed: bool) -> Trouble | None:
    """What keeps the eyes that count from being seen, the first thing of several; None if nothing does.

    Closed lids are as even as a covered eye, and are no fault of the picture's.
    """
    faults = [what for side in sides if (what := seen(face, side)) is not None]
    return next((what for what in faults if not (closed and what is Trouble.PICTURE_BROKEN)), None)
