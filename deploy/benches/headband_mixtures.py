"""Double blinks made of real single ones, over real stretches without any, with what must not confirm between.

Which blinks and stretches: headband_labels/mixtures.csv. Every double blink of a grid of rhythms and heights is
laid over each headband's stretches `ROUNDS` times, with real shapes drawn by lot; between them come single blinks,
runs of three to five, chewing and talking (made of noise in the muscles' band and of slow swings).
"""

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import signal

from benches import headband_files
from benches.headband_files import Microvolts, Recording
from benches.headband_truth import Label, overlaps, share, to_be_had
from vybor.contracts.messages import GestureKind
from vybor.foundation.errors import Missing
from vybor.headband.boards import Board
from vybor.headband.detecting.gestures import Seen

LABELS = Path(__file__).parent / "headband_labels" / "mixtures.csv"
DEVELOPMENT, TEST = "development", "test"
RHYTHMS_S = (0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
"""From the onset of the first blink to that of the second."""
HEIGHTS_MICROVOLTS = (80.0, 120.0, 240.0, 400.0)
"""Over the eyes, below 10 Hz, as the headband lets it through."""
BRISK_S = 0.35
"""Of a slower pair it takes longer to know that no third blink follows: a run of three must not confirm."""
ROUNDS = 2
CHOOSES = 1.45
"""With a tile that is surely meant, by the usual settings."""
READY_S = 5.0
REST_S = (1.8, 3.0)
SEED = 8
END_SHARE = 0.15
"""A blink is over where it has fallen to this share of its height: before the eye is quite open."""

FADE_S = 0.5
EDGE_S = 0.02
"""A blink's level is taken from so much at either end."""

Samples = NDArray[np.float64]
Look = Callable[[Microvolts, Board], list[Seen]]


class Shape(msgspec.Struct, frozen=True):
    """A real blink, one microvolt high over the eyes; channels x samples, from zero and back."""

    microvolts: Samples
    onset: int
    end: int


class Ground(msgspec.Struct, frozen=True):
    """All of one headband: its blinks, and its stretches without any, joined."""

    board: Board
    shapes: tuple[Shape, ...]
    quiet: Samples


class Act(msgspec.Struct, frozen=True):
    """Something to lay over the ground; `rhythm_s` from blink to blink."""

    kind: str
    count: int = 0
    rhythm_s: float = 0.0
    height: float = 0.0


class Double(msgspec.Struct, frozen=True):
    """A double blink that was laid, and what came of it."""

    act: Act
    latency_s: float | None
    """From its end until it was known; None: it was not seen."""


class Found(msgspec.Struct, frozen=True):
    """What came of one headband's mixtures."""

    name: str
    doubles: list[Double]
    false: int
    """Double blinks that were seen and not laid."""
    clenches: int
    """As sure as it takes to choose; none was laid, but chewing and talking."""
    claimed: list[float]
    """How probable it was said to be of each double blink that was seen."""
    minutes: float


def figures(folder: Path, part: str, look: Look) -> dict[str, float]:
    """Lay, look and count, for every headband of this part. Raises Missing."""
    return of([run(ground, look) for ground in grounds(folder, part)])


def of(by_board: Sequence[Found]) -> dict[str, float]:
    """What came of all of them; what cannot be had is left out."""
    doubles = [one for found in by_board for one in found.doubles]
    late = [one.latency_s for one in doubles if one.latency_s is not None]
    brisk = [one.latency_s for one in doubles if one.latency_s is not None and one.act.rhythm_s <= BRISK_S]
    false, claimed = sum(each.false for each in by_board), [p for each in by_board for p in each.claimed]
    told = {
        "double.there": float(len(doubles)),
        "double.recall": _share([one.latency_s is not None for one in doubles]),
        "double.precision": share(len(late), len(late) + false),
        "double.claimed": share(sum(claimed), len(claimed)),
        "double.false": float(false),
        "double.minutes": sum(each.minutes for each in by_board),
        "jaw.false": float(sum(each.clenches for each in by_board)),
        "latency_ms.p50": _ms(late, 50),
        "latency_ms.p95": _ms(late, 95),
        "latency_ms.brisk_p95": _ms(brisk, 95),
    }
    for each in by_board:
        told[f"double.{each.name}.recall"] = _share([one.latency_s is not None for one in each.doubles])
        told[f"double.{each.name}.false"] = float(each.false)
    return to_be_had(told | dict(_by_cell(doubles)))


def _ms(seconds: Sequence[float], percent: int) -> float | None:
    return 1000 * float(np.percentile(seconds, percent)) if seconds else None


def _by_cell(doubles: Sequence[Double]) -> Iterator[tuple[str, float | None]]:
    for rhythm_s in RHYTHMS_S:
        these = [one for one in doubles if one.act.rhythm_s == rhythm_s]
        found = [one.latency_s for one in these if one.latency_s is not None]
        name = f"rhythm_ms.{1000 * rhythm_s:.0f}"
        yield f"{name}.recall", _share([one.latency_s is not None for one in these])
        yield f"{name}.latency_ms.p95", _ms(found, 95)
    for height in HEIGHTS_MICROVOLTS:
        these = [one for one in doubles if one.act.height == height]
        yield f"height.{height:.0f}.recall", _share([one.latency_s is not None for one in these])


def _share(hits: Sequence[bool]) -> float | None:
    return share(sum(hits), len(hits))


def run(ground: Ground, look: Look) -> Found:
    """Every double blink of the grid, and what was seen that was none."""
    random = Random(SEED)
    acts = planned(random)
    skin, labels = laid(ground, acts, random)
    hz = ground.board.hz
    seen = look(skin.astype(np.float32), ground.board)
    left = [one for one in seen if one.kind is GestureKind.DOUBLE_BLINK]
    claimed = [1 / (1 + math.exp(-one.log_odds)) for one in left]
    doubles: list[Double] = []
    for act, label in labels:
        hit = next((one for one in left if overlaps(one, label, hz)), None)
        if hit is not None:
            left.remove(hit)
        doubles.append(Double(act, hit.known / hz - label.to_s if hit else None))
    clenches = sum(one.kind is GestureKind.CLENCH and one.log_odds >= CHOOSES for one in seen)
    return Found(ground.board.name, doubles, len(left), clenches, claimed, skin.shape[1] / hz / 60)


def planned(random: Random) -> list[Act]:
    """The grid, and as much of what must not confirm, in an order drawn by lot."""
    doubles = [Act("double", 2, *cell) for cell in product(RHYTHMS_S, HEIGHTS_MICROVOLTS)] * ROUNDS
    others: list[Act] = []
    for place in range(len(doubles)):
        height = random.choice(HEIGHTS_MICROVOLTS)
        match place % 4:
            case 0:
                others.append(Act("single", 1, 0.0, height))
            case 1:
                others.append(Act("run", random.choice((3, 4, 5)), random.choice(RHYTHMS_S), height))
            case 2:
                others.append(Act("chewing"))
            case _:
                others.append(Act("talking"))
    acts = doubles + others
    random.shuffle(acts)
    return acts


def laid(ground: Ground, acts: Sequence[Act], random: Random) -> tuple[Samples, list[tuple[Act, Label]]]:
    """The signal, and where each double blink lies in it."""
    hz = ground.board.hz
    pieces = [_act(ground, act, random) for act in acts]
    rests = [round(random.uniform(*REST_S) * hz) for _ in acts]
    length = round(READY_S * hz) + sum(piece[0].shape[1] for piece in pieces) + sum(rests)
    skin = repeated(ground, length)
    labels: list[tuple[Act, Label]] = []
    at = round(READY_S * hz)
    for act, (piece, onset, end), rest in zip(acts, pieces, rests, strict=True):
        skin[:, at : at + piece.shape[1]] += piece
        if act.kind == "double":
            label = Label(GestureKind.DOUBLE_BLINK, (at + onset) / hz, (at + end) / hz)
            labels.append((act, label))
        at += piece.shape[1] + rest
    return skin, labels


def _act(ground: Ground, act: Act, random: Random) -> tuple[Samples, int, int]:
    """What is laid over, and where in it the first blink begins and the last one ends."""
    if act.kind in ("chewing", "talking"):
        return muscle(ground, random, chews=act.kind == "chewing"), 0, 0
    # a person's blinks are alike: one shape for all of an act, each a little higher or lower
    shape = random.choice(ground.shapes)
    step = round(act.rhythm_s * ground.board.hz)
    length = shape.microvolts.shape[1] + step * (act.count - 1)
    over = np.zeros((shape.microvolts.shape[0], length))
    for place in range(act.count):
        height = act.height * random.uniform(0.85, 1.15)
        over[:, place * step : place * step + shape.microvolts.shape[1]] += height * shape.microvolts
    return over, shape.onset, step * (act.count - 1) + shape.end


def muscle(ground: Ground, random: Random, *, chews: bool) -> Samples:
    """Three seconds like chewing (bursts of .3 s, louder on one side) or talking (short, faint and irregular)."""
    board, hz = ground.board, ground.board.hz
    noise = np.random.default_rng(random.getrandbits(32))
    channels, length = len(ground.quiet), 3 * hz
    loud = np.zeros(length)
    at_s = 0.0
    while at_s < 2.5:
        lasts_s = random.uniform(0.25, 0.45) if chews else random.uniform(0.06, 0.2)
        start, end = round(at_s * hz), round((at_s + lasts_s) * hz)
        loud[start:end] = np.sin(np.pi * np.arange(end - start) / (end - start)) * random.uniform(0.7, 1.0)
        at_s += lasts_s + (random.uniform(0.25, 0.45) if chews else random.uniform(0.05, 0.3))
    band = signal.butter(2, (20.0, min(110.0, 0.44 * hz)), "bandpass", fs=hz, output="sos")
    rough = signal.sosfilt(band, noise.standard_normal((channels, length)), axis=1)
    rough /= rough.std(axis=1, keepdims=True)
    felt = np.zeros((channels, length))
    weaker = random.uniform(0.2, 0.6)
    sides = (1.0, weaker) if random.random() < 0.5 else (weaker, 1.0)
    rms, swing = (70.0, 60.0) if chews else (15.0, 25.0)
    way = random.choice((-1.0, 1.0))
    for channel, side in zip(board.temporal, sides, strict=True):
        felt[channel] = side * loud * (rms * rough[channel] + way * swing)
    for channel in board.frontal:
        felt[channel] = 0.2 * loud * (rms * rough[channel] + way * swing)
    return felt


def grounds(folder: Path, part: str) -> Iterator[Ground]:
    """Each headband's blinks and stretches of a part. Raises Missing."""
    with LABELS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["part"] == part]
    names = list(dict.fromkeys(row["recording"] for row in rows))
    recordings = {name: headband_files.read(_found(folder, name)) for name in names}
    for board in dict.fromkeys(recordings[name].board.name for name in names):
        shapes: list[Shape] = []
        quiet: list[Samples] = []
        for row in rows:
            recording = recordings[row["recording"]]
            if recording.board.name != board:
                continue
            hz = recording.board.hz
            cut = slice(round(float(row["from_s"]) * hz), round(float(row["to_s"]) * hz))
            if row["kind"] == "blink":
                shapes.append(shaped(smoothed(recording)[:, cut], recording.board))
            else:
                quiet.append(recording.microvolts[:, cut].astype(float))
        its = next(each.board for each in recordings.values() if each.board.name == board)
        yield Ground(its, tuple(shapes), joined(quiet, its))


