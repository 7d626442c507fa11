"""How engaged somebody is, by the EEG: log beta / (alpha + theta), against what is usual of this person. Pure.

Pope, Bogart and Bartolome 1995. It is little: a published correlation with what people say of themselves is .44,
and beta of dry electrodes on a forehead is muscle for the most part. So it is absent whenever anything speaks
against it: an electrode that does not sit well, muscle, lids, a gap, too short a time of being known. It may
weigh what else is known of a look; nobody chooses anything by it.

z is the median over the electrodes, each against its own usual median and spread, less a level that follows
slowly: how a headband sits and dries, and how a day goes, is no engagement. Alpha against the bands beside it, in
the same way and with open eyes, is told as drowsiness where it stays high for a minute.
"""

import math
import statistics
from collections.abc import Sequence

import msgspec

from vybor.headband.detecting import usual
from vybor.headband.detecting.bands import Powers, Second
from vybor.headband.detecting.usual import Baseline, Level, Usual

WINDOW = 20
"""Seconds that overlap, one every fifth of a second: four seconds."""
LEAST_IN_WINDOW = 8
FRESH = 10
"""One of the newest so many must be believed: else what was known says nothing of now."""
MUSCLE_TIMES = 2.0
"""Where the muscle is so much stronger than usual, in power, a second says nothing…"""
MUSCLE_MICROVOLTS = 15.0
"""…and before it is known what is usual, with so much of it, a root mean square."""
LOUD_WINDOWS = 900
"""An hour in which muscle alone left nothing to be believed: it is usual now, what was learned before is not…"""
HEARD_TIMES = 3
"""…but a window that can be believed outweighs so many of them."""
QUIET_S = 5.0
"""So long after a sign it may be rest or reading again."""
ANCHORED = 15
"""Windows, a minute of them, that give the level once a headband was put on; nothing is told before."""
ENGAGEMENT_WINDOWS, ALPHA_WINDOWS = 225, 450
"""Then the levels follow with these time constants: a quarter of an hour, and half of one."""
FARTHEST = 3.0
"""A window that is farther from its level pulls it as one does that is so far."""
MOST = 5.0
GAP_S = 0.4
"""Between the ends of two seconds: with more something is missing between them…"""
PUT_ON_S = 60.0
"""…and with so much the headband may sit otherwise."""
REMEMBERED, LEAST_REMEMBERED = 15, 6
"""Windows, a minute of them, by whose median somebody is drowsy, and how many of them must be known…"""
DROWSY, AWAKE = 1.5, 0.75
"""…from the first on, until it is below the second."""

UNSEEN_S = 60.0
"""Who has not been seen with open eyes for so long cannot be told to be drowsy any more."""


class Slow(msgspec.Struct, frozen=True):
    """A level that follows."""

    at: float = 0.0
    windows: int = 0

    def after(self, value: float, constant: int) -> "Slow":
        """One window more: the mean of all at first, then a little nearer to the newest."""
        share = max(1 / (self.windows + 1), 1 / constant)
        off = value - self.at
        held = off if self.windows < ANCHORED else max(-FARTHEST, min(FARTHEST, off))
        return Slow(self.at + share * held, self.windows + 1)

    def from_it(self, value: float | None) -> float | None:
        """How far a value is from it; None while it is not known."""
        if value is None or self.windows < ANCHORED:
            return None
        return max(-MOST, min(MOST, value - self.at))


class Told(msgspec.Struct, frozen=True):
    """What is said of the last seconds, in robust standard deviations; None: absent."""

    engagement: float | None = None
    alpha: float | None = None
    is_drowsy: bool = False


class Around(msgspec.Struct, frozen=True):
    """What is known beside the seconds of a chunk."""

    hz: int
    signs: tuple[int, ...] = ()
    """Indices of the samples at which signs became known that may have been meant."""
    eyes_open: bool | None = None
    """None: nobody sees them. Closed eyes have alpha of their own, and read nothing."""
    behind: tuple[int, ...] = ()
    """Which of the electrodes sit farther back: alpha is of the back of the head."""


