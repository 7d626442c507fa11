"""What is chosen to be deleted while something is being deleted waits in a row, and never comes back by itself."""

from pathlib import Path

from unit.test_erase_desk import Desk, to_journal
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.core.desks.owed import Owed


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
