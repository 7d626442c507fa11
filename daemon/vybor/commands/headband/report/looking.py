"""One pass over a recording: what the room's own detectors see in it, how its electrodes sit, what is lost."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from vybor.contracts.messages import ElectrodeState, GestureKind
from vybor.headband.boards import Board
from vybor.headband.detecting import electrodes, filters, gestures
from vybor.headband.devices.playback.recorded import Place, Recorded, chunks, numbered
from vybor.headband.port import HeadbandMissing, Microvolts

STATES_S = 0.5
"""A row of states is kept so often, as the kit tells them."""
GAP_S = 0.02
"""A shorter one is counted alone."""
TRAIN = 3
"""Blinks of a train: none of them confirms."""
MOST_S = 6 * 3600.0
FEW_ROWS = 50
"""Fewer say nothing of a clock."""
LEVEL_S, LEVEL_STEPS = 1.5, 25
"""The level that a curve is drawn from: a running median, of so many values a second."""
MUSCLE_S = 0.1
SETTLES_S = 0.5


class Gap(msgspec.Struct, frozen=True):
    """Samples that are lost."""

    at_s: float
    lasts_s: float


class Train(msgspec.Struct, frozen=True):
    """A run of blinks that are too close to each other to mean anything."""

    from_s: float
    to_s: float
    blinks: int


class Listening(msgspec.Struct, frozen=True):
    """From a sample on, what the detectors see and hear with."""

    first: int
    used: electrodes.Used
    """Without those that are not believed."""


class FileClock(msgspec.Struct, frozen=True):
    """The file's own time stamps beside the count of its samples."""

    hz: float
    """Samples a second, as the stamps have it."""
    at_s: NDArray[np.float64]
    late_ms: NDArray[np.float64]
    """Of each row that was looked at: how far its stamp is behind a clock that goes evenly."""

    @property
    def spread_ms(self) -> float:
        """Of the stamps, from the even clock: half of all lie within this."""
        return float(np.median(np.abs(self.late_ms - np.median(self.late_ms))))


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a recording."""

    file: str
    kind: str
    board: Board
    microvolts: Microvolts
    """Channels x samples; not a number where they were lost."""
    lost: int
    gaps: tuple[Gap, ...]
    seen: tuple[gestures.Seen, ...]
    trains: tuple[Train, ...]
    states: tuple[tuple[ElectrodeState, ...], ...]
    """Every STATES_S, of every channel…"""
    good: tuple[tuple[bool, ...], ...]
    """…and whether it was believed."""
    listened: tuple[Listening, ...]
    """Each time that others were believed than before."""
    clock: FileClock | None
    """None: the file has no times, or too few."""

    @property
    def lasts_s(self) -> float:
        """In seconds, by its samples."""
        return int(self.microvolts.shape[1]) / self.board.hz

    def share(self, channel: int, state: ElectrodeState) -> float:
        """For how much of the time a channel was so."""
        return sum(states[channel] is state for states in self.states) / max(1, len(self.states))

    def usable(self, channel: int) -> float:
        """For how much of the time a channel was believed."""
        return sum(good[channel] for good in self.good) / max(1, len(self.good))

    def count(self, kind: GestureKind) -> int:
        """How often it was seen."""
        return sum(one.kind is kind for one in self.seen)


def looked(recorded: Recorded, rule: gestures.Rule) -> Looked:
    """Look at all of it. Raises HeadbandMissing if it holds no samples, or more than can be drawn."""
    hz, kept, gaps = recorded.board.hz, [], []
    seen: list[gestures.Seen] = []
    states: list[tuple[ElectrodeState, ...]] = []
    good: list[tuple[bool, ...]] = []
    listened: list[Listening] = []
    state: gestures.Sensing | None = None
    end = lost = 0
    for chunk in chunks(recorded):
        if missing := chunk.first - end:
            lost += missing
            if missing >= GAP_S * hz:
                gaps.append(Gap(end / hz, missing / hz))
        end = chunk.end
        if end > MOST_S * hz:
            raise HeadbandMissing(f"the recording {recorded.path} lasts longer than 6 hours; draw a part of it")
        kept.append(chunk)
        state, noticed = gestures.step(state, chunk, rule)
        seen.extend(noticed)
        if state and (used := electrodes.of(recorded.board, state.contact.good)) != _newest(listened):
            listened.append(Listening(end if listened else 0, used))
        while state and len(states) < end / hz // STATES_S:
            states.append(state.contact.states)
            good.append(state.contact.good)
    if not kept:
        raise HeadbandMissing(f"the recording {recorded.path} holds no samples; name another")
    microvolts = np.full((recorded.board.channels, end), np.nan, np.float32)
    for chunk in kept:
        microvolts[:, chunk.first : chunk.end] = chunk.microvolts
    return Looked(
        file=recorded.path.name,
        kind=recorded.kind,
        board=recorded.board,
        microvolts=microvolts,
        lost=lost,
        gaps=tuple(gaps),
        seen=tuple(seen),
        trains=tuple(trains(seen, rule)),
        states=tuple(states),
        good=tuple(good),
        listened=tuple(listened),
        clock=clock_of(recorded),
    )


def _newest(listened: Sequence[Listening]) -> electrodes.Used | None:
    return listened[-1].used if listened else None


def trains(seen: Sequence[gestures.Seen], rule: gestures.Rule) -> Iterator[Train]:
    """Runs of blinks, each as soon after the one before as the second of a double blink may be.

    Blinks that the detector took for a double blink belong to none: it found quiet around them.
    """
    hz, run = rule.board.hz, list[gestures.Seen]()
    doubles = [one for one in seen if one.kind is GestureKind.DOUBLE_BLINK]
    for one in sorted((each for each in seen if each.kind is GestureKind.BLINK), key=lambda each: each.onset):
        is_of_two = any(double.onset <= one.onset <= double.end for double in doubles)
        if is_of_two or (run and one.onset - run[-1].onset > rule.pair_s * hz):
            yield from _train(run, hz)
            run = []
        if not is_of_two:
            run.append(one)
    yield from _train(run, hz)


def _train(run: Sequence[gestures.Seen], hz: int) -> Iterator[Train]:
    if len(run) >= TRAIN:
        yield Train(run[0].onset / hz, run[-1].end / hz, len(run))


def clock_of(recorded: Recorded) -> FileClock | None:
    """How evenly the file's own times go; lost samples are counted."""
    place, indices, stamps = Place(), list[NDArray[np.int64]](), list[NDArray[np.float64]]()
    for rows in recorded.rows():
        place, numbers = numbered(place, rows, recorded)
        indices.append(numbers)
        stamps.append(rows.at_s)
    index, at_s = np.concatenate(indices), np.concatenate(stamps)
    if len(index) < FEW_ROWS or not np.isfinite(at_s).all() or float(np.ptp(at_s)) == 0:
        return None
    at_s = at_s - at_s[0]
    slope, begin = np.polyfit(index, at_s, 1)
    if slope <= 0:
        return None
    late_ms = (at_s - (begin + slope * index)) * 1000
    return FileClock(float(1 / slope), index / recorded.board.hz, late_ms)


