"""The ridge: what it says of a row that it never saw is what it says without that row."""

import numpy as np
import pytest

from vybor.gaze.points.ridge import ridge


@pytest.mark.parametrize(("rows", "columns"), [(9, 4), (9, 40), (60, 12)])
def test_leaving_a_row_out_is_what_fitting_without_it_is(rows: int, columns: int) -> None:
    random = np.random.default_rng(rows)
    given, taken = random.uniform(0.1, 1.0, rows), random.normal(size=(rows, columns))
    places = random.uniform(0.0, 1.0, (rows, 2))
    whole = ridge(taken, places, given)
    for at in (0, rows // 2, rows - 1):
        others = np.arange(rows) != at
        without = ridge(taken[others], places[others], given[others])
        error = taken[at] @ without.slopes + without.offset - places[at]
        assert whole.left_out[at] == pytest.approx(error, abs=1e-9)


def test_a_row_counts_by_its_weight() -> None:
    random = np.random.default_rng(1)
    taken, places = random.normal(size=(8, 3)), random.uniform(0.0, 1.0, (8, 2))
    twice = ridge(np.vstack([taken, taken[:2]]), np.vstack([places, places[:2]]), np.ones(10))
    weighed = ridge(taken, places, np.array([2.0, 2.0, 1, 1, 1, 1, 1, 1]))
    np.testing.assert_allclose(weighed.slopes, twice.slopes)
    np.testing.assert_allclose(weighed.offset, twice.offset)
