"""When every way to choose is lost for long, somebody is asked for: when, how often, and when not."""

from pathlib import Path

import msgspec
import pytest

from unit.scanner import Scanner, tiles
from unit.test_flicker_core import Kit
from vybor.contracts import messages as m
from vybor.core import lost
from vybor.core.decision import practising
from vybor.core.lost import Lost
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, Language, ScanUse, Settings
from vybor.selector.state import Selector
from vybor.selector.ways import Headband, Inputs, Way

RULE = CommitSettings(alarm_s=60)
SEEN = Inputs(steady_ns=1)
BLIND = Selector(ways=(), inputs=SEEN)
"""The eyes were there, and no way to choose is left."""
LOOKS = Selector(ways=(Way.PAD,), inputs=SEEN)


class Watch:
    """Time that passes, and what is said in it."""

    def __init__(self, selector: Selector = BLIND, rule: CommitSettings = RULE) -> None:
        self.lost, self.selector, self.rule = Lost(), selector, rule
        self.now_s, self.resting = 0.0, False
        self.said_s: list[float] = []

    def wait(self, for_s: float, eyes: m.Eyes | None = None) -> "Watch":
        end_s = self.now_s + for_s
        while self.now_s < end_s:
            self.now_s += 0.5
            if eyes:
                self.hear(m.Gaze(at_ns=seconds(self.now_s), at_sd_ns=0, eyes=eyes))
            self.lost, says = lost.passed(
                self.lost, self.selector, self.rule, seconds(self.now_s), resting=self.resting
            )
            if says:
                self.said_s.append(self.now_s)
        return self

    def hear(self, message: m.AnyMessage) -> None:
        self.lost = lost.heard(self.lost, message)


def press(at_s: float) -> m.SwitchPress:
    return m.SwitchPress(at_ns=seconds(at_s))


def test_it_is_said_after_the_set_time_and_again_after_growing_pauses() -> None:
    watch = Watch().wait(1000)
    assert watch.said_s == [60.5, 180.5, 420.5, 900.5]
    assert watch.lost.is_told


def test_before_that_nothing_is_said_or_shown() -> None:
    watch = Watch().wait(60)
    assert watch.said_s == []
    assert not watch.lost.is_told


@pytest.mark.parametrize("alarm_s", [5.0, 60.0, 600.0])
def test_the_time_is_set_and_zero_is_never(alarm_s: float) -> None:
    assert Watch(rule=CommitSettings(alarm_s=alarm_s)).wait(alarm_s + 1).said_s == [alarm_s + 0.5]
    assert Watch(rule=CommitSettings(alarm_s=0)).wait(5000).said_s == []


def test_while_one_way_is_open_nobody_is_asked_for() -> None:
    assert Watch(LOOKS).wait(1000).said_s == []


def test_a_kit_that_nobody_has_used_since_its_start_waits_in_silence() -> None:
    assert Watch(Selector(ways=(), inputs=Inputs())).wait(1000).said_s == []


@pytest.mark.parametrize("inputs", [Inputs(steady_ns=1), Inputs(pressed=True), Inputs(signalled=True)])
def test_whatever_was_there_can_be_lost(inputs: Inputs) -> None:
    assert Watch(Selector(ways=(), inputs=inputs)).wait(61).said_s == [60.5]


def test_who_rests_is_left_alone_and_who_wakes_has_the_whole_time_again() -> None:
    watch = Watch()
    watch.resting = True
    assert watch.wait(1000).said_s == []
    watch.resting = False
    assert watch.wait(62).said_s == [1060.5]


def test_who_sleeps_is_left_alone_until_the_eyes_open() -> None:
    watch = Watch().wait(1000, m.Eyes.CLOSED)
    assert watch.said_s == []
    watch.wait(59, m.Eyes.OPEN)
    assert watch.said_s == []
    assert len(watch.wait(3, m.Eyes.OPEN).said_s) == 1


def test_eyes_that_only_blink_do_not_sleep() -> None:
    watch = Watch()
    for _ in range(20):
        watch.wait(3, m.Eyes.CLOSED).wait(1, m.Eyes.OPEN)
    assert watch.said_s == [60.5]


def test_a_face_that_is_gone_does_not_sleep() -> None:
    watch = Watch().wait(10, m.Eyes.CLOSED)
    assert watch.wait(70, m.Eyes.ABSENT).said_s == [70.5]


def test_a_camera_that_fell_silent_over_a_sleeper_says_nothing_of_sleep() -> None:
    watch = Watch().wait(10, m.Eyes.CLOSED)
    assert watch.wait(70).said_s == [72.5]


