"""Where Undo and Speak stand: measured by quarters, decided once for a clear gain, announced, kept."""

import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.fitting_person import SETTINGS, Body, Fitter
from unit.test_deciding import RULES, instant
from vybor.composer.layout import LAYOUTS, TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.contracts.messages import Arrangement, Role, Sign, Standing
from vybor.core.aiming import quarters
from vybor.core.aiming.misses import Act
from vybor.core.aiming.quarters import LOWER_LEFT, LOWER_RIGHT, UPPER_LEFT, UPPER_RIGHT, WITHIN, Measured, Quarter
from vybor.core.decision import standing
from vybor.core.decision.standing import CLEARLY, ENOUGH, LEAST_SQUARE, places, verdict, worse
from vybor.core.desks.fit_desk import FitDesk
from vybor.core.desks.places_desk import ANNOUNCED_NS, TOLD_NS, PlacesDesk
from vybor.foundation.clock import seconds
from vybor.selector.state import Selector
from world.desk import Desk

EXACT, TWICE = 0.01, 0.02
"""Squared distances."""
FRAME_S = 1 / 15
NOISE = 0.03
UNDO, CORNER = 8, 3


def of(*squares: float, signs: int = ENOUGH) -> Measured:
    return Measured(tuple(Quarter(signs, square) for square in squares))


UPPER_RIGHT_BAD = of(EXACT, TWICE, EXACT, EXACT)

# --- the choice ----------------------------------------------------------------------------------------------


def test_zones_lie_in_the_quarters_that_they_cover() -> None:
    ten = [quarters.of_area(zone.visible) for zone in TEN.zones]
    assert ten[:4] == [(UPPER_LEFT,), (UPPER_LEFT,), (UPPER_RIGHT,), (UPPER_RIGHT,)]
    assert ten[8:] == [(UPPER_LEFT, LOWER_LEFT), (UPPER_RIGHT, LOWER_RIGHT)]
    assert [quarters.of_area(zone.visible) for zone in LAYOUTS[4].zones] == [(0,), (1,), (2,), (3,)]
    assert quarters.of_area(LAYOUTS[6].zones[1].visible) == (UPPER_LEFT, UPPER_RIGHT)


def test_undo_and_speak_have_these_quarters() -> None:
    assert places(10, Arrangement.DEFAULT) == ((UPPER_LEFT, LOWER_LEFT), (UPPER_RIGHT,))
    assert places(10, Arrangement.TURNED) == ((UPPER_RIGHT, LOWER_RIGHT), (LOWER_LEFT,))
    for zones in (8, 6):
        assert places(zones, Arrangement.DEFAULT) == ((UPPER_LEFT,), (UPPER_RIGHT,))
        assert places(zones, Arrangement.LOWERED) == ((LOWER_LEFT,), (LOWER_RIGHT,))
    assert places(4, Arrangement.LOWERED) == ((LOWER_RIGHT,), (LOWER_RIGHT,))


@pytest.mark.parametrize("zones", [10, 8, 6, 4])
def test_from_a_corner_that_is_measured_clearly_worse_speak_goes_to_a_better_one(zones: int) -> None:
    found = verdict(UPPER_RIGHT_BAD, zones, Arrangement.DEFAULT)
    assert found
    assert found.is_decided
    assert UPPER_RIGHT not in places(zones, found.at)[1]
    assert worse(UPPER_RIGHT_BAD, zones, found.at) == pytest.approx(EXACT)


@pytest.mark.parametrize("zones", LAYOUTS)
def test_without_a_clear_gain_they_stay_where_they_are(zones: int) -> None:
    hardly = of(EXACT, EXACT * CLEARLY * 0.99, EXACT, EXACT)
    for at in Arrangement:
        for measured in (of(EXACT, EXACT, EXACT, EXACT), hardly):
            found = verdict(measured, zones, at)
            assert found
            assert found.at is at


def test_where_one_whole_side_is_worse_nothing_opposite_is_better() -> None:
    right_bad = of(EXACT, 4 * EXACT, EXACT, 4 * EXACT)
    for zones in (10, 8, 6):
        found = verdict(right_bad, zones, Arrangement.DEFAULT)
        assert found
        assert found.at is Arrangement.DEFAULT


