"""Tiles that light up in turn: what a press chooses, and what it does not."""

import msgspec
import pytest

from unit.scanner import LOWER, MIDDLE, UPPER, Scanner, tiles
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import scan
from vybor.selector import step as select
from vybor.selector.ways import Headband

RULE = CommitSettings(scan=ScanUse.ALWAYS)


def scanner(rule: CommitSettings = RULE) -> Scanner:
    return Scanner(tiles(), rule)


def test_rows_light_up_from_the_top_and_their_tiles_from_the_left() -> None:
    assert scan.rows(tiles()) == (UPPER, MIDDLE, LOWER)
    assert scan.rows(tiles(slots=(7, 9, 2))) == ((2,), (9,), (7,))


@pytest.mark.parametrize("slot", range(10))
def test_two_presses_choose_any_tile(slot: int) -> None:
    row = next(row for row in (UPPER, MIDDLE, LOWER) if slot in row)
    hand = scanner().until(*row).press().until(slot).press()
    assert hand.slots() == [slot]
    evidence = hand.chosen[0].evidence
    assert evidence.channel is m.Channelled.SCAN
    assert (evidence.passes, evidence.slot_without_prior) == (0, slot)
    assert min(evidence.log_odds.scan, evidence.log_odds.switch) > 2
    assert evidence.posterior == evidence.posterior_without_prior > 0.9


def test_the_first_row_is_lit_twice_as_long_because_a_new_page_must_be_read() -> None:
    hand = scanner().until(*UPPER)
    began_ns = hand.now_ns
    assert hand.until(*MIDDLE).now_ns - began_ns == pytest.approx(seconds(2 * RULE.scan_step_s), rel=0.05)
    began_ns = hand.now_ns
    assert hand.until(*LOWER).until(*UPPER).until(*MIDDLE).now_ns - began_ns == pytest.approx(
        seconds(3 * RULE.scan_step_s), rel=0.05
    )


def test_the_next_turn_is_known_ahead() -> None:
    hand = scanner().until(*UPPER)
    for _ in range(8):
        next_ns = scan.next_turn_ns(hand.state, hand.now_ns, RULE)
        assert next_ns is not None
        assert next_ns > hand.now_ns
        assert scan.turn(hand.state, next_ns - 1, RULE).slots == hand.lit()
        assert scan.turn(hand.state, next_ns, RULE).slots != hand.lit()
        hand.now_ns = next_ns


def test_a_press_that_took_seconds_to_arrive_takes_nothing() -> None:
    hand = scanner().until(*UPPER).wait(0.5)
    at_ns = hand.now_ns
    hand.wait(6)
    hand.state, chosen = select.press(hand.state, m.SwitchPress(at_ns=at_ns), RULE)
    assert (chosen, hand.state.scan is not None and hand.state.scan.row) == (None, ())


def test_one_press_only_takes_the_row() -> None:
    assert scanner().until(*LOWER).press().wait(10).slots() == []


def test_the_round_begins_at_the_same_place_after_every_choice() -> None:
    hand = scanner().until(*LOWER).press().until(6).press()
    assert hand.lit() == ()
    hand.wait(RULE.refractory_s + 0.1)
    assert hand.lit() == UPPER


@pytest.mark.parametrize("late_s", [0.0, 0.1, 0.15])
def test_a_press_just_after_the_change_means_what_was_lit_before(late_s: float) -> None:
    """Nobody reacts so fast to what has just been lit."""
    hand = scanner().until(*UPPER).press().until(2)
    hand.until(3).press(late_s)
    assert hand.slots() in ([2], [])
    assert late_s > 0.1 or hand.slots() == [2]


def test_a_press_on_the_line_between_two_turns_is_nobodys() -> None:
    hand = scanner().until(*UPPER).press().until(2).until(3).press(RULE.scan_reaction_s + 0.05)
    assert hand.slots() == []
    assert hand.until(3).press().slots() == [3]


@pytest.mark.parametrize("after_s", [0.05, 0.2, 0.3, 0.45])
def test_a_second_press_right_after_the_first_changes_nothing(after_s: float) -> None:
    """A hand that trembles presses twice: between a row and its first tile there is the pause of a choice."""
    hand = scanner().until(*UPPER).press().press(after_s).press(0.05)
    assert (hand.lit(), hand.slots()) == ((0,) if after_s >= 0.45 else (), [])
    assert hand.until(0).press().slots() == [0]


def test_the_tiles_of_a_row_light_up_after_the_pause_however_long_it_is() -> None:
    hand = scanner(msgspec.structs.replace(RULE, refractory_s=3.0)).wait(3).until(*LOWER).press()
    began_ns = hand.now_ns
    assert hand.until(4).now_ns - began_ns == pytest.approx(seconds(3.0), rel=0.05)
    assert hand.press().slots() == [4]


def test_a_row_that_nobody_wants_is_left_after_two_rounds_and_they_are_counted() -> None:
    hand = scanner().until(*MIDDLE).press().wait(RULE.refractory_s + 2 * 2 * RULE.scan_step_s + 0.1)
    assert hand.lit() == UPPER
    hand.until(*LOWER).until(*UPPER).press().until(1).until(2).until(1).press()
    assert hand.slots() == [1]
    assert hand.chosen[0].evidence.passes == 2


