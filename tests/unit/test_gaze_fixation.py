"""The filter: steadier within a fixation, and not a frame late after a jump."""

import numpy as np
import pytest

from vybor.foundation.clock import seconds
from vybor.points.fixation import Fixation, Noise, step

NOISE = Noise(0.01, 0.02)
FRAME_NS = seconds(1 / 15)


def through(places: list[tuple[float, float]], gap_ns: int = FRAME_NS) -> list[Fixation]:
    seen, now = [], Fixation()
    for number, (x, y) in enumerate(places):
        now = step(now, x, y, NOISE, (number + 1) * gap_ns)
        seen.append(now)
    return seen


def test_a_jump_arrives_at_once() -> None:
    seen = through([(0.2, 0.2)] * 8 + [(0.8, 0.2), (0.8, 0.2)])
    assert (seen[8].x, seen[8].y, seen[8].looks) == (0.8, 0.2, 1)


def test_a_jump_of_one_axis_is_a_jump() -> None:
    seen = through([(0.2, 0.2)] * 5 + [(0.2, 0.35)])
    assert seen[-1].y == 0.35


def test_looks_within_a_fixation_are_averaged() -> None:
    random = np.random.default_rng(1)
    noisy = [(float(x), float(y)) for x, y in random.normal((0.5, 0.5), (NOISE.x, NOISE.y), (400, 2))]
    kept = [f for f in through(noisy) if f.looks >= 4]
    assert np.std([f.x for f in kept]) < 0.7 * NOISE.x
    assert np.std([f.y for f in kept]) < 0.7 * NOISE.y


def test_a_slow_drift_is_followed() -> None:
    drift = [(0.3 + 0.004 * n, 0.5) for n in range(60)]
    assert through(drift)[-1].x == pytest.approx(drift[-1][0], abs=0.02)


def test_after_a_gap_nothing_old_is_averaged_in() -> None:
    assert through([(0.5, 0.5), (0.51, 0.5)], gap_ns=seconds(0.5))[-1].looks == 1
