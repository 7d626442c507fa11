"""How long two blinks wait for a third: what that costs in time, and which runs of blinks would confirm otherwise.

Pairs and runs of three and four, made of real blinks over real stretches (headband_mixtures), at all rhythms of
its grid. A run is even, or uneven: each step differs from the rhythm by up to `UNEVEN`, as in the bursts of
OpenBCI's sample, where a step is .75 to 1.5 times the one before (14, of .16 to .27 s; slower ones are in none).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import msgspec
import numpy as np

from benches import headband_mixtures
from benches.headband_files import Microvolts
from benches.headband_mixtures import BRISK_S, HEIGHTS_MICROVOLTS, RHYTHMS_S, Ground, Look
from benches.headband_truth import SLACK_S, share, to_be_had
from vybor.contracts.messages import GestureKind
from vybor.headband.detecting.gestures import Seen
from vybor.headband.detecting.pairs import QUIET_AFTER_S, QUIET_PER_GAP, Patience

PATIENCES = (
    Patience(0.15, 0.7),
    Patience(0.2, 1.0),
    Patience(QUIET_AFTER_S, 1.2),
    Patience(QUIET_AFTER_S, QUIET_PER_GAP),
    Patience(0.35, 1.7),
)
UNEVEN = 0.2
RUNS = (3, 4)
READY_S = 5.0
REST_S = (1.8, 2.4)
SEED = 5

WithPatience = Callable[[Patience], Look]


class Act(msgspec.Struct, frozen=True):
    """Blinks that follow each other, by the onsets after the first one's, in seconds."""

    kind: str
    height: float
    rhythm_s: float
    onsets_s: tuple[float, ...]


class Laid(msgspec.Struct, frozen=True):
    """An act where it lies, in seconds: the first blink's onset, and the last one's end."""

    act: Act
    from_s: float
    to_s: float


def figures(folder: Path, part: str, look: WithPatience) -> dict[str, float]:
    """For every patience the time from the second blink's end, and the runs that would confirm. Raises Missing."""
    grounds = list(headband_mixtures.grounds(folder, part))
    made = [lay(ground, Random(SEED)) for ground in grounds]
    told: dict[str, float] = {}
    for patience in PATIENCES:
        found: list[tuple[Laid, float | None]] = []
        for ground, (skin, laid) in zip(grounds, made, strict=True):
            seen = [one for one in look(patience)(skin, ground.board) if one.kind is GestureKind.DOUBLE_BLINK]
            found += [(one, _late_s(one, seen, ground.board.hz)) for one in laid]
        these = _of(found)
        print(
            f"{patience.after_s:g} s, {patience.per_gap:g} gaps: "
            + ", ".join(f"{k} {v:.4g}" for k, v in these.items())
        )
        told |= {f"wait.{patience.after_s:g}.{patience.per_gap:g}.{key}": value for key, value in these.items()}
    return told


def _of(found: Sequence[tuple[Laid, float | None]]) -> dict[str, float]:
    pairs = [(one, late_s) for one, late_s in found if one.act.kind == "pair"]
    late = [late_s for _, late_s in pairs if late_s is not None]
    brisk = [late_s for one, late_s in pairs if late_s is not None and one.act.rhythm_s <= BRISK_S]
    figures: dict[str, float | None] = {
        "recall": share(len(late), len(pairs)),
        "latency_ms.p50": 1000 * float(np.percentile(late, 50)) if late else None,
        "latency_ms.p95": 1000 * float(np.percentile(late, 95)) if late else None,
        "latency_ms.brisk_p95": 1000 * float(np.percentile(brisk, 95)) if brisk else None,
    }
    for kind in ("even", "uneven"):
        runs = [late_s is not None for one, late_s in found if one.act.kind == kind]
        figures |= {f"{kind}_runs": float(len(runs)), f"{kind}_confirm": float(sum(runs))}
    return to_be_had(figures)


def _late_s(laid: Laid, seen: Sequence[Seen], hz: float) -> float | None:
    """How long after its end a double blink was known that was seen in it; None if none was."""
    on = (one for one in seen if laid.from_s - SLACK_S <= one.onset / hz <= laid.to_s)
    first = next(on, None)
    return None if first is None else first.known / hz - laid.to_s


def planned(random: Random) -> list[Act]:
    """Of every rhythm and height a pair, an even run and an uneven one, in an order drawn by lot."""
    acts: list[Act] = []
    for rhythm_s in RHYTHMS_S:
        for height in HEIGHTS_MICROVOLTS:
            for count, uneven in ((2, 0.0), (random.choice(RUNS), 0.0), (random.choice(RUNS), UNEVEN)):
                onsets_s = [0.0]
                for _ in range(count - 1):
                    onsets_s.append(onsets_s[-1] + rhythm_s * random.uniform(1 - uneven, 1 + uneven))
                kind = "pair" if count == 2 else "uneven" if uneven else "even"
                acts.append(Act(kind, height, rhythm_s, tuple(onsets_s)))
    random.shuffle(acts)
    return acts


def lay(ground: Ground, random: Random) -> tuple[Microvolts, list[Laid]]:
    """The signal of one headband, and where each act lies in it."""
    hz = ground.board.hz
    pieces = [(act, *_blinks(ground, act, random)) for act in planned(random)]
    rests = [round(random.uniform(*REST_S) * hz) for _ in pieces]
    length = round(READY_S * hz) + sum(over.shape[1] for _, over, _, _ in pieces) + sum(rests)
    skin = headband_mixtures.repeated(ground, length)
    laid: list[Laid] = []
    at = round(READY_S * hz)
    for (act, over, onset, end), rest in zip(pieces, rests, strict=True):
        skin[:, at : at + over.shape[1]] += over
        laid.append(Laid(act, (at + onset) / hz, (at + end) / hz))
        at += over.shape[1] + rest
    return skin.astype(np.float32), laid


def _blinks(ground: Ground, act: Act, random: Random) -> tuple[headband_mixtures.Samples, int, int]:
    """What is laid over; where in it the first blink begins, and the last one ends."""
    shape = random.choice(ground.shapes)
    starts = [round(onset_s * ground.board.hz) for onset_s in act.onsets_s]
    width = shape.microvolts.shape[1]
    over = np.zeros((shape.microvolts.shape[0], starts[-1] + width))
    for start in starts:
        over[:, start : start + width] += act.height * random.uniform(0.85, 1.15) * shape.microvolts
    return over, shape.onset, starts[-1] + shape.end
