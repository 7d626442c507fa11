"""The ridge: more than the mean, honest about its error, taught by earlier days, not thrown by a moving head."""

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import IRIS_X, IRIS_Y, rows_at
from vybor.gaze.faces.features import NAMES
from vybor.gaze.looks.calibration import DOTS
from vybor.gaze.points.model import LEAST_BIAS, Look, fit, follows, predict

YAW, RIGHT_CM = (NAMES.index(name) for name in ("yaw", "right_cm"))


def looks(random: np.random.Generator, calibration: int = 1, day: float = 0.0) -> list[Look]:
    return [Look(x=x, y=y, rows=rows_at(x, y, random, day=day), calibration=calibration) for x, y in DOTS]


def errors(model_looks: list[Look], seed: int, day: float = 0.0) -> np.ndarray:
    random = np.random.default_rng(seed)
    places = random.uniform(0.0, 1.0, (40, 2))
    fitted = fit(model_looks)
    guesses = [predict(fitted, rows_at(x, y, random, day=day)).mean(axis=0) for x, y in places]
    return np.array(guesses) - places


def test_the_ridge_beats_the_mean() -> None:
    random = np.random.default_rng(1)
    found = np.sqrt((errors(looks(random), 2) ** 2).mean(axis=0))
    assert (found < 0.1).all()
    assert (found < np.std(DOTS, axis=0) / 4).all()


def test_the_error_that_it_gives_is_about_the_error_that_it_makes() -> None:
    random = np.random.default_rng(3)
    known = looks(random)
    fitted = fit(known)
    found = np.sqrt((errors(known, 4) ** 2).mean(axis=0))
    assert 0.5 * found[0] < fitted.bias.x < 3 * max(found[0], LEAST_BIAS)
    assert 0.5 * found[1] < fitted.bias.y < 3 * max(found[1], LEAST_BIAS)


def test_a_lucky_calibration_is_not_believed_to_be_without_error() -> None:
    """Nine dots that fit by chance: their own figure would be the least there is."""
    random = np.random.default_rng(16)
    known = [Look(x=x, y=y, rows=rows_at(x, y, random, samples=1) * 0, calibration=1) for x, y in DOTS]
    for look in known:
        look.rows[:, [IRIS_X, IRIS_Y]] = (-0.3 * (look.x - 0.5), 0.1 * (look.y - 0.5))
    bias = fit(known).bias
    assert bias.x > 1.2 * LEAST_BIAS
    assert bias.y > 2 * LEAST_BIAS


def test_noise_from_sample_to_sample_is_known() -> None:
    fitted = fit(looks(np.random.default_rng(5)))
    within = predict(fitted, rows_at(0.3, 0.6, np.random.default_rng(6), samples=400)).std(axis=0)
    assert (fitted.noise.x, fitted.noise.y) == pytest.approx(tuple(within), rel=0.5)


def test_todays_dots_weigh_more_than_those_of_another_day() -> None:
    """The camera has moved since: the old looks are all wrong in the same way."""
    random = np.random.default_rng(7)
    old = looks(random, calibration=1, day=0.03)
    both = errors([*old, *looks(random, calibration=2)], 8)
    only_old = errors(old, 8)
    assert abs(both[:, 0].mean()) < 0.5 * abs(only_old[:, 0].mean())


def test_earlier_days_help_when_today_is_poor() -> None:
    random = np.random.default_rng(9)
    today = [look for look in looks(random, calibration=9) if look.x > 0.4]
    earlier = [look for day in range(8) for look in looks(random, calibration=day + 1)]
    assert np.abs(errors([*earlier, *today], 10)).mean() < np.abs(errors(today, 10)).mean()


def test_an_earlier_look_that_was_elsewhere_hardly_spoils_the_rest() -> None:
    """Told to look at a dot, the eyes were at the opposite corner; nobody noticed."""
    random = np.random.default_rng(17)
    earlier = [look for day in range(6) for look in looks(random, calibration=day + 1)]
    today = looks(random, calibration=9)
    lied = [
        msgspec.structs.replace(look, x=1 - look.x, y=1 - look.y) if at % 13 == 1 else look
        for at, look in enumerate(earlier)
    ]
    honest, spoiled = errors([*earlier, *today], 18), errors([*lied, *today], 18)
    assert np.abs(spoiled).mean() < 1.5 * np.abs(honest).mean()  # 5 times as large where they are not doubted


def test_a_head_that_moves_after_calibrating_does_not_throw_the_point_away() -> None:
    random = np.random.default_rng(11)
    known = looks(random)
    for look in known:  # as still as a head can be, but with a chance correlation to the dots
        look.rows[:, RIGHT_CM] += 0.02 * look.x
        look.rows[:, YAW] += 0.001 * look.y
    fitted = fit(known)
    rows = rows_at(0.5, 0.5, random)
    moved = rows.copy()
    moved[:, RIGHT_CM] += 3.0
    moved[:, YAW] += 0.1
    away = predict(fitted, moved).mean(axis=0) - predict(fitted, rows).mean(axis=0)
    assert np.abs(away).max() < 0.15


def test_a_little_past_the_edge_stays_past_the_edge() -> None:
    random = np.random.default_rng(12)
    x, y = predict(fit(looks(random)), rows_at(-0.1, 1.15, random)).mean(axis=0)
    assert x < -0.02
    assert y > 1.03


def test_looks_that_did_not_follow_the_dots_are_known() -> None:
    random = np.random.default_rng(13)
    assert follows(looks(random))
    elsewhere = [Look(x=x, y=y, rows=rows_at(0.4, 0.4, random), calibration=1) for x, y in DOTS]
    assert not follows(elsewhere)


def test_two_dots_are_no_calibration() -> None:
    with pytest.raises(ValueError, match="2 looks are too few"):
        fit(looks(np.random.default_rng(14))[:2])