def _found(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.csv", folder / f"{name}.txt"):
        if path.exists():
            return path
    raise Missing(f"the recording {name} is not in {folder}; name the folder that holds eeg/ with --data")


def smoothed(recording: Recording) -> Samples:
    """All of it below 15 Hz, without delay."""
    low = signal.butter(2, 15.0, "lowpass", fs=recording.board.hz, output="sos")
    felt = recording.microvolts.astype(float)
    return np.asarray(signal.sosfiltfilt(low, felt - felt[:, :1], axis=1))


def shaped(smooth: Samples, board: Board) -> Shape:
    """A blink without its level, straight from its foot to its end, one microvolt high."""
    ends = round(EDGE_S * board.hz)
    from_, to = smooth[:, :ends].mean(axis=1), smooth[:, -ends:].mean(axis=1)
    line = np.linspace(from_, to, smooth.shape[1], axis=1)
    edges = signal.windows.tukey(smooth.shape[1], 0.15)
    clean = (smooth - line) * edges
    eyes = _over_eyes(clean, board)
    top = int(np.argmax(np.abs(eyes)))
    height = abs(float(eyes[top]))
    share = np.abs(eyes) / height
    onset = next((place for place in range(top, -1, -1) if share[place] < END_SHARE), 0)
    end = next((place for place in range(top, len(share)) if share[place] < END_SHARE), len(share) - 1)
    return Shape(clean / height, onset, end)


def _over_eyes(microvolts: Samples, board: Board) -> Samples:
    over = microvolts[list(board.frontal)].mean(axis=0)
    against = microvolts[list(board.against)].mean(axis=0) if board.against else 0.0
    return np.asarray(over - against)


def joined(pieces: Sequence[Samples], board: Board) -> Samples:
    """One faded into the next, each lifted to where the last one ended if the amplifier lets a level through."""
    whole, fade = pieces[0], round(FADE_S * board.hz)
    share = np.linspace(0.0, 1.0, fade)
    for piece in pieces[1:]:
        follows = piece
        if not board.coupling_hz:
            follows = piece + (whole[:, -fade:].mean(axis=1) - piece[:, :fade].mean(axis=1))[:, None]
        across = (1 - share) * whole[:, -fade:] + share * follows[:, :fade]
        whole = np.hstack([whole[:, :-fade], across, follows[:, fade:]])
    return whole


def repeated(ground: Ground, length: int) -> Samples:
    """A headband's quiet stretches, over and over, channels x `length` samples."""
    times = 1
    while (whole := joined([ground.quiet] * times, ground.board)).shape[1] < length:
        times += 1
    return whole[:, :length].copy()
