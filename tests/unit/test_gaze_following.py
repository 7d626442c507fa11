"""A dot that moves: what was followed makes looks, what was not is left out, and a delay is found by itself."""

from collections.abc import Callable

import numpy as np
import pytest

from unit.gaze_faces import rows_at
from vybor.contracts import pursuit
from vybor.foundation.clock import seconds
from vybor.gaze.faces.features import POSE_COLUMNS, POSE_SCALES, of_head
from vybor.gaze.looks import following as f
from vybor.gaze.points.model import fit, predict

MOVES_NS = seconds(1000)
HZ = 15
AWAY = (0.2, 0.7)


Read = Callable[[float], tuple[float, float]]


def path(
    late_s: float = 0.12, away: tuple[tuple[float, float], ...] = (), seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Capture times, features, and whether the eyes were on the dot; else they rest on a place beside it."""
    random = np.random.default_rng(seed)
    times, rows, on_it = [], [], []
    for number in range(round(30.4 * HZ)):
        since_s = number / HZ
        is_away = any(begin <= since_s < end for begin, end in away)
        x, y = AWAY if is_away else pursuit.place(seconds(since_s - late_s))
        times.append(MOVES_NS + seconds(since_s))
        rows.append(both_eyes(rows_at(x, y, random, samples=1)[0]))
        on_it.append(not is_away)
    return np.array(times, np.int64), np.array(rows, np.float32), np.array(on_it)


def both_eyes(row: np.ndarray) -> np.ndarray:
    """The right eye does as the left does."""
    for one, other in zip(f.ACROSS[::2] + f.DOWN[::2], f.ACROSS[1::2] + f.DOWN[1::2], strict=True):
        row[other] = row[one]
    return row


def test_the_dot_reaches_every_corner_and_is_never_too_fast_to_follow() -> None:
    places = np.array([pursuit.place(seconds(since_s)) for since_s in np.arange(0.0, 30.0, 1 / 60)])
    for corner in ((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)):
        assert np.hypot(*(places - corner).T).min() < 0.03
    degrees = np.diff(places, axis=0) * (45.0, 27.0) * 60
    assert np.hypot(*degrees.T).max() < 17  # across the widest of screens
    assert np.abs(np.diff(degrees, axis=0)).max() < 0.5  # it never starts, stops or turns at once


def test_before_it_moves_and_after_it_is_in_the_middle() -> None:
    assert pursuit.place(-1) == pursuit.place(0) == pursuit.place(pursuit.LASTS_NS) == (0.5, 0.5)


def test_eyes_that_follow_all_the_way_make_looks_all_over_the_screen() -> None:
    times_ns, rows, _ = path()
    found = f.looks(times_ns, rows, MOVES_NS, 7)
    assert len(found) > 60
    assert {look.calibration for look in found} == {7}
    assert sum(look.weight for look in found) == pytest.approx(f.WEIGHT)
    model, random = fit(found), np.random.default_rng(2)
    for place in ((0.1, 0.1), (0.9, 0.5), (0.5, 0.5), (0.3, 0.9)):
        row = both_eyes(rows_at(*place, random, samples=1)[0])
        assert predict(model, row[np.newaxis])[0] == pytest.approx(place, abs=0.06)


@pytest.mark.parametrize("late_s", [0.0, 0.1, 0.25])
def test_how_late_pictures_are_is_found(late_s: float) -> None:
    times_ns, rows, _ = path(late_s)
    assert f.followed(times_ns, rows, MOVES_NS).delay_ns == pytest.approx(seconds(late_s), abs=seconds(0.051))


def test_what_was_not_followed_is_left_out() -> None:
    times_ns, rows, on_it = path(away=((6.0, 11.0), (20.0, 23.0)))
    kept = f.followed(times_ns, rows, MOVES_NS).kept
    assert (kept & ~on_it).sum() < 0.15 * (~on_it).sum()
    assert (kept & on_it).sum() > 0.85 * on_it.sum()
    assert len(f.looks(times_ns, rows, MOVES_NS, 1)) > 40


def test_eyes_that_rest_or_follow_too_little_make_no_look() -> None:
    assert f.looks(*path(away=((0.0, 31.0),))[:2], MOVES_NS, 1) == []
    assert f.looks(*path(away=((0.0, 20.0),))[:2], MOVES_NS, 1) == []
    assert f.looks(*(each[:5] for each in path()[:2]), MOVES_NS, 1) == []


def test_eyes_that_follow_another_dot_make_no_look() -> None:
    times_ns, random = path()[0], np.random.default_rng(5)
    turns = 2 * np.pi * (times_ns - MOVES_NS) / 1e9
    others = np.stack([0.5 + 0.4 * np.sin(turns / 7.3), 0.5 + 0.4 * np.cos(turns / 5.1)], axis=1)
    rows = np.array([both_eyes(rows_at(x, y, random, samples=1)[0]) for x, y in others])
    assert f.looks(times_ns, rows, MOVES_NS, 1) == []


def test_the_noise_of_a_look_is_that_of_the_eyes_and_not_of_the_dot() -> None:
    times_ns, rows, _ = path()
    model = fit(f.looks(times_ns, rows, MOVES_NS, 1))
    assert model.noise.x < 0.012
    assert model.noise.y < 0.015


def test_a_head_can_follow_too() -> None:
    times_ns, _, _ = path()
    random = np.random.default_rng(3)
    rows = np.zeros((len(times_ns), 198), np.float32)
    places = f.places(times_ns, MOVES_NS, seconds(0.1))
    rows[:, POSE_COLUMNS[0]] = 0.5 * (places[:, 0] - 0.5)
    rows[:, POSE_COLUMNS[1]] = 0.3 * (places[:, 1] - 0.5)
    rows[:, POSE_COLUMNS] += random.normal(0, 0.03, (len(rows), 6)) * list(POSE_SCALES.values())
    assert np.array_equal(of_head(rows), rows)
    assert len(f.looks(times_ns, rows, MOVES_NS, 1)) > 60


def eyes_at(place: Read) -> tuple[np.ndarray, np.ndarray]:
    times_ns, random = path()[0], np.random.default_rng(1)
    places = [place((at_ns - MOVES_NS) / 1e9) for at_ns in times_ns.tolist()]
    return times_ns, np.array([both_eyes(rows_at(x, y, random, samples=1)[0]) for x, y in places], np.float32)


def test_eyes_that_go_half_with_the_dot_and_half_their_own_way_make_no_look() -> None:
    def place(since_s: float) -> tuple[float, float]:
        x, y = pursuit.place(seconds(since_s - 0.12))
        own_x, own_y = np.sin(2 * np.pi * since_s / 4.3), np.cos(2 * np.pi * since_s / 3.1)
        return 0.45 * x + 0.55 * (0.5 + 0.44 * own_x), 0.45 * y + 0.55 * (0.5 + 0.44 * own_y)

    times_ns, rows = eyes_at(place)
    assert f.looks(times_ns, rows, MOVES_NS, 1) == []


def test_a_saccade_in_the_midst_of_following_is_left_out() -> None:
    times_ns, rows, _ = path()
    aside = rows.copy()
    aside[200, f.ACROSS] += 0.1  # a third of the screen
    assert f.followed(times_ns, rows, MOVES_NS).kept[195:206].all()
    kept = f.followed(times_ns, aside, MOVES_NS).kept[195:206]
    assert kept.tolist() == [*[True] * 5, False, *[True] * 5]


def test_what_was_followed_in_three_quarters_of_the_screen_makes_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing would be known of the fourth."""
    times_ns, rows, _ = path()
    places = f.places(times_ns, MOVES_NS, 0)

    def partly(*_: object) -> f.Followed:
        return f.Followed(~((places > 0.45).all(axis=1)), 0)

    assert f.looks(times_ns, rows, MOVES_NS, 1)
    monkeypatch.setattr(f, "followed", partly)
    assert partly().kept.mean() > 0.6
    assert f.looks(times_ns, rows, MOVES_NS, 1) == []