def test_before_there_is_enough_in_every_quarter_nothing_is_decided() -> None:
    few = (*UPPER_RIGHT_BAD.quarters[:3], Quarter(ENOUGH - 1, EXACT))
    assert verdict(Measured(few), 10, Arrangement.DEFAULT) is None


squares = st.floats(0.0, 0.5)


@given(st.tuples(squares, squares, squares, squares), st.sampled_from(list(LAYOUTS)), st.sampled_from(Arrangement))
def test_whoever_is_moved_stands_clearly_better_and_stays_there(
    found: tuple[float, ...], zones: int, at: Arrangement
) -> None:
    measured = of(*found)
    decided = verdict(measured, zones, at)
    assert decided
    if decided.at is not at:
        assert worse(measured, zones, decided.at) * CLEARLY <= worse(measured, zones, at)
    else:
        assert all(worse(measured, zones, at) < CLEARLY * worse(measured, zones, how) for how in Arrangement)
    again = verdict(measured, zones, decided.at)
    assert again
    assert again.at is decided.at
    assert worse(measured, zones, at) >= LEAST_SQUARE


def test_chance_alone_hardly_ever_moves_them() -> None:
    chance = random.Random(3)

    def drawn(error: float) -> Quarter:
        x_sd, y_sd = (error**2 + 0.05**2) ** 0.5, (error**2 + 0.042**2) ** 0.5
        found = [chance.gauss(0, x_sd) ** 2 + chance.gauss(0, y_sd) ** 2 for _ in range(ENOUGH)]
        return Quarter(ENOUGH, sum(found) / ENOUGH)

    def moved(*errors: float) -> float:
        people = (verdict(Measured(tuple(map(drawn, errors))), 10, Arrangement.DEFAULT) for _ in range(400))
        return sum(one is not None and one.at is not Arrangement.DEFAULT for one in people) / 400

    assert moved(0.05, 0.05, 0.05, 0.05) < 0.01
    assert moved(0.05, 0.1, 0.05, 0.05) > 0.6


# --- the measure ---------------------------------------------------------------------------------------------


class Seen(Desk):
    """A desk whose choices are measured; looks fall beside by so much."""

    def __init__(self, beside: tuple[float, float] = (0.0, 0.0), how: Arrangement = Arrangement.DEFAULT) -> None:
        self.measured = Measured()
        self.beside = beside
        rules = msgspec.structs.replace(RULES, zones=10, instant=instant, standing=Standing(at=how))
        super().__init__(rules)

    def hear(self, message: m.AnyMessage) -> None:
        before, decided = self.state.selector, len(self.decided)
        super().hear(message)
        chosen = self.decided[-1].decision if len(self.decided) > decided else None
        act = Act(message, before, self.state.selector, chosen.action if chosen else None)
        self.measured = quarters.saw(self.measured, act, chosen, self.rules.commit)

    def rest_on(self, place: tuple[float, float], for_s: float) -> None:
        for _ in range(round(for_s / FRAME_S)):
            self.now_ns += seconds(FRAME_S)
            x, y = place[0] + self.beside[0], place[1] + self.beside[1]
            point = m.GazePoint(x=x, y=y, sd_x=NOISE, sd_y=NOISE)
            self.hear(m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))

    def take(self, slot: int) -> None:
        """Look at a tile and press."""
        self.show()
        tile = next(tile for tile in self.state.tiles if tile.slot == slot)
        body = without_pad(tile.area, tile.pad)
        x = (max(0.0, body.left) + min(1.0, body.right)) / 2
        self.rest_on((x, (max(0.0, body.top) + min(1.0, body.bottom)) / 2), 0.9)
        self.press()

    @property
    def signs(self) -> list[int]:
        return [quarter.signs for quarter in self.measured.quarters]


def test_a_choice_counts_in_its_quarter_once_the_next_one_leaves_it() -> None:
    desk = Seen()
    desk.take(0)
    assert desk.signs == [0, 0, 0, 0]
    desk.take(2)
    assert desk.signs == [1, 0, 0, 0]
    desk.take(UNDO)
    assert desk.signs == [1, 0, 0, 0]  # what was taken back says nothing
    desk.take(1)
    assert desk.signs == [2, 0, 1, 0]  # Undo lies in both


