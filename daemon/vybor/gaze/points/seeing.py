"""From faces to looks: lids, features, the gaze model and the filter in one step. Pure."""

import msgspec
import numpy as np

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.gaze.faces import lids, living, picture
from vybor.gaze.faces.face import Face, Floats
from vybor.gaze.faces.features import features, of_head
from vybor.gaze.faces.sides import BOTH, Sides
from vybor.gaze.points.model import GazeModel, predict
from vybor.points import correcting, fixation
from vybor.points.correcting import Correcting

IDLE_NS = seconds(0.5)
"""While nobody is there, two frames a second are looked at."""
NOBODY_AFTER_NS = seconds(3)
SOUGHT_NS = seconds(1)
"""So long every frame is looked at, after somebody was there: a torn picture costs no more than itself."""
WHY_NS = seconds(2)
"""What was wrong with a picture holds for so long: the light that flickers is one trouble and not ten."""


class Seeing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known after a frame."""

    eyelids: lids.Lids = lids.Lids()
    resting: fixation.Fixation = fixation.Fixation()
    present: bool = False
    looked_ns: int | None = None
    """Capture time of the last frame that was looked at."""
    absent_ns: int | None = None
    """Since when nobody is seen."""
    sought_ns: int | None = None
    """Until when it is as if somebody were there."""
    why: m.Trouble = m.Trouble.NOBODY_SEEN
    """What keeps somebody from being seen…"""
    why_ns: int = 0
    """…in the frame of this time."""
    life: living.Life = living.Life()
    sides: Sides = BOTH
    """Which eyes count while no model says so."""
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
    if seeing.present or seeing.looked_ns is None or living.watched(seeing.life, captured_ns):
        return True
    is_sought = seeing.sought_ns is not None and captured_ns <= seeing.sought_ns
    return is_sought or captured_ns - seeing.looked_ns >= IDLE_NS


def nobody(seeing: Seeing, now_ns: int) -> bool:
    """Whether nobody has been seen for a while, though there were frames."""
    return seeing.absent_ns is not None and now_ns - seeing.absent_ns >= NOBODY_AFTER_NS


def step(
    seeing: Seeing, face: Face | None, gaze: m.Gaze, model: GazeModel | None, fault: m.Trouble | None = None
) -> tuple[Seeing, Sight]:
    """One frame in; `gaze` brings its times, and goes out with what the eyes do.

    `fault`: what is wrong with a picture in which no face was found.
    """
    if face is None or not picture.is_whole(face):
        return _absent(seeing, gaze, fault)
    sides = model.sides if model is not None else seeing.sides
    known = lids.step(seeing.eyelids, face, gaze.at_ns, sides)
    unseen = picture.unseen(face, sides, closed=known.closed)
    one_is_seen = any(picture.unseen(face, (side,), closed=known.closed) is None for side in BOTH)
    if unseen is not None and not (one_is_seen and model is None):
        row = features(face) if one_is_seen and lids.steady(known) else None
        return _absent(msgspec.structs.replace(seeing, eyelids=known), gaze, unseen, row)
    life = living.step(seeing.life, face, gaze.at_ns, closed=known.closed)
    seeing = msgspec.structs.replace(seeing, life=life)
    if life.is_still:
        return _absent(msgspec.structs.replace(seeing, eyelids=known), gaze, m.Trouble.PHOTOGRAPH)
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
    return _looked(seeing, row, gaze, model)


def _looked(seeing: Seeing, row: Floats, gaze: m.Gaze, model: GazeModel | None) -> tuple[Seeing, Sight]:
    """From the features of calm, open eyes to where they rest."""
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
    return Seeing(
        eyelids=seeing.eyelids,
        model=seeing.model,
        correcting=seeing.correcting,
        sides=seeing.sides,
        by_head=seeing.by_head,
    )


def looked(seeing: Seeing, told: m.LookedAt) -> Seeing:
    """Learn from the looks at a tile that was taken how far looks fall beside."""
    if seeing.correcting is None:
        return seeing
    return msgspec.structs.replace(seeing, correcting=correcting.looked(seeing.correcting, told))


def _absent(
    seeing: Seeing, gaze: m.Gaze, fault: m.Trouble | None, row: Floats | None = None
) -> tuple[Seeing, Sight]:
    """Nobody is seen; `row`: of an eye by which the model does not go, so that the dots may mend that."""
    gone = msgspec.structs.replace(
        seeing,
        present=False,
        looked_ns=gaze.at_ns,
        absent_ns=seeing.absent_ns if seeing.absent_ns is not None else gaze.at_ns,
        sought_ns=gaze.at_ns + SOUGHT_NS if seeing.present else seeing.sought_ns,
        open_ns=None,
    )
    if fault is not None or gaze.at_ns - seeing.why_ns > WHY_NS:
        gone = msgspec.structs.replace(gone, why=fault or m.Trouble.NOBODY_SEEN, why_ns=gaze.at_ns)
    return gone, Sight(msgspec.structs.replace(gaze, eyes=m.Eyes.ABSENT, point=None), row)
