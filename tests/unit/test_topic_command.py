"""`vybor topic` while it waits: it says how far it is, and does not wait for ever."""

from pathlib import Path

import pytest

from vybor.commands import asking, topic
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import SECOND_NS, SystemClock
from vybor.foundation.errors import Missing
from vybor.foundation.progress import Progress


class Hand:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.s = 100.0

    def now_ns(self) -> int:
        return round(self.s * SECOND_NS)


def test_only_what_takes_over_two_seconds_says_how_far_it_is() -> None:
    clock, said = Hand(), list[str]()
    progress = Progress("reading novel.pdf", clock, said.append)
    for page in range(1, 11):
        clock.s += 0.7
        progress(page, 10)
    assert said == [f"reading novel.pdf: {page} of 10" for page in (3, 6, 9)]


def test_a_generator_that_does_not_answer_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_S", 0.5)
    monkeypatch.setattr(asking, "QUIET_S", 0.1)
    silent = Bus("generator", tmp_path, SystemClock())
    said: list[str] = []
    try:
        with topic.reached(tmp_path, SystemClock()) as generator, pytest.raises(Missing, match="does not answer"):
            generator.told(m.ListTopics(request="1"), said.append)
        assert said == ["the generator is at work"]
        asked = [each for each in silent.receive(0.1) if isinstance(each, Asked)]
        assert [one.command for one in asked] == [m.ListTopics(request="1")]
    finally:
        silent.close()


def test_without_a_kit_nothing_is_asked(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no kit runs in"), topic.reached(tmp_path, SystemClock()):
        pass


@pytest.mark.parametrize(
    ("score", "is_used", "said"),
    [
        (0.6, True, "would be used"),
        (0.1, True, "would be used: it means much the same"),
        (0.1, False, "not used: less than 30 %"),
        (0.6, False, "not used: what they share is too common to say what is meant"),
    ],
)
def test_a_passage_that_was_found_says_why_it_is_not_used(score: float, is_used: bool, said: str) -> None:
    found = m.FoundNote(topic="trip.md", passage=m.Passage(text="We row."), score=score, is_used=is_used)
    assert topic.use(found) == said


def test_a_name_that_is_not_there_brings_those_that_may_be_meant() -> None:
    there = ("holiday.txt", "hours.pdf")
    assert "did you mean holiday.txt?" in topic.not_there("holiday", there)
    assert "did you mean holiday.txt?" in topic.not_there("holliday.txt", there)
    assert topic.not_there("zebra.md", there) == "there is no document zebra.md; there are: holiday.txt, hours.pdf"
    assert topic.not_there("zebra.md", ()) == "there is no document zebra.md; there are: none at all"
