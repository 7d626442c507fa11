"""How far the kit has come up, part by part, and whether this is its first start. Pure.

At a first start the tiles wait until the person has looked at the nine dots: before that nothing could be chosen.
Who writes by a headband, or whose camera has a trouble, waits for a minute.
"""

from enum import StrEnum

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Trouble
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSource

STARTS_NS = seconds(60)
"""A cold disk and MediaPipe take long; later a process that never spoke is one that does not answer."""
SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.Health])
DOTS_WITHIN_NS = seconds(20)
"""Eyes that are seen get their dots sooner; else gaze has given up, and others may write by other means."""


class Part(StrEnum):
    """A process, as the wearer knows it; the value is its name."""

    WRITING = "core"
    MODEL = "generator"
    EYES = "gaze"
    HEADBAND = "headband"
    SOUND = "voice"
    RECORD = "journal"


class Standing(StrEnum):
    """How a part is doing."""

    STARTING = "starting"
    READY = "ready"
    CALM = "calm"
    """Something is not there and need not be, or comes next."""
    TROUBLE = "trouble"


class Says(StrEnum):
    """What is said of a part that has no trouble."""

    STARTING = "starting…"
    RESTORING = "looking up your text…"
    LOADING_MODEL = "loading the language model…"
    READY = "ready"
    NO_FACE = "the camera sees no face yet"
    DOTS_NEXT = "next: nine dots to look at"
    NO_EYES = "the eye tracker sees no eyes yet"
    DOT_NEXT = "next: a dot to follow"
    POINTER = "a pointer stands in for the eyes"
    NO_CAMERA = "none set"
    NO_HEADBAND = "none set: the eyes write alone"
    SILENT = "does not answer; it is started again"


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change while the display runs."""

    gaze: GazeSource = GazeSource.CAMERA
    headband: bool = False
    pursuit: bool = False
    """Whether one dot is followed in place of nine that are looked at."""
    calibrated: bool = False
    """Whether looks were kept at an earlier start."""
    version: str = ""


class Row(msgspec.Struct, frozen=True):
    """One line of the list."""

    part: Part
    standing: Standing
    says: Says | m.Notice


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the start."""

    began_ns: int
    kit: Kit = Kit()
    health: dict[str, m.Health] = {}
    model: str = ""
    """The identity of the language model, once it has answered."""
    offered: bool = False
    """Whether there are tiles to show."""
    passed: bool = False
    """Whether the list has made way, or was never needed."""
    sighted_ns: int | None = None
    """Since when gaze lacks nothing but the dots."""
    addresses: tuple[str, ...] = ()


class Starting(msgspec.Struct, frozen=True, kw_only=True):
    """What the starting page says."""

    rows: tuple[Row, ...]
    first: bool = False
    """Whether the person has yet to look at the dots."""
    pursuit: bool = False
    can_go_on: bool = False
    """Whether there are tiles to go on to."""
    addresses: tuple[str, ...] = ()
    version: str = ""
    model: str = ""


def hear(progress: Progress, message: m.AnyMessage, now_ns: int) -> Progress:
    """Take in a message."""
    match message:
        case m.Health(process="gaze"):
            known = _progress(progress, health={**progress.health, "gaze": message})
            return _progress(known, sighted_ns=_sighted_ns(known, message, now_ns))
        case m.Health():
            return _progress(progress, health={**progress.health, message.process: message})
        case m.Proposals():
            return _progress(progress, model=message.model)
        case m.CalibrationTarget(dot=int()):
            return _progress(progress, passed=True)
        case m.Screen():
            writes = bool(message.text or message.said or message.mode is not Mode.WORDS)
            passed = progress.passed or writes or not _waits_for_dots(progress, now_ns)
            return _progress(progress, offered=True, passed=passed)
        case _:
            return progress


def go_on(progress: Progress) -> Progress:
    """Somebody does not want to wait for the dots."""
    return _progress(progress, passed=True)


def starting(progress: Progress, now_ns: int) -> Starting | None:
    """The page, or None once there is something better to see."""
    if progress.offered and progress.passed:
        return None
    return Starting(
        rows=tuple(_row(part, progress, now_ns) for part in Part),
        first=not progress.passed and _waits_for_dots(progress, now_ns),
        pursuit=progress.kit.pursuit,
        can_go_on=progress.offered,
        addresses=progress.addresses,
        version=progress.kit.version,
        model=progress.model,
    )


