"""What flickers now, and what is kept of it in a file of its own: a clinician's word, and what a trial found."""

import logging

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import ElectrodeAt, ElectrodeState, FitPhase, FlickerWish, Mode, Role, Sign
from vybor.core.decision.state import Deciding, resting
from vybor.core.ways import flicker_safety as safety
from vybor.core.ways.fits import Fits
from vybor.core.ways.flicker_safety import DAY, Confirmed, Known, Now, Off, Tried
from vybor.fitting.trial import FLICKER_PLACES
from vybor.foundation import flicker_marks, small_files
from vybor.foundation.clock import local_time, seconds
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.flicker_settings import Seizures
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings
from vybor.selector.ways import Headband

LARGEST_BYTES = 20_000
LONGEST_ROLE = 60
LISTENS = (ElectrodeAt.LEFT_JAW, ElectrodeAt.RIGHT_JAW)
"""Of the electrodes that are told: the forehead's see nothing of it."""
SOON_NS = seconds(60)
"""Who rests or calls for help within this time of what flickered may have had enough of it."""
FIND_NS = seconds(1)
"""In a trial the eyes have so long to find the tile before it flickers: a window must not see them search."""
HEARD = (ElectrodeState.GOOD, ElectrodeState.MUSCLE, ElectrodeState.MAINS)

log = logging.getLogger("vybor.core")


class FlickerDesk:
    """Says what is to flicker."""

    def __init__(self, places: Places, settings: Settings) -> None:
        self._places = places
        self._path = places.flicker
        self._settings = settings
        self.known = self._read()
        self._changed = False
        """Whether the settings are others by now than those that are known here."""
        self._begin()
        self._marks = flicker_marks.stamps(places)
        self._stop: m.FlickerStop | None = None
        self._results: tuple[m.FitResult, ...] = ()
        self._decisions: int | None = None
        self._used_ns: int | None = None
        """When somebody last chose; None: not since the start."""
        self._was_on_ns: int | None = None
        """When something last flickered."""
        self._trial_heard: tuple[str, frozenset[ElectrodeAt]] = ("", frozenset())
        """The headband, and the electrodes heard at any time while a trial's tiles flickered."""

    def heard(self, message: m.AnyMessage) -> None:
        """The display may have stopped it; a person's word outlives the display's memory of it."""
        if not isinstance(message, m.Shown):
            return
        before, self._stop = self._stop, message.flicker_stop
        if self._stop is m.FlickerStop.UNWANTED and before is not self._stop:
            self._keep(msgspec.structs.replace(self.known, stopped=True))

    def slots(self, state: Deciding, notices: tuple[m.Notice, ...], now_ns: int) -> tuple[int, ...]:
        """The tiles that are to flicker now: words, where all allows it and somebody chooses, or a trial's."""
        if not self._settings.flicker.on:
            return ()
        self._had_enough(state, now_ns)
        self._count(state, now_ns)
        off = self.off(state, notices)
        slots: tuple[int, ...] = ()
        if _is_cue(state, now_ns):
            slots = FLICKER_PLACES if not safety.of_trial(off) else ()
            if slots:
                self._try(state)
        elif not off and _writes(state) and self._is_in_use(now_ns):
            slots = tuple(t.slot for t in state.tiles if t.slot in FLICKER_PLACES and t.role is Role.CANDIDATE)
        if slots:
            self._was_on_ns = now_ns
            self._use()
        return slots

    def off(self, state: Deciding, notices: tuple[m.Notice, ...]) -> tuple[Off, ...]:
        """Every reason why nothing may flicker."""
        self._look_for_marks()
        now = Now(
            headband=state.selector.inputs.headband is Headband.THERE,
            trouble=bool(notices),
            stop=self._stop,
            electrodes=_heard(state),
            board=_board(state),
            changed=self._changed,
            at=local_time(),
        )
        return safety.reasons(self._settings, self.known, now)

    def no_trial(self, state: Deciding, notices: tuple[m.Notice, ...]) -> str:
        """Why no trial may be made; empty if one may."""
        off = safety.of_trial(self.off(state, notices))
        return safety.SENTENCES[off[0]] if off else ""

    def follow(self, fits: Fits) -> None:
        """Keep what a trial found."""
        if fits.results is self._results:
            return
        self._results = fits.results
        found = next((each for each in fits.results if each.sign is Sign.FLICKER and not each.skipped), None)
        if found is None:
            return
        today = local_time()[:DAY]
        board, electrodes = self._trial_heard
        tried = Tried(
            right=found.hits,
            trials=found.cues,
            rhythms=len(FLICKER_PLACES),
            day=today,
            electrodes=tuple(sorted(electrodes)),
            used=(today,),
            board=board,
        )
        self._trial_heard = ("", frozenset())
        is_stopped = self.known.stopped and self._stop is m.FlickerStop.UNWANTED
        self._keep(msgspec.structs.replace(self.known, tried=tried, stopped=is_stopped))

    def asked(
        self, asked: m.AskFlicker, state: Deciding, notices: tuple[m.Notice, ...]
    ) -> m.FlickerTold | m.Refused:
        """Tell how it stands, or note or forget a clinician's word."""
        role = " ".join(asked.role.split())
        if asked.wish is FlickerWish.FORGET:
            self._keep(Known(ended=self.known.ended, stopped=self.known.stopped))
        elif asked.wish is FlickerWish.CONFIRM:
            if not role or len(role) > LONGEST_ROLE or not role.isprintable():
                reason = f"nobody is named; type who confirms, by their role, in at most {LONGEST_ROLE} letters"
                return m.Refused(request=asked.request, reason=reason)
            self._look_for_marks()
            if why := self._unconfirmable():
                return m.Refused(request=asked.request, reason=why)
            confirmed = Confirmed(role=role, day=local_time()[:DAY])
            self._keep(msgspec.structs.replace(self.known, confirmed=confirmed, stopped=False))
        off_now = tuple(safety.SENTENCES[each] for each in self.off(state, notices))
        return m.FlickerTold(
            request=asked.request,
            off=off_now,
            confirmed=_confirmed(self.known),
            tried=_tried(self.known),
            unconfirmable=self._unconfirmable(),
        )

    def _begin(self) -> None:
        """Settings are read anew: a word that was given with another answer on seizures holds no more."""
        is_answered = flicker_marks.is_answered(self._places)
        if self.known.confirmed and (is_answered or self._settings.flicker.seizures is not Seizures.NO):
            log.warning("flicker was confirmed with another answer on seizures: it must be confirmed anew")
            if not self._keep(msgspec.structs.replace(self.known, confirmed=None)):
                return
        try:
            flicker_marks.take_away(self._places)
        except OSError as error:
            log.warning("flicker stays off: a mark of changed settings cannot be taken away: %s", error)

    def _look_for_marks(self) -> None:
        """Whether a setting was changed since the start; another answer ends what was confirmed upon the last."""
        answered, changed = flicker_marks.found(self._places, self._marks)
        self._changed |= changed
        if answered and self.known.confirmed:
            log.warning("the answer on seizures was given anew: flicker must be confirmed anew")
            self._keep(msgspec.structs.replace(self.known, confirmed=None))

    def _unconfirmable(self) -> str:
        """Why nobody can confirm it, a sentence; empty if somebody may."""
        answer = self._settings.flicker.seizures
        if answer is Seizures.NO and not self._changed:
            return ""
        why = {Seizures.YES: Off.SEIZURES, Seizures.UNANSWERED: Off.UNANSWERED, Seizures.NO: Off.CHANGED}[answer]
        return f"it cannot be confirmed: {safety.SENTENCES[why]}"

    def _count(self, state: Deciding, now_ns: int) -> None:
        """Somebody chose, or has not since the start: then nothing flickers yet."""
        if self._decisions is not None and state.decisions != self._decisions:
            self._used_ns = now_ns
        self._decisions = state.decisions

    def _is_in_use(self, now_ns: int) -> bool:
        return self._used_ns is not None and now_ns - self._used_ns <= seconds(self._settings.flicker.idle_s)

    def _try(self, state: Deciding) -> None:
        """A trial's tiles flicker: what is heard counts, and an older trial no more, however this one ends."""
        board, (before, heard) = _board(state), self._trial_heard
        self._trial_heard = (board, _heard(state) | (heard if before == board else frozenset()))
        if self.known.tried is not None:
            self._keep(msgspec.structs.replace(self.known, tried=None))

    def _had_enough(self, state: Deciding, now_ns: int) -> None:
        """Note when the wearer rests or calls soon after something flickered."""
        if self._was_on_ns is None or not (resting(state) or state.writing.calling):
            return
        if now_ns - self._was_on_ns <= SOON_NS:
            self._keep(msgspec.structs.replace(self.known, ended=local_time()))
        self._was_on_ns = None

    def _use(self) -> None:
        """Note a day on which something flickers."""
        tried, today = self.known.tried, local_time()[:DAY]
        if tried is not None and today not in tried.used:
            tried = msgspec.structs.replace(tried, used=(*tried.used, today))
            self._keep(msgspec.structs.replace(self.known, tried=tried))

    def _keep(self, known: Known) -> bool:
        """It holds in any case; returns whether it is on the disk."""
        self.known = known
        try:
            small_files.write_bytes(self._path, msgspec.json.encode(known), 0o600, is_synced=True)
        except OSError as error:
            log.warning("what is known of flicker is not kept: %s", error)
            return False
        return True

    def _read(self) -> Known:
        """What cannot be read confirms nothing."""
        try:
            return msgspec.json.decode(small_files.read(self._path, LARGEST_BYTES), type=Known)
        except FileNotFoundError:
            return Known()
        except (OSError, *NOT_UNDERSTOOD) as error:
            log.warning("what is known of flicker cannot be read, so nothing flickers: %s", error)
            return Known()


