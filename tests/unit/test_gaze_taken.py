"""Two thousand tiles that were taken, with all that can go wrong: what is learned from them does not collapse."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from unit.gaze_faces import IRIS_X, IRIS_Y, LID
from unit.test_gaze_simulated_eyes import look_at
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen, without_pad
from vybor.core.aiming.aim import EVIDENT
from vybor.foundation.clock import SECOND_NS, seconds
from vybor.gaze.looks import taking
from vybor.gaze.looks.calibration import BRIEF, DOTS
from vybor.gaze.points.model import GazeModel, Look, fit, predict
from vybor.points import correcting, fixation
from vybor.selector.belief import density

SELECTIONS, SITTING = 2_000, 200
WORDS = [on_screen(without_pad(zone.area, zone.pad)) for zone in TEN.zones]
OFTEN = np.array([6, 6, 6, 6, 2, 2, 2, 2, 1, 1]) / 34
"""Words of the upper row are taken more often than letters."""
FRAME_NS = SECOND_NS // 15
FRAMES = 6
"""The first .4 s at the words."""
AWAY = np.array([0.03, -0.012, -0.01])
"""How far the head has turned in the end, as iris and lid show it: a tenth of the screen across and down."""


def middle(area: m.Area) -> np.ndarray:
    return np.array([(area.left + area.right) / 2, (area.top + area.bottom) / 2])


def size(area: m.Area) -> np.ndarray:
    return np.array([area.right - area.left, area.bottom - area.top])


class Writer:
    """Somebody who takes tiles, looks at five dots now and then, and the kit's own model, field and looks."""

    def __init__(self, drift: float = 0.0) -> None:
        self.random = np.random.default_rng(7)
        self.drift = drift
        self.done = 0.0
        self.dots: list[Look] = []
        self.taken: list[Look] = []
        self.wrong = 0
        self.now_ns = seconds(100)
        self.sit_down(DOTS)

    def sit_down(self, places: Sequence[tuple[float, float]]) -> None:
        """Dots, and a model of all that is kept, as gaze makes it."""
        number = self.dots[-1].calibration + 1 if self.dots else 1
        self.dots += [Look(x=x, y=y, rows=self.rows((x, y), 12), calibration=number) for x, y in places]
        self.model = taking.fitted(self.dots, self.taken)
        self.field = correcting.begin(self.model.bias, self.model.noise)
        self.seen: tuple[taking.Seen, ...] = ()

    def rows(
        self, place: tuple[float, float] | np.ndarray, count: int, random: np.random.Generator | None = None
    ) -> np.ndarray:
        rows = look_at(float(place[0]), float(place[1]), random or self.random)[:count].astype(np.float32)
        rows[:, [IRIS_X, IRIS_Y, LID]] += AWAY * self.drift * self.done
        return rows

    def look(self, place: np.ndarray) -> m.GazePoint:
        rows = self.rows(place, FRAMES)
        rests = fixation.Fixation()
        for row, (x, y) in zip(rows, predict(self.model, rows), strict=True):
            self.now_ns += FRAME_NS
            self.field = correcting.saw(self.field, self.now_ns, float(x), float(y))
            self.seen = taking.saw(self.seen, self.now_ns, row)
            rests = fixation.step(rests, float(x), float(y), self.model.noise, self.now_ns)
        return correcting.point(self.field, rests, self.now_ns)

    def take(self, label: Callable[[int, int], int]) -> None:
        """Look at a tile's words; once it is the likeliest it is taken, or another one by mistake."""
        meant = int(self.random.choice(10, p=OFTEN))
        point = self.look(middle(WORDS[meant]) + self.random.normal(0, 0.2, 2) * size(WORDS[meant]))
        chances = np.array([density(point, zone.area) for zone in TEN.zones])
        order = np.argsort(chances)
        slot = label(meant, int(order[-2] if order[-1] == meant else order[-1]))
        if slot == meant and order[-1] != meant:
            return
        told = m.LookedAt(
            at_ns=self.now_ns,
            area=WORDS[slot],
            from_ns=self.now_ns - (FRAMES - 1) * FRAME_NS,
            until_ns=self.now_ns,
            certainty=max(EVIDENT, float(chances[order[-1]] / chances.sum())),
        )
        self.wrong += slot != meant
        self.field = correcting.looked(self.field, told)
        if look := taking.look(self.seen, told, self.dots[-1].calibration):
            self.taken.append(look)

    def write(self, label: Callable[[int, int], int]) -> None:
        for number in range(SELECTIONS):
            self.done = number / SELECTIONS
            self.now_ns += seconds(4)
            self.take(label)
            if (number + 1) % SITTING == 0:
                self.sit_down(BRIEF)
        self.done = 1.0

    def error(self, model: GazeModel) -> float:
        """The mean distance from looks at words to where they fall, in screens; always of the same looks."""
        away, random = [], np.random.default_rng(11)
        for words in WORDS:
            for _ in range(20):
                place = middle(words) + random.normal(0, 0.2, 2) * size(words)
                found = predict(model, self.rows(place, FRAMES, random)).mean(axis=0)
                away.append(math.dist(found, place))
        return float(np.mean(away))

    def without(self) -> float:
        """The error of a model that learned from the same dots alone."""
        return self.error(fit(self.dots))


def wrong_in(writer: Writer, share: float) -> Callable[[int, int], int]:
    """The tile that is meant, but for so many: then the one that the kit takes it for next."""
    return lambda meant, nearest: nearest if writer.random.random() < share else meant


@pytest.mark.slow
@pytest.mark.parametrize(
    "drift",
    [
        pytest.param(0.0, id="still"),
        pytest.param(1.0, id="a head that turns away bit by bit", marks=pytest.mark.slow),
    ],
)
def test_two_thousand_tiles_with_five_in_a_hundred_wrong_make_looks_more_exact(drift: float) -> None:
    writer = Writer(drift)
    writer.write(wrong_in(writer, 0.05))
    assert len(writer.taken) > 0.9 * SELECTIONS
    assert writer.wrong > 0.04 * len(writer.taken)
    assert writer.error(writer.model) < 0.97 * writer.without()


@pytest.mark.parametrize(
    "share", [pytest.param(0.2, marks=pytest.mark.slow), 0.5, pytest.param(1.0, marks=pytest.mark.slow)]
)
def test_however_many_are_wrong_looks_are_no_worse_than_by_dots_alone(share: float) -> None:
    writer = Writer()
    writer.write(wrong_in(writer, share))
    assert writer.wrong > 0.9 * share * len(writer.taken)
    assert writer.error(writer.model) < 1.05 * writer.without()


@pytest.mark.slow
def test_a_tile_that_is_always_taken_for_its_neighbour_spoils_nothing() -> None:
    writer = Writer()
    fair = wrong_in(writer, 0.05)
    writer.write(lambda meant, nearest: 1 if meant == 0 else fair(meant, nearest))
    assert writer.error(writer.model) < 1.05 * writer.without()


def test_tiles_that_no_later_dots_have_judged_do_not_count_yet() -> None:
    writer = Writer()
    for _ in range(50):
        writer.take(wrong_in(writer, 0.0))
    known = fit(writer.dots)
    assert np.array_equal(taking.fitted(writer.dots, writer.taken).alike, known.alike)
    writer.sit_down(BRIEF)
    assert len(writer.model.known.rows) == len(writer.dots) + len(taking.capped(writer.taken))
