"""A new start and switching off, asked for on the carer's page: the wearer can stop it, and nothing is lost."""

import msgspec
import pytest

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish
from vybor.core.decision import power
from vybor.core.decision.power import Able, Power
from vybor.foundation.clock import seconds

NOW_NS = seconds(100)
ABLE = Able(is_kept=True, has_machine=True, is_shown=True, is_calling=False)


def ask(wish: PowerWish, *processes: str) -> m.AskPower:
    return m.AskPower(request="1", wish=wish, processes=processes)


def waiting(wish: PowerWish = PowerWish.OFF) -> Power:
    asked, reason = power.asked(Power(), ask(wish), ABLE, "alone", NOW_NS)
    assert reason == ""
    return asked


@pytest.mark.parametrize("wish", [PowerWish.RESTART, PowerWish.OFF])
def test_it_waits_for_the_wearer_and_is_then_done_once(wish: PowerWish) -> None:
    asked = waiting(wish)
    due_ns = NOW_NS + power.WAITS_NS[wish]
    assert power.passed(asked, due_ns - 1, is_saved=True) == (asked, False)
    done, is_due = power.passed(asked, due_ns, is_saved=True)
    assert (done.end, is_due) == (PowerEnd.DONE, True)
    assert power.passed(done, due_ns + 1, is_saved=True) == (done, False)


def test_whatever_the_wearer_chooses_stops_it() -> None:
    stopped = power.chosen(waiting())
    assert stopped.end is PowerEnd.STOPPED
    assert power.passed(stopped, NOW_NS + seconds(3600), is_saved=True) == (stopped, False)
    assert power.chosen(Power()) == Power()
    done, _ = power.passed(waiting(), NOW_NS + seconds(30), is_saved=True)
    assert power.chosen(done) is done


def test_who_asked_can_take_it_back() -> None:
    taken, reason = power.asked(waiting(), ask(PowerWish.CANCEL), ABLE, "alone", NOW_NS)
    assert (taken.end, reason) == (PowerEnd.CANCELLED, "")
    assert power.asked(taken, ask(PowerWish.CANCEL), ABLE, "alone", NOW_NS) == (taken, power.NOTHING)


def test_what_is_not_saved_is_waited_for_and_then_it_is_given_up() -> None:
    asked, due_ns = waiting(), NOW_NS + power.WAITS_NS[PowerWish.OFF]
    assert power.passed(asked, due_ns, is_saved=False) == (asked, False)
    assert power.passed(asked, due_ns + power.SAVES_NS - 1, is_saved=True)[1]
    given_up, is_due = power.passed(asked, due_ns + power.SAVES_NS, is_saved=False)
    assert (given_up.end, given_up.reason, is_due) == (PowerEnd.FAILED, power.UNSAVED, False)


def test_while_dots_stand_in_its_place_the_time_does_not_run() -> None:
    later_ns = NOW_NS + seconds(20)
    hidden = power.hidden(waiting(), later_ns)
    assert hidden.until_ns == later_ns + power.WAITS_NS[PowerWish.OFF]
    assert power.hidden(Power(), later_ns) == Power()


@pytest.mark.parametrize(
    ("able", "wish", "reason"),
    [
        ({"is_shown": False}, PowerWish.OFF, power.STARTING),
        ({"is_calling": True}, PowerWish.RESTART, power.CALLING),
        ({"has_machine": False}, PowerWish.OFF, power.NO_MACHINE),
        ({"is_kept": False}, PowerWish.RESTART, "alone"),
    ],
)
def test_a_kit_that_cannot_or_must_not_says_why(able: dict[str, bool], wish: PowerWish, reason: str) -> None:
    can = msgspec.structs.replace(ABLE, **able)
    assert power.asked(Power(), ask(wish), can, "alone", NOW_NS) == (Power(), reason)


def test_one_thing_at_a_time_and_of_known_parts_alone() -> None:
    asked = waiting()
    assert power.asked(asked, ask(PowerWish.RESTART), ABLE, "alone", NOW_NS) == (asked, power.BUSY)
    _, reason = power.asked(Power(), ask(PowerWish.RESTART, "voice", "root"), ABLE, "alone", NOW_NS)
    assert reason.startswith("root is no part of the kit; there are ")
    known, reason = power.asked(Power(), ask(PowerWish.RESTART, *channels.EVERY_PROCESS), ABLE, "", NOW_NS)
    assert (known.waits, reason) == (True, "")


def test_it_is_told_in_steps_of_five_seconds() -> None:
    asked = waiting()
    told = [power.told(asked, NOW_NS + seconds(at_s)).left_s for at_s in (0, 1, 5, 5.1, 29, 30, 31)]
    assert told == [30, 30, 25, 25, 5, 0, 0]
    assert power.told(Power(), NOW_NS).wish is None
