"""From what came of each sign to the settings that suit this person, each with its reason. Pure.

Gaze alone is an equal way and stays, unless it chooses by itself and something else can be relied on. A biosignal
comes in addition, never instead, and only where it can be relied on. What was skipped stays as it was. Nothing is
taken away from who has nothing else to rely on.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

from vybor.contracts.messages import Effort, FitResult, FitValue, Sign
from vybor.fitting.face import FACE, ratio
from vybor.fitting.results import by_sign, fitting_gap_s, is_quiet
from vybor.fitting.whole import HEADBANDS
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.settings import CommitSettings, ScanUse, Settings

BIOSIGNALS = HEADBANDS
"""One setting opens both."""
NAMES = {
    Sign.PAD: "looking at the edge",
    Sign.SWITCH: "the switch",
    Sign.LONG_BLINK: "closing the eyes",
    Sign.DOUBLE_BLINK: "a double blink",
    Sign.CLENCH: "a clench",
    Sign.BROW: "raising the brows",
    Sign.CHEEK: "drawing up a corner of the mouth",
    Sign.HEAD: "moving the head",
    Sign.FLICKER: "looking at what flickers",
}
LEAST_TIMES = 4
"""From fewer answers no timing is taken."""
LEAST_PAD_S, MOST_PAD_S = 0.25, 1.0
SLOWER_PAD = 1.5
CAREFUL_ARM_S, CAREFUL = 0.4, 0.95
REACTION_S = (0.1, 1.0)
FORESEEN = 0.5
"""Cues come by chance and lights in turn: a press that was timed is sooner, and must not take the tile before."""
STEP_S = (0.8, 4.0)
SCAN_SLACK_S = 0.2
"""A press close to the change of two turns is nobody's."""
JUST_AS_HIGH = 1.2
JUST_AS_GOOD_S = 0.05
"""A time that differs by less stays as it is."""


def proposed(results: Sequence[FitResult], settings: Settings) -> tuple[FitValue, ...]:
    """What should hold instead of what does; empty if all is well as it is."""
    tried = by_sign(results)
    ways = list(_ways(results, settings))
    times = [*_gaze_times(tried, settings.commit), *_gap(tried, settings), *_scan_times(tried, settings.commit)]
    times += [*_sizes(tried, settings), *_own(tried, settings.headband)]
    return tuple(value for value in (*ways, *times) if _differs(value))


# --- ways to confirm --------------------------------------------------------------------------------------


def _ways(results: Sequence[FitResult], settings: Settings) -> Iterator[FitValue]:
    """Which of pad, switch and signals are open; at least one always is."""
    commit, tried = settings.commit, by_sign(results)
    eyes = _is_good(tried, Sign.PAD) and commit.scan is not ScanUse.ALWAYS  # then looks choose nothing
    hand = _is_good(tried, Sign.SWITCH)
    signals = _biosignal(results, commit, others=eyes or hand)
    body = signals is not None and signals.value is True
    ways = (
        _pad(tried, commit, others=hand or body),
        _switch(tried, commit, others=eyes or body),
        signals,
        _long_blink(tried, commit, others=hand or body),
    )
    yield from (each for each in ways if each is not None)
    yield from _faces(tried, settings, others=eyes or hand or body)


def _pad(tried: dict[Sign, FitResult], commit: CommitSettings, *, others: bool) -> FitValue | None:
    found = tried.get(Sign.PAD)
    if found is None:
        return None
    chose = f"{NAMES[Sign.PAD]} chose {_of(found)}"
    if found.reliable:
        return _way("commit.pad", True, commit.pad, f"{chose} and {_unasked(found)}")
    if not _is_calm(found) and others:
        why = (
            f"{chose}, {_unasked(found)} and missed the place {_times(found.wrong)}; another way can be relied on"
        )
        return _way("commit.pad", False, commit.pad, why)
    return _way("commit.pad", True, commit.pad, f"{chose}; it is no worse to have it than not")


def _switch(tried: dict[Sign, FitResult], commit: CommitSettings, *, others: bool) -> FitValue | None:
    found = tried.get(Sign.SWITCH)
    if found is None:
        return None
    pressed = f"{NAMES[Sign.SWITCH]} answered {_of(found)}"
    if found.reliable:
        return _way("commit.switch", True, commit.switch, f"{pressed} and {_unasked(found)}")
    if not is_quiet(found) and others:
        return _way("commit.switch", False, commit.switch, f"{pressed} and {_unasked(found)}")
    return None


def _biosignal(results: Sequence[FitResult], commit: CommitSettings, *, others: bool) -> FitValue | None:
    """On if one of the two can be relied on and neither comes by itself; it must not be hard either."""
    found = [each for each in results if each.sign in BIOSIGNALS]
    tried = [each for each in found if not each.skipped]
    if not tried:
        return None
    good = [each for each in tried if each.reliable and each.effort is not Effort.HARD]
    loud = [each for each in found if not is_quiet(each)]
    if good and not loud:
        return _way("commit.biosignal", True, commit.biosignal, " and ".join(map(_told, good)))
    if not others:
        return None
    why = " and ".join(_told(each) for each in (loud or tried))
    return _way("commit.biosignal", False, commit.biosignal, why)


