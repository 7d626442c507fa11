"""What each part of the kit was worth to this person, from their own record. Pure.

Three kinds of evidence, and each says which it is. *Replayed*: the person's own sentences are written again by the
real decision, with the part and without. *Compared*: choices that had the part beside choices that had not, both
of this person's; they may have been other choices. *Tried*: interest leaves every fourth sentence as it was, so
its two kinds of sentences differ by nothing but that.
"""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar

import msgspec

from vybor.accounting.account import Fate, Ledger, Utterance
from vybor.accounting.resampling import Interval, interval
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Channelled, Role, Source
from vybor.generator.interest.judging import Days
from vybor.utterances.provenance import chosen_tile

LEAST_DAYS, LEAST_SENTENCES, LEAST_CHOICES = 5, 20, 20
"""Fewer days give an interval over sentences, which is too narrow; fewer sentences, or choices of one of two
kinds, give none."""
PAUSE_S = 30.0
"""Longer than this between two choices somebody did something else."""
T = TypeVar("T")
BY_BODY = (Channelled.DOUBLE_BLINK, Channelled.CLENCH)


class Part(StrEnum):
    """What the kit could be without."""

    HEADBAND = "headband"
    LOOK_AHEAD = "look_ahead"
    NOTES = "notes"
    COUNTS = "counts"
    MODEL = "model"
    ADAPTER = "adapter"
    INTEREST = "interest"


class Lack(StrEnum):
    """Why nothing can be said of a part."""

    FEW = "few"
    """Not enough days, sentences or choices."""
    NOT_USED = "not_used"
    NOT_KEPT = "not_kept"
    """The record does not have what it takes."""
    NEEDS_MODEL = "needs_model"
    NO_WORDS = "no_words"


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """What one part saved."""

    part: Part
    lack: Lack | None = None
    choices: Interval | None = None
    """Choices that it saved in all; below 0, that it cost."""
    seconds: Interval | None = None
    """Time that it saved in all: measured, or the choices at this person's own pace."""
    sentences: int = 0
    days: int = 0
    over_days: bool = False
    """Whether days were resampled; else sentences, and the interval is too narrow."""
    at_most: bool = False


class Day(msgspec.Struct, frozen=True):
    """The sentences of one day that were spoken and not taken back."""

    number: int
    spoken: tuple[Utterance, ...]


class Saved(msgspec.Struct, frozen=True):
    """What a part saved in one sentence, in choices."""

    day: int
    choices: float


class Units(msgspec.Struct, Generic[T], frozen=True):
    """What is resampled: whole days, or sentences where there are too few days."""

    found: tuple[tuple[T, ...], ...]
    are_days: bool


class Times(msgspec.Struct, frozen=True):
    """Times of choices without a part and with it, in seconds, of one day."""

    without: tuple[float, ...]
    with_it: tuple[float, ...]


def days_of(told: Ledger, decisions: Iterable[m.Decision]) -> list[Day]:
    """The sentences by day: a start of the machine, or 24 hours of one (generator/interest/judging.py)."""
    days = Days()
    numbers = {(one.session, one.number): days.tell(one.at_ns) for one in decisions}
    by_day: dict[int, list[Utterance]] = {}
    for utterance in told.spoken:
        if not utterance.taken_back and utterance.steps:
            last = utterance.steps[-1].decision
            by_day.setdefault(numbers[last.session, last.number], []).append(utterance)
    return [Day(number, tuple(by_day[number])) for number in sorted(by_day)]


def pace_s(days: Sequence[Day]) -> float | None:
    """The median time between two choices of a sentence; None without any."""
    times = [time for day in days for utterance in day.spoken for _, time in timed(utterance)]
    return statistics.median(times) if times else None


def timed(utterance: Utterance) -> Iterator[tuple[m.Decision, float]]:
    """Each choice of a sentence that followed another one without a pause, and the seconds between the two."""
    choices = [step.decision for step in utterance.steps]
    for before, one in pairwise(choices):
        time = (one.at_ns - before.at_ns) / 1e9
        if before.session == one.session and 0 < time <= PAUSE_S:
            yield one, time


def headband(days: Sequence[Day]) -> Worth:
    """Compared: choices that a blink or clench confirmed, beside those of the edge. It saves time alone."""
    times = [
        Times(
            tuple(t for u in day.spoken for one, t in timed(u) if one.evidence.channel is Channelled.PAD),
            tuple(t for u in day.spoken for one, t in timed(u) if one.evidence.channel in BY_BODY),
        )
        for day in days
    ]
    used = any(s.decision.evidence.channel in BY_BODY for day in days for u in day.spoken for s in u.steps)
    return _compared(Part.HEADBAND, times, days, Lack.FEW if used else Lack.NOT_USED)


def look_ahead(days: Sequence[Day]) -> Worth:
    """Compared: how long the model's words took where they had to be waited for, and where they had not.

    At most so much is saved: whoever reads the word list's words meanwhile does not wait.
    """
    decisions = [[s.decision for u in day.spoken for s in u.steps if s.decision.took_ms > 0] for day in days]
    times = [
        Times(
            tuple(one.took_ms / 1e3 for one in day if not one.was_ahead),
            tuple(one.took_ms / 1e3 for one in day if one.was_ahead),
        )
        for day in decisions
    ]
    found = _compared(Part.LOOK_AHEAD, times, days, Lack.FEW if any(decisions) else Lack.NOT_KEPT)
    return msgspec.structs.replace(found, at_most=True)


