"""Made chewing, and made clenches that stand alone, over real stretches: which of them would choose.

Nobody's chewing on both sides was ever recorded here, nor a clench that stands alone: bursts of noise in the
muscles' band, with the swing of the electrodes under them. A row has a pace, a weaker side, and bites that differ
in strength and in time. What is real is the ground they are laid on, by the parts of headband_labels/mixtures.csv.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import signal

from benches import headband_mixtures
from benches.headband_mixtures import CHOOSES, Ground, Look
from benches.headband_truth import SLACK_S, share, to_be_had
from vybor.contracts.messages import GestureKind
from vybor.headband.boards import Board
from vybor.headband.detecting.gestures import Seen

PACES_HZ = (0.8, 1.2, 1.6, 2.0, 2.5)
WEAKER_SIDES = (0.3, 0.6, 1.0)
"""The strength of the side that chews less."""
BITES = 6
BITE_SHARE = 0.5
"""Of the time from bite to bite the muscle works for so much…"""
UNEVEN = 0.15
"""…and that time differs by as much from bite to bite."""
CLENCHES_S = (0.3, 0.5, 0.8)
ROUNDS = 2
RMS_MICROVOLTS = (70.0, 110.0)
SWING_MICROVOLTS = 60.0
TO_FOREHEAD = 0.2
RAMP_S = 0.03
"""Of a clench's beginning and end."""
READY_S = 5.0
REST_S = (2.0, 3.0)
SEED = 56

Samples = NDArray[np.float64]


class Act(msgspec.Struct, frozen=True):
    """A row of bites, or one clench."""

    onsets_s: tuple[float, ...]
    lasts_s: tuple[float, ...]
    weaker: float
    rms: float
    pace_hz: float = 0.0
    """0: a clench."""

    @property
    def length_s(self) -> float:
        """Until all of it is over."""
        return self.onsets_s[-1] + self.lasts_s[-1]


class Laid(msgspec.Struct, frozen=True):
    """An act where it lies, in seconds, and the clenches that were seen on it."""

    act: Act
    at_s: float
    seen: tuple[Seen, ...]

    @property
    def sure(self) -> list[Seen]:
        """Those that would choose."""
        return [one for one in self.seen if one.log_odds >= CHOOSES]


def figures(folder: Path, part: str, look: Look) -> dict[str, float]:
    """Lay, look and count, for every headband of this part. Raises Missing."""
    told: list[tuple[Laid, int]] = []
    minutes = 0.0
    for ground in headband_mixtures.grounds(folder, part):
        laid, lasts_min = run(ground, look)
        told += [(one, ground.board.hz) for one in laid]
        minutes += lasts_min
    return of(told, minutes)


def of(told: Sequence[tuple[Laid, int]], minutes: float) -> dict[str, float]:
    """What came of all that was laid, each with its samples a second; what cannot be had is left out."""
    rows = [one for one, _ in told if one.act.pace_hz]
    clenches = [(one, hz) for one, hz in told if not one.act.pace_hz]
    late_ms = [1000 * (one.sure[0].known / hz - one.at_s - one.act.length_s) for one, hz in clenches if one.sure]
    figures: dict[str, float | None] = {
        "chew.rows": float(len(rows)),
        "chew.bites": float(sum(len(one.act.onsets_s) for one in rows)),
        "chew.seen": float(sum(len(one.seen) for one in rows)),
        "chew.sure": float(sum(len(one.sure) for one in rows)),
        "chew.minutes": minutes,
        "clench.there": float(len(clenches)),
        "clench.recall": share(sum(bool(one.sure) for one, _ in clenches), len(clenches)),
        "clench.latency_ms.p50": float(np.percentile(late_ms, 50)) if late_ms else None,
        "clench.latency_ms.p95": float(np.percentile(late_ms, 95)) if late_ms else None,
    }
    for pace_hz in PACES_HZ:
        figures[f"pace_hz.{pace_hz:g}.sure"] = _sure(one for one in rows if one.act.pace_hz == pace_hz)
    for weaker in WEAKER_SIDES:
        figures[f"weaker.{weaker:g}.sure"] = _sure(one for one in rows if one.act.weaker == weaker)
    return to_be_had(figures)