# --- curves to draw -------------------------------------------------------------------------------------------


def lids(found: Looked) -> NDArray[np.float64]:
    """What the detector of blinks looks at, from a level that follows it; not a number where it sees no eye."""
    board = found.board
    band, channels = filters.lid_band(board.hz, board.coupling_hz), sorted(board.eyes)
    filled = held(found.microvolts[channels])
    low, _ = filters.run(band, filters.settled(band, filled[:, 0]), filled)
    curve = np.full(low.shape[1], np.nan)
    for first, end, used in _stretches(found):
        among = tuple(
            (channels.index(over), None if far is None else channels.index(far)) for over, far in used.eyes
        )
        if among:
            over = electrodes.over_eyes(low[:, first:end], among).mean(axis=0)
            curve[first:end] = over - level(over, board.hz)  # of these alone: others lie at another height
    return np.where(_lost(found), np.nan, curve)


class Loudness(msgspec.Struct, frozen=True):
    """How loud the jaws are, root mean square, once in so many seconds."""

    every_s: float
    microvolts: NDArray[np.float64]


def muscle(found: Looked) -> Loudness:
    """What the detector of clenches listens to, less the time that its filters take to settle; 0: to nothing."""
    board = found.board
    band, filled = filters.muscle_band(board.hz), held(found.microvolts[list(board.temporal)])
    heard, _ = filters.run(band, filters.settled(band, filled[:, 0]), filled)
    heard[:, : round(SETTLES_S * board.hz)] = 0.0
    block = round(MUSCLE_S * board.hz)
    squares = (heard[:, : heard.shape[1] // block * block].reshape(len(heard), -1, block) ** 2).mean(axis=2)
    is_believed = np.zeros(squares.shape, np.bool_)
    for first, end, used in _stretches(found):
        for jaw in used.jaws:
            is_believed[board.temporal.index(jaw), -(-first // block) : -(-end // block)] = True
    jaws = np.maximum(1, is_believed.sum(axis=0))
    return Loudness(block / board.hz, np.asarray(np.sqrt(np.where(is_believed, squares, 0.0).sum(axis=0) / jaws)))


def held(microvolts: Microvolts) -> NDArray[np.float64]:
    """Each lost sample replaced by the last one before it, else by 0."""
    places = np.where(np.isfinite(microvolts), np.arange(microvolts.shape[1]), 0)
    last = np.take_along_axis(microvolts, np.maximum.accumulate(places, axis=1), axis=1)
    return np.nan_to_num(last.astype(np.float64), posinf=0.0, neginf=0.0)


def level(curve: NDArray[np.float64], hz: float) -> NDArray[np.float64]:
    """A running median, as far ahead as behind: what falls for seconds after a rail is on its level."""
    step, half = max(1, round(hz / LEVEL_STEPS)), round(LEVEL_S * LEVEL_STEPS / 2)
    coarse = ndimage.median_filter(curve[::step], size=2 * half + 1, mode="nearest")
    return np.asarray(np.interp(np.arange(len(curve)), np.arange(0, len(curve), step), coarse), np.float64)


def _stretches(found: Looked) -> Iterator[tuple[int, int, electrodes.Used]]:
    """From which sample to which the detectors listened to what."""
    ends = [one.first for one in found.listened[1:]] + [found.microvolts.shape[1]]
    for one, end in zip(found.listened, ends, strict=True):
        if end > one.first:
            yield one.first, end, one.used


def _lost(found: Looked) -> NDArray[np.bool_]:
    return np.asarray(~np.isfinite(found.microvolts).any(axis=0))