@pytest.mark.parametrize(
    "sign",
    [
        press(70),
        m.Gesture(at_ns=seconds(70), at_sd_ns=0, ended_ns=seconds(70), kind=m.GestureKind.CLENCH, log_odds=1.0),
    ],
)
def test_a_press_or_a_gesture_ends_it_and_the_pauses_are_short_again(sign: m.AnyMessage) -> None:
    watch = Watch().wait(70)
    watch.hear(sign)
    assert not watch.lost.is_told
    assert watch.wait(200).said_s == [60.5, 130.5, 250.5]


def test_a_blink_that_nobody_meant_does_not_end_it() -> None:
    watch = Watch().wait(70)
    blink = m.GestureKind.BLINK
    watch.hear(m.Gesture(at_ns=seconds(70), at_sd_ns=0, ended_ns=seconds(70), kind=blink, log_odds=-4.0))
    assert watch.lost.is_told


def test_looks_that_choose_again_end_it() -> None:
    watch = Watch().wait(70)
    watch.selector = LOOKS
    watch.wait(1)
    assert not watch.lost.is_told
    watch.selector = BLIND
    assert watch.wait(62).said_s == [60.5, 131.5]


def test_there_are_words_in_every_language_of_the_kit_and_they_are_the_kits_own() -> None:
    assert set(lost.CALLS) == set(Language)
    assert all(" I " not in f" {said} " and " я " not in f" {said.lower()} " for said in lost.CALLS.values())


def watched(hand: Scanner, for_s: float) -> list[float]:
    """Seconds after which somebody is asked for, with the real selector and its ways."""
    known, said, began_ns = Lost(), list[float](), hand.now_ns
    while hand.now_ns - began_ns < seconds(for_s):
        hand.wait(0.5)
        known, says = lost.passed(known, hand.state, hand.rule, hand.now_ns, resting=False)
        if says:
            said.append((hand.now_ns - began_ns) / 1e9)
    return said


BODY = m.GazePoint(x=0.375, y=0.2, sd_x=0.02, sd_y=0.02)
QUICK = CommitSettings(alarm_s=10, lost_s=2, scan_step_s=0.5, scan_passes=2)


def test_eyes_that_are_lost_where_no_switch_was_ever_pressed_are_all_there_was() -> None:
    hand = Scanner(tiles(), QUICK).wait(1, BODY)
    (first, *_) = watched(hand, 20)
    assert first == pytest.approx(2 + 10, abs=1.1)


def test_a_switch_that_takes_tiles_is_a_way_and_one_that_lets_all_pass_is_none() -> None:
    hand = Scanner(tiles(), QUICK).wait(1, BODY).press(0.05)
    (first, *_) = watched(hand, 40)
    rounds_s = QUICK.scan_passes * QUICK.scan_step_s * 3
    assert first >= 2 + 10 + rounds_s - 1.1
    pressed = Scanner(tiles(), QUICK).wait(1, BODY).press(0.05)
    for _ in range(10):
        assert watched(pressed, 4) == []
        pressed.press()


def test_who_always_scans_and_does_not_write_just_now_has_lost_nothing() -> None:
    rule = msgspec.structs.replace(QUICK, scan=ScanUse.ALWAYS)
    assert watched(Scanner(tiles(), rule).press(0.05), 60) == []


def test_a_headband_that_was_the_only_way_can_be_lost() -> None:
    rule = msgspec.structs.replace(QUICK, scan=ScanUse.ALWAYS, switch=False)
    hand = Scanner(tiles(), rule)
    hand.headband = Headband.THERE
    hand.wait(1).blink_twice(3.0)
    hand.headband = Headband.GONE
    (first, *_) = watched(hand, 20)  # a row that was taken is left first
    assert 10 <= first <= 16


def test_eyes_that_are_closed_again_after_nobody_saw_them_have_not_slept_in_between() -> None:
    watch = Watch().wait(3, m.Eyes.CLOSED).wait(10).wait(3, m.Eyes.CLOSED)
    assert not lost.is_asleep(watch.lost, seconds(watch.now_s))
    watch.wait(3, m.Eyes.CLOSED)
    assert lost.is_asleep(watch.lost, seconds(watch.now_s))


def test_it_is_said_while_rest_is_only_practised(tmp_path: Path) -> None:
    kit = Kit(tmp_path, Settings(commit=RULE))
    kit.turns()
    core = kit.core
    practises = practising.begun(core._state, core._rules, kit.clock.at_ns)
    rests = msgspec.structs.replace(practises.writing, mode=m.Mode.REST)
    core._state = msgspec.structs.replace(practises, writing=rests, selector=BLIND)
    for at_s in (0, RULE.alarm_s):
        core._watch_inputs(kit.clock.at_ns + seconds(at_s))
    assert core._lost.is_told
    kit.close()
