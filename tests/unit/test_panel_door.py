"""The PIN on the kit's screen: for how long it holds, how often it may be missed, and when there is no more."""

import pytest

from vybor.foundation.clock import seconds
from vybor.panel import door
from vybor.panel.door import Answer, Door

NOW = seconds(100)
RIGHT, OTHER = "482913", "000000"


def standing(before: Door | None = None, now_ns: int = NOW) -> Door:
    return door.asked(before or Door(), RIGHT, now_ns)


def missed(times: int, known: Door, now_ns: int = NOW) -> tuple[Door, Answer]:
    answer = Answer.NONE
    for _ in range(times):
        known, answer = door.typed(known, OTHER, now_ns)
    return known, answer


@pytest.mark.parametrize("typed", ["482913", " 482 913 ", "482\t913"])
def test_the_digits_on_the_screen_open_and_are_used_up(typed: str) -> None:
    known, answer = door.typed(standing(), typed, NOW)
    assert (known, answer) == (Door(), Answer.IN)
    assert door.typed(known, typed, NOW)[1] is Answer.NONE


@pytest.mark.parametrize("typed", ["", " ", "48291", "4829130", "482914", "４８２９１３", "482913\0"])
def test_nothing_else_does(typed: str) -> None:
    assert door.typed(standing(), typed, NOW)[1] is Answer.WRONG


def test_without_a_pin_nothing_opens_not_even_nothing() -> None:
    assert door.typed(Door(), "", NOW)[1] is Answer.NONE


def test_a_hand_that_slips_comes_in_and_what_was_missed_is_forgotten() -> None:
    known, answer = missed(door.MOST_WRONG - 1, standing())
    assert answer is Answer.WRONG
    assert door.typed(known, RIGHT, NOW) == (Door(), Answer.IN)


def test_after_five_the_right_one_does_not_open_either_and_the_wearer_is_told() -> None:
    known, answer = missed(door.MOST_WRONG, standing())
    assert (answer, known.pin, known.is_warned(NOW)) == (Answer.CLOSED, "", True)
    assert door.typed(known, RIGHT, NOW)[1] is Answer.CLOSED
    assert known.is_warned(NOW + door.WARNED_NS - 1)
    assert not known.is_warned(NOW + door.WARNED_NS)


def test_while_it_is_closed_no_pin_is_to_be_had_and_then_another_one_is() -> None:
    known, _ = missed(door.MOST_WRONG, standing())
    assert door.asked(known, RIGHT, NOW + door.FIRST_WAIT_NS - 1).pin == ""
    assert door.asked(known, RIGHT, NOW + door.FIRST_WAIT_NS).pin == RIGHT


def test_the_next_pin_may_be_missed_as_often_as_the_first() -> None:
    known, _ = missed(door.MOST_WRONG, standing())
    known = standing(known, known.closed_until_ns)
    assert missed(door.MOST_WRONG - 1, known, known.closed_until_ns)[1] is Answer.WRONG


def test_each_time_in_vain_it_is_closed_for_longer_up_to_an_hour() -> None:
    known, now_ns, waits = Door(), NOW, []
    for _ in range(10):
        known, _ = missed(door.MOST_WRONG, standing(known, now_ns), now_ns)
        waits.append((known.closed_until_ns - now_ns) // seconds(1))
        now_ns = known.closed_until_ns
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_after_a_day_of_peace_it_is_closed_as_shortly_as_the_first_time() -> None:
    known, now_ns = Door(), NOW
    for _ in range(5):
        known, _ = missed(door.MOST_WRONG, standing(known, now_ns), now_ns)
        now_ns = known.closed_until_ns
    for later_ns, waits_s in ((door.PEACE_NS - 1, 960), (door.PEACE_NS, 30)):
        again, _ = missed(door.MOST_WRONG, standing(known, now_ns + later_ns), now_ns + later_ns)
        assert again.closed_until_ns - now_ns - later_ns == seconds(waits_s)


def test_a_pin_that_nobody_types_goes_after_three_minutes_and_counts_as_in_vain() -> None:
    known = standing()
    assert door.passed(known, NOW + door.HOLDS_NS - 1) == known
    gone = door.passed(known, NOW + door.HOLDS_NS)
    assert (gone.pin, gone.in_vain, gone.is_warned(NOW + door.HOLDS_NS)) == ("", 1, False)
    assert door.typed(known, RIGHT, NOW + door.HOLDS_NS)[1] is Answer.CLOSED


def test_who_asks_while_one_stands_there_changes_nothing() -> None:
    known, _ = missed(3, standing())
    assert door.asked(known, OTHER, NOW + 1) == known


def test_a_thousand_wrong_pins_get_nobody_in() -> None:
    """Somebody types without a pause, and asks anew whenever they may: each second of a day one."""
    known, tried, answers = Door(), 0, set()
    for second in range(24 * 3600):
        known = door.asked(known, RIGHT, NOW + seconds(second))
        known, answer = door.typed(known, f"{second % 1000:06}", NOW + seconds(second))
        tried += answer is Answer.WRONG
        answers.add(answer)
    assert answers == {Answer.WRONG, Answer.CLOSED}
    assert tried < 200  # of a million that it could be
