"""Runs calibrations, fits the model from every kept look, and keeps the new ones."""

import errno
import logging

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.gaze.faces.face import Floats
from vybor.gaze.looks import calibration as c
from vybor.gaze.looks import scoring
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points import mending
from vybor.gaze.points.model import GazeModel, Look, fit, follows

log = logging.getLogger("vybor.gaze")

OWN_ATTEMPTS = 2
"""Calibrations begun unasked; then the screen is left to those who write by other means."""
LONG_AWAY_NS = seconds(300)
PAUSE_NS = seconds(2)
JUST_KEPT_S = 600.0
SAVE_AGAIN_NS = seconds(10)

NOTHING_TO_CHECK = "nobody has looked at the dots yet, so there is nothing to check; `vybor gaze calibrate` first"
Answer = tuple[Asked, m.Calibrated | m.Refused]


class Calibrating:
    """The model of the gaze and how it comes about."""

    def __init__(self, store: Looks, *, is_tried: bool = False) -> None:
        """`is_tried`: the looks that are kept are of now, so that no dots need to be shown."""
        self._store = store
        self._looks = store.load()
        self.model: GazeModel | None = fit(self._looks) if self._looks else None
        self._running: c.Calibration | None = None
        self._asked: list[Asked] = []
        self._attempts = 0
        self._is_tried = is_tried
        """Whether the model was made or mended since somebody sat down."""
        self._rest_until_ns = 0
        self._failure = ""
        self._score: m.Calibrated | None = None
        """What came of the last dots."""
        self._unsaved: list[list[Look]] = []
        self._save_ns = 0
        self._save_problem = ""

    def ask(self, asked: Asked, now_ns: int) -> None:
        """Begin because somebody wants it; the answer comes at the end."""
        self._asked.append(asked)
        if self._running is None:
            wish = asked.command if isinstance(asked.command, m.Calibrate) else m.Calibrate(request="")
            check = wish.check and self.model is not None
            self._running = c.begin(now_ns, brief=wish.brief and bool(self._looks), check=check)

    def forget(self) -> str:
        """Remove every look that is kept; why not, or nothing.

        Today's model stays in memory, so that the person can go on choosing; with the next start the dots come.
        """
        self._looks, self._unsaved = [], []
        return self._store.forget()

    def offer(self, now_ns: int) -> None:
        """Begin if there is no model, or none that was tried today: eyes are open and the display is there."""
        if self._running is not None or now_ns < self._rest_until_ns or self._attempts >= OWN_ATTEMPTS:
            return
        if self.model is None or not self._is_tried:
            self._attempts += 1
            self._running = c.begin(now_ns, brief=bool(self._looks))

    def newcomer(self, away_ns: int) -> None:
        """Somebody sat down: attempts are free again; after a long time the head is in another place."""
        self._attempts = 0
        self._is_tried = self._is_tried and away_ns < LONG_AWAY_NS

    def shown(self, shown: m.Shown, now_ns: int) -> None:
        """Take in what the display shows."""
        if self._running is not None:
            self._running = c.shown(self._running, shown, now_ns)

    def sampled(self, row: Floats, captured_ns: int, now_ns: int) -> None:
        """Take in the features of a frame."""
        if self._running is not None:
            self._running = c.sampled(self._running, row, captured_ns, now_ns)

    def tend(self, now_ns: int) -> list[Answer]:
        """End what is over, save what is not saved; the answers to those who asked for a calibration."""
        if self._unsaved and now_ns >= self._save_ns:
            self._save(now_ns)
        if self._running is None:
            return []
        self._running = c.waited(self._running, now_ns)
        if not self._running.finished and not self._running.given_up:
            return []
        self._failure = self._ended(self._running, now_ns)
        self._running, self._rest_until_ns = None, now_ns + PAUSE_NS
        asked, self._asked = self._asked, []
        return [(one, self._reply(one)) for one in asked]

    def target(self, now_ns: int) -> m.CalibrationTarget:
        """What the display should show."""
        return c.target(self._running, now_ns)

    def troubles(self) -> tuple[m.Notice, ...]:
        """Whether there is a model, and whether the looks are kept."""
        notices = []
        if self.model is None:
            detail = self._failure or "nobody has looked at the dots yet"
            notices.append(m.Notice(process="gaze", trouble=m.Trouble.NOT_CALIBRATED, detail=detail))
        if self._save_problem:
            notices.append(m.Notice(process="gaze", trouble=m.Trouble.DISK_FULL, detail=self._save_problem))
        return tuple(notices)

    def _ended(self, ended: c.Calibration, now_ns: int) -> str:
        """Fit and keep the new looks; why that was not possible, or nothing. Without them the old model stays."""
        if ended.given_up:
            return "the calibration was given up: no open eyes were seen on a dot for too long"
        looks = c.looks(ended, self._next_number())
        if not looks:
            dots = len(ended.dots)
            return f"only {len(ended.good)} of {dots} dots were looked at calmly; calibrate again"
        if not follows(looks, None if ended.dots == c.DOTS else self.model):
            return "the eyes did not follow the dots; sit closer, mind the light, and calibrate again"
        self._looks += looks
        checked = mending.checked(self.model, looks) if self.model and ended.dots == c.CHECK else None
        self.model = checked.model if checked else fit(self._looks)
        self._score = scoring.told(self.model, looks, self._looks, checked)
        self._is_tried = True
        self._unsaved.append(looks)
        self._save(now_ns)
        bias = self.model.bias
        log.info(
            "calibrated: dots=%d error_x=%.3f error_y=%.3f looks=%d", len(looks), bias.x, bias.y, len(self._looks)
        )
        return ""

    def _next_number(self) -> int:
        newest = max((look.calibration for look in self._looks), default=0)
        return max(newest + 1, self._store.next_number())

    def _save(self, now_ns: int) -> None:
        try:
            while self._unsaved:
                self._store.keep(self._unsaved[0])
                self._unsaved.pop(0)
        except OSError as error:
            what = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
            self._save_problem = f"today's looks are in memory only ({what}); make room in the state folder"
            self._save_ns = now_ns + SAVE_AGAIN_NS
            return
        self._save_problem = ""

    def _reply(self, asked: Asked) -> m.Calibrated | m.Refused:
        request = asked.command.request
        if self._failure or self._score is None:
            return m.Refused(request=request, trouble=m.Trouble.NOT_CALIBRATED, reason=self._failure)
        return msgspec.structs.replace(self._score, request=request)


def is_just_kept(s_ago: float | None) -> bool:
    """Whether this is a restart in the midst of writing: dots would only interrupt."""
    return s_ago is not None and 0 <= s_ago <= JUST_KEPT_S
