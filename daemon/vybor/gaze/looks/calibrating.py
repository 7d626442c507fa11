"""Runs calibrations, fits the model from every kept look, and keeps the new ones."""

import errno
import logging

import msgspec

from vybor.contracts import messages as m
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import CalibrateBy, WhichEyes
from vybor.gaze.faces.face import Floats
from vybor.gaze.faces.features import are_of_a_face
from vybor.gaze.looks import running as r
from vybor.gaze.looks import scoring, taking
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points import mending
from vybor.gaze.points.model import GazeModel, Look

log = logging.getLogger("vybor.gaze")

OWN_ATTEMPTS = 2
"""Calibrations begun unasked; then the screen is left to those who write by other means."""
LONG_AWAY_NS = seconds(300)
PAUSE_NS = seconds(2)
AFTER_END_NS = seconds(60)
"""Whoever ended them with the eyes is left in peace for so long."""
FORGOTTEN = "every look that was kept has been deleted meanwhile; calibrate again"
ENDED = "the eyes ended it: they were closed, or turned away, for two seconds"
JUST_KEPT_S = 600.0
SAVE_AGAIN_NS = seconds(10)
TILES_A_FILE = 25
"""So many new tiles are worth writing their file again: some minutes of writing, and up to 300 kB."""

NOTHING_TO_CHECK = "nobody has looked at the dots yet, so there is nothing to check; `vybor gaze calibrate` first"
Answer = tuple[Asked, m.Calibrated | m.Refused]


