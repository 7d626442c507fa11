"""The room `eyetracker`: points of a tracker in, looks out."""

import logging

from vybor.contracts import messages as m
from vybor.eyetracker import seeing as s
from vybor.eyetracker.following import Following
from vybor.eyetracker.sources.webgazer import WebGazer
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind

NO_COMMANDS = "eyetracker takes no commands: its own program calibrates a tracker"
STALE_NS = seconds(0.5)
"""A look this old says nothing about where the person looks now."""
TURN_S = 0.25
PIXELS = "if its x and y are pixels, set eyetracker.width_px and height_px to the screen's"
HINTS = {TrackerKind.OPENFACE: "is it OpenFace's own CSV, and is the face whole in its picture?"}
"""Why lines or samples may be no looks, where the kind's reason is another one."""

log = logging.getLogger("vybor.eyetracker")


class EyetrackerRoom:
    """One tracker, one person."""

    def __init__(self, bus: Bus, following: Following, settings: EyetrackerSettings) -> None:
        self._bus = bus
        self._following = following
        self._seeing = s.begin(settings)
        self._hint = HINTS.get(settings.kind, PIXELS)
        self._fresh_ns: int | None = None
        """Capture time of the newest look; None while none is of now."""
        self._told: m.Tracker | None = None
        self._troubles: tuple[m.Notice, ...] = ()
        bus.watch(following.news)

    def heard(self, heard: Heard, now_ns: int) -> None:
        """A tile was taken by the looks at it: learn how far they fall beside. A page in a browser: its looks."""
        source = self._following.source
        if isinstance(heard.message, m.BrowserLook) and isinstance(source, WebGazer):
            source.looked(heard.message)
        if isinstance(heard.message, m.LookedAt):
            self._seeing = s.looked(self._seeing, heard.message)

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Nothing is asked of a tracker: its own program calibrates it."""
        self._bus.answer(asked, m.Refused(request=asked.command.request, reason=NO_COMMANDS))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """Nothing is asked of anybody."""

    def turn(self, now_ns: int) -> float:
        """Publish the looks that came; say once when they stop. Raises TrackerStopped if none can come now."""
        self._following.check(now_ns)
        for spot in self._following.take():
            if now_ns - spot.at_ns > STALE_NS:
                continue
            self._seeing, gaze = s.step(self._seeing, spot)
            self._fresh_ns = spot.at_ns
            if gaze is not None:
                self._bus.publish(gaze)
        self._troubles = self._wrong(now_ns)
        if self._fresh_ns is not None and self._is_silent(now_ns):
            self._fresh_ns = None
            self._bus.publish(m.Gaze(at_ns=now_ns, at_sd_ns=0, eyes=m.Eyes.ABSENT))
        self._tell(now_ns)
        return TURN_S

    def troubles(self) -> tuple[m.Notice, ...]:
        """No tracker, one that gives nothing, or one that sees no eyes."""
        return self._troubles

    def close(self) -> None:
        """Let go of the tracker."""
        self._following.end()

    def _is_silent(self, now_ns: int) -> bool:
        return self._fresh_ns is None or now_ns - self._fresh_ns > STALE_NS

    def _wrong(self, now_ns: int) -> tuple[m.Notice, ...]:
        link, source = self._following.link, self._following.source
        if not self._is_silent(now_ns):
            blind = s.is_blind(self._seeing, now_ns)
            detail = f"{source.told} sees no eyes; sit before it, and calibrate it by its own program"
            return (_notice(m.Trouble.TRACKER_BLIND, detail),) if blind else ()
        if link.trouble is not None and not link.is_open:
            return (_notice(link.trouble, link.detail),)
        if now_ns - link.since_ns <= STALE_NS:
            return self._troubles  # it has just been opened
        left_out = f" ({source.skipped} lines or samples were none: {self._hint})" if source.skipped else ""
        return (_notice(m.Trouble.TRACKER_STOPPED, f"{source.told} gives no look{left_out}; {source.remedy}"),)

    def _tell(self, now_ns: int) -> None:
        """What is followed and what of it is left out, when that changes."""
        source = self._following.source
        known = self._told
        if known is None or (known.what, known.skipped) != (source.told, source.skipped):
            if known is None or known.what != source.told:
                log.info("it follows %s", source.told)
            self._told = m.Tracker(at_ns=now_ns, what=source.told, skipped=source.skipped)
            self._bus.publish(self._told)


def _notice(trouble: m.Trouble, detail: str) -> m.Notice:
    return m.Notice(process="eyetracker", trouble=trouble, detail=detail)
