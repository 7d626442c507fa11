"""From faces to looks: lids, features, the gaze model and the filter in one step. Pure."""

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.gaze.faces import lids
from vybor.gaze.faces.face import Face, Floats
from vybor.gaze.faces.features import features, of_head
from vybor.gaze.points import correcting, fixation
from vybor.gaze.points.correcting import Correcting
from vybor.gaze.points.model import GazeModel, predict

IDLE_NS = seconds(0.5)
"""While nobody is there, two frames a second are looked at."""
NOBODY_AFTER_NS = seconds(3)


class Seeing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known after a frame."""

    eyelids: lids.Lids = lids.Lids()
    resting: fixation.Fixation = fixation.Fixation()
    present: bool = False
    looked_ns: int | None = None
    """Capture time of the last frame that was looked at."""
    absent_ns: int | None = None
    """Since when nobody is seen."""
    open_ns: int | None = None
    """Since when the eyes are seen open without a break (blinks are none)."""
    model: GazeModel | None = None
    """The one that the last look was reckoned with…"""
    correcting: Correcting | None = None
    """…and what is known of its error."""
    by_head: bool = False
    """Whether it is the head that points, and the eyes only open and close."""


class Sight(msgspec.Struct, frozen=True):
    """What one frame gave: the look, and the features where they may serve a calibration."""

    gaze: m.Gaze
    row: Floats | None


def due(seeing: Seeing, captured_ns: int) -> bool:
    """Whether this frame is worth the landmarker's time."""
    return seeing.present or seeing.looked_ns is None or captured_ns - seeing.looked_ns >= IDLE_NS


def nobody(seeing: Seeing, now_ns: int) -> bool:
    """Whether nobody has been seen for a while, though there were frames."""
    return seeing.absent_ns is not None and now_ns - seeing.absent_ns >= NOBODY_AFTER_NS


def step(seeing: Seeing, face: Face | None, gaze: m.Gaze, model: GazeModel | None) -> tuple[Seeing, Sight]:
    """One frame in; `gaze` brings its times, and goes out with what the eyes do."""
    if face is None:
        return _absent(seeing, gaze)
    known = lids.step(seeing.eyelids, face, gaze.at_ns)
    seeing = msgspec.structs.replace(
        seeing,
        eyelids=known,
        present=True,
        looked_ns=gaze.at_ns,
        absent_ns=None,
        open_ns=seeing.open_ns if seeing.open_ns is not None else gaze.at_ns,
    )
    if known.closed:
        return seeing, Sight(msgspec.structs.replace(gaze, eyes=m.Eyes.CLOSED, is_shut=known.is_shut), None)
    gaze = msgspec.structs.replace(gaze, eyes=m.Eyes.OPEN)
    if not lids.steady(known):
        return seeing, Sight(gaze, None)
    row = of_head(features(face)) if seeing.by_head else features(face)
    if model is None:
        return seeing, Sight(gaze, row)
    x, y = (float(value) for value in predict(model, row[np.newaxis])[0])
    error = seeing.correcting if seeing.model is model else None
    error = error or correcting.begin(model.bias, model.noise)
    rests = fixation.step(seeing.resting, x, y, model.noise, gaze.at_ns)
    point = correcting.point(error, rests, gaze.at_ns)
    seeing = msgspec.structs.replace(
        seeing, resting=rests, model=model, correcting=correcting.saw(error, gaze.at_ns, x, y)
    )
    return seeing, Sight(msgspec.structs.replace(gaze, point=point), row)


def without_camera(seeing: Seeing) -> Seeing:
    """What stays known while no frames come."""
    return Seeing(eyelids=seeing.eyelids, model=seeing.model, correcting=seeing.correcting, by_head=seeing.by_head)


def looked(seeing: Seeing, told: m.LookedAt) -> Seeing:
    """Learn from the looks at a tile that was taken how far looks fall beside."""
    if seeing.correcting is None:
        return seeing
    return msgspec.structs.replace(seeing, correcting=correcting.looked(seeing.correcting, told))


def _absent(seeing: Seeing, gaze: m.Gaze) -> tuple[Seeing, Sight]:
    since_ns = seeing.absent_ns if seeing.absent_ns is not None else gaze.at_ns
    gone = msgspec.structs.replace(seeing, present=False, looked_ns=gaze.at_ns, absent_ns=since_ns, open_ns=None)
    return gone, Sight(msgspec.structs.replace(gaze, eyes=m.Eyes.ABSENT, point=None), None)
