"""Ways to choose: which are open, which stands in for another, and when they come back."""

import pytest

from unit.scanner import TICK_S, UPPER, Scanner, tiles
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import pads, ways
from vybor.selector import step as select
from vybor.selector.ways import Headband, Input, Way

RULE = CommitSettings()
BODY = m.GazePoint(x=0.375, y=0.2, sd_x=0.02, sd_y=0.02)
PAD = m.GazePoint(x=0.375, y=0.02, sd_x=0.02, sd_y=0.02)
EVERYTHING = frozenset(Input)


@pytest.mark.parametrize(
    ("rule", "there", "opened"),
    [
        (RULE, EVERYTHING, (Way.SIGN, Way.PAD)),
        (RULE, {Input.EYES}, (Way.PAD,)),
        (RULE, {Input.SIGN, Input.ACT}, (Way.SCAN,)),
        (RULE, {Input.SIGN}, ()),
        (RULE, set(), ()),
        (CommitSettings(pad=False), {Input.EYES}, (Way.PAD,)),
        (CommitSettings(pad=False), {Input.EYES, Input.SIGN}, (Way.SIGN,)),
        (CommitSettings(scan=ScanUse.OFF), {Input.SIGN, Input.ACT}, ()),
        (CommitSettings(scan=ScanUse.ALWAYS), EVERYTHING, (Way.SCAN,)),
        (CommitSettings(scan=ScanUse.ALWAYS), {Input.EYES, Input.ACT}, (Way.PAD,)),
    ],
)
def test_the_next_way_whose_inputs_are_there_stands_in(
    rule: CommitSettings, there: set[Input], opened: tuple[Way, ...]
) -> None:
    assert ways.opened(frozenset(there), rule) == opened


def test_without_looks_a_hand_that_pressed_scans_and_the_screen_says_so() -> None:
    hand = Scanner(tiles(), RULE).wait(1, BODY).press(0.05)
    assert (hand.slots(), hand.troubles()) == ([1], ())
    hand.wait(RULE.lost_s - 0.5)
    assert (hand.lit(), hand.troubles()) == ((), ())
    hand.wait(1)
    assert (hand.lit(), hand.troubles()) == (UPPER, (m.Trouble.SCANNING,))
    assert hand.press().until(2).press().slots() == [1, 2]


def test_where_no_press_was_ever_seen_the_first_one_begins_the_scan() -> None:
    hand = Scanner(tiles(), RULE).wait(RULE.lost_s + 0.2)
    assert (hand.lit(), hand.troubles()) == ((), (m.Trouble.SCAN_WAITS,))
    hand.press().wait(0.1)
    assert (hand.lit(), hand.slots(), hand.troubles()) == (UPPER, [], (m.Trouble.SCANNING,))


def test_a_gesture_is_a_hand_too_unless_it_was_hardly_meant() -> None:
    for log_odds, lit in ((3.0, UPPER), (-4.0, ())):
        hand = Scanner(tiles(), RULE)
        hand.headband = Headband.THERE
        assert hand.blink_twice(log_odds).wait(RULE.lost_s + 0.2).lit() == lit


def test_looks_come_back_and_with_them_looking() -> None:
    hand = Scanner(tiles(), RULE).press().wait(RULE.lost_s + 1)
    assert hand.lit() != ()
    hand.wait(0.3, BODY)
    assert hand.lit() != ()
    hand.wait(0.4, BODY)
    assert (hand.lit(), hand.troubles()) == ((), ())
    assert hand.wait(1, BODY).wait(1, PAD).slots() == [1]


def test_looks_that_come_back_do_not_interrupt_a_choice() -> None:
    hand = Scanner(tiles(), RULE).press().wait(RULE.lost_s + 1).until(*UPPER).press()
    hand.wait(RULE.refractory_s + 1.5, BODY)
    assert hand.lit() == (1,)
    assert hand.press().slots() == [1]
    hand.wait(1, BODY)
    assert (hand.lit(), hand.troubles()) == ((), ())


def test_single_looks_of_a_face_that_is_lost_are_no_eyes() -> None:
    hand = Scanner(tiles(), RULE).press()
    for _ in range(8):
        hand.wait(TICK_S, BODY).wait(1)
    assert hand.lit() != ()