class Calibrating:
    """The model of the gaze and how it comes about."""

    def __init__(
        self,
        store: Looks,
        *,
        is_tried: bool = False,
        calibrate_by: CalibrateBy = CalibrateBy.DOTS,
        eyes: WhichEyes = WhichEyes.AUTO,
    ) -> None:
        """`is_tried`: the looks that are kept are of now, so that no dots need to be shown."""
        self._store = store
        self._by, self._eyes = calibrate_by, eyes
        store.tidy()
        self._looks = store.load()
        self._tiles = store.load_tiles() if self._looks else []
        """Looks at tiles that were taken. Only the next fit hears of them: no model learns from its own choices
        while it makes them, and today's error is the field's to mend (points/correcting.py)."""
        self._unsaved_tiles = 0
        self._seen: tuple[taking.Seen, ...] = ()
        self.model: GazeModel | None = self._fitted() if self._looks else None
        self._running: r.Running | None = None
        self._watch = r.Watch()
        self._asked: list[Asked] = []
        self._answers: list[Answer] = []
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
        """Begin because somebody wants it; the answer comes at the end.

        What runs answers whoever asks meanwhile, but for a whole one: five dots or three give way to that.
        """
        self._asked.append(asked)
        wish = asked.command if isinstance(asked.command, m.Calibrate) else m.Calibrate(request="")
        brief, check = wish.brief and bool(self._looks), wish.check and bool(self._looks)
        if self._running is None or not (brief or check or r.is_whole(self._running)):
            self._begin(now_ns, brief=brief, check=check)

    def forget(self) -> str:
        """Remove every look that is kept; why not, or nothing.

        Today's model stays in memory, so that the person can go on choosing; with the next start the dots come.
        A few dots that only mend it are worth nothing by themselves, so that what runs is ended.
        """
        if self._running is not None:
            self._end(FORGOTTEN, self._rest_until_ns)
        self._looks, self._unsaved, self._tiles, self._unsaved_tiles = [], [], [], 0
        return self._store.forget()

    def offer(self, now_ns: int) -> None:
        """Begin if there is no model, or none that was tried today: eyes are open and the display is there."""
        if self._running is not None or now_ns < self._rest_until_ns or self._attempts >= OWN_ATTEMPTS:
            return
        if self.model is None or not self._is_tried:
            self._attempts += 1
            self._begin(now_ns, brief=bool(self._looks))

    def saw(self, gaze: m.Gaze, now_ns: int) -> None:
        """Take in what the lids do: eyes that are away for two seconds end what runs.

        Without a model, eyes that close for so long bring it back, however it ended: they may have no other way.
        """
        before, self._watch = self._watch, r.watched(self._watch, gaze)
        if self._running is not None:
            if r.is_away(self._watch, gaze.at_ns):
                self._end(ENDED, now_ns + AFTER_END_NS)
                self._watch = r.Watch()
        elif self.model is None and r.brings_back(before, gaze):
            self._begin(now_ns, brief=False)

    def newcomer(self, away_ns: int) -> None:
        """Somebody sat down: attempts are free again; after a long time the head is in another place."""
        self._attempts = 0
        self._is_tried = self._is_tried and away_ns < LONG_AWAY_NS

    def shown(self, shown: m.Shown, now_ns: int) -> None:
        """Take in what the display shows."""
        if self._running is not None:
            self._running = r.shown(self._running, shown, now_ns)

    def sampled(self, row: Floats, captured_ns: int, now_ns: int) -> None:
        """Take in the features of a frame; landmarks that are far off teach nothing."""
        if not are_of_a_face(row):
            return
        self._seen = taking.saw(self._seen, captured_ns, row)
        if self._running is not None:
            self._running = r.sampled(self._running, row, captured_ns, now_ns)

    def took(self, told: m.LookedAt) -> None:
        """Keep the look at a tile that was taken, for later fits; after which dots it was has to be known."""
        look = taking.look(self._seen, told, self._looks[-1].calibration) if self._looks else None
        if look is not None:
            self._tiles = taking.capped([*self._tiles, look])
            self._unsaved_tiles += 1

    def close(self) -> None:
        """Save what is not saved."""
        if self._unsaved or self._unsaved_tiles:
            self._save(0)

    def tend(self, now_ns: int) -> list[Answer]:
        """End what is over, save what is not saved; the answers to those who asked for a calibration."""
        if (self._unsaved or self._unsaved_tiles >= TILES_A_FILE) and now_ns >= self._save_ns:
            self._save(now_ns)
        if self._running is not None:
            self._running = r.waited(self._running, now_ns)
            if self._running.finished or self._running.given_up:
                self._end(self._judged(self._running, now_ns), now_ns + PAUSE_NS)
        answers, self._answers = self._answers, []
        return answers

    def target(self, now_ns: int) -> m.CalibrationTarget:
        """What the display should show."""
        return r.target(self._running, now_ns)

    def troubles(self) -> tuple[m.Notice, ...]:
        """Whether there is a model, and whether the looks are kept."""
        notices = []
        if self.model is None:
            detail = self._failure or "nobody has looked at the dots yet"
            notices.append(m.Notice(process="gaze", trouble=m.Trouble.NOT_CALIBRATED, detail=detail))
        if self._save_problem:
            notices.append(m.Notice(process="gaze", trouble=m.Trouble.DISK_FULL, detail=self._save_problem))
        return tuple(notices)

    def _begin(self, now_ns: int, *, brief: bool, check: bool = False) -> None:
        self._running = r.begin(now_ns, self._by, brief=brief, check=check, eyes=self._eyes)
        self._watch = r.Watch()

    def _end(self, failure: str, rest_until_ns: int) -> None:
        self._failure, self._running, self._rest_until_ns = failure, None, rest_until_ns
        self._answers += [(one, self._reply(one)) for one in self._asked]
        self._asked = []

    def _judged(self, ended: r.Running, now_ns: int) -> str:
        """Fit and keep the new looks; why that was not possible, or nothing. Without them the old model stays."""
        looks = r.looks(ended, self._next_number(), self.model, self._eyes)
        if isinstance(looks, str):
            return looks
        self._looks += looks
        checked = mending.checked(self.model, looks) if self.model and r.is_check(ended) else None
        self.model = checked.model if checked else self._fitted()
        self._score = scoring.told(self.model, looks, self._looks, checked)
        self._is_tried = True
        self._unsaved.append(looks)
        self._save(now_ns)
        bias = self.model.bias
        log.info(
            "calibrated: dots=%d error_x=%.3f error_y=%.3f looks=%d", len(looks), bias.x, bias.y, len(self._looks)
        )
        return ""

    def _fitted(self) -> GazeModel:
        return taking.fitted(self._looks, self._tiles, self._eyes)

    def _next_number(self) -> int:
        newest = max((look.calibration for look in self._looks), default=0)
        return max(newest + 1, self._store.next_number())

    def _save(self, now_ns: int) -> None:
        try:
            while self._unsaved:
                self._store.keep(self._unsaved[0])
                self._unsaved.pop(0)
            if self._unsaved_tiles:
                self._save_tiles()
        except OSError as error:
            what = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
            self._save_problem = f"today's looks are in memory only ({what}); make room in the state folder"
            self._save_ns = now_ns + SAVE_AGAIN_NS
            return
        self._save_problem = ""

    def _save_tiles(self) -> None:
        """One file a sitting: usually today's, and the one before where dots have come in between."""
        for sitting in {look.calibration for look in self._tiles[-self._unsaved_tiles :]}:
            self._store.keep_tiles([look for look in self._tiles if look.calibration == sitting])
        self._unsaved_tiles = 0

    def _reply(self, asked: Asked) -> m.Calibrated | m.Refused:
        request = asked.command.request
        if self._failure or self._score is None:
            return m.Refused(request=request, trouble=m.Trouble.NOT_CALIBRATED, reason=self._failure)
        return msgspec.structs.replace(self._score, request=request)


def is_just_kept(s_ago: float | None) -> bool:
    """Whether this is a restart in the midst of writing: dots would only interrupt."""
    return s_ago is not None and 0 <= s_ago <= JUST_KEPT_S