def _long_blink(tried: dict[Sign, FitResult], commit: CommitSettings, *, others: bool) -> FitValue | None:
    """On where eyes alone can be relied on, for tired ones close too; off for who could not open them again."""
    found = tried.get(Sign.LONG_BLINK)
    if found is None:
        return None
    good = found.reliable and found.effort is not Effort.HARD
    if good and not others:
        return _way("commit.long_blink", True, commit.long_blink, _told(found))
    stuck = "" if found.reopened else "; the eyes did not open again each time"
    return None if good else _way("commit.long_blink", False, commit.long_blink, _told(found) + stuck)


def _faces(tried: dict[Sign, FitResult], settings: Settings, *, others: bool) -> Iterator[FitValue]:
    """The best of what the camera sees in the face, in addition: each more is one more that may come unasked."""
    commit = settings.commit
    is_on = {Sign.BROW: commit.brow, Sign.CHEEK: commit.cheek, Sign.HEAD: commit.head}
    good = [found for sign in FACE if (found := tried.get(sign)) and found.reliable and not _is_hard(found)]
    best = min(good, key=_worse, default=None)
    for sign, was in is_on.items():
        found = tried.get(sign)
        if found is not None and found is best:
            yield _way(f"commit.{sign}", True, was, _told(found))
        elif found is not None and found not in good and others:
            yield _way(f"commit.{sign}", False, was, _told(found))


def _worse(found: FitResult) -> tuple[float, ...]:
    """More misses, then more alarms, then more effort, then slower."""
    effort = 0.0 if found.effort in (None, Effort.EASY) else 1.0
    return (found.cues - found.hits, found.false_alarms, effort, found.latency_s or 0.0)


# --- times ------------------------------------------------------------------------------------------------


def _gaze_times(tried: dict[Sign, FitResult], commit: CommitSettings) -> Iterator[FitValue]:
    """Slower and surer for eyes that choose by themselves; quicker for eyes that cannot stay."""
    found = tried.get(Sign.PAD)
    if found is None:
        return
    if not _is_calm(found):
        why = f"{_unasked(found)} by eyes alone, and missed the place {_times(found.wrong)}"
        yield _time("commit.pad_s", min(MOST_PAD_S, commit.pad_s * SLOWER_PAD), commit.pad_s, why)
        yield _time("commit.arm_s", max(commit.arm_s, CAREFUL_ARM_S), commit.arm_s, why)
        yield _time("commit.certainty", max(commit.certainty, CAREFUL), commit.certainty, why)
    elif found.edge_s is not None and found.hits < found.cues and found.edge_s < commit.pad_s:
        why = f"looks at the edge that chose nothing were over after {found.edge_s:.2f} s"
        shorter = max(LEAST_PAD_S, math.floor(found.edge_s * 0.9 * 20) / 20)
        yield _time("commit.pad_s", min(commit.pad_s, shorter), commit.pad_s, why)


def _gap(tried: dict[Sign, FitResult], settings: Settings) -> Iterator[FitValue]:
    found = tried.get(Sign.DOUBLE_BLINK)
    if found is None or found.pair_gap_s is None:
        return
    why = f"nineteen of twenty pairs of blinks lay {found.pair_gap_s:.2f} s apart or closer"
    was = settings.headband.double_blink_gap_s
    yield _time("headband.double_blink_gap_s", fitting_gap_s(found.pair_gap_s), was, why)


def _own(tried: dict[Sign, FitResult], was: HeadbandSettings) -> Iterator[FitValue]:
    """What this person's signs are like by a headband: what is unlike them is believed less."""
    blinks, clenches = tried.get(Sign.DOUBLE_BLINK), tried.get(Sign.CLENCH)
    if blinks is not None and blinks.reliable and blinks.height and blinks.rhythm_s:
        why = f"blinks were {blinks.height:.0f} microvolts high, and {blinks.rhythm_s:.2f} s from one to the other"
        yield _like("headband.blink_microvolts", round(blinks.height), was.blink_microvolts, why)
        yield _time("headband.blink_rhythm_s", blinks.rhythm_s, was.blink_rhythm_s, why)
    if clenches is not None and clenches.reliable and clenches.height:
        why = f"clenches were {clenches.height:.1f} times as strong as what is loud"
        yield _like("headband.clench_times", clenches.height, was.clench_times, why)


def _like(key: str, value: float, was: float, why: str) -> FitValue:
    """The old one where it is much the same."""
    same = was > 0 and JUST_AS_HIGH > value / was > 1 / JUST_AS_HIGH
    return FitValue(key=key, value=was if same else float(value), was=was, reason=why)


