"""Eyes drawn by the numbers: pictures tell more than landmarks between the dots, and nothing past the last one."""

import numpy as np
import pytest

from unit.gaze_faces import IRIS_X, IRIS_Y, LID, rows_at
from vybor.gaze.faces.face import EYE_COLUMNS, EYE_ROWS
from vybor.gaze.faces.features import LANDMARKS
from vybor.gaze.looks.calibration import DOTS
from vybor.gaze.points.model import GazeModel, Look, fit, predict

SAMPLES = 12
LANDMARK_NOISE = (0.02, 0.008, 0.006)
"""Of the iris across and down, and of the lid, from look to look: 7 per cent of the screen or so."""
COVERED = 0.95
"""Past this place an iris is under the lids: it moves on, and its picture does not."""


def picture(x: float, y: float) -> np.ndarray:
    """A dark disc on white, where the lids let it be seen; twice, of mean 0 and standard deviation 1."""
    seen_x, seen_y = (float(np.clip(place, 1 - COVERED, COVERED)) for place in (x, y))
    across = (np.arange(EYE_COLUMNS) + 0.5) / EYE_COLUMNS - (0.7 - 0.4 * seen_x)
    down = ((np.arange(EYE_ROWS) + 0.5) / EYE_ROWS - (0.35 + 0.3 * seen_y)) * EYE_ROWS / EYE_COLUMNS
    white = 1 / (1 + np.exp(-(np.hypot(across, down[:, None]) - 0.18) / 0.04))
    even = (white - white.mean()) / white.std()
    return np.concatenate([even.ravel(), even.ravel()])


def look_at(x: float, y: float, random: np.random.Generator) -> np.ndarray:
    rows = rows_at(x, y, random, samples=SAMPLES)
    rows[:, [IRIS_X, IRIS_Y, LID]] += random.normal(0.0, LANDMARK_NOISE)
    rows[:, LANDMARKS:] = picture(x, y) + random.normal(0.0, 0.15, (SAMPLES, 2 * EYE_ROWS * EYE_COLUMNS))
    return rows


@pytest.fixture(scope="module")
def known() -> GazeModel:
    random = np.random.default_rng(1)
    days = [(day, x, y) for day in range(6) for x, y in DOTS]
    return fit([Look(x=x, y=y, rows=look_at(x, y, random), calibration=1 + day) for day, x, y in days])


def test_between_the_dots_pictures_tell_more_than_landmarks(known: GazeModel) -> None:
    random = np.random.default_rng(2)
    places = random.uniform(0.1, 0.9, (60, 2))
    rows = [look_at(x, y, random) for x, y in places]
    alone = np.array([known.alone.at(each).mean(axis=0) for each in rows]) - places
    found = np.array([predict(known, each).mean(axis=0) for each in rows]) - places
    assert (np.abs(found).mean(axis=0) < 0.7 * np.abs(alone).mean(axis=0)).all()


@pytest.mark.parametrize(("axis", "end"), [(0, 0), (0, 1), (1, 0), (1, 1)], ids=["left", "right", "top", "bottom"])
def test_past_the_last_dot_a_look_goes_at_least_as_far_as_landmarks_alone(
    known: GazeModel, axis: int, end: int
) -> None:
    random = np.random.default_rng(3)
    outward = 1 if end else -1

    def out(past: float) -> tuple[float, float]:
        place = [0.5, 0.5]
        place[axis] = end + outward * past
        rows = np.vstack([look_at(place[0], place[1], random) for _ in range(40)])
        found, alone = predict(known, rows)[:, axis], known.alone.at(rows)[:, axis]
        return outward * (found.mean() - end), outward * (alone.mean() - end)

    (at_dot, _), (edge, edge_alone), (past, past_alone) = out(-0.06), out(0.0), out(0.1)
    assert edge > edge_alone - 0.01
    assert past > past_alone - 0.02
    assert past > edge + 0.05 > at_dot + 0.07  # without the landmarks' word by .01 each


def test_a_strange_picture_leaves_the_landmarks_alone(known: GazeModel) -> None:
    """As behind new glasses: each point of the picture says something else, and none of it is believed."""
    rows = look_at(0.8, 0.3, np.random.default_rng(4))
    rows[:, LANDMARKS:] = np.random.default_rng(5).normal(0.0, 1.0, rows[:, LANDMARKS:].shape)
    np.testing.assert_allclose(predict(known, rows), known.alone.at(rows))
