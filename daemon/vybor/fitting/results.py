"""What came of each sign: hits, false alarms, times and effort. Pure.

A clench that is noticed while blinks are asked for was not meant: false alarms are counted over all trials.
"""

import math
import statistics
from collections.abc import Iterable, Sequence

import msgspec

from vybor.contracts.messages import Effort, FitResult, Sign
from vybor.fitting import face, flicker_gate
from vybor.fitting.shares import at_least, quantile
from vybor.fitting.trial import FLICKER_PLACES, LONGEST_PAIR_NS, Course, Cue, Trial, answer, pairs
from vybor.foundation.clock import SECOND_NS, seconds

LEAST_HITS = 0.9
LEAST_SURE = 0.7
"""The lower bound (90 %) of the true share: 4 of 4 is just enough, 8 of 8 makes .83, 9 of 10 .73."""
MOST_FALSE_A_MINUTE = 0.5
AGAIN_NS = seconds(0.5)
"""A sign made twice at once is one: after a choice the kit takes none for so long."""
LEAST_GAP_S = 0.5
SLACK = 1.15
"""Eight pairs do not show the slowest one."""
LEAST_PAIRS = 4
PLACED = (Sign.PAD, Sign.FLICKER)
"""Signs with which a certain place is asked for."""
FLICKERING = len(FLICKER_PLACES)
LEAST_HALVES = 6
"""So many cues have two halves to compare."""


def result(sign: Sign, trials: Sequence[Trial], effort: Effort | None) -> FitResult:
    """What came of a sign in its own trial, and in those of the others; one without a trial was skipped."""
    own = next((trial for trial in reversed(trials) if trial.sign is sign), None)
    if own is None:
        return _only_unasked(FitResult(sign=sign, skipped=True), face.as_heard(sign, trials, None))
    strength = face.strength(sign, own)
    trials = face.as_heard(sign, trials, strength)
    own = next(trial for trial in reversed(trials) if trial.sign is sign)
    cues = [cue for cue in own.cues if cue.shown_ns is not None and cue.over_ns is not None]
    late_s = [_latency_s(own, cue) for cue in cues]
    times = [each for each in late_s if each is not None]
    onsets = {answer(own, cue) for cue in cues}
    gaps = [gap_ns / SECOND_NS for onset_ns, gap_ns in pairs(own.events) if onset_ns in onsets]
    found = FitResult(
        sign=sign,
        cues=len(cues),
        hits=len(times),
        wrong=sum(_is_wrong(own, cue) for cue in cues),
        latency_s=_rounded(statistics.median(times) if times else None),
        fast_s=_rounded(quantile(times, 0.05)),
        slow_s=_rounded(quantile(times, 0.95)),
        spread_s=_rounded(_spread(times)),
        pair_gap_s=_rounded(quantile(gaps, 0.95)) if len(gaps) >= LEAST_PAIRS else None,
        edge_s=_rounded(quantile([ns / SECOND_NS for ns in own.edges_ns], 0.1)),
        effort=effort,
        slower_s=_slower(late_s),
        fewer=_fewer(late_s),
        strength=_rounded(strength),
        rhythm_s=_rounded(statistics.median(gaps)) if len(gaps) >= LEAST_PAIRS else None,
        height=_height(own, onsets),
        reopened=all(event.reopened for trial in trials for event in trial.events if event.sign is sign),
    )
    found = _only_unasked(found, trials)
    whole = own.course is Course.OVER
    return msgspec.structs.replace(found, reliable=whole and is_reliable(found))


def _height(own: Trial, onsets: Iterable[int | None]) -> float | None:
    """The usual height of the signs that answered, as a headband tells it; None of too few."""
    answers = set(onsets)
    heights: dict[int, float] = {}
    for event in own.events:  # of a double blink its first blink is told too, before it
        if event.height and event.at_ns in answers and event.sign in (own.sign, None):
            heights[event.at_ns] = event.height
    return _rounded(statistics.median(heights.values())) if len(heights) >= LEAST_PAIRS else None


def is_reliable(found: FitResult) -> bool:
    """Whether choosing with it can be relied on, as far as so few tries can tell."""
    if found.sign is Sign.FLICKER:
        return flicker_gate.Score(found.hits, found.cues, FLICKERING).verdict is flicker_gate.Verdict.OPEN
    if not found.cues or not found.reopened or found.wrong:
        return False
    enough = found.hits >= LEAST_HITS * found.cues and at_least(found.hits, found.cues) >= LEAST_SURE
    return enough and is_quiet(found)