def _is_cue(state: Deciding, now_ns: int) -> bool:
    """Whether a trial asks for a look at what flickers, and has for long enough."""
    stage, fitting = state.fits.told, state.fits.now
    if stage is None or stage.sign is not Sign.FLICKER or stage.phase is not FitPhase.CUE:
        return False
    trial = fitting.now if fitting else None
    shown_ns = trial.cues[-1].shown_ns if trial and trial.cues else None
    return shown_ns is not None and now_ns - shown_ns >= FIND_NS


def _writes(state: Deciding) -> bool:
    """Whether the person chooses words, and does nothing else."""
    now = state.writing
    return now.mode is Mode.WORDS and not now.calling and now.practice is None and state.selector.scan is None


def _heard(state: Deciding) -> frozenset[m.ElectrodeAt]:
    """The electrodes that something is heard with."""
    worn = state.worn.electrodes if state.worn else ()
    return frozenset(each.at for each in worn if each.at in LISTENS and each.state in HEARD)


def _board(state: Deciding) -> str:
    """The headband that sends."""
    return state.worn.board if state.worn else ""


def _confirmed(known: Known) -> str:
    return f"{known.confirmed.role}, {known.confirmed.day}" if known.confirmed else ""


def _tried(known: Known) -> str:
    if known.tried is None:
        return ""
    score = known.tried.score
    return f"{score.right} of {score.trials} right on {known.tried.day}: {score.verdict}"
