"""A check by three dots, with simulated eyes: what is beside as a whole goes, and nothing else changes."""

import numpy as np
import pytest

from unit.test_gaze_simulated_eyes import look_at
from vybor.gaze.looks.calibration import BRIEF, CHECK, DOTS
from vybor.gaze.points.mending import checked, looked_at
from vybor.gaze.points.model import GazeModel, Look, fit, predict

PLACES = np.random.default_rng(7).uniform(0.1, 0.9, (40, 2))


@pytest.fixture(scope="module")
def known() -> GazeModel:
    random = np.random.default_rng(1)
    days = [(day, x, y) for day in range(3) for x, y in DOTS]
    return fit([Look(x=x, y=y, rows=look_at(x, y, random), calibration=1 + day) for day, x, y in days])


def on_a_day(moved: tuple[float, float], gain: float = 1.0, seed: int = 2) -> tuple[list[Look], list[np.ndarray]]:
    """Looks at the dots of a check, and at other places, where eyes seem to be elsewhere."""
    random = np.random.default_rng(seed)

    def seen(x: float, y: float) -> np.ndarray:
        return look_at(0.5 + gain * (x - 0.5) + moved[0], 0.5 + gain * (y - 0.5) + moved[1], random)

    return [Look(x=x, y=y, rows=seen(x, y), calibration=9) for x, y in CHECK], [seen(x, y) for x, y in PLACES]


def beside(model: GazeModel, rows: list[np.ndarray]) -> np.ndarray:
    return np.array([predict(model, each).mean(axis=0) for each in rows]) - PLACES


def test_what_is_beside_as_a_whole_is_taken_off(known: GazeModel) -> None:
    looks, rows = on_a_day((0.12, -0.08))
    found = checked(known, looks)
    assert (found.beside.x, found.beside.y) == (pytest.approx(0.12, abs=0.04), pytest.approx(-0.08, abs=0.04))
    before, after = (np.abs(beside(model, rows).mean(axis=0)) for model in (known, found.model))
    assert (after < 0.4 * before).all()
    moved = beside(known, rows) - beside(found.model, rows)
    np.testing.assert_allclose(moved, [found.beside] * len(rows), atol=1e-9)


def test_where_nothing_has_moved_hardly_anything_is_lost(known: GazeModel) -> None:
    sizes = []
    for seed in range(8):
        looks, rows = on_a_day((0.0, 0.0), seed=seed)
        sizes.append([np.hypot(*beside(model, rows).T).mean() for model in (known, checked(known, looks).model)])
    before, after = np.mean(sizes, axis=0)
    assert after < before + 0.01


def test_what_is_left_is_promised_and_never_less_than_before(known: GazeModel) -> None:
    near, far = (checked(known, on_a_day((0.0, 0.0), gain)[0]) for gain in (1.0, 2.0))
    assert near.model.bias.x >= known.bias.x
    assert far.left.x > 0.1 > near.left.x
    assert far.model.bias.x == far.left.x > known.bias.x
    assert far.promised == known.bias


def at_dots(moved: tuple[float, float], gain: float, late: tuple[float, float] | None, seed: int) -> list[Look]:
    """Looks at the five dots; who was `late` was still looking there when the first one was shown."""
    random = np.random.default_rng(seed)
    places = [(late or BRIEF[0]), *BRIEF[1:]]
    rows = [
        look_at(0.5 + gain * (x - 0.5) + moved[0], 0.5 + gain * (y - 0.5) + moved[1], random) for x, y in places
    ]
    return [Look(x=x, y=y, rows=seen, calibration=9) for (x, y), seen in zip(BRIEF, rows, strict=True)]


@pytest.mark.parametrize("gain", [0.85, 1.0, 1.15])
@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.2, -0.15), (-0.12, 0.2)])
def test_a_dot_that_nobody_looked_at_is_known_wherever_looks_fall_as_a_whole(
    known: GazeModel, moved: tuple[float, float], gain: float
) -> None:
    for seed in range(4):
        all_looked_at = at_dots(moved, gain, None, seed)
        assert looked_at(known, all_looked_at) == all_looked_at
        late = at_dots(moved, gain, (0.9, 0.06), seed)
        kept = looked_at(known, late)
        assert all(look is not late[0] for look in kept)
        assert gain > 1 or kept == late[1:], "what a far gain puts off the screen may be doubted too"
