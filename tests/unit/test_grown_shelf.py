"""What becomes of a version: on trial, good, rolled back, refused, removed; whatever ends in between."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState, Trouble
from vybor.grown import shelf
from vybor.grown.shelf import MOST_KEPT, Left
from vybor.grown.versions import FACTORY, Passed, Shelf, Version

KIT, BASE = "5" * 32, "b" * 64
EMPTY = Shelf(identity="id")


def version(serial: int, **about: object) -> Version:
    return msgspec.structs.replace(Version(serial=serial, kit=KIT, base=BASE, place=(1, 100)), **about)


def with_good(*serials: int) -> Shelf:
    """One after the other came, was worn and was good."""
    found = EMPTY
    for serial in serials:
        found = shelf.good(shelf.put_on(shelf.came(found, version(serial)), serial))
    return found


def state(found: Shelf, serial: int) -> GrownState:
    one = found.version(serial)
    assert one is not None
    return one.state


def on_trial(before: Shelf = EMPTY, serial: int = 3) -> Shelf:
    return shelf.put_on(shelf.try_it(shelf.came(before, version(serial)), serial), serial)


def test_the_way_of_a_version_is_told_to_the_record_step_by_step() -> None:
    found = shelf.proven(shelf.begun(on_trial(), "boot"), "tiny+abc")
    found = shelf.good(found)
    assert [telling.became.state for telling in found.tellings] == ["trying", "on_trial", "good"]
    assert [telling.name for telling in found.tellings] == ["id-1", "id-2", "id-3"]
    found = shelf.was_told(found, "id-1")
    assert [telling.name for telling in found.tellings] == ["id-2", "id-3"]
    assert (found.worn, found.highest) == (3, 3)


def test_a_start_that_did_not_end_well_before_an_answer_takes_a_version_on_trial_back() -> None:
    begun = shelf.begun(on_trial(with_good(1)), "boot")
    for boot in ("boot", "another"):
        found = shelf.judged(begun, boot)
        assert (found.worn, state(found, 3)) == (1, GrownState.ROLLED_BACK)
        rolled = found.version(3)
        assert rolled is not None
        assert rolled.trouble is Trouble.GROWN_STOPPED
        assert "before it had answered once" in rolled.reason
    assert shelf.judged(shelf.ended(begun), "boot").worn == 3


def test_after_an_answer_a_power_cut_is_nobodys_fault_and_two_crashes_are() -> None:
    proven = shelf.proven(shelf.begun(on_trial(), "boot"), "x")
    assert shelf.judged(proven, "another").worn == 3
    once = shelf.judged(proven, "boot")
    assert once.worn == 3
    twice = shelf.judged(shelf.proven(shelf.begun(once, "boot"), "x"), "boot")
    assert (twice.worn, state(twice, 3)) == (FACTORY, GrownState.ROLLED_BACK)


def test_a_good_one_is_taken_back_after_three_starts_without_an_answer_and_not_for_crashes_later() -> None:
    found = with_good(1, 2)
    for _ in range(20):
        found = shelf.judged(shelf.proven(shelf.begun(found, "boot"), "x"), "boot")
    assert found.worn == 2
    for worn in (2, 2, 1):
        found = shelf.judged(shelf.begun(found, "boot"), "boot")
        assert found.worn == worn


def test_what_is_gone_back_to_is_the_one_before_that_was_good_and_last_the_model_as_it_came() -> None:
    found = shelf.rolled_back(on_trial(with_good(1, 2)), None, "by hand")
    assert found.worn == 2
    found = shelf.rolled_back(found, None, "by hand")
    assert found.worn == 1
    found = shelf.rolled_back(found, None, "by hand")
    assert (found.worn, found.wearing) == (FACTORY, None)
    assert shelf.rolled_back(found, None, "by hand").worn == FACTORY


def test_who_was_rolled_back_is_on_trial_anew_when_it_is_put_on_and_who_was_good_is_not() -> None:
    found = shelf.rolled_back(on_trial(with_good(1)), Trouble.GROWN_UNDONE, "worse")
    again = shelf.put_on(found, 3)
    worn = again.wearing
    assert worn is not None
    assert (worn.state, worn.reason, worn.starts, worn.trouble) == (GrownState.ON_TRIAL, "", 0, None)
    back = shelf.put_on(again, 1)
    assert (state(back, 3), state(back, 1)) == (GrownState.LEFT, GrownState.GOOD)
    assert shelf.put_on(back, FACTORY).worn == FACTORY


def test_a_version_that_the_kit_ends_with_each_time_it_is_tried_is_refused() -> None:
    found = shelf.came(EMPTY, version(3))
    for _ in range(shelf.MOST_TRIES):
        found = shelf.try_it(found, 3)
        assert state(found, 3) is GrownState.TRYING
    assert state(shelf.try_it(found, 3), 3) is GrownState.REFUSED


def test_a_file_that_is_no_use_raises_no_number() -> None:
    found = shelf.refused(EMPTY, Passed(file="999999.bundle 1 2", serial=999_999, reason="not signed"))
    assert found.highest == 0
    assert found.tellings[0].became == m.Became(serial=999_999, state=GrownState.REFUSED, reason="not signed")


@pytest.mark.parametrize(
    ("left", "worn", "states"),
    [
        ({"deletions": 0, "oldest": (1, 1), "newest": (2, 9)}, 2, ["good", "good"]),
        ({"deletions": 1, "oldest": (1, 1), "newest": (2, 9)}, 2, ["good", "good"]),
        ({"deletions": 1, "oldest": (0, 0), "newest": (2, 9)}, 0, ["removed", "removed"]),
        ({"deletions": 1, "oldest": (2, 9), "newest": (2, 9)}, 0, ["removed", "removed"]),
        ({"deletions": 1, "oldest": (1, 101), "newest": (2, 9)}, 0, ["removed", "removed"]),
        ({"deletions": 1, "oldest": (1, 101), "newest": (2, 9), "kit": "6" * 32}, 2, ["good", "good"]),
    ],
)
def test_what_learned_from_what_is_gone_goes_and_what_learned_from_a_part_is_stale(
    left: dict[str, object], worn: int, states: list[str]
) -> None:
    told = msgspec.convert({"kit": KIT, **left}, Left)
    found = shelf.forgotten(with_good(1, 2), told)
    assert found.worn == worn
    assert [state(found, serial).value for serial in (1, 2)] == states
    is_stale = bool(told.deletions) and worn > 0
    assert [one.is_stale for one in found.versions] == [is_stale, is_stale]
    assert len(found.tellings) == (8 if told.deletions else 6)  # one more of each, if anything was deleted
    assert shelf.forgotten(found, told) == found


def test_deletions_of_a_record_that_was_begun_anew_are_not_those_of_the_one_before() -> None:
    found = shelf.put_on(shelf.came(EMPTY, version(3, deletions=2)), 3)
    found = shelf.forgotten(found, Left(kit=KIT, deletions=2, oldest=(1, 1), newest=(1, 200)))
    anew = Left(kit="6" * 32, deletions=0, oldest=(0, 0), newest=(0, 0))
    assert not shelf.is_news(found, anew)  # the record is begun anew, and nothing was deleted
    all_gone = msgspec.structs.replace(anew, deletions=1)
    assert shelf.is_news(found, all_gone)
    found = shelf.forgotten(found, all_gone)
    assert (found.worn, state(found, 3)) == (0, GrownState.REMOVED)
    assert not shelf.is_news(found, all_gone)


def test_one_that_was_trained_after_a_deletion_is_not_stale() -> None:
    found = shelf.put_on(shelf.came(EMPTY, version(3, deletions=1)), 3)
    left = Left(kit=KIT, deletions=1, oldest=(1, 1), newest=(1, 200))
    assert shelf.forgotten(found, left).wearing == found.wearing


def test_old_versions_make_room() -> None:
    found = shelf.put_on(with_good(*range(1, 9)), 1)
    found = shelf.failed_trying(shelf.came(found, version(9)), 9, "no numbers")
    gone = shelf.surplus(found)
    assert set(gone) == {9, *range(2, 9 - MOST_KEPT)}
    left = shelf.without_files(found, gone)
    assert shelf.surplus(left) == ()
    assert shelf.behind(left, 6) == 1


def test_the_good_one_behind_what_is_on_trial_is_the_last_that_makes_room() -> None:
    found = with_good(4, 5)
    for serial in (6, 7, 8):
        found = shelf.rolled_back(on_trial(found, serial), Trouble.GROWN_UNDONE, "worse")
    found = on_trial(found, 9)
    gone = shelf.surplus(found)
    assert gone == (4, 6)
    back = shelf.rolled_back(shelf.without_files(found, gone), Trouble.GROWN_UNDONE, "worse")
    assert back.worn == 5


def come(found: Shelf, serial: int) -> Shelf:
    return shelf.came(found, version(serial)) if serial > found.highest else found


def wear(found: Shelf, serial: int) -> Shelf:
    one = found.version(serial)
    if serial and (one is None or not one.has_files or one.state in (GrownState.REFUSED, GrownState.REMOVED)):
        return found
    return shelf.put_on(found, serial)


def fail(found: Shelf, serial: int) -> Shelf:
    return found if serial == found.worn else shelf.failed_trying(found, serial, "no numbers")


def gone(found: Shelf, _serial: int) -> Shelf:
    return shelf.forgotten(found, Left(kit=KIT, deletions=found.deletions + 1, oldest=(0, 0), newest=(2, 1)))


STEPS: dict[str, Callable[[Shelf, int], Shelf]] = {
    "come": come,
    "try": shelf.try_it,
    "wear": wear,
    "fail": fail,
    "begun": lambda found, _: shelf.begun(found, "boot"),
    "proven": lambda found, _: shelf.proven(found, "x"),
    "ended": lambda found, _: shelf.ended(found),
    "judged": lambda found, _: shelf.judged(found, "boot"),
    "back": lambda found, _: shelf.rolled_back(found, Trouble.GROWN_UNDONE, "worse"),
    "good": lambda found, _: shelf.good(found),
    "gone": gone,
}


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 6)), max_size=40))
def test_whatever_happens_what_is_worn_is_there_or_it_is_as_it_came(steps: list[tuple[str, int]]) -> None:
    found = EMPTY
    for what, serial in steps:
        found = STEPS[what](found, serial)
        found = shelf.without_files(found, shelf.surplus(found))
        worn = found.wearing
        assert (worn is None) is (found.worn == FACTORY)
        assert worn is None or worn.has_files
        assert worn is None or worn.state in (GrownState.ON_TRIAL, GrownState.GOOD)
        names = [telling.name for telling in found.tellings]
        assert len(set(names)) == len(names)
