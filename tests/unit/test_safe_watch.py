"""Whether the display is gone, by the words of the others and the time."""

import pytest

from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.safe import watch
from vybor.safe.watch import Watch


def health(process: str, at_s: float, *troubles: m.Trouble) -> m.Health:
    notices = tuple(m.Notice(process=process, trouble=trouble, detail=f"why {trouble}") for trouble in troubles)
    return m.Health(at_ns=seconds(at_s), process=process, pid=1, troubles=notices)


def after(*said: m.Health) -> Watch:
    known = Watch(0)
    for one in said:
        known = watch.heard(known, one)
    return known


def test_a_display_that_never_came_is_missed_after_half_a_minute() -> None:
    assert not watch.display_is_gone(after(), seconds(30))
    assert watch.display_is_gone(after(health("core", 30)), seconds(30.1))


def test_a_display_that_fell_silent_is_missed_after_ten_seconds_and_found_with_its_next_word() -> None:
    known = after(health("display", 100))
    assert not watch.display_is_gone(known, seconds(110))
    assert watch.display_is_gone(known, seconds(110.1))
    assert not watch.display_is_gone(watch.heard(known, health("display", 110.2)), seconds(110.2))


def test_a_display_with_a_trouble_is_not_gone() -> None:
    known = after(health("display", 100, m.Trouble.DISK_FULL))
    assert not watch.display_is_gone(known, seconds(101))
    assert watch.last_trouble(known) == m.Notice(
        process="display", trouble=m.Trouble.DISK_FULL, detail="why disk_full"
    )


def test_of_a_display_that_complained_of_nothing_no_trouble_is_known() -> None:
    assert watch.last_trouble(after()) is None
    assert watch.last_trouble(after(health("display", 1))) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ((health("core", 100), health("journal", 100)), True),
        ((health("core", 100),), True),
        ((health("journal", 100),), True),
        ((health("core", 100), health("journal", 100, m.Trouble.DISK_FULL)), True),
        ((health("journal", 100, m.Trouble.DISK_FULL),), False),
        ((health("journal", 100, m.Trouble.JOURNAL_FAILED),), False),
        ((health("journal", 100, m.Trouble.JOURNAL_SET_ASIDE),), True),
        ((health("core", 90), health("journal", 90)), False),
        ((), False),
    ],
)
def test_the_text_is_kept_while_the_journal_or_the_deciding_process_has_it(
    said: tuple[m.Health, ...], kept: bool
) -> None:
    assert watch.text_is_kept(after(*said), seconds(101)) == kept