def _sure(rows: Iterable[Laid]) -> float:
    return float(sum(len(one.sure) for one in rows))


def run(ground: Ground, look: Look) -> tuple[list[Laid], float]:
    """What was laid over one headband's ground, with what was seen of it; and how many minutes that is."""
    random, hz = Random(SEED), ground.board.hz
    acts = planned(random)
    at_s = READY_S
    placed: list[tuple[Act, float]] = []
    for act in acts:
        placed.append((act, at_s))
        at_s += act.length_s + random.uniform(*REST_S)
    skin = headband_mixtures.repeated(ground, round(at_s * hz))
    noise = np.random.default_rng(SEED)
    for act, from_s in placed:
        start, over = round(from_s * hz), muscle(act, ground.board, len(skin), noise)
        skin[:, start : start + over.shape[1]] += over
    seen = [one for one in look(skin.astype(np.float32), ground.board) if one.kind is GestureKind.CLENCH]
    return [Laid(act, from_s, _on(act, from_s, seen, hz)) for act, from_s in placed], skin.shape[1] / hz / 60


def _on(act: Act, from_s: float, seen: Sequence[Seen], hz: int) -> tuple[Seen, ...]:
    until_s = from_s + act.length_s + SLACK_S
    return tuple(one for one in seen if from_s - SLACK_S <= one.onset / hz <= until_s)


def planned(random: Random) -> list[Act]:
    """Every pace and weaker side, and as many clenches, in an order drawn by lot."""
    rows = [_row(pace_hz, weaker, random) for pace_hz, weaker in list(product(PACES_HZ, WEAKER_SIDES)) * ROUNDS]
    clenches = [
        Act((0.0,), (random.choice(CLENCHES_S),), random.uniform(0.7, 1.0), random.uniform(*RMS_MICROVOLTS))
        for _ in rows
    ]
    acts = rows + clenches
    random.shuffle(acts)
    return acts


def _row(pace_hz: float, weaker: float, random: Random) -> Act:
    onsets_s, lasts_s = [0.0], []
    for _ in range(BITES):
        step_s = random.uniform(1 - UNEVEN, 1 + UNEVEN) / pace_hz
        lasts_s.append(BITE_SHARE * step_s)
        onsets_s.append(onsets_s[-1] + step_s)
    return Act(tuple(onsets_s[:-1]), tuple(lasts_s), weaker, random.uniform(*RMS_MICROVOLTS), pace_hz)


def muscle(act: Act, board: Board, channels: int, noise: np.random.Generator) -> Samples:
    """What the electrodes feel of an act, channels x samples: bites swell and fade, a clench is on at once."""
    hz = board.hz
    length = round(act.length_s * hz) + 1
    loud = np.zeros(length)
    for onset_s, lasts_s in zip(act.onsets_s, act.lasts_s, strict=True):
        start, count = round(onset_s * hz), round(lasts_s * hz)
        shape = signal.windows.tukey(count, min(1.0, 2 * RAMP_S / lasts_s)) if not act.pace_hz else swell(count)
        loud[start : start + count] = shape * noise.uniform(0.7, 1.0)
    band = signal.butter(2, (20.0, min(110.0, 0.44 * hz)), "bandpass", fs=hz, output="sos")
    rough = signal.sosfilt(band, noise.standard_normal((channels, length)), axis=1)
    rough /= rough.std(axis=1, keepdims=True)
    felt = np.zeros((channels, length))
    sides = (1.0, act.weaker) if noise.random() < 0.5 else (act.weaker, 1.0)
    way = noise.choice((-1.0, 1.0))
    for channel, side in zip(board.temporal, sides, strict=True):
        felt[channel] = side * loud * (act.rms * rough[channel] + way * SWING_MICROVOLTS)
    for channel in board.frontal:
        felt[channel] = TO_FOREHEAD * loud * (act.rms * rough[channel] + way * SWING_MICROVOLTS)
    return felt


def swell(count: int) -> Samples:
    """Half of a sine: from nothing and back."""
    return np.asarray(np.sin(np.pi * np.arange(count) / count))
