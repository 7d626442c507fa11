"""How much the kit does without, by what is left of its battery and by its heat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.contracts.messages import Thrift, Trouble
from vybor.foundation.clock import seconds
from vybor.foundation.vitals_settings import Profile
from vybor.vitals import sparing
from vybor.vitals.sparing import Sparing
from vybor.vitals.sysfs import Battery, Reading

READ_NS = seconds(5)


def on_battery(percent: int) -> Reading:
    return Reading(battery=Battery(percent, is_discharging=True))


def hot(degrees: int) -> Reading:
    return Reading(temperature_c=degrees)


def steps(*readings: Reading) -> list[Thrift]:
    """What is saved after each reading, five seconds apart."""
    known, found = Sparing(), []
    for number, reading in enumerate(readings):
        known = sparing.passed(known, reading, number * READ_NS)
        found.append(known.thrift(Profile.FULL))
    return found


def troubles(reading: Reading) -> list[Trouble]:
    return [notice.trouble for notice in sparing.notices(sparing.passed(Sparing(), reading, 0))]


@pytest.mark.parametrize(
    ("percent", "thrift"),
    [
        (100, Thrift.NOTHING),
        (31, Thrift.NOTHING),
        (30, Thrift.FRAMES),
        (21, Thrift.FRAMES),
        (20, Thrift.CANDIDATES),
        (11, Thrift.CANDIDATES),
        (10, Thrift.MODEL),
        (6, Thrift.MODEL),
        (5, Thrift.WORDS),
        (0, Thrift.WORDS),
    ],
)
def test_an_emptier_battery_saves_more(percent: int, thrift: Thrift) -> None:
    assert steps(on_battery(percent)) == [thrift]


def test_a_gauge_that_wavers_changes_nothing() -> None:
    readings = map(on_battery, (12, 11, 10, 11, 12, 11, 10, 12, 13))
    assert steps(*readings) == [Thrift.CANDIDATES] * 2 + [Thrift.MODEL] * 6 + [Thrift.CANDIDATES]


def test_whoever_plugs_it_in_has_all_of_it_at_once() -> None:
    plugged = Reading(battery=Battery(4, is_discharging=False))
    assert steps(on_battery(4), plugged, Reading()) == [Thrift.WORDS, Thrift.NOTHING, Thrift.NOTHING]


def test_heat_saves_a_step_each_half_minute_and_never_the_lists() -> None:
    found = steps(*[hot(sparing.HOT_C)] * 40)
    assert found[0] is Thrift.FRAMES
    assert [found.index(step) * 5 for step in (Thrift.FRAMES, Thrift.CANDIDATES, Thrift.MODEL)] == [0, 30, 60]
    assert found[-1] is Thrift.MODEL


def test_what_was_saved_for_heat_comes_back_step_by_step_once_it_is_cool() -> None:
    found = steps(*[hot(85)] * 40, *[hot(60)] * 80)[40:]
    back = [found.index(step) * 5 for step in (Thrift.CANDIDATES, Thrift.FRAMES, Thrift.NOTHING)]
    assert back == [115, 235, 355], "two minutes for each, counted from the last hot reading"


def test_neither_hot_nor_cool_it_goes_on_as_it_is_however_long() -> None:
    assert set(steps(hot(80), *[hot(76)] * 200)) == {Thrift.FRAMES}
    found = steps(hot(80), *[hot(76)] * 200, *[hot(72)] * 30)[201:]
    assert found.index(Thrift.NOTHING) * 5 == 115, "and cool begins when it is cool"


@pytest.mark.parametrize("reading", [Reading(is_slowed=True), Reading(is_weak=True), hot(95)])
def test_whatever_strains_the_board_saves(reading: Reading) -> None:
    assert steps(reading) == [Thrift.FRAMES]


def test_a_quiet_kit_saves_always_and_more_where_it_must() -> None:
    known = sparing.passed(Sparing(), Reading(), 0)
    assert known.thrift(Profile.QUIET) is Thrift.CANDIDATES
    assert sparing.passed(known, on_battery(25), 0).thrift(Profile.QUIET) is Thrift.CANDIDATES
    assert sparing.passed(known, on_battery(9), 0).thrift(Profile.QUIET) is Thrift.MODEL


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (on_battery(25), []),
        (on_battery(20), [Trouble.BATTERY_LOW]),
        (on_battery(10), [Trouble.BATTERY_EMPTY]),
        (on_battery(1), [Trouble.BATTERY_EMPTY]),
        (Reading(battery=Battery(1, is_discharging=False)), []),
        (hot(79), []),
        (hot(80), [Trouble.KIT_HOT]),
        (Reading(is_slowed=True), [Trouble.KIT_HOT]),
        (Reading(is_weak=True), [Trouble.POWER_WEAK]),
        (Reading(Battery(3, is_discharging=True), 90), [Trouble.BATTERY_EMPTY, Trouble.KIT_HOT]),
    ],
)
def test_what_somebody_should_know(reading: Reading, told: list[Trouble]) -> None:
    assert troubles(reading) == told


def test_what_is_left_and_how_hot_it_is_stand_beside_it() -> None:
    both = sparing.notices(sparing.passed(Sparing(), Reading(Battery(3, is_discharging=True), 90), 0))
    assert both == (
        m.Notice(process="vitals", trouble=Trouble.BATTERY_EMPTY, detail="3 % are left"),
        m.Notice(process="vitals", trouble=Trouble.KIT_HOT, detail="90 °C"),
    )


def test_a_room_is_told_twice_as_a_battery_runs_out() -> None:
    known, calls = Sparing(), []
    for percent in range(30, -1, -1):
        after = sparing.passed(known, on_battery(percent), 0)
        if sparing.call(known, after):
            calls.append(percent)
        known = after
    assert calls == [sparing.EMPTY_PERCENT, sparing.LAST_PERCENT]


READINGS = st.builds(
    Reading,
    battery=st.none() | st.builds(Battery, st.integers(0, 100), st.booleans()),
    temperature_c=st.none() | st.integers(-20, 120),
    is_slowed=st.booleans(),
    is_weak=st.booleans(),
)


@given(st.lists(st.tuples(READINGS, st.integers(0, seconds(200))), max_size=40))
def test_whatever_is_read_heat_moves_one_step_at_a_time(readings: list[tuple[Reading, int]]) -> None:
    known, now_ns = Sparing(), 0
    for reading, later_ns in readings:
        now_ns += later_ns
        after = sparing.passed(known, reading, now_ns)
        assert abs(after.for_heat - known.for_heat) <= 1
        assert after.for_heat <= sparing.MOST_FOR_HEAT
        assert after.thrift(Profile.FULL) <= after.thrift(Profile.QUIET)
        if reading.battery is None or not reading.battery.is_discharging:
            assert after.for_battery is Thrift.NOTHING
        known = after
