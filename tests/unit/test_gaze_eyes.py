"""One eye or two: the better one stands alone where the other is turned, shut or covered, and only there."""

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import rows_at
from vybor.foundation.gaze_settings import WhichEyes
from vybor.gaze.faces.features import NAMES, PATCH_COLUMNS, SHAPES
from vybor.gaze.faces.sides import BOTH, seen_by
from vybor.gaze.looks.calibration import DOTS
from vybor.gaze.points import eyes
from vybor.gaze.points.eyes import fit_eyes, follow
from vybor.gaze.points.model import Look, fit, predict

LEFT, RIGHT = (1,), (0,)
"""The person's."""
OF_EYE = {
    side: [NAMES.index(f"{name}_{('left', 'right')[side]}") for name in ("iris_x", "iris_y", "upper_lid")]
    for side in BOTH
}
PLACES = [(0.2, 0.3), (0.8, 0.25), (0.35, 0.75), (0.7, 0.6), (0.5, 0.5)]


def rows(x: float, y: float, random: np.random.Generator, turned: int | None = None) -> np.ndarray:
    """Both eyes at a place, but for one that looks anywhere."""
    made = rows_at(0.5, 0.5, random)
    made[:, -len(PATCH_COLUMNS) :] += 0.5  # a picture is there
    for side in BOTH:
        there = random.uniform(0, 1, 2) if side == turned else np.array([x, y])
        off = np.array([-0.3 * (there[0] - 0.5), 0.1 * (there[1] - 0.5), 0.08 * (there[1] - 0.5)])
        made[:, OF_EYE[side]] += off + random.normal(0.0, (0.012, 0.006, 0.006))
    return made


def looks(seed: int, turned: int | None = None, days: int = 1) -> list[Look]:
    random = np.random.default_rng(seed)
    return [
        Look(x=x, y=y, rows=rows(x, y, random, turned), calibration=1 + day)
        for day in range(days)
        for x, y in DOTS
    ]


def beside(looks: list[Look], eyes: WhichEyes, turned: int | None) -> float:
    """How far looks of this model fall beside, by the root of the mean square."""
    model, random = fit_eyes(looks, eyes), np.random.default_rng(99)
    errors = [predict(model, rows(x, y, random, turned)).mean(axis=0) - (x, y) for x, y in PLACES * 6]
    return float(np.sqrt((np.array(errors) ** 2).mean()))


def test_a_row_seen_by_one_eye_has_nothing_of_the_other() -> None:
    row = np.arange(len(NAMES), dtype=float)
    seen = dict(zip(NAMES, seen_by(row, RIGHT), strict=True))
    assert seen["iris_x_right"] == seen["iris_x_left"] == NAMES.index("iris_x_left")
    assert seen["patch_right_3_5"] == NAMES.index("patch_left_3_5")
    assert seen["eyeLookInLeft"] == seen["eyeLookInRight"] == NAMES.index("eyeLookInRight")
    assert seen["right_cm"] == NAMES.index("right_cm")
    assert seen["yaw"] == NAMES.index("yaw")
    assert (seen_by(row, BOTH) == row).all()
    assert len(set(seen_by(row, LEFT))) == len(set(seen_by(row, RIGHT))) == len(NAMES) - 5 - 84 - len(SHAPES) // 2


@pytest.mark.parametrize(("turned", "alone"), [(0, LEFT), (1, RIGHT)])
def test_an_eye_that_looks_elsewhere_is_left_out(turned: int, alone: tuple[int, ...]) -> None:
    chosen = [fit_eyes(looks(seed, turned), WhichEyes.AUTO).sides for seed in range(8)]
    assert chosen.count(alone) >= 6
    assert chosen.count((turned,)) == 0
    assert all(fit_eyes(looks(seed, turned, days=4), WhichEyes.AUTO).sides == alone for seed in range(4))


@pytest.mark.parametrize("turned", [0, 1])
def test_one_eye_alone_costs_nothing_where_the_other_looks_elsewhere(turned: int) -> None:
    known = [looks(seed, turned, days=3) for seed in range(4)]
    alone, both = (
        np.mean([beside(each, eyes, turned) for each in known]) for eyes in (WhichEyes.AUTO, WhichEyes.BOTH)
    )
    assert alone < 1.05 * both