def test_under_another_arrangement_it_counts_where_it_stands() -> None:
    desk = Seen(how=Arrangement.TURNED)
    desk.take(7)  # the last letters, which stand in Speak's corner now
    desk.take(0)
    assert desk.signs == [0, 1, 0, 0]


def test_how_far_looks_fall_beside_is_measured() -> None:
    desk = Seen((0.05, 0.02))
    for _ in range(3):
        desk.take(0)
    assert desk.measured.quarters[UPPER_LEFT].square == pytest.approx(0.05**2 + 0.02**2, abs=1e-3)
    assert Quarter(5, WITHIN + 2 * 0.03**2).error == pytest.approx(0.03)
    assert Quarter(5, 0.0).error == 0.0


def test_a_sign_in_vain_counts_as_a_look_at_the_border_of_what_was_looked_at() -> None:
    desk = Seen()
    selector = Selector(tiles=desk.state.tiles, slot=CORNER)
    act = Act(m.SwitchPress(at_ns=seconds(20)), selector, selector)
    measured = quarters.saw(Measured(), act, None, RULES.commit)
    quarter = measured.quarters[UPPER_RIGHT]
    assert quarter.signs == 1
    assert quarter.error > 0.08
    nowhere = msgspec.structs.replace(selector, slot=None)
    act = Act(act.message, nowhere, nowhere)
    assert quarters.saw(Measured(), act, None, RULES.commit) == Measured()


# --- when they move ------------------------------------------------------------------------------------------


def wanted(desk: Desk, how: Arrangement) -> Desk:
    desk.rules = msgspec.structs.replace(desk.rules, standing=Standing(at=how, is_decided=True))
    return desk


def test_they_move_on_an_empty_line_only_and_never_under_a_look() -> None:
    desk = wanted(Seen(), Arrangement.MIRRORED)
    desk.show()
    desk.look(0, 0.6)
    assert standing.passed(desk.state, desk.rules) is desk.state
    desk.choose(0)
    desk.rest_on((0.5, 0.5), 1.0)
    assert desk.state.selector.slot is None
    assert standing.passed(desk.state, desk.rules) is desk.state
    desk.choose(CORNER)  # Speak
    desk.show()
    desk.rest_on((0.5, 0.5), 1.0)
    moved = standing.passed(desk.state, desk.rules)
    assert moved.standing.at is Arrangement.MIRRORED
    assert moved.offer > desk.state.offer
    undo = next(tile for tile in moved.tiles if tile.role is Role.UNDO)
    assert undo.area == TEN.zones[9].area
    assert standing.passed(moved, desk.rules) is moved


def test_that_it_is_decided_where_they_are_changes_no_tile() -> None:
    desk = wanted(Seen(), Arrangement.DEFAULT)
    after = standing.passed(desk.state, desk.rules)
    assert after.standing.is_decided
    assert (after.tiles, after.offer) == (desk.state.tiles, desk.state.offer)


# --- at the desk ---------------------------------------------------------------------------------------------


def fit_desk(path: Path) -> FitDesk:
    return FitDesk(path / "fitting.json", SETTINGS)


def decided(path: Path, wish: str = "auto") -> PlacesDesk:
    """Somebody wrote until it was decided that Speak goes to a lower corner."""
    desk = PlacesDesk(fit_desk(path), wish)
    desk._measured = UPPER_RIGHT_BAD
    seen = Seen()
    desk.saw(Act(m.SwitchPress(at_ns=1), seen.state.selector, seen.state.selector), None, 10)
    return desk


def troubles(desk: PlacesDesk, now_ns: int) -> list[m.Trouble]:
    return [each.trouble for each in desk.troubles(now_ns)]


