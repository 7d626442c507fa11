"""How many zones: by the error of the looks, and never under somebody's eyes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_deciding import RULES, instant
from vybor.composer.layout import LAYOUTS
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Trouble
from vybor.core.aiming import zoning
from vybor.core.aiming.zoning import BY_EYES, ENOUGH, FRESH_NS, LARGER_NS, TOLD_NS, Zoning, asked_for, lands
from vybor.core.decision import deciding
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector.state import Selector
from vybor.selector.ways import Headband
from world.desk import Desk

errors = st.floats(0.001, 0.5)
GOOD, FAIR, BAD = (0.033, 0.06), (0.08, 0.14), (0.2, 0.33)
"""Standard errors in fractions of a panel of seven inches: .75, 1.5 and 3.5 degrees."""


def seen(error: tuple[float, float], looks: int = ENOUGH) -> Zoning:
    known = Zoning()
    for _ in range(looks):
        known = zoning.saw(known, m.GazePoint(x=0.5, y=0.5, sd_x=error[0], sd_y=error[1]))
    return known


def passed(known: Zoning, now_ns: int = 1, *, is_calm: bool = True, is_empty: bool = True) -> int:
    return zoning.passed(known, now_ns, is_hidden=False, is_calm=is_calm, is_empty=is_empty).zones


def test_the_worse_the_eyes_the_fewer_zones() -> None:
    assert [asked_for(*error) for error in ((0.01, 0.01), GOOD, FAIR, BAD)] == [10, 10, 4, 2]
    assert asked_for(0.063, 0.109) == 8


@given(st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_fewer_zones_are_hit_at_least_as_often(sd_x: float, sd_y: float) -> None:
    found = [lands(LAYOUTS[zones], sd_x, sd_y) for zones in (10, 8, 4)]
    assert found == sorted(found)


@given(errors, errors, st.sampled_from(BY_EYES))
def test_what_is_asked_for_stays_where_it_is(sd_x: float, sd_y: float, now: int) -> None:
    there = asked_for(sd_x, sd_y, now)
    assert there in BY_EYES
    assert asked_for(sd_x, sd_y, there) == there
    assert (
        asked_for(sd_x * 1.05, sd_y * 1.05, there) == there or asked_for(sd_x / 1.05, sd_y / 1.05, there) == there
    )


def test_who_chooses_nothing_after_the_dots_came_twice_has_larger_tiles_for_a_while() -> None:
    def asked(known: Zoning, dots: int, now_ns: int) -> Zoning:
        hidden = Selector()
        return zoning.watched(known, hidden, Writing(text="I am"), dots, now_ns)

    once = asked(seen(GOOD), 1, 1)
    assert once.zones == 10
    twice = asked(once, 2, 2)
    assert (twice.zones, zoning.told(twice, 2)) == (8, Trouble.FEWER_TILES)
    assert asked(twice, 2, 3).zones == 8
    assert [asked(twice, 3, 3).zones, asked(asked(twice, 3, 3), 4, 4).zones] == [4, 2]
    chosen = asked(twice, 0, 3)
    assert chosen.zones == 8
    assert passed(chosen, LARGER_NS - 1) == 8
    assert passed(chosen, LARGER_NS + 3) == 10
    assert asked(asked(chosen, 1, 4), 2, 5).zones == 4


def test_it_changes_on_an_empty_line_or_behind_the_dots_and_only_while_the_eyes_are_on_no_tile() -> None:
    known = seen(FAIR)
    assert passed(known) == 4
    assert passed(seen(FAIR, ENOUGH - 1)) == 10
    assert passed(known, is_calm=False) == 10
    later = FRESH_NS + 2
    assert passed(known, later, is_empty=False) == 10
    behind_the_dots = msgspec.structs.replace(known, hidden_ns=2)
    assert passed(behind_the_dots, later, is_empty=False) == 4


def test_a_look_without_a_measured_error_says_nothing() -> None:
    known = seen(GOOD)
    nothing = m.GazePoint(x=0.5, y=0.5, sd_x=float("nan"), sd_y=0.1)
    assert zoning.saw(known, nothing) == known


class Seated(Desk):
    """A desk whose time passes, with eyes of some error."""

    def __init__(self, zones: int = 0, commit: CommitSettings = RULES.commit) -> None:
        super().__init__(msgspec.structs.replace(RULES, zones=zones, commit=commit, instant=instant))

    def see(self, error: tuple[float, float], for_s: float = 2.0, place: tuple[float, float] = (0.5, 0.5)) -> None:
        for _ in range(round(for_s * 15)):
            self.now_ns += seconds(1 / 15)
            point = m.GazePoint(x=place[0], y=place[1], sd_x=error[0], sd_y=error[1])
            self.hear(m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))
            self.state = deciding.passed(self.state, self.rules, self.now_ns, Headband.UNSET)
            self.show()

    def open(self, role: Role) -> None:
        """Choose the tile of a role, through the folds that hold it."""
        while True:
            tile = next(tile for tile in self.state.tiles if role in {tile.role, *(e.role for e in tile.members)})
            self.choose(tile.slot)
            if tile.role is role:
                return


def test_the_kit_takes_the_layout_that_the_eyes_ask_for_and_says_so() -> None:
    desk = Seated()
    desk.see(FAIR)
    assert desk.screen().zones == 4
    assert len(desk.state.tiles) == 4
    assert zoning.told(desk.state.zoning, desk.now_ns) is Trouble.FEWER_TILES
    assert zoning.told(desk.state.zoning, desk.now_ns + TOLD_NS) is None
    desk.see((0.02, 0.02), 5.0)
    assert desk.screen().zones == 10
    assert zoning.told(desk.state.zoning, desk.now_ns) is Trouble.MORE_TILES


def test_in_the_middle_of_a_text_the_layout_stays() -> None:
    desk = Seated()
    desk.see(GOOD, 10.0)
    desk.choose(0)
    desk.see(BAD, 3.0)
    assert desk.screen().zones == 10


def test_a_setting_holds_whatever_the_eyes_say() -> None:
    desk = Seated(zones=6)
    desk.see(BAD)
    assert desk.screen().zones == 6


def test_while_tiles_light_up_in_turn_there_are_ten_zones_and_every_fold_is_closed() -> None:
    desk = Seated(zones=4)
    desk.open(Role.FOLD)
    assert desk.state.writing.unfolded
    rules = msgspec.structs.replace(desk.rules, commit=CommitSettings(scan=ScanUse.ALWAYS))
    desk.state = deciding.passed(desk.state, rules, desk.now_ns, Headband.UNSET)
    assert desk.screen().zones == 10
    assert not desk.state.writing.unfolded
    assert desk.state.tiles == desk.state.page


@pytest.mark.parametrize("zones", [8, 6, 4, 2])
def test_what_was_read_on_a_fold_is_what_unfolds(zones: int) -> None:
    """Even if the model has other words by then; what comes later is shown as ever."""
    desk = Seated(zones=zones)
    desk.show()
    fold = next(tile for tile in desk.state.tiles if any(each.role is Role.CANDIDATE for each in tile.members))
    desk.look(fold.slot, 0.5)
    assert desk.state.prompt
    answer = [m.Candidate(words=(word,), p=0.4, source=m.Source.MODEL) for word in ("So", "But", "Then", "Now")]
    desk.answer(answer, desk.state.prompt.number, "test")
    assert fold in desk.state.tiles
    desk.choose(fold.slot)
    read = {each.label for each in fold.members if each.role is Role.CANDIDATE}
    shown = {e.label for tile in desk.state.tiles for e in (*tile.members, tile) if e.role is Role.CANDIDATE}
    assert shown == read
    decision = desk.decided[-1].decision
    assert (decision.action, decision.text_after) == (m.Action.PAGE, "")
    chosen = next(tile for tile in decision.shown if tile.slot == decision.slot)
    assert [each.label for each in chosen.members] == [each.label for each in fold.members]