def _waits_for_dots(progress: Progress, now_ns: int) -> bool:
    """Whether the dots come first: nobody has looked at them, and they may still come."""
    if progress.kit.calibrated or progress.kit.gaze is not GazeSource.CAMERA:
        return False
    gaze = progress.health.get("gaze")
    if gaze is not None and Trouble.NOT_CALIBRATED not in _troubles(gaze):
        return False
    if progress.sighted_ns is not None:
        return now_ns - progress.sighted_ns <= DOTS_WITHIN_NS
    if gaze is not None and _looks_for_somebody(gaze, now_ns) and not progress.kit.headband:
        return True
    return now_ns - progress.began_ns <= STARTS_NS


def _looks_for_somebody(gaze: m.Health, now_ns: int) -> bool:
    """Whether the eyes lack nothing but a person, who has yet to sit down."""
    lacks = _troubles(gaze) == {Trouble.NOT_CALIBRATED, Trouble.NOBODY_SEEN}
    return lacks and now_ns - gaze.at_ns <= SILENT_NS


def _sighted_ns(progress: Progress, gaze: m.Health, now_ns: int) -> int | None:
    if _troubles(gaze) != {Trouble.NOT_CALIBRATED}:
        return None
    return now_ns if progress.sighted_ns is None else progress.sighted_ns


def _row(part: Part, progress: Progress, now_ns: int) -> Row:
    if set_out := _not_needed(part, progress.kit):
        return Row(part, Standing.CALM, set_out)
    health = progress.health.get(_process_of(part, progress.kit))
    since_ns, limit_ns = (health.at_ns, SILENT_NS) if health else (progress.began_ns, STARTS_NS)
    if now_ns - since_ns > limit_ns:
        return Row(part, Standing.TROUBLE, Says.SILENT)
    if health is None:
        return Row(part, Standing.STARTING, Says.STARTING)
    if part is Part.EYES:
        return _eyes(health, progress.kit)
    if health.troubles:
        return Row(part, Standing.TROUBLE, health.troubles[0])
    return _working(part, progress)


def _process_of(part: Part, kit: Kit) -> str:
    """Who says how a part fares: looks come from one of two."""
    return "eyetracker" if part is Part.EYES and kit.gaze is GazeSource.EYETRACKER else part


def _working(part: Part, progress: Progress) -> Row:
    """A process that runs may still be at its first work."""
    if part is Part.WRITING and not progress.offered:
        return Row(part, Standing.STARTING, Says.RESTORING)
    if part is Part.MODEL and not progress.model:
        return Row(part, Standing.STARTING, Says.LOADING_MODEL)
    return Row(part, Standing.READY, Says.READY)


def _not_needed(part: Part, kit: Kit) -> Says | None:
    """What the settings leave out, which is no trouble."""
    if part is Part.HEADBAND and not kit.headband:
        return Says.NO_HEADBAND
    if part is Part.EYES and kit.gaze in (GazeSource.POINTER, GazeSource.NONE):
        return Says.POINTER if kit.gaze is GazeSource.POINTER else Says.NO_CAMERA
    return None


def _eyes(health: m.Health, kit: Kit) -> Row:
    """A camera that waits for a face, or eyes that wait for their dots, have no trouble."""
    calm = {
        Trouble.NOBODY_SEEN: Says.NO_FACE,
        Trouble.TRACKER_BLIND: Says.NO_EYES,
        Trouble.NOT_CALIBRATED: Says.DOT_NEXT if kit.pursuit else Says.DOTS_NEXT,
    }
    for notice in health.troubles:
        if notice.trouble not in calm:
            return Row(Part.EYES, Standing.TROUBLE, notice)
    for trouble, says in calm.items():
        if trouble in _troubles(health):
            return Row(Part.EYES, Standing.CALM, says)
    return Row(Part.EYES, Standing.READY, Says.READY)


def _troubles(health: m.Health) -> set[Trouble]:
    return {notice.trouble for notice in health.troubles}


_progress = msgspec.structs.replace