def test_it_is_announced_then_told_and_kept_once_it_stands_there(tmp_path: Path) -> None:
    desk = decided(tmp_path)
    desk.passed(Arrangement.DEFAULT, 1)
    assert troubles(desk, 1) == [m.Trouble.PLACES_MOVE]
    assert desk.standing.at is Arrangement.DEFAULT
    later = ANNOUNCED_NS + 1
    desk.passed(Arrangement.DEFAULT, later)
    assert desk.standing.at is Arrangement.LOWERED
    assert troubles(desk, later) == [m.Trouble.PLACES_MOVE]  # the line is not empty yet
    assert PlacesDesk(fit_desk(tmp_path), "auto").standing.at is Arrangement.DEFAULT
    desk.passed(Arrangement.LOWERED, later + 1)
    assert troubles(desk, later + 1) == [m.Trouble.PLACES_MOVED]
    assert troubles(desk, later + TOLD_NS + 2) == []
    again = PlacesDesk(fit_desk(tmp_path), "auto").standing
    assert (again.at, again.is_decided) == (Arrangement.LOWERED, True)
    assert again.errors[UPPER_RIGHT] > again.errors[UPPER_LEFT]


def test_what_is_decided_stays_whatever_is_measured_later(tmp_path: Path) -> None:
    desk = decided(tmp_path)
    for at, now_ns in (
        (Arrangement.DEFAULT, 1),
        (Arrangement.DEFAULT, ANNOUNCED_NS + 1),
        (Arrangement.LOWERED, 9),
    ):
        desk.passed(at, now_ns)
    desk._measured = of(EXACT, EXACT, EXACT, 9 * EXACT)
    seen = Seen()
    desk.saw(Act(m.SwitchPress(at_ns=1), seen.state.selector, seen.state.selector), None, 10)
    desk.passed(Arrangement.LOWERED, seconds(100))
    assert desk.standing.at is Arrangement.LOWERED


def test_where_nothing_is_better_nothing_is_announced(tmp_path: Path) -> None:
    desk = PlacesDesk(fit_desk(tmp_path), "auto")
    desk._measured = of(EXACT, EXACT, EXACT, EXACT)
    seen = Seen()
    desk.saw(Act(m.SwitchPress(at_ns=1), seen.state.selector, seen.state.selector), None, 10)
    desk.passed(Arrangement.DEFAULT, 1)
    assert troubles(desk, 1) == []
    assert desk.standing.is_decided
    assert PlacesDesk(fit_desk(tmp_path), "auto").standing.is_decided


def test_measuring_anew_leaves_them_where_they_stand_until_it_is_done(tmp_path: Path) -> None:
    desk = decided(tmp_path)
    for at, now_ns in (
        (Arrangement.DEFAULT, 1),
        (Arrangement.DEFAULT, ANNOUNCED_NS + 1),
        (Arrangement.LOWERED, 9),
    ):
        desk.passed(at, now_ns)
    desk.again()
    assert desk.told() == Standing(at=Arrangement.LOWERED, signs=(0, 0, 0, 0))
    assert desk.standing.at is Arrangement.LOWERED


def test_a_new_fitting_has_it_measured_anew(tmp_path: Path) -> None:
    fits = fit_desk(tmp_path)
    fits.keep(msgspec.structs.replace(fits.kept, standing=Standing(at=Arrangement.TURNED, is_decided=True)))
    desk = PlacesDesk(fits, "auto")
    fits.follow(Fitter(Body()).start(Sign.SWITCH).run().state.fits)
    desk.passed(Arrangement.TURNED, 1)
    assert desk.standing == Standing(at=Arrangement.TURNED)


def test_a_setting_has_the_last_word_and_is_announced_too(tmp_path: Path) -> None:
    desk = PlacesDesk(fit_desk(tmp_path), "turned")
    assert desk.standing.at is Arrangement.DEFAULT
    desk.passed(Arrangement.DEFAULT, 1)
    assert troubles(desk, 1) == [m.Trouble.PLACES_MOVE]
    desk.passed(Arrangement.DEFAULT, ANNOUNCED_NS + 1)
    desk.passed(Arrangement.TURNED, ANNOUNCED_NS + 2)
    assert desk.standing == Standing(at=Arrangement.TURNED, is_set=True)
    assert "display.places auto" in desk.refusal
    again = PlacesDesk(fit_desk(tmp_path), "turned")
    again.passed(Arrangement.TURNED, 1)
    assert (again.standing.at, troubles(again, 1)) == (Arrangement.TURNED, [])
    by_eyes = PlacesDesk(fit_desk(tmp_path), "auto")
    assert (by_eyes.standing, by_eyes.refusal) == (Standing(at=Arrangement.TURNED), "")
