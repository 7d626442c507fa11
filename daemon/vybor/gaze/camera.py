"""The room `gaze` with a camera: frames in, looks out."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing
from vybor.foundation.gaze_settings import PointBy
from vybor.foundation.settings import Settings
from vybor.gaze.faces import picture
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.sides import WANTED
from vybor.gaze.looks import recorded, scoring
from vybor.gaze.looks.calibrating import NOTHING_TO_CHECK, Calibrating
from vybor.gaze.looks.calibration import DISPLAY_SILENT_NS
from vybor.gaze.points import seeing as s
from vybor.gaze.signs.signing import Signing
from vybor.gaze.sources.feed import Feed
from vybor.gaze.sources.frames import Frame

TURN_S = 0.25
LOAD_AGAIN_NS = seconds(5)
STALE_NS = seconds(0.5)
"""A frame this old says nothing about where the person looks now."""
SPARING_NS = seconds(0.1)
"""Where frames are to be spared, ten a second are looked at, however many a camera gives."""
AT_EASE_NS = seconds(1)
"""Eyes open for so long are ready for the dots."""


class FaceFinder(Protocol):
    """What finds a face in a frame."""

    def find(self, frame: Frame) -> Face | m.Trouble | None:
        """The person's face; what else is there; or None."""
        ...

    def portrait(self, *, is_one: bool) -> None:
        """Whether the face that is followed is a picture's, which never lived: the person is another then."""
        ...

    def welcome(self) -> None:
        """Whoever is there now is the person."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Parts(msgspec.Struct, frozen=True):
    """What the room is made of."""

    feed: Feed
    load_finder: Callable[[], FaceFinder]
    """Raises Missing if the landmarker is not there."""
    calibrating: Calibrating
    clock: Clock
    """To measure the landmarker; the room's decisions take the time of their turn."""
    settings: Settings = Settings()
    """Which signs are wanted, and how large they are."""


