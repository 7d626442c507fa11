"""Likeness to kept looks: some stand for very many, and a strange picture is known as one."""

import numpy as np
import pytest

from vybor.gaze.faces.features import LANDMARKS, NAMES, SCALES
from vybor.gaze.points.likeness import MOST, likeness


def sights(count: int, seed: int = 1, spread: float = 0.4) -> np.ndarray:
    rows: np.ndarray = np.random.default_rng(seed).normal(0.0, spread, (count, len(NAMES))) * SCALES
    return rows


def test_all_looks_of_few_stand_for_themselves_and_of_many_some_of_all_times() -> None:
    few = sights(40)
    np.testing.assert_array_equal(likeness(few, 9).rows, few / SCALES)
    many = sights(MOST + 500)
    known = likeness(many, 9)
    assert len(known.rows) == MOST
    np.testing.assert_array_equal(known.rows[:9], many[:9] / SCALES)  # today's, every one
    np.testing.assert_array_equal(known.rows[-1], many[-1] / SCALES)
    middle = many[9 : MOST + 500 : 2] / SCALES
    assert 0.2 < np.mean([(row == middle).all(axis=1).any() for row in known.rows[9:]]) < 0.8


def test_columns_of_looks_give_their_likeness_again() -> None:
    rows = np.vstack([sights(20), sights(20)])  # twice the same looks too
    known = likeness(rows, 20)
    columns = known.of(rows).to @ known.whitening()
    np.testing.assert_allclose(columns @ columns.T, known.of(rows).to, atol=1e-5)


def test_a_picture_like_a_kept_one_is_familiar_and_another_light_is_not() -> None:
    rows = sights(9)
    known = likeness(rows, 9)
    assert known.of(rows).familiar == pytest.approx(np.ones(9))
    noisy, turned = rows.copy(), rows.copy()
    noisy[:, LANDMARKS:] += np.random.default_rng(2).normal(0.0, 0.3, noisy[:, LANDMARKS:].shape)
    turned[:, LANDMARKS:] = sights(9, seed=3, spread=1.0)[:, LANDMARKS:]
    assert (known.of(noisy).familiar == 1).all()
    assert (known.of(turned).familiar == 0).all()
    turned[:, LANDMARKS:], turned[:, :LANDMARKS] = (
        rows[:, LANDMARKS:],
        0.0,
    )  # a head elsewhere is no strange picture
    assert (known.of(turned).familiar == 1).all()


def test_what_is_like_nothing_is_told_by_nothing() -> None:
    known = likeness(sights(9), 9)
    assert np.abs(known.of(sights(3, seed=4, spread=5.0)).to).max() < 1e-3
