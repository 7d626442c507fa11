"""What flickers now, and what is kept of it in a file of its own: a clinician's word, and what a trial found."""

import logging
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import ElectrodeAt, ElectrodeState, FitPhase, FlickerWish, Mode, Role, Sign
from vybor.core import flicker_safety as safety
from vybor.core.fits import Fits
from vybor.core.flicker_safety import Confirmed, Known, Now, Off, Tried
from vybor.core.state import Deciding, resting
from vybor.fitting.trial import FLICKER_PLACES
from vybor.foundation import small_files
from vybor.foundation.clock import seconds, wall_time
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.flicker_settings import Seizures
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
DAY = len("2026-01-01")

log = logging.getLogger("vybor.core")


class FlickerDesk:
    """Says what is to flicker."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._settings = settings
        self.known = self._read()
        if self.known.confirmed and settings.flicker.seizures is not Seizures.NO:
            log.warning("flicker was confirmed with another answer on seizures: it must be confirmed anew")
            self._keep(msgspec.structs.replace(self.known, confirmed=None))
        self._stop: m.FlickerStop | None = None
        self._results: tuple[m.FitResult, ...] = ()
        self._decisions = -1
        self._used_ns = 0
        self._was_on_ns: int | None = None
        """When something last flickered."""

    def heard(self, message: m.AnyMessage) -> None:
        """The display may have stopped it."""
        if isinstance(message, m.Shown):
            self._stop = message.flicker_stop

    def slots(self, state: Deciding, notices: tuple[m.Notice, ...], now_ns: int) -> tuple[int, ...]:
        """The tiles that are to flicker now: words, where all allows it and somebody chooses, or a trial's."""
        if not self._settings.flicker.on:
            return ()
        self._had_enough(state, now_ns)
        if state.decisions != self._decisions:
            self._decisions, self._used_ns = state.decisions, now_ns
        off = self.off(state, notices)
        slots: tuple[int, ...] = ()
        if _is_cue(state, now_ns):
            slots = FLICKER_PLACES if not safety.of_trial(off) else ()
        elif not off and _writes(state) and now_ns - self._used_ns <= seconds(self._settings.flicker.idle_s):
            slots = tuple(t.slot for t in state.tiles if t.slot in FLICKER_PLACES and t.role is Role.CANDIDATE)
        if slots:
            self._was_on_ns = now_ns
            self._use()
        return slots

    def off(self, state: Deciding, notices: tuple[m.Notice, ...]) -> tuple[Off, ...]:
        """Every reason why nothing may flicker."""
        now = Now(
            headband=state.selector.inputs.headband is Headband.THERE,
            trouble=bool(notices),
            stop=self._stop,
            electrodes=_heard(state),
            day=wall_time()[:DAY],
        )
        return safety.reasons(self._settings, self.known, now)

    def no_trial(self, state: Deciding, notices: tuple[m.Notice, ...]) -> str:
        """Why no trial may be made; empty if one may."""
        off = safety.of_trial(self.off(state, notices))
        return safety.SENTENCES[off[0]] if off else ""

    def follow(self, fits: Fits, state: Deciding) -> None:
        """Keep what a trial found."""
        if fits.results is self._results:
            return
        self._results = fits.results
        found = next((each for each in fits.results if each.sign is Sign.FLICKER and not each.skipped), None)
        if found is None:
            return
        today = wall_time()[:DAY]
        tried = Tried(
            right=found.hits,
            trials=found.cues,
            rhythms=len(FLICKER_PLACES),
            day=today,
            electrodes=tuple(sorted(_heard(state))),
            used=(today,),
            board=self._settings.headband.board,
        )
        self._keep(msgspec.structs.replace(self.known, tried=tried))

    def asked(
        self, asked: m.AskFlicker, state: Deciding, notices: tuple[m.Notice, ...]
    ) -> m.FlickerTold | m.Refused:
        """Tell how it stands, or note or forget a clinician's word."""
        role = " ".join(asked.role.split())
        if asked.wish is FlickerWish.FORGET:
            self._keep(Known())
        elif asked.wish is FlickerWish.CONFIRM:
            if not role or len(role) > LONGEST_ROLE or not role.isprintable():
                reason = f"nobody is named; type who confirms, by their role, in at most {LONGEST_ROLE} letters"
                return m.Refused(request=asked.request, reason=reason)
            if (answer := self._settings.flicker.seizures) is not Seizures.NO:
                off = Off.SEIZURES if answer is Seizures.YES else Off.UNANSWERED
                return m.Refused(request=asked.request, reason=f"it cannot be confirmed: {safety.SENTENCES[off]}")
            confirmed = Confirmed(role=role, day=wall_time()[:DAY])
            self._keep(msgspec.structs.replace(self.known, confirmed=confirmed))
        off_now = tuple(safety.SENTENCES[each] for each in self.off(state, notices))
        return m.FlickerTold(
            request=asked.request, off=off_now, confirmed=_confirmed(self.known), tried=_tried(self.known)
        )

    def _had_enough(self, state: Deciding, now_ns: int) -> None:
        """Note the day on which the wearer rests or calls soon after something flickered."""
        if self._was_on_ns is None or not (resting(state) or state.writing.calling):
            return
        if now_ns - self._was_on_ns <= SOON_NS:
            self._keep(msgspec.structs.replace(self.known, ended=wall_time()[:DAY]))
        self._was_on_ns = None

    def _use(self) -> None:
        """Note a day on which something flickers."""
        tried, today = self.known.tried, wall_time()[:DAY]
        if tried is not None and today not in tried.used:
            tried = msgspec.structs.replace(tried, used=(*tried.used, today))
            self._keep(msgspec.structs.replace(self.known, tried=tried))

    def _keep(self, known: Known) -> None:
        """It holds in any case; what a full disk forgets only ever makes less flicker at the next start."""
        self.known = known
        try:
            small_files.write_bytes(self._path, msgspec.json.encode(known), 0o600, is_synced=True)
        except OSError as error:
            log.warning("what is known of flicker is not kept: %s", error)

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


def _confirmed(known: Known) -> str:
    return f"{known.confirmed.role}, {known.confirmed.day}" if known.confirmed else ""


def _tried(known: Known) -> str:
    if known.tried is None:
        return ""
    score = known.tried.score
    return f"{score.right} of {score.trials} right on {known.tried.day}: {score.verdict}"
