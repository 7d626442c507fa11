"""From what a tracker tells to looks: how exact it is, the error that choices teach, and the filter. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.points import correcting, fixation
from vybor.points.correcting import Correcting
from vybor.points.fixation import Fixation, Noise
from vybor.points.source import Spot

USUAL: dict[TrackerKind, tuple[float, float]] = {
    TrackerKind.LSL: (0.03, 0.01),
    TrackerKind.RECORDING: (0.05, 0.02),
    TrackerKind.OPENFACE: (0.2, 0.04),
    TrackerKind.WEBGAZER: (0.12, 0.04),
}
"""How far looks fall beside, and their noise, in fractions of the screen, where nobody measured it. An infrared
tracker errs by about a degree; OpenFace by nine and more (its authors, on MPIIGaze),
WebGazer by some four (its authors)."""
APART_NS = SECOND_NS // 60
"""Looks closer together than this say nothing new: a tracker of 1,200 a second would only keep the kit busy."""
BLIND_NS = seconds(3)


class Seeing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known after a look."""

    correcting: Correcting
    resting: Fixation = Fixation()
    looked_ns: int | None = None
    """Capture time of the last look that was taken."""
    eyes: m.Eyes = m.Eyes.OPEN
    absent_ns: int | None = None
    """Since when it says that it sees no eyes."""


def begin(settings: EyetrackerSettings) -> Seeing:
    """Nothing was seen yet."""
    bias, noise = USUAL[settings.kind]
    bias, noise = settings.sd or bias, settings.noise_sd or noise
    return Seeing(correcting=correcting.begin(Noise(bias, bias), Noise(noise, noise)))


def step(seeing: Seeing, spot: Spot) -> tuple[Seeing, m.Gaze | None]:
    """One look in; what is to be published, if it is one more."""
    eyes = m.Eyes.ABSENT if spot.place is None else m.Eyes.OPEN
    since_ns = spot.at_ns - seeing.looked_ns if seeing.looked_ns is not None else APART_NS
    if since_ns <= 0 or (since_ns < APART_NS and eyes is seeing.eyes):
        return seeing, None
    seeing = msgspec.structs.replace(seeing, looked_ns=spot.at_ns, eyes=eyes)
    gaze = m.Gaze(at_ns=spot.at_ns, at_sd_ns=spot.at_sd_ns, eyes=eyes)
    if spot.place is None:
        absent_ns = seeing.absent_ns if seeing.absent_ns is not None else spot.at_ns
        return msgspec.structs.replace(seeing, resting=Fixation(), absent_ns=absent_ns), gaze
    known, (x, y) = seeing.correcting, spot.place
    rests = fixation.step(seeing.resting, x, y, known.noise, spot.at_ns)
    point = correcting.point(known, rests, spot.at_ns)
    known = correcting.saw(known, spot.at_ns, x, y)
    seeing = msgspec.structs.replace(seeing, correcting=known, resting=rests, absent_ns=None)
    return seeing, msgspec.structs.replace(gaze, point=point)


def looked(seeing: Seeing, told: m.LookedAt) -> Seeing:
    """Learn from the looks at a tile that was taken how far looks fall beside."""
    return msgspec.structs.replace(seeing, correcting=correcting.looked(seeing.correcting, told))


def is_blind(seeing: Seeing, now_ns: int) -> bool:
    """Whether it has said for a while that it sees no eyes."""
    return seeing.absent_ns is not None and now_ns - seeing.absent_ns >= BLIND_NS