def test_a_blink_or_a_short_look_aside_loses_nothing() -> None:
    hand = Scanner(tiles(), RULE).press()
    for _ in range(5):
        hand.wait(0.8, BODY).wait(RULE.lost_s - 1)
    assert (hand.lit(), hand.troubles()) == ((), ())


def test_edges_stand_in_for_a_headband_that_is_gone_until_it_is_back() -> None:
    rule = CommitSettings(pad=False)
    hand = Scanner(tiles(), rule)
    hand.headband = Headband.THERE
    assert hand.wait(1, BODY).wait(2, PAD).slots() == []
    hand.headband = Headband.GONE
    hand.wait(0.5, BODY)
    assert hand.troubles() == (m.Trouble.PAD_INSTEAD,)
    assert hand.wait(1, BODY).wait(1, PAD).slots() == [1]
    hand.headband = Headband.THERE
    hand.wait(0.2, BODY)
    assert hand.troubles() == ()
    assert hand.wait(1, BODY).wait(2, PAD).slots() == [1]


def test_a_headband_that_comes_back_does_not_interrupt_a_look_at_the_edge() -> None:
    hand = Scanner(tiles(), CommitSettings(pad=False))
    hand.headband = Headband.GONE
    hand.wait(1.5, BODY).wait(0.35, PAD)
    assert hand.state.pad_ns is not None
    hand.headband = Headband.THERE
    assert hand.wait(0.6, PAD).slots() == [1]


def test_a_switch_that_was_pressed_needs_no_edges() -> None:
    hand = Scanner(tiles(), CommitSettings(pad=False)).press()
    hand.headband = Headband.GONE
    assert hand.wait(1, BODY).troubles() == ()
    assert not pads.is_open(hand.state, hand.now_ns, select.in_force(hand.state, hand.rule))


def test_scanning_that_is_off_never_begins() -> None:
    hand = Scanner(tiles(), CommitSettings(scan=ScanUse.OFF)).press().wait(20)
    assert (hand.lit(), hand.troubles()) == ((), ())


def test_a_camera_that_stops_at_the_edge_does_not_keep_the_scan_away() -> None:
    hand = Scanner(tiles(), RULE).press().wait(1.2, BODY).wait(0.35, PAD)
    assert hand.state.pad_ns is not None
    assert hand.wait(RULE.lost_s + 0.5).lit() == UPPER
    assert hand.now_ns > seconds(10)


def test_looks_that_light_nothing_give_way_to_tiles_in_turn_and_come_back() -> None:
    hand = Scanner(tiles(), RULE).press().wait(1, BODY)
    hand.state = select.in_vain(hand.state, hand.now_ns + seconds(5))
    hand.wait(1, BODY)
    assert (hand.lit(), hand.troubles()) == (UPPER, (m.Trouble.SCANNING_BESIDE,))
    assert hand.press().until(2).press().slots() == [2]
    hand.wait(5, BODY)
    assert (hand.lit(), hand.troubles()) == ((), ())
    assert hand.wait(1, BODY).wait(1, PAD).slots() == [2, 1]


def test_where_no_press_was_ever_seen_looks_go_on_choosing_and_the_screen_says_what_a_press_would_do() -> None:
    hand = Scanner(tiles(), RULE).wait(1, BODY)
    hand.state = select.in_vain(hand.state, hand.now_ns + seconds(30))
    hand.wait(0.5, BODY)
    assert (hand.lit(), hand.troubles()) == ((), (m.Trouble.SCAN_WAITS,))
    assert hand.wait(1, BODY).wait(1, PAD).slots() == [1]
    hand.wait(3, PAD).press(0).wait(1, PAD)
    assert (hand.lit(), hand.troubles()) == (UPPER, (m.Trouble.SCANNING_BESIDE,))


@pytest.mark.parametrize(
    "rule",
    [CommitSettings(scan=ScanUse.OFF), CommitSettings(switch=False, biosignal=False)],
    ids=["off", "no hand"],
)
def test_where_nothing_can_light_up_in_turn_looks_are_never_given_up(rule: CommitSettings) -> None:
    hand = Scanner(tiles(), rule).press().wait(1, BODY)
    hand.state = select.in_vain(hand.state, hand.now_ns + seconds(30))
    hand.wait(0.5, BODY)
    assert (hand.lit(), hand.troubles()) == ((), ())
    assert hand.wait(1, BODY).wait(1, PAD).slots() == [1]