def test_what_the_other_eye_does_later_changes_nothing() -> None:
    known, random = fit_eyes(looks(1, turned=0), WhichEyes.AUTO), np.random.default_rng(5)
    seen = rows(0.3, 0.6, random, turned=0)
    shut = seen.copy()
    shut[:, OF_EYE[0]] += 0.3
    shut[:, [NAMES.index(name) for name in PATCH_COLUMNS if "_left_" in name]] = 0.0
    np.testing.assert_array_equal(predict(known, shut), predict(known, seen))
    both = fit_eyes(looks(1, turned=0), WhichEyes.BOTH)
    assert np.abs(predict(both, shut) - predict(both, seen)).max() > 0.1


def test_of_two_good_eyes_none_is_left_out() -> None:
    chosen = [fit_eyes(looks(seed, days=days), WhichEyes.AUTO).sides for seed in range(8) for days in (1, 3)]
    assert chosen == [BOTH] * 16


def test_a_wish_is_kept() -> None:
    known = looks(1)
    assert fit_eyes(known, WhichEyes.LEFT).sides == LEFT
    assert fit_eyes(known, WhichEyes.RIGHT).sides == RIGHT
    assert fit_eyes(looks(1, turned=0), WhichEyes.BOTH).sides == BOTH


@pytest.mark.parametrize("how", ["shut", "covered"])
def test_an_eye_that_is_not_there_is_not_asked(how: str) -> None:
    """Even where chance has it that its columns would fit."""
    columns = [NAMES.index(name) for name in PATCH_COLUMNS if "_left_" in name]
    known = []
    for look in looks(1):
        changed = look.rows.copy()
        if how == "shut":
            changed[:, NAMES.index("eyeBlinkRight")] = 0.8
        else:
            changed[:, columns] = 0.0
        known.append(msgspec.structs.replace(look, rows=changed))
    assert fit_eyes(known, WhichEyes.AUTO).sides == LEFT
    assert fit_eyes(known, WhichEyes.BOTH).sides == BOTH


def test_who_shuts_both_is_asked_with_both() -> None:
    known = [msgspec.structs.replace(look, rows=look.rows.copy()) for look in looks(1)]
    for look in known:
        look.rows[:, [NAMES.index("eyeBlinkLeft"), NAMES.index("eyeBlinkRight")]] = 0.8
    assert fit_eyes(known, WhichEyes.AUTO).sides == BOTH


def test_one_eye_that_follows_is_enough_to_be_kept() -> None:
    random = np.random.default_rng(7)
    astray = [msgspec.structs.replace(look, rows=rows_at(*random.uniform(0, 1, 2), random)) for look in looks(1)]
    assert not follow(astray, WhichEyes.AUTO)
    assert follow(looks(3, turned=0), WhichEyes.AUTO)
    assert not follow(looks(3, turned=0), WhichEyes.RIGHT)
    assert follow(looks(3, turned=0), WhichEyes.LEFT)


def test_too_few_looks_are_too_few_for_one_eye_as_well() -> None:
    with pytest.raises(ValueError, match="too few"):
        fit_eyes(looks(1)[:2], WhichEyes.AUTO)


def test_two_eyes_are_fitted_as_ever() -> None:
    known = looks(1)
    both, ever = fit_eyes(known, WhichEyes.BOTH), fit(known)
    np.testing.assert_array_equal(predict(both, known[0].rows), predict(ever, known[0].rows))


@pytest.mark.parametrize(("better", "alone"), [(0.055, True), (0.07, False)])
def test_a_better_eye_stands_alone_only_if_it_is_about_as_good_as_both(
    better: float, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worse one may tell what the better does not."""
    errors = {BOTH: 0.05, RIGHT: better, LEFT: 0.3}
    monkeypatch.setattr(eyes, "_beside", lambda model: errors[model.sides])
    assert fit_eyes(looks(1), WhichEyes.AUTO).sides == (RIGHT if alone else BOTH)
