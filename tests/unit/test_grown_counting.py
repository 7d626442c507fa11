"""Whose words were taken, and which of them were taken back: counted by the record, page by page."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.record_writer import Writer
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.grown.counting import Counted, Counts, Verdict, counted, is_worse, reason, verdict

OLD, NEW = "tiny-abc", "tiny-abc+def"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> list[m.Decision]:
    writer = Writer(tmp_path_factory.mktemp("record") / "journal.sqlite")
    writer.write("I like it here", model=OLD)
    writer.choose(Action.UNDO, "I like it")
    writer.write("when", model=NEW)
    writer.write("you are", model=f"{NEW}~interest")
    writer.choose(Action.DELETE, "I like it when you")
    writer.choose(Action.UNDO, "I like it when you are")
    writer.write("late", model="")  # nothing of a model
    writer.choose(Action.UNDO, "I like it when you are")
    writer.choose(Action.SPEAK, "")
    writer.write("away", model=NEW, learn=False)  # a text of its own: none of it may be learned
    kept = writer.store.latest(100)
    writer.store.close()
    return kept


def test_words_of_before_and_since_and_what_was_taken_back_of_each(record: list[m.Decision]) -> None:
    found = counted(Counted(), record, NEW)
    assert (found.before, found.since) == (Counts(4, 1), Counts(3, 1))
    assert counted(Counted(), record, "").since == Counts(0, 0)


@given(st.integers(0, 20))
def test_pages_may_end_anywhere(record: list[m.Decision], at: int) -> None:
    whole = counted(Counted(), record, NEW)
    assert counted(counted(Counted(), record[:at], NEW), record[at:], NEW) == whole


def test_a_choice_that_does_not_follow_takes_nothing_back(record: list[m.Decision]) -> None:
    undo = msgspec.structs.replace(record[4], session="another")
    assert counted(Counted(), [*record[:4], undo], NEW).before == Counts(4, 0)


@pytest.mark.parametrize(
    ("since", "before", "worse"),
    [
        (Counts(29, 29), Counts(500, 10), False),  # too few to say anything
        (Counts(30, 15), Counts(500, 40), True),
        (Counts(200, 18), Counts(500, 40), False),
        (Counts(200, 40), Counts(500, 40), True),
        (Counts(200, 0), Counts(500, 40), False),
        (Counts(40, 18), Counts(5, 0), False),  # nothing to hold it against
        (Counts(40, 21), Counts(5, 0), True),
        (Counts(40, 0), Counts(40, 0), False),
    ],
)
def test_clearly_more_taken_back_is_worse(since: Counts, before: Counts, *, worse: bool) -> None:
    assert is_worse(since, before) is worse


def test_good_after_enough_choices_and_starts() -> None:
    counts = Counted(since=Counts(200, 10), before=Counts(500, 30))
    assert verdict(counts, 3, 200, 3) is Verdict.GOOD
    assert verdict(counts, 2, 200, 3) is Verdict.GOES_ON
    assert verdict(counts, 3, 201, 3) is Verdict.GOES_ON
    worse = msgspec.structs.replace(counts, since=Counts(200, 90))
    assert verdict(worse, 3, 200, 3) is Verdict.WORSE
    assert reason(worse).startswith("90 of 200 of its words were taken back at once")


def test_what_was_long_ago_counts_little(record: list[m.Decision]) -> None:
    many = Counted(before=Counts(999, 99))
    found = counted(many, record[:4], NEW)
    assert found.before == Counts(503, 49)
