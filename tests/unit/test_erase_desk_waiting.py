"""What is chosen to be deleted while something is being deleted waits in a row, and never comes back by itself.

What was wished before a start waits for a record that can delete.
"""

from pathlib import Path

import pytest

from unit.test_erase_desk import TEXTS, Desk, to_journal
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope, Trouble
from vybor.core.desks.erase_desk import ASK_AGAIN_NS, JOURNAL_WITHIN_NS, Gone
from vybor.core.desks.owed import Owed
from vybor.foundation.bus import Answered


def done(desk: Desk) -> None:
    """The wish at hand is done everywhere."""
    to_journal(desk)
    desk.found()
    desk.others_answer()
    desk.go_on()


def chosen(desk: Desk, request: str, scope: Scope) -> None:
    assert desk.begin(m.Erase(request=request, scope=scope), 0) == ""


def test_everything_again_and_again_is_done_twice_and_never_at_the_next_start(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for request in ("r1", "r2", "r3"):
        chosen(desk, request, Scope.EVERYTHING)
    done(desk)
    assert desk.is_busy
    done(desk)
    assert not desk.is_busy
    assert [each.request for each in desk.by("journal") if isinstance(each, m.Erase)] == ["r1", "r2"]
    assert Owed(tmp_path / "owed.json").requests == []


def test_what_waits_is_not_lost_to_what_is_chosen_behind_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    chosen(desk, "r1", Scope.LAST)
    chosen(desk, "r2", Scope.EVERYTHING)
    chosen(desk, "r3", Scope.LAST)  # everything takes it along
    done(desk)
    done(desk)
    assert not desk.is_busy
    wishes = [each for each in desk.by("journal") if isinstance(each, m.Erase) and not each.only_find]
    assert [(each.request, each.scope) for each in wishes] == [
        ("r1", Scope.UTTERANCE),
        ("r2", Scope.EVERYTHING),
    ]
    assert Owed(tmp_path / "owed.json").requests == []


def test_everything_takes_along_what_waits_before_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    chosen(desk, "r1", Scope.LAST)
    chosen(desk, "r2", Scope.TODAY)
    chosen(desk, "r3", Scope.EVERYTHING)
    assert Owed(tmp_path / "owed.json").requests == ["r1", "r3"]
    done(desk)
    done(desk)
    assert not desk.is_busy
    assert Owed(tmp_path / "owed.json").requests == []


def test_two_days_that_wait_are_both_deleted_in_order(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    chosen(desk, "r1", Scope.LAST)
    for request, day in (("r2", "2026-02-27"), ("r3", "2026-02-28")):
        assert desk.begin(m.Erase(request=request, scope=Scope.DAY, day=day), 0) == ""
    for _ in range(3):
        done(desk)
    assert not desk.is_busy
    asked = [each.day for each in desk.by("journal") if isinstance(each, m.Erase) and not each.only_find]
    assert asked == ["", "2026-02-27", "2026-02-28"]


# --- a start in between ------------------------------------------------------------------------------------------

LOCKED = m.Refused(request="x", trouble=Trouble.JOURNAL_LOCKED, reason="it is locked")


@pytest.mark.parametrize("is_asked", [False, True])
def test_a_record_that_is_locked_after_a_start_is_asked_again_until_it_has_deleted(
    tmp_path: Path, is_asked: bool
) -> None:
    first = Desk(tmp_path)
    first.wish(Scope.EVERYTHING)
    first.go_on(is_saved=is_asked)
    desk = Desk(tmp_path)
    desk.resumed(0)
    desk.go_on(JOURNAL_WITHIN_NS, is_saved=False)  # what is written while it is locked is saved nowhere
    desk.go_on(JOURNAL_WITHIN_NS)
    desk.answered(Answered("journal", LOCKED), JOURNAL_WITHIN_NS)
    desk.go_on(JOURNAL_WITHIN_NS + ASK_AGAIN_NS - 1)
    assert (len(desk.by("journal")), desk.troubles()) == (1, [Trouble.ERASING])
    assert Desk(tmp_path).resumed(0) is not None
    desk.go_on(JOURNAL_WITHIN_NS + ASK_AGAIN_NS)
    assert desk.by("journal") == [m.Erase(request="x", scope=Scope.EVERYTHING)] * 2
    assert desk.found() == Gone(TEXTS, is_learned=True)
    assert {who for who, _ in desk.bus.asked} == {"journal", "generator", "gaze", "headband"}


def test_what_the_record_may_have_done_before_a_start_is_owed_whatever_it_answers(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    first.wish(Scope.UTTERANCE)
    to_journal(first)
    desk = Desk(tmp_path)
    desk.resumed(0)
    desk.go_on()
    desk.answered(Answered("journal", m.Refused(request="x", reason="something else is being deleted")), 1)
    desk.go_on(ASK_AGAIN_NS + 1)
    assert desk.by("journal") == [m.Erase(request="x", scope=Scope.UTTERANCE)] * 2


def test_a_wish_of_the_time_before_that_is_none_and_one_of_now_that_fails_end_with_the_answer(
    tmp_path: Path,
) -> None:
    Desk(tmp_path).wish(Scope.DAY, day="x")
    desk = Desk(tmp_path)
    desk.resumed(0)
    desk.go_on()
    desk.answered(Answered("journal", m.Refused(request="1", reason="no such day")), 1)
    assert (desk.is_busy, Desk(tmp_path).resumed(0)) == (False, None)
    desk.wish(Scope.EVERYTHING)
    desk.go_on()
    desk.answered(Answered("journal", LOCKED), 1)
    assert (desk.troubles(), Desk(tmp_path).resumed(0)) == ([Trouble.NOT_ERASED], None)