def replayed(
    part: Part,
    days: Sequence[Day],
    saved: Callable[[Utterance], float | None],
    *,
    at_most: bool = False,
) -> Worth:
    """Replayed: what each sentence would have taken without the part, less what it takes with it."""
    found = [
        Saved(day.number, value)
        for day in days
        for utterance in day.spoken
        if (value := saved(utterance)) is not None
    ]
    worth = _of_sentences(part, found, pace_s(days))
    return msgspec.structs.replace(worth, at_most=at_most)


def interest(days: Sequence[Day]) -> Worth:
    """Tried: choices a character where words were moved and where they were left, times what was moved."""
    sentences = [
        (day.number, u, share) for day in days for u in day.spoken if (share := _propensity(u)) < 1 and u.text
    ]
    left = [(d, u) for d, u, share in sentences if share < 0.5]
    moved = [(d, u) for d, u, share in sentences if share >= 0.5]
    if not sentences:
        return Worth(part=Part.INTEREST, lack=Lack.NOT_USED)
    if min(len(left), len(moved)) < LEAST_SENTENCES:
        return Worth(part=Part.INTEREST, lack=Lack.FEW, sentences=len(sentences), days=len(days))
    units = _units([*((d, (u, True)) for d, u in moved), *((d, (u, False)) for d, u in left)])
    characters = sum(len(u.text) for _, u in moved)

    def gain(drawn: Sequence[Sequence[tuple[Utterance, bool]]]) -> float | None:
        kinds = [[u for unit in drawn for u, is_moved in unit if is_moved is kind] for kind in (False, True)]
        rate_left, rate_moved = map(_rate, kinds)
        if rate_left is None or rate_moved is None:
            return None
        return characters * (rate_left - rate_moved)

    return _worth(Part.INTEREST, interval(units.found, gain), pace_s(days), len(sentences), units)


def note_takes(utterance: Utterance) -> Iterator[tuple[m.Decision, m.OfferedTile]]:
    """Words of a sentence that notes brought: from topic documents, and from what was said before."""
    for step in utterance.steps:
        tile = chosen_tile(step.decision)
        if step.fate is not Fate.TEXT or step.decision.action is not Action.TAKE or tile is None:
            continue
        if tile.role is Role.CANDIDATE and (tile.source in (Source.TOPIC, Source.OWN) or tile.origin):
            yield step.decision, tile


# --- reckoning ------------------------------------------------------------------------------------------------


def _compared(part: Part, times: Sequence[Times], days: Sequence[Day], lack: Lack) -> Worth:
    """The difference of the mean times, for as many choices as had the part."""
    sentences = sum(len(day.spoken) for day in days)
    counts = sum(len(day.without) for day in times), sum(len(day.with_it) for day in times)
    if min(counts) < LEAST_CHOICES or len(days) < LEAST_DAYS:
        return Worth(part=part, lack=lack, sentences=sentences, days=len(days))

    def gain(drawn: Sequence[Times]) -> float | None:
        without = [time for day in drawn for time in day.without]
        with_it = [time for day in drawn for time in day.with_it]
        if not without or not with_it:
            return None
        return counts[1] * (statistics.fmean(without) - statistics.fmean(with_it))

    found = interval(times, gain)
    if found is None:
        return Worth(part=part, lack=Lack.FEW, sentences=sentences, days=len(days))
    return Worth(part=part, seconds=found, sentences=sentences, days=len(days), over_days=True)


def _of_sentences(part: Part, found: Sequence[Saved], pace: float | None) -> Worth:
    if len(found) < LEAST_SENTENCES:
        return Worth(part=part, lack=Lack.FEW, sentences=len(found), days=len({one.day for one in found}))
    units = _units([(one.day, one.choices) for one in found])

    def total(drawn: Sequence[Sequence[float]]) -> float | None:
        values = [value for unit in drawn for value in unit]
        return len(found) * statistics.fmean(values) if values else None

    return _worth(part, interval(units.found, total), pace, len(found), units)


def _units(found: Sequence[tuple[int, T]]) -> Units[T]:
    by_day: dict[int, list[T]] = {}
    for day, value in found:
        by_day.setdefault(day, []).append(value)
    if len(by_day) >= LEAST_DAYS:
        return Units(tuple(map(tuple, by_day.values())), are_days=True)
    return Units(tuple((value,) for _, value in found), are_days=False)


def _worth(part: Part, found: Interval | None, pace: float | None, sentences: int, units: Units[T]) -> Worth:
    if found is None:
        return Worth(part=part, lack=Lack.FEW, sentences=sentences)
    seconds = None if pace is None else Interval(found.value * pace, found.low * pace, found.high * pace)
    return Worth(
        part=part,
        choices=found,
        seconds=seconds,
        sentences=sentences,
        days=len(units.found) if units.are_days else 0,
        over_days=units.are_days,
    )


def _rate(utterances: Iterable[Utterance]) -> float | None:
    """Choices a character."""
    known = [(sum(step.fate is not Fate.ASIDE for step in u.steps), len(u.text)) for u in utterances]
    characters = sum(length for _, length in known)
    return sum(choices for choices, _ in known) / characters if characters else None


def _propensity(utterance: Utterance) -> float:
    """Of the offers of a sentence that say something of it, the first one's: it holds for all of a sentence."""
    tried = [step.decision.propensity for step in utterance.steps if step.decision.propensity < 1]
    return tried[0] if tried else 1.0