def is_quiet(found: FitResult) -> bool:
    """Whether it seldom comes unasked."""
    return found.false_alarms <= MOST_FALSE_A_MINUTE * found.still_s / 60


def fitting_gap_s(pair_gap_s: float) -> float:
    """The longest gap between two blinks that belong together, for who made them so far apart."""
    return min(LONGEST_PAIR_NS / SECOND_NS, max(LEAST_GAP_S, math.ceil(pair_gap_s * SLACK * 20) / 20))


def _only_unasked(found: FitResult, trials: Sequence[Trial]) -> FitResult:
    """The result with what was noticed and not asked for, and for how long nothing was asked."""
    longest_ns = 0 if found.pair_gap_s is None else seconds(fitting_gap_s(found.pair_gap_s))
    false = sum(len(_false(found.sign, trial, longest_ns)) for trial in trials)
    still_ns = sum(_still_ns(found.sign, trial) for trial in trials)
    return msgspec.structs.replace(found, false_alarms=false, still_s=round(still_ns / SECOND_NS, 1))


def _false(sign: Sign, trial: Trial, longest_pair_ns: int) -> list[int]:
    """Onsets of what was not asked for; of signs that follow at once only the first counts.

    Of two blinks those count too that will be a sign with the gap that suits this person.
    """
    onsets = {event.at_ns for event in trial.events if event.sign is sign}
    if sign is Sign.DOUBLE_BLINK:
        onsets |= {onset_ns for onset_ns, _ in pairs(trial.events, longest_pair_ns)}
    asked = trial.cues if trial.sign is sign else ()
    found: list[int] = []
    last_ns: int | None = None
    for onset_ns in sorted(onsets):
        is_first = last_ns is None or onset_ns - last_ns > AGAIN_NS
        if is_first and not any(_is_asked(trial, cue, onset_ns) for cue in asked):
            found.append(onset_ns)
        last_ns = onset_ns
    return found


def _is_asked(trial: Trial, cue: Cue, onset_ns: int) -> bool:
    """Whether it came while the cue stood there, or at once behind the answer."""
    if cue.shown_ns is None:
        return False
    answered_ns = answer(trial, cue)
    until_ns = (cue.over_ns or trial.since_ns) if answered_ns is None else answered_ns + AGAIN_NS
    return cue.shown_ns <= onset_ns <= until_ns


def _still_ns(sign: Sign, trial: Trial) -> int:
    """For how long a sign was not asked for in a trial; at edges there is only in their own one."""
    if sign is Sign.PAD and trial.sign is not Sign.PAD:
        return 0
    whole_ns = trial.since_ns - trial.began_ns
    if trial.sign is not sign:
        return whole_ns
    return whole_ns - sum(cue.over_ns - cue.shown_ns for cue in trial.cues if cue.over_ns and cue.shown_ns)


def _is_wrong(trial: Trial, cue: Cue) -> bool:
    """Whether another place was chosen while this one was asked for."""
    if trial.sign not in PLACED or cue.shown_ns is None or cue.over_ns is None:
        return False
    between = (e for e in trial.events if e.sign is trial.sign and cue.shown_ns <= e.at_ns <= cue.over_ns)
    return any(event.slot != cue.slot for event in between)


def _latency_s(trial: Trial, cue: Cue) -> float | None:
    at_ns = answer(trial, cue)
    return None if at_ns is None or cue.shown_ns is None else (at_ns - cue.shown_ns) / SECOND_NS


def _spread(times: Sequence[float]) -> float | None:
    low, high = quantile(times, 0.25), quantile(times, 0.75)
    return None if low is None or high is None else high - low


def _slower(late_s: Sequence[float | None]) -> float | None:
    """How much later the later half answered, by the medians."""
    first, then = ([each for each in half if each is not None] for half in _halves(late_s))
    return _rounded(statistics.median(then) - statistics.median(first)) if first and then else None


def _fewer(late_s: Sequence[float | None]) -> float | None:
    """How much smaller a share of the later half was answered."""
    first, then = _halves(late_s)
    if not first or not then:
        return None
    return _rounded(_share(first) - _share(then))


def _halves(late_s: Sequence[float | None]) -> tuple[Sequence[float | None], Sequence[float | None]]:
    middle = len(late_s) // 2 if len(late_s) >= LEAST_HALVES else 0
    return late_s[:middle], late_s[middle:]


def _share(late_s: Sequence[float | None]) -> float:
    return sum(each is not None for each in late_s) / len(late_s)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def by_sign(results: Iterable[FitResult]) -> dict[Sign, FitResult]:
    """Those of signs that were tried."""
    return {each.sign: each for each in results if not each.skipped}