def test_after_all_rounds_the_next_press_only_begins_anew() -> None:
    rule = msgspec.structs.replace(RULE, scan_passes=2)
    hand = Scanner(tiles(), rule).wait((1 + 2 * 3) * rule.scan_step_s + 0.5)
    assert (hand.lit(), hand.troubles()) == ((), (m.Trouble.SCAN_WAITS,))
    hand.press()
    assert (hand.slots(), hand.lit(), hand.troubles()) == ([], UPPER, ())
    assert hand.until(*LOWER).press().until(5).press().slots() == [5]


@pytest.mark.parametrize("known_after_s", [0.0, 0.7, 1.4])
def test_a_gesture_known_late_means_what_was_lit_when_it_began(known_after_s: float) -> None:
    hand = scanner()
    hand.headband = Headband.THERE
    hand.until(*UPPER).wait(0.5).blink_twice(known_after_s=known_after_s)
    hand.until(2).wait(0.5).blink_twice(known_after_s=known_after_s)
    assert hand.slots() == [2]
    assert hand.chosen[0].evidence.log_odds.signal == 3.0


@pytest.mark.parametrize("log_odds", [1.0, -4.0, float("nan"), float("-inf")])
def test_a_doubtful_gesture_takes_nothing(log_odds: float) -> None:
    hand = scanner().until(*UPPER).wait(0.5).blink_twice(log_odds)
    assert hand.until(*MIDDLE).slots() == []


def test_only_what_the_display_has_lit_can_be_pressed() -> None:
    hand = scanner()
    hand.state = select.passed(hand.state, hand.now_ns, RULE, Headband.UNSET)
    hand.now_ns += 1_000_000_000
    hand.state, chosen = select.press(hand.state, m.SwitchPress(at_ns=hand.now_ns), RULE)
    assert chosen is None
    assert hand.state.scan is not None
    assert hand.state.scan.row == ()


def test_what_is_lit_is_held_and_the_rest_may_change() -> None:
    hand = scanner().until(*LOWER).wait(0.1)
    assert select.held(hand.state) == LOWER
    hand.show(2, tiles("klmdefghij"))
    assert hand.lit() == LOWER
    hand.press().until(5).press()
    assert [(chosen.offer, chosen.slot) for chosen in hand.chosen] == [(2, 5)]


def test_the_scan_begins_anew_where_what_is_lit_changed_or_places_did() -> None:
    hand = scanner().until(*LOWER).press().until(6).wait(0.5)
    hand.show(2, tiles("abcdefkhij"))
    assert hand.lit() == UPPER
    hand.until(*MIDDLE).wait(0.1).show(3, tiles("abcdefkhij", tuple(range(9))))
    assert hand.lit() == UPPER
    assert hand.press(0.1).slots() == []


def test_a_word_that_took_the_place_of_a_lit_one_is_not_chosen() -> None:
    """The press meant the word that stood there; the scan is somewhere else by the time it changes."""
    hand = scanner().until(*UPPER).press().until(1).wait(0.3)
    at_ns = hand.now_ns
    hand.wait(1.0).show(2, tiles("aXcdefghij"))
    hand.state, chosen = select.press(hand.state, m.SwitchPress(at_ns=at_ns), RULE)
    assert chosen is None


def test_nor_is_one_that_took_the_place_of_a_tile_alone_in_its_row() -> None:
    page = (0, 1, 4, 5, 9)
    hand = Scanner(tiles(slots=page), RULE).until(9).wait(0.4)
    at_ns = hand.now_ns
    hand.until(4, 5).wait(0.1)
    dated = m.SwitchPress(at_ns=at_ns)
    assert select.press(hand.state, dated, RULE)[1] is not None
    hand.show(2, tiles("abcdefghiX", page))
    assert hand.lit() == (4, 5)
    assert select.press(hand.state, dated, RULE)[1] is None


def test_on_a_page_of_one_tile_a_press_at_any_time_chooses_nothing() -> None:
    hand = Scanner(tiles(slots=(4,)), RULE).until(4)
    began_ns = hand.now_ns
    assert hand.until().now_ns - began_ns < seconds(3 * RULE.scan_step_s)
    assert hand.press().slots() == []
    assert hand.until(4).press().slots() == [4]


def test_looking_chooses_nothing_while_tiles_light_up_in_turn() -> None:
    pad = TEN.zones[1].pad
    point = m.GazePoint(x=(pad.left + pad.right) / 2, y=0.05, sd_x=0.02, sd_y=0.02)
    body = m.GazePoint(x=point.x, y=0.2, sd_x=0.02, sd_y=0.02)
    assert scanner().wait(3, body).wait(5, point).slots() == []


def test_a_switch_that_is_off_presses_nothing() -> None:
    hand = Scanner(tiles(), msgspec.structs.replace(RULE, switch=False))
    hand.headband = Headband.THERE
    assert hand.until(*UPPER).press().until(*MIDDLE).slots() == []