def _scan_times(tried: dict[Sign, FitResult], commit: CommitSettings) -> Iterator[FitValue]:
    """For tiles that light up in turn: by the first sign that takes them and can be relied on."""
    good = (tried[sign] for sign in (Sign.SWITCH, *BIOSIGNALS, *FACE) if _is_good(tried, sign))
    found = next((each for each in good if each.effort is not Effort.HARD), None)
    if found is None or found.fast_s is None or found.slow_s is None or found.hits < LEAST_TIMES:
        return
    reaction_s = _within(math.floor(found.fast_s * FORESEEN * 20) / 20, REACTION_S)
    step_s = _within(math.ceil((found.slow_s - reaction_s + SCAN_SLACK_S) * 10) / 10, STEP_S)
    name = NAMES[found.sign]
    why = f"the fastest answers by {name} took {found.fast_s:.2f} s, and what comes in turn is foreseen"
    yield _time("commit.scan_reaction_s", reaction_s, commit.scan_reaction_s, why)
    why = f"the slowest answers by {name} took {found.slow_s:.2f} s, and must still meet what is lit"
    yield _time("commit.scan_step_s", step_s, commit.scan_step_s, why)


def _sizes(tried: dict[Sign, FitResult], settings: Settings) -> Iterator[FitValue]:
    """How large a sign of the face has to be: with some room below those that were asked for."""
    gaze = settings.gaze
    leasts = {
        Sign.BROW: ("gaze.brow_least", gaze.brow_least, (0.05, 0.8)),
        Sign.CHEEK: ("gaze.cheek_least", gaze.cheek_least, (0.05, 0.8)),
        Sign.HEAD: ("gaze.head_least_deg", gaze.head_least_deg, (2.0, 30.0)),
    }
    for sign, (key, was, limits) in leasts.items():
        found = tried.get(sign)
        if found is None or found.strength is None or not found.reliable:
            continue
        why = f"the smaller ones of {NAMES[sign]} were {found.strength:.1f} times as large as they have to be"
        yield _time(key, _within(was * ratio(found.strength), limits), was, why)


# --- words and small things -------------------------------------------------------------------------------


def _is_good(tried: dict[Sign, FitResult], sign: Sign) -> bool:
    return sign in tried and tried[sign].reliable


def _is_hard(found: FitResult) -> bool:
    return found.effort is Effort.HARD


def _is_calm(found: FitResult) -> bool:
    """Whether eyes alone chose nothing that was not meant."""
    return is_quiet(found) and not found.wrong


def _told(found: FitResult) -> str:
    if found.skipped:
        return f"{NAMES[found.sign]} was skipped and {_unasked(found)}"
    hard = ", and it is hard" if found.effort is Effort.HARD else ""
    return f"{NAMES[found.sign]} was noticed {_of(found)} and {_unasked(found)}{hard}"


def _of(found: FitResult) -> str:
    return f"{found.hits} of {found.cues} times"


def _unasked(found: FitResult) -> str:
    count = "never" if not found.false_alarms else _times(found.false_alarms)
    return f"came unasked {count} in {found.still_s:.0f} s"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(limits[1], max(limits[0], value))


def _way(key: str, value: bool, was: bool, reason: str) -> FitValue:
    return FitValue(key=key, value=value, was=was, reason=reason)


def _time(key: str, value: float, was: float, reason: str) -> FitValue:
    return FitValue(key=key, value=round(value, 3), was=was, reason=reason)


def _differs(value: FitValue) -> bool:
    if isinstance(value.value, bool) or isinstance(value.was, bool):
        return value.value != value.was
    least = 1e-9 if value.key.startswith("gaze.") else JUST_AS_GOOD_S - 1e-9
    return abs(value.value - value.was) > least


SWITCHED_BY = {
    Sign.PAD: "pad",
    Sign.SWITCH: "switch",
    Sign.LONG_BLINK: "long_blink",
    Sign.DOUBLE_BLINK: "biosignal",
    Sign.CLENCH: "biosignal",
    Sign.BROW: "brow",
    Sign.CHEEK: "cheek",
    Sign.HEAD: "head",
}


def ways(results: Sequence[FitResult], values: Iterable[FitValue], settings: Settings) -> tuple[Sign, ...]:
    """All that tiles are chosen with once these values hold, whether it was tried and reliable or not."""
    changed = {value.key: value.value for value in values}

    def is_on(sign: Sign) -> bool:
        name = SWITCHED_BY[sign]
        return bool(changed.get(f"commit.{name}", getattr(settings.commit, name)))

    return tuple(sign for sign in SWITCHED_BY if is_on(sign) and _is_there(sign, results, settings))


def _is_there(sign: Sign, results: Sequence[FitResult], settings: Settings) -> bool:
    """Whether what it takes is there, by the settings; whether somebody has a switch only its trial tells."""
    if sign is Sign.SWITCH:
        return any(found.sign is sign and not found.skipped for found in results)
    if settings.commit.scan is ScanUse.ALWAYS and sign in (Sign.PAD, Sign.LONG_BLINK):
        return False
    if sign is Sign.PAD:
        return settings.gaze.source is not GazeSource.NONE
    if sign is Sign.LONG_BLINK or sign in FACE:
        return settings.gaze.source is GazeSource.CAMERA
    return settings.headband.board is not Board.NONE
