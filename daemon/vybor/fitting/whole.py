"""The whole fitting: one sign after the other is announced, tried and asked about; then what follows. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.closing import Closing
from vybor.contracts.messages import Effort, FitPhase, Sign
from vybor.fitting import noticing, trial
from vybor.fitting.face import FACE
from vybor.fitting.noticing import Event
from vybor.fitting.results import result
from vybor.fitting.trial import Course, Trial
from vybor.foundation.clock import seconds

PLAN = (Sign.PAD, Sign.SWITCH, Sign.LONG_BLINK, Sign.DOUBLE_BLINK, Sign.CLENCH, *FACE, Sign.FLICKER)
"""In the order of the trials: what costs nothing first. Those of a face are kept back: see `Fitting.spare`."""
HEADBANDS = (Sign.DOUBLE_BLINK, Sign.CLENCH)
UNANSWERED_NS = {FitPhase.INTRO: seconds(180), FitPhase.EFFORT: seconds(60), FitPhase.SUMMARY: seconds(600)}
"""A page that nobody answers goes away: whoever cannot choose must not be left on it."""


class Fitting(msgspec.Struct, frozen=True):
    """A fitting under way."""

    plan: tuple[Sign, ...]
    seed: int
    since_ns: int
    """When it came to where it is."""
    phase: FitPhase = FitPhase.INTRO
    """INTRO, EFFORT or SUMMARY; between the first two a trial is on."""
    place: int = 0
    """Of the sign in the plan."""
    now: Trial | None = None
    done: tuple[Trial, ...] = ()
    efforts: tuple[tuple[Sign, Effort], ...] = ()
    lids: Closing = Closing()
    spare: tuple[Sign, ...] = ()
    """Tried too if nothing of the plan can be relied on, or if the person wants it: or three minutes were five."""

    @property
    def sign(self) -> Sign | None:
        """The one that is announced, tried or asked about."""
        return self.plan[self.place] if self.place < len(self.plan) else None


def planned(there: Sequence[Sign], only: Sequence[Sign] = ()) -> tuple[Sign, ...]:
    """The signs whose inputs are there, of those that are wanted, in their order; unasked, none of a face."""
    return tuple(sign for sign in PLAN if sign in there and (sign in only if only else sign not in FACE))


def begun(plan: Sequence[Sign], seed: int, now_ns: int, spare: Sequence[Sign] = ()) -> Fitting:
    """The first sign is announced."""
    return Fitting(tuple(plan), seed, now_ns, spare=tuple(spare))


def of_all(there: Sequence[Sign], now_ns: int) -> Fitting:
    """All signs whose inputs are there, those of a face kept back."""
    return begun(planned(there), now_ns, now_ns, spare=planned(there, FACE))


def is_trying(fitting: Fitting) -> bool:
    """Whether signs are tried now, and choose nothing."""
    return fitting.now is not None


def heard(fitting: Fitting, message: m.AnyMessage, now_ns: int) -> Fitting:
    """Take in a message of the body or the display."""
    if isinstance(message, m.Shown):
        return _shown(fitting, message)
    lids, event = noticing.hear(fitting.lids, message)
    fitting = msgspec.structs.replace(fitting, lids=lids)
    return fitting if event is None else noticed(fitting, event, now_ns)


def noticed(fitting: Fitting, event: Event, now_ns: int) -> Fitting:
    """A sign, or a choice at an edge."""
    if fitting.now is None or event.at_ns < fitting.now.began_ns:
        return fitting
    return _went(fitting, trial.noticed(fitting.now, event, now_ns), now_ns)


def left_edge(fitting: Fitting, lasted_ns: int) -> Fitting:
    """A look at the edge that was asked for ended before it chose."""
    if fitting.now is None:
        return fitting
    return msgspec.structs.replace(fitting, now=trial.left_edge(fitting.now, lasted_ns))


def passed(fitting: Fitting, now_ns: int) -> Fitting | None:
    """Time has passed; None: nobody has answered for so long that it is over."""
    if fitting.now is not None:
        return _went(fitting, trial.passed(fitting.now, now_ns), now_ns)
    if now_ns - fitting.since_ns <= UNANSWERED_NS[fitting.phase]:
        return fitting
    return _next(fitting, now_ns) if fitting.phase is FitPhase.EFFORT else None


def needs_headband(fitting: Fitting) -> bool:
    """Whether what is tried now is noticed by a headband."""
    return fitting.now is not None and fitting.now.sign in (*HEADBANDS, Sign.FLICKER)


def needs_face(fitting: Fitting) -> bool:
    """Whether what is tried now is seen in a face."""
    return fitting.now is not None and fitting.now.sign in FACE


def with_spare(fitting: Fitting, now_ns: int) -> Fitting:
    """What was kept back is tried too."""
    if fitting.phase is not FitPhase.SUMMARY or not fitting.spare:
        return fitting
    return _since(fitting, now_ns, plan=fitting.plan + fitting.spare, spare=(), phase=FitPhase.INTRO)


def tried(fitting: Fitting, now_ns: int) -> Fitting:
    """The sign that is announced is tried."""
    if fitting.phase is not FitPhase.INTRO or fitting.now is not None or fitting.sign is None:
        return fitting
    return _since(fitting, now_ns, now=trial.begun(fitting.sign, fitting.seed, now_ns))


def broken_off(fitting: Fitting, now_ns: int) -> Fitting:
    """The trial that is on does not count; its sign is announced again."""
    return _since(fitting, now_ns, now=None)


def skipped(fitting: Fitting, now_ns: int) -> Fitting:
    """The sign that is announced or asked about is left out."""
    return fitting if fitting.phase is FitPhase.SUMMARY else _next(broken_off(fitting, now_ns), now_ns)


def judged(fitting: Fitting, effort: Effort, now_ns: int) -> Fitting:
    """The person said how hard it was."""
    if fitting.phase is not FitPhase.EFFORT or fitting.sign is None:
        return fitting
    return _next(msgspec.structs.replace(fitting, efforts=(*fitting.efforts, (fitting.sign, effort))), now_ns)


def results(fitting: Fitting) -> tuple[m.FitResult, ...]:
    """What came of every sign that was planned."""
    said = dict(fitting.efforts)
    return tuple(result(sign, fitting.done, said.get(sign)) for sign in fitting.plan)


def stage(fitting: Fitting, *, changes: bool = False) -> m.FitStage:
    """Where it stands; `changes`: whether what is proposed differs from what holds."""
    if fitting.phase is FitPhase.SUMMARY:
        more = bool(fitting.spare)
        return m.FitStage(phase=FitPhase.SUMMARY, results=results(fitting), changes=changes, more=more)
    now = fitting.now
    cue = now.cues[-1] if now and now.course is Course.CUE else None
    return m.FitStage(
        phase=fitting.phase if now is None else FitPhase(now.course.value),
        sign=fitting.sign,
        trial=fitting.place + 1,
        trials=len(fitting.plan),
        cue=len(now.cues) if now else 0,
        cues=max(trial.cues_of(now.sign), len(now.cues)) if now else 0,
        slot=cue.slot if cue else None,
    )


def _shown(fitting: Fitting, shown: m.Shown) -> Fitting:
    """A cue counts from the picture that it first stood in."""
    hidden = shown.core_silent or (shown.target is not None and shown.target.dot is not None)
    told = shown.screen.fitting if shown.screen and not hidden else None
    if fitting.now is None or told is None or told.phase is not FitPhase.CUE or told.sign is not fitting.sign:
        return fitting
    return msgspec.structs.replace(fitting, now=trial.shown(fitting.now, told.cue, shown.at_ns))


def _went(fitting: Fitting, now: Trial, now_ns: int) -> Fitting:
    """The trial goes on, is over, or was left; what was tried to its end is asked about."""
    if trial.is_on(now):
        return msgspec.structs.replace(fitting, now=now)
    if now.course is Course.LEFT:
        return broken_off(fitting, now_ns)
    return _since(fitting, now_ns, now=None, done=(*fitting.done, now), phase=FitPhase.EFFORT)


def _next(fitting: Fitting, now_ns: int) -> Fitting:
    place = fitting.place + 1
    if place < len(fitting.plan):
        return _since(fitting, now_ns, place=place, phase=FitPhase.INTRO)
    over = _since(fitting, now_ns, place=place, phase=FitPhase.SUMMARY)
    return over if any(map(_is_good, results(over))) else with_spare(over, now_ns)


def _is_good(found: m.FitResult) -> bool:
    return found.reliable and found.effort is not Effort.HARD


def _since(fitting: Fitting, now_ns: int, **changes: object) -> Fitting:
    return msgspec.structs.replace(fitting, since_ns=now_ns, **changes)
