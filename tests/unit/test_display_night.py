"""Which colours hold at which time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.display import night
from vybor.foundation import settings_reading
from vybor.foundation.clock import minutes_of_the_day
from vybor.foundation.errors import SettingsError
from vybor.foundation.settings import DisplaySettings, Theme

DAY = 24 * 60


def at(time: str, hours: str = "22:00-07:00", wish: Theme | None = None) -> Theme:
    hour, minute = map(int, time.split(":"))
    return night.theme(DisplaySettings(theme=Theme.LIGHT, night=hours), 60 * hour + minute, wish)


def test_the_night_begins_and_ends_on_the_minute_and_goes_over_midnight() -> None:
    times = ("21:59", "22:00", "23:59", "00:00", "06:59", "07:00", "12:00")
    assert [at(time) is Theme.NIGHT for time in times] == [False, True, True, True, True, False, False]


def test_a_night_within_one_day() -> None:
    assert [at(time, "13:00-15:00") for time in ("12:59", "13:00", "15:00")] == [
        Theme.LIGHT,
        Theme.NIGHT,
        Theme.LIGHT,
    ]


def test_without_hours_it_is_never_night_and_the_same_hour_twice_is_always_night() -> None:
    assert at("03:00", "") is Theme.LIGHT
    assert at("03:00", "08:00-08:00") is Theme.NIGHT


def test_a_wish_holds_by_day_and_by_night() -> None:
    assert at("12:00", wish=Theme.NIGHT) is Theme.NIGHT
    assert at("23:00", wish=Theme.DARK) is Theme.DARK


@given(st.integers(0, DAY - 1), st.integers(0, DAY - 1), st.integers(0, DAY - 1))
def test_a_day_is_the_night_and_what_is_left(begin: int, end: int, minutes: int) -> None:
    def time(of_day: int) -> str:
        return f"{of_day // 60:02}:{of_day % 60:02}"

    if begin != end:
        by_night, by_day = f"{time(begin)}-{time(end)}", f"{time(end)}-{time(begin)}"
        assert night.is_within(by_night, minutes) != night.is_within(by_day, minutes)


@pytest.mark.parametrize("hours", ["22:00", "22:00-24:00", "22-7", "22:00-07:00\\n", "7:00-8:00", "night"])
def test_hours_that_are_none_are_refused_in_a_sentence(hours: str) -> None:
    with pytest.raises(
        SettingsError, match=r"display.night is two times of day such as 22:00-07:00, or empty, not"
    ):
        settings_reading.parse(f'[display]\nnight = "{hours}"\n', "vybor.toml")


@pytest.mark.parametrize("degrees", ["45", "-90", "360", '"left"'])
def test_a_rotation_that_is_none_is_refused_in_a_sentence(degrees: str) -> None:
    with pytest.raises(SettingsError, match=r"display.rotation is 0, 90, 180 or 270, not"):
        settings_reading.parse(f"[display]\nrotation = {degrees}\n", "vybor.toml")


def test_the_time_of_day_is_one() -> None:
    assert 0 <= minutes_of_the_day() < DAY
