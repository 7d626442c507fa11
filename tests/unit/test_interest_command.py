"""`vybor interest` says whether it is on, and why."""

from pathlib import Path

import msgspec
import pytest

from vybor.commands import interest
from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing

YOUNG = m.InterestTold(
    request="1",
    allowed=True,
    is_whole=True,
    weight=0.0,
    taken=12,
    examined=30,
    lingered=4,
    days=1,
    least_days=5,
    choices=20,
    least_choices=200,
    gain=0.01,
    low=None,
)


def said(**change: object) -> str:
    return "\n".join(interest.sentences(msgspec.structs.replace(YOUNG, **change)))


def test_a_young_record_shows_nothing() -> None:
    told = said()
    assert told.startswith("off: no word moves")
    assert "days that count: 1, choices of offered words: 20; at least 5 and 200 are needed" in told
    assert "words taken: 12, looks at others: 30, long ones: 4" in told
    assert "engagement weighed no look: no headband told of it at a long one" in told


def test_what_engagement_did_is_told() -> None:
    told = said(engaged=3, engaged_weight=1.125)
    assert "engagement, as the headband had it, weighed 3 of the long looks: times 1.12 on the whole" in told


def test_a_lower_bound_above_zero_is_on() -> None:
    told = said(weight=6.0, days=9, choices=400, gain=0.021, low=0.004)
    assert told.startswith("on: words move; the likeliest word keeps its place")
    assert "+0.021 nats a choice, at least +0.004: it helps (" in told


def test_a_day_that_ends_may_change_it() -> None:
    assert "on from the next day" in said(low=0.004)
    assert "it has not shown to help, off from the next day" in said(weight=6.0, low=-0.004)
    assert "the next day" not in said(low=-0.004)


def test_off_by_the_settings_says_how_to_allow_it() -> None:
    assert said(allowed=False).splitlines() == [
        'off by the settings; nothing is learned (`vybor config set generator.interest "auto"`)'
    ]


def test_a_record_that_is_still_read_says_so() -> None:
    assert "still being read" in said(is_whole=False)
    assert "still being read" not in said()


def test_without_a_kit_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no kit runs in"):
        list(interest.told(tmp_path, SystemClock()))