class Engagement(msgspec.Struct, frozen=True):
    """All that is known between two chunks."""

    baseline: Baseline = Baseline()
    usual: tuple[Usual | None, ...] = ()
    newest: tuple[tuple[Level | None, ...], ...] = ()
    """Each second with every electrode, at most a window of them."""
    end: int | None = None
    """Of the newest second."""
    since: int = 0
    """Seconds since the last window was over."""
    loud_seconds: int = 0
    """Those of them in which muscle was all that was heard."""
    loud: int = 0
    """Windows of which muscle left nothing, less those that could be believed."""
    sign_at: float = -math.inf
    level: Slow = Slow()
    alpha_level: Slow = Slow()
    alphas: tuple[float | None, ...] = ()
    """Of the last windows with open eyes."""
    open_at: int = 0
    """The end of the newest second with open eyes."""
    told: Told = Told()


def begin(baseline: Baseline, electrodes: int, end: int | None = None) -> Engagement:
    """Know what was kept of this person; `end` is that of the second before, if any."""
    return Engagement(baseline=baseline, usual=usual.of(baseline, electrodes), end=end)


def step(known: Engagement, seconds: Sequence[Second], around: Around) -> Engagement:
    """Take in the seconds of a chunk."""
    for second in seconds:
        signs = [at for at in around.signs if at <= second.known]
        known = msgspec.structs.replace(known, sign_at=max((known.sign_at, *signs)))
        known = _second(known, second, around)
    return msgspec.structs.replace(known, sign_at=max((known.sign_at, *around.signs)))


def _second(known: Engagement, second: Second, around: Around) -> Engagement:
    known = _watched(_joined(known, second, around.hz), second, around)
    closed = around.eyes_open is False
    levels = (None,) * len(second.powers) if closed else _levels(second.powers, known.usual)
    newest = (*known.newest[-WINDOW + 1 :], levels)
    is_loud = not closed and any(second.powers) and not any(levels)
    known = msgspec.structs.replace(
        known, newest=newest, since=known.since + 1, loud_seconds=known.loud_seconds + is_loud
    )
    now = _window(known)
    if known.since == WINDOW:
        known = _window_over(known, now, second, around)
    alpha = known.alpha_level.from_it(_alpha(now, known.usual, around)) if around.eyes_open else None
    engagement = known.level.from_it(_engagement(now, known.usual))
    return msgspec.structs.replace(known, told=Told(engagement, alpha, known.told.is_drowsy))


def _joined(known: Engagement, second: Second, hz: int) -> Engagement:
    """What of it still holds before this second: nothing is bridged."""
    missing = 0 if known.end is None else second.end - known.end
    if 0 <= missing <= GAP_S * hz:
        return msgspec.structs.replace(known, end=second.end)
    if 0 < missing <= PUT_ON_S * hz:
        return msgspec.structs.replace(known, end=second.end, newest=(), since=0, loud_seconds=0)
    return Engagement(baseline=known.baseline, usual=known.usual, end=second.end, loud=known.loud)


def _watched(known: Engagement, second: Second, around: Around) -> Engagement:
    """What is remembered of open eyes, as long as they are seen every now and then."""
    if around.eyes_open:
        return msgspec.structs.replace(known, open_at=second.end)
    if not known.alphas or second.end - known.open_at <= UNSEEN_S * around.hz:
        return known
    return msgspec.structs.replace(known, alphas=(), told=Told())


