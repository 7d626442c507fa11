"""Features belong to the eye: where the head is in the picture changes nothing in them."""

import numpy as np
import pytest

from unit.gaze_faces import face
from vybor.gaze.faces.features import LID_COLUMNS, NAMES, SCALES, features, openings


def test_a_row_has_a_name_and_a_scale_for_each_column() -> None:
    assert len(features(face())) == len(NAMES) == len(SCALES) == len(set(NAMES))


def test_irises_and_lids_are_measured_in_widths_of_the_eye() -> None:
    row = dict(zip(NAMES, features(face(iris=(0.1, -0.05), opening=(0.3, 0.2))), strict=True))
    assert row["iris_x_left"] == pytest.approx(0.1, abs=1e-5)
    assert row["iris_y_right"] == pytest.approx(-0.05, abs=1e-5)
    assert row["opening_right"] == pytest.approx(0.2, abs=1e-5)
    assert openings(face(opening=(0.3, 0.2))) == pytest.approx((0.3, 0.2), abs=1e-5)


@pytest.mark.parametrize(("turned", "scale"), [(0.3, 1.0), (-0.5, 1.0), (0.0, 0.4), (0.2, 2.0)])
def test_rolling_or_moving_the_head_leaves_the_eyes_as_they_were(turned: float, scale: float) -> None:
    still = features(face(iris=(0.1, 0.04)))
    moved = features(face(iris=(0.1, 0.04), turned=turned, scale=scale))
    columns = len(LID_COLUMNS)
    np.testing.assert_allclose(moved[:columns], still[:columns], atol=1e-4)


def test_a_turned_head_is_seen_in_the_pose() -> None:
    assert features(face(yaw=0.2))[NAMES.index("yaw")] == pytest.approx(0.2, abs=1e-5)
