"""What was spoken is learned once, whatever ends in between."""

import time
from pathlib import Path

import pytest

from unit import asked_journal
from vybor.contracts import messages as m
from vybor.core.learning import ASK_AGAIN_NS, Learning

SAID = (m.Sentence(text="Zelda keeps bees."), m.Sentence(text="I am here."))


class Journal(asked_journal.Journal):
    """Tells what was said."""

    def tell(
        self, learning: Learning, *sentences: m.Sentence, number: int, more: bool = False, anew: bool = False
    ) -> None:
        told = m.Sentences(
            request=self.asked[-1].request, sentences=sentences, session="s", number=number, more=more, anew=anew
        )
        assert learning.answered(told)
        deadline = time.perf_counter() + 10
        while learning._counting and time.perf_counter() < deadline:
            learning.turn(0)
        learning.turn(0)


def started(path: Path) -> tuple[Journal, Learning]:
    journal = Journal()
    learning = Learning(path, journal)  # type: ignore[arg-type]  # as much of a bus as it needs
    learning.turn(0)
    return journal, learning


def words(learning: Learning) -> set[str]:
    return set(learning.personal.file.followers(()))


def test_everything_is_asked_for_page_by_page_and_then_nothing_until_something_is_spoken(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    assert (journal.asked[0].session, journal.asked[0].number) == ("", 0)
    journal.tell(learning, SAID[0], number=7, more=True)
    assert (journal.asked[1].session, journal.asked[1].number) == ("s", 7)
    journal.tell(learning, SAID[1], number=9)
    learning.turn(ASK_AGAIN_NS * 10)
    assert len(journal.asked) == 2
    assert words(learning) >= {"zelda", "bees", "here"}
    learning.spoke()
    learning.turn(0)
    assert journal.asked[2].number == 9


def test_a_restart_goes_on_from_what_was_counted(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    journal.tell(learning, *SAID, number=9)
    learning.close()
    journal, learning = started(tmp_path / "own.sqlite")
    assert journal.asked[0].number == 9
    assert "zelda" in words(learning)


def test_what_was_taken_back_leaves_no_byte(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    journal.tell(learning, *SAID, m.Sentence(text=SAID[0].text, spoken=False), number=12)
    assert "zelda" not in words(learning)
    learning.close()
    assert b"elda" not in b"".join(part.read_bytes() for part in tmp_path.iterdir())


def test_another_record_is_counted_from_its_beginning(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    journal.tell(learning, SAID[0], number=9)
    learning.spoke()
    learning.turn(0)
    journal.tell(learning, SAID[1], number=2, anew=True)
    assert words(learning) == {"i", "am", "here", "."}


@pytest.mark.parametrize("damage", [b"not a database " * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_counted_again(damage: bytes, tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    path.write_bytes(damage)
    journal, learning = started(path)
    assert (journal.asked[0].session, journal.asked[0].number) == ("", 0)
    journal.tell(learning, SAID[1], number=2)
    assert "here" in words(learning)


def test_where_nothing_can_be_kept_writing_goes_on_without(tmp_path: Path) -> None:
    journal, learning = started(tmp_path)  # a folder
    assert journal.asked == []
    assert words(learning) == set()
    learning.close()


def test_a_journal_that_does_not_answer_or_refuses_is_asked_again_later(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    learning.turn(ASK_AGAIN_NS - 1)
    assert len(journal.asked) == 1
    learning.turn(ASK_AGAIN_NS)
    assert journal.taken_back == ["1"]
    assert learning.answered(m.Refused(request="2"))
    assert not learning.answered(m.Done(request="7"))
    learning.turn(ASK_AGAIN_NS + 1)
    assert len(journal.asked) == 2
    learning.turn(2 * ASK_AGAIN_NS)
    assert len(journal.asked) == 3