def _window_over(known: Engagement, now: tuple[Level | None, ...], second: Second, around: Around) -> Engagement:
    """Four seconds are whole: follow the levels, judge who is drowsy, learn what is usual if nothing was done."""
    known = _with_loudness(known, now)
    if known.loud >= LOUD_WINDOWS:
        return begin(Baseline(), len(now), end=second.end)
    level, alpha_level = known.level, known.alpha_level
    if (value := _engagement(now, known.usual)) is not None:
        level = level.after(value, ENGAGEMENT_WINDOWS)
    alphas = known.alphas
    if around.eyes_open:
        value = _alpha(now, known.usual, around)
        alphas = (*alphas[-REMEMBERED + 1 :], alpha_level.from_it(value))
        alpha_level = alpha_level if value is None else alpha_level.after(value, ALPHA_WINDOWS)
    known = msgspec.structs.replace(
        known,
        since=0,
        level=level,
        alpha_level=alpha_level,
        alphas=alphas,
        told=Told(is_drowsy=_is_drowsy(alphas, known.told.is_drowsy)),
    )
    is_quiet = second.known - known.sign_at >= QUIET_S * around.hz
    if not is_quiet or not any(now):
        return known
    baseline = usual.with_window(known.baseline, now)
    learned = known.usual if baseline.windows is known.baseline.windows else usual.of(baseline, len(now))
    return msgspec.structs.replace(known, baseline=baseline, usual=learned)


def _with_loudness(known: Engagement, now: tuple[Level | None, ...]) -> Engagement:
    """Count whether muscle alone leaves nothing of what is heard, by what is known to be usual."""
    is_loud = known.loud_seconds > WINDOW - LEAST_IN_WINDOW and not any(now) and any(known.usual)
    loud = known.loud + 1 if is_loud else known.loud - HEARD_TIMES * any(now)
    return msgspec.structs.replace(known, loud=max(0, loud), loud_seconds=0)


def _is_drowsy(alphas: Sequence[float | None], before: bool) -> bool:
    known = [value for value in alphas if value is not None]
    if len(known) < LEAST_REMEMBERED:
        return False
    return statistics.median(known) >= (AWAKE if before else DROWSY)


def _levels(powers: Sequence[Powers | None], known: Sequence[Usual | None]) -> tuple[Level | None, ...]:
    """Of each electrode, unless it is muscle that is heard there."""
    return tuple(
        level(each) if each is not None and not _is_muscle(each, known[place] if known else None) else None
        for place, each in enumerate(powers)
    )


def level(powers: Powers) -> Level:
    """The logarithms that one second is known by."""
    return Level(
        math.log(powers.beta / (powers.alpha + powers.theta)),
        math.log(powers.alpha / (powers.theta + powers.beta)),
        math.log(powers.muscle),
    )


def _is_muscle(powers: Powers, known: Usual | None) -> bool:
    most = MUSCLE_TIMES * math.exp(known.muscle) if known else MUSCLE_MICROVOLTS**2
    return powers.muscle > most


def _window(known: Engagement) -> tuple[Level | None, ...]:
    """Of each electrode the medians of its newest seconds, if enough of them are believed and one is fresh."""
    return tuple(
        _medians([each for each in seconds if each is not None]) if any(seconds[-FRESH:]) else None
        for seconds in zip(*known.newest, strict=True)
    )


def _medians(levels: Sequence[Level]) -> Level | None:
    if len(levels) < LEAST_IN_WINDOW:
        return None
    return Level(
        statistics.median(each.engagement for each in levels),
        statistics.median(each.alpha for each in levels),
        statistics.median(each.muscle for each in levels),
    )


def _engagement(now: Sequence[Level | None], known: Sequence[Usual | None]) -> float | None:
    pairs = zip(now, known, strict=False)  # nothing is usual yet: none
    return _median([each.engagement.z(level.engagement) for level, each in pairs if level and each])


def _alpha(now: Sequence[Level | None], known: Sequence[Usual | None], around: Around) -> float | None:
    """Of the electrodes behind, or of the others where none of those says anything."""
    pairs = list(zip(now, known, strict=False))
    found = {place: each.alpha.z(level.alpha) for place, (level, each) in enumerate(pairs) if level and each}
    behind = [z for place, z in found.items() if place in around.behind]
    return _median(behind or list(found.values()))


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
