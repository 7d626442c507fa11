"""A pointer in the place of the eyes: one that rests is no lost look, and one that was put away leaves a way."""

import msgspec
import pytest

from unit.scanner import LOWER, TICK_S, UPPER, Scanner, tiles
from unit.test_partner import RULES
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.core import lost
from vybor.core.aiming import astray
from vybor.core.aiming.astray import EDGES, IN_HAND, PUT_AWAY_NS, STARED_NS, Astray
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.settings import CommitSettings, ScanUse, Settings
from vybor.selector import step as select
from vybor.selector.ways import Headband, Way
from world.desk import Desk

BY_MOUSE = msgspec.structs.replace(RULES, settings=Settings(gaze=GazeSettings(source=GazeSource.POINTER)))
RULE = CommitSettings()
PLACE = (0.15, 0.2)
"""On the first tile."""
ALL_ROUNDS_S = 60.0


class Mouse:
    """A pointer and a switch before tiles, in virtual time; how often it was asked for somebody."""

    def __init__(self, rule: CommitSettings = RULE, *, pressed: bool = True) -> None:
        self.hand = Scanner(tiles(), rule)
        self.known, self.place = Astray(), PLACE
        self._lost, self.asked = lost.Lost(), 0
        if pressed:
            self.hand.press()
            self.hand.chosen.clear()

    def rest(self, for_s: float, *, trembles: float = 0.0) -> "Mouse":
        """Stand there, to a hair or not quite."""
        for tick in range(round(for_s / TICK_S)):
            x = self.place[0] + trembles * (tick % 2)
            before, chosen = self.hand.state, len(self.hand.chosen)
            point = m.GazePoint(x=x, y=self.place[1], sd_x=0.01, sd_y=0.01)
            self.hand.wait(TICK_S, point)
            self.known = astray.pointed(self.known, before, self.hand.state, point)
            if len(self.hand.chosen) > chosen:
                self.known = astray.chosen(self.known)
            hand = self.hand
            self.known, hand.state = astray.passed(self.known, hand.state, Writing(), hand.rule, hand.now_ns)
            self._lost, is_due = lost.passed(self._lost, hand.state, hand.rule, hand.now_ns, resting=False)
            self.asked += is_due
        return self

    def move(self, by: float) -> "Mouse":
        self.place = (self.place[0] + by, self.place[1])
        return self

    def press(self) -> "Mouse":
        chosen = len(self.hand.chosen)
        self.hand.press(after_s=0)
        if len(self.hand.chosen) > chosen:
            self.known = astray.chosen(self.known)
        return self

    def take(self, *slots: int) -> "Mouse":
        """Press a moment after these are lit."""
        for _ in range(1_000):
            if self.hand.lit() == slots:
                return self.rest(0.4).press()
            self.rest(TICK_S)
        raise AssertionError(f"{slots} are never lit")

    @property
    def is_scanning(self) -> bool:
        return self.hand.state.scan is not None


def test_a_mouse_that_rests_on_a_tile_or_between_two_is_left_in_peace() -> None:
    for place in (PLACE, (0.25, 0.2), (0.5, 0.5)):
        mouse = Mouse()
        mouse.place = place
        assert not mouse.rest(PUT_AWAY_NS / 1e9 - 2).is_scanning, place
    assert Mouse().rest(STARED_NS / 1e9 + 2, trembles=0.001).is_scanning, "an eye tracker's, that cannot take it"


def test_one_that_was_put_away_lets_tiles_light_up_and_is_back_at_a_touch() -> None:
    mouse = Mouse().rest(PUT_AWAY_NS / 1e9 + 2)
    assert mouse.is_scanning
    assert Way.SCAN in (mouse.hand.state.ways or ())
    assert mouse.move(IN_HAND / 2).rest(8).is_scanning, "the table was pushed"
    assert not mouse.move(IN_HAND).rest(1).is_scanning
    mouse.rest(1).press()
    assert mouse.hand.slots() == [0], "by the pointer again"


def test_who_put_it_away_writes_by_the_switch_for_as_long_as_they_like() -> None:
    mouse = Mouse().rest(PUT_AWAY_NS / 1e9 + 2)
    for _ in range(3):
        assert mouse.take(*LOWER).take(5).rest(5).is_scanning
    assert mouse.hand.slots() == [5, 5, 5]


def test_a_press_after_all_rounds_begins_them_anew_and_takes_nothing_and_nobody_is_called() -> None:
    mouse = Mouse().rest(PUT_AWAY_NS / 1e9 + ALL_ROUNDS_S + 120)
    assert mouse.is_scanning
    assert mouse.hand.lit() == ()
    assert mouse.asked == 0, "whose pointer rests may rest, too"
    assert mouse.press().hand.slots() == []
    mouse.rest(1)
    assert mouse.hand.lit() == UPPER


def test_within_a_row_that_was_taken_a_push_changes_nothing() -> None:
    mouse = Mouse().rest(PUT_AWAY_NS / 1e9 + 2)
    assert mouse.take(*UPPER).move(2 * IN_HAND).rest(1).is_scanning
    mouse.take(1)
    assert mouse.hand.slots() == [1]
    assert not mouse.rest(1.5).is_scanning


@pytest.mark.parametrize(
    "mouse", [Mouse(pressed=False), Mouse(CommitSettings(scan=ScanUse.OFF))], ids=["never pressed", "switched off"]
)
def test_where_nothing_else_can_choose_the_pointer_always_does(mouse: Mouse) -> None:
    assert not mouse.rest(PUT_AWAY_NS / 1e9 + 30).is_scanning
    assert mouse.asked == 0


def test_who_chooses_by_it_has_it_in_hand() -> None:
    mouse = Mouse()
    for _ in range(4):
        mouse.rest(PUT_AWAY_NS / 2e9).press()
    assert mouse.hand.slots() == [0, 0, 0, 0]
    assert not mouse.is_scanning


def test_presses_beside_every_tile_still_let_tiles_light_up() -> None:
    mouse = Mouse()
    mouse.place = (0.5, 0.5)
    mouse.rest(1)
    for _ in range(EDGES):
        mouse.known = astray.pressed(mouse.known, in_vain=True)
    assert mouse.rest(1).is_scanning


@pytest.mark.parametrize(("rules", "stands"), [(BY_MOUSE, True), (RULES, False)], ids=["pointer", "eyes"])
def test_the_decision_tells_a_pointer_from_eyes(rules: Rules, *, stands: bool) -> None:
    desk = Desk(rules)
    desk.show()
    desk.state = msgspec.structs.replace(
        desk.state, selector=select.press(desk.state.selector, m.SwitchPress(at_ns=0), rules.commit)[0]
    )
    for _ in range(10):
        desk.look(0, 1.0)
        desk.show()
        desk.state = deciding.passed(desk.state, rules, desk.now_ns, Headband.UNSET)
    assert (desk.state.selector.scan is None) is stands
    assert desk.now_ns < seconds(30)