class CameraRoom:
    """One camera, one landmarker, one person."""

    def __init__(self, bus: Bus, parts: Parts) -> None:
        self._bus = bus
        self._feed = parts.feed
        self._load_finder = parts.load_finder
        self._calibrating = parts.calibrating
        self._clock = parts.clock
        self._finder: FaceFinder | None = None
        self._load_ns = 0
        self._finder_problem = ""
        self._camera_problem: m.Notice | None = None
        gaze = parts.settings.gaze
        self._seeing = s.Seeing(sides=WANTED[gaze.eyes][0], by_head=gaze.by is PointBy.HEAD)
        self._signing = Signing(parts.settings)
        self._display = parts.settings.display
        self._nobody = False
        self._nobody_ns = 0
        """Since when nobody is there, or was last."""
        self._display_ns: int | None = None
        self._target: m.CalibrationTarget | None = None
        self._spares = False
        self._next_ns = 0
        """From then on the next frame is looked at, where frames are spared."""
        self._recorded = recorded.Recorded()
        self._now_ns = 0
        bus.watch(self._feed.descriptor)

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Take in what the display shows, what was chosen, and what holds since a fitting."""
        self._signing.heard(heard.message)
        if isinstance(heard.message, m.Shown):
            self._display_ns = now_ns
            self._calibrating.shown(heard.message, now_ns)
        elif isinstance(heard.message, m.LookedAt):
            self._seeing = s.looked(self._seeing, heard.message)
            self._calibrating.took(heard.message)
        elif isinstance(heard.message, m.Vitals):
            self._spares = heard.message.thrift >= m.Thrift.FRAMES

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Calibrate, and answer when it is done; forget the looks that are kept."""
        request, blind = asked.command.request, self._blind()
        if isinstance(asked.command, m.ForgetLooks):
            reason = self._calibrating.forget()
            self._bus.answer(
                asked, m.Refused(request=request, reason=reason) if reason else m.Done(request=request)
            )
        elif isinstance(asked.command, m.RecordLooks):
            self._recorded = recorded.asked(self._recorded, asked.command, now_ns)
            self._bus.answer(asked, m.Done(request=request))
        elif not isinstance(asked.command, m.Calibrate):
            reason = "gaze only calibrates, forgets, and tells that it is recorded"
            self._bus.answer(asked, m.Refused(request=request, reason=reason))
        elif blind:
            self._bus.answer(asked, m.Refused(request=request, trouble=blind[0].trouble, reason=blind[0].detail))
        elif asked.command.check and self._calibrating.model is None:
            trouble = m.Trouble.NOT_CALIBRATED
            self._bus.answer(asked, m.Refused(request=request, trouble=trouble, reason=NOTHING_TO_CHECK))
        else:
            self._calibrating.ask(asked, now_ns)
            if self._finder is not None:
                self._finder.welcome()

    def answered(self, answered: Answered, now_ns: int) -> None:
        """Nothing is asked of anybody."""

    def turn(self, now_ns: int) -> float:
        """Look at the newest frame; tend the camera and the calibration."""
        self._now_ns = now_ns
        self._load(now_ns)
        frame = self._feed.take()
        if frame is not None and self._finder is not None:
            self._look(frame, self._finder, now_ns)
        self._watch_camera(now_ns)
        self._calibrate(now_ns)
        return TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """What keeps looks from being published."""
        notices = self._blind()
        if self._nobody and not notices:
            notices.append(_notice(self._seeing.why, picture.REMEDIES[self._seeing.why]))
        told = recorded.notices(self._recorded, self._now_ns)
        return (*notices, *self._calibrating.troubles(), *told)

    def close(self) -> None:
        """Let go of the camera and the landmarker, and save what waits for that."""
        self._calibrating.close()
        self._feed.close()
        if self._finder is not None:
            self._finder.close()

    def _blind(self) -> list[m.Notice]:
        """Why no frame can be looked at."""
        notices = [self._camera_problem] if self._camera_problem else []
        if self._finder_problem:
            notices.append(_notice(m.Trouble.LANDMARKER_MISSING, self._finder_problem))
        return notices

    def _load(self, now_ns: int) -> None:
        if self._finder is not None or now_ns < self._load_ns:
            return
        try:
            self._finder = self._load_finder()
            self._finder_problem = ""
        except Missing as error:
            self._finder_problem = str(error)
            self._load_ns = now_ns + LOAD_AGAIN_NS

    def _look(self, frame: Frame, finder: FaceFinder, now_ns: int) -> None:
        if now_ns - frame.captured_ns > STALE_NS or not s.due(self._seeing, frame.captured_ns):
            return
        if self._is_spared(frame.captured_ns):
            return
        before_ns = self._clock.now_ns()
        found = finder.find(frame) if picture.is_picture(frame.rgb) else None
        face = found if isinstance(found, Face) else None
        gaze = m.Gaze(
            at_ns=frame.captured_ns,
            at_sd_ns=frame.captured_sd_ns,
            eyes=m.Eyes.ABSENT,
            landmark_ns=self._clock.now_ns() - before_ns,
        )
        fault = found if isinstance(found, m.Trouble) else picture.fault(frame.rgb) if face is None else None
        self._seeing, sight = s.step(self._seeing, face, gaze, self._calibrating.model, fault)
        finder.portrait(is_one=self._seeing.life.is_still and not self._seeing.life.lived)
        believed = None if sight.gaze.eyes is m.Eyes.ABSENT else face
        made = self._signing.saw(believed, self._seeing.eyelids, frame.captured_ns)
        self._bus.publish(self._signing.without_point(sight.gaze))
        for sign in made:
            self._bus.publish(sign)
        if sight.gaze.eyes is not m.Eyes.ABSENT or self._seeing.why is m.Trouble.NOBODY_SEEN:
            self._calibrating.saw(sight.gaze, now_ns)  # a picture too dark to see in is no wish to end the dots
        if sight.row is not None:
            self._calibrating.sampled(sight.row, frame.captured_ns, now_ns)

    def _is_spared(self, captured_ns: int) -> bool:
        """Whether a frame is passed over for the battery's sake; while dots are shown, none is."""
        if not self._spares or (self._target and self._target.dot is not None):
            return False
        if captured_ns < self._next_ns:
            return True
        is_late = captured_ns - self._next_ns >= SPARING_NS  # else the rate would be the camera's next lower one
        self._next_ns = (captured_ns if is_late else self._next_ns) + SPARING_NS
        return False

    def _watch_camera(self, now_ns: int) -> None:
        """When the camera stops, say once that nobody is seen, and then nothing: an old look is no look."""
        problem = self._feed.tend(now_ns)
        if problem is not None and self._camera_problem is None:
            self._bus.publish(m.Gaze(at_ns=now_ns, at_sd_ns=0, eyes=m.Eyes.ABSENT))
            self._seeing = s.without_camera(self._seeing)
        self._camera_problem = problem

    def _calibrate(self, now_ns: int) -> None:
        nobody = s.nobody(self._seeing, now_ns)
        if self._nobody and not nobody:
            self._calibrating.newcomer(now_ns - self._nobody_ns)
        if nobody and not self._nobody:
            self._nobody_ns = now_ns
        self._nobody = nobody
        display = self._display_ns is not None and now_ns - self._display_ns <= DISPLAY_SILENT_NS
        open_ns = self._seeing.open_ns
        if display and open_ns is not None and now_ns - open_ns >= AT_EASE_NS:
            self._calibrating.offer(now_ns)
        for asked, reply in self._calibrating.tend(now_ns):
            self._bus.answer(asked, scoring.sized(reply, self._display))
        target = self._calibrating.target(now_ns)
        known = self._target
        told = (target.dot, target.progress, target.moves_ns)
        if known is None or told != (known.dot, known.progress, known.moves_ns):
            self._target = target
            self._bus.publish(target)


def _notice(trouble: m.Trouble, detail: str) -> m.Notice:
    return m.Notice(process="gaze", trouble=trouble, detail=detail)
