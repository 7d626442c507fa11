"""What was spoken is learned once, whatever ends in between, and whatever becomes of the file."""

import logging
import random
import sqlite3  # noqa: TID251  (as a stranger opens it)
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from unit import asked_journal
from vybor.contracts import messages as m
from vybor.core.words.learning import ASK_AGAIN_NS, Learning
from vybor.foundation import database, small_files
from vybor.instant.counts import Change, CountsFile, Mark

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
        settled(learning)
        learning.turn(0)


def settled(learning: Learning, now_ns: int = 0) -> None:
    """Until nothing is done beside the loop."""
    deadline = time.perf_counter() + 10
    while learning._counting and time.perf_counter() < deadline:
        learning.turn(now_ns)


def started(path: Path) -> tuple[Journal, Learning]:
    journal = Journal()
    learning = Learning(path, journal)  # type: ignore[arg-type]  # as much of a bus as it needs
    settled(learning)
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


def test_where_rows_are_gone_every_file_is_removed_and_the_record_counted_anew(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own-words-en.sqlite")
    (tmp_path / "own-words-ru.sqlite").write_bytes(b"Zelda")
    journal.tell(learning, *SAID, number=9)
    learning.spoke()
    learning.turn(0)
    learning.forget()
    assert learning.is_to_forget
    learning.turn(0)
    assert not learning.is_to_forget
    assert not learning.answered(m.Sentences(request="2", sentences=SAID, session="s", number=9))  # of before
    assert b"elda" not in b"".join(part.read_bytes() for part in tmp_path.iterdir())
    settled(learning)
    learning.turn(0)
    assert (journal.asked[-1].session, journal.asked[-1].number) == ("", 0)
    journal.tell(learning, SAID[1], number=9)
    assert words(learning) == {"i", "am", "here", "."}
    assert not (tmp_path / "own-words-ru.sqlite").exists()


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


# --- damage ---------------------------------------------------------------------------------------------------

PAGE = 4096


def counted_file(path: Path) -> bytes:
    """A file of some thirteen pages, closed; returns what is in it."""
    file = CountsFile(path)
    letters = random.Random(1)
    words = ["".join(letters.choices("abcdefgh", k=5)) for _ in range(150)]
    file.change([Change(" ".join(letters.choices(words, k=8))) for _ in range(60)], Mark("s", 60))
    file.change(map(Change, (one.text for one in SAID)), Mark("s", 62))
    file.close()
    return path.read_bytes()


def noisy(content: bytes, pages: Iterable[int]) -> bytes:
    noise = random.Random(7)
    damaged = bytearray(content)
    for page in pages:
        damaged[page * PAGE : (page + 1) * PAGE] = noise.randbytes(PAGE)
    return bytes(damaged)


def offered(learning: Learning) -> None:
    """What an offer reads."""
    own = learning.personal
    own.recent("Zelda")
    own.expectation(("zelda",))
    own.written("zelda", inside=False, least=1)
    own.said("zelda")
    own.has_said("zelda")


def test_whichever_page_is_noise_words_come_and_everything_is_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    whole = counted_file(path)
    assert len(whole) > 10 * PAGE
    for page in range(len(whole) // PAGE):
        path.write_bytes(noisy(whole, [page]))
        journal = Journal()
        learning = Learning(path, journal)  # type: ignore[arg-type]  # as much of a bus as it needs
        offered(learning)  # the first offer does not wait for the check
        for now_ns in (0, ASK_AGAIN_NS, 2 * ASK_AGAIN_NS):
            settled(learning, now_ns)
            learning.turn(now_ns)
        assert (journal.asked[-1].session, journal.asked[-1].number) == ("", 0), page
        journal.tell(learning, *SAID, number=62)
        assert learning.personal.file.followers(("zelda",)) == {"keeps": 1}
        learning.close()


def test_a_file_that_goes_bad_while_it_is_open_is_counted_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "own.sqlite"
    whole = counted_file(path)
    journal, learning = started(path)
    assert journal.asked[-1].number == 62
    path.write_bytes(noisy(whole, range(1, len(whole) // PAGE)))
    offered(learning)
    assert not learning.personal.has_said("zelda")
    learning.turn(ASK_AGAIN_NS)
    assert journal.taken_back == ["1"]
    assert not learning.answered(m.Sentences(request="1", sentences=(), session="s", number=63))  # of the old mark
    settled(learning)
    learning.turn(2 * ASK_AGAIN_NS - 1)
    assert len(journal.asked) == 1
    learning.turn(2 * ASK_AGAIN_NS)
    assert journal.asked[-1].number == 0
    journal.tell(learning, *SAID, number=62)
    assert "zelda" in words(learning)
    assert sum("counted anew" in line for line in caplog.messages) == 1


def test_damage_that_only_counting_finds_is_counted_again_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    journal.tell(learning, SAID[0], number=7)
    learning.spoke()
    learning.turn(0)

    def malformed(*_given: object) -> int:
        raise database.DatabaseError("database disk image is malformed")

    with monkeypatch.context() as damage:
        damage.setattr(CountsFile, "change", malformed)
        journal.tell(learning, SAID[1], number=9)
        settled(learning)
    learning.turn(ASK_AGAIN_NS - 1)
    assert len(journal.asked) == 2
    learning.turn(ASK_AGAIN_NS)
    assert journal.asked[-1].number == 0
    journal.tell(learning, *SAID, number=9)
    assert learning.personal.file.followers(("zelda",)) == {"keeps": 1}


@pytest.mark.parametrize(
    "rot",
    [
        "UPDATE meta SET value = '6x' WHERE key = 'number'",
        "UPDATE meta SET value = x'ff' WHERE key = 'session'",
        "UPDATE followers SET seen = 'many'",
        "UPDATE followers SET word = CAST(word AS BLOB)",
        "UPDATE followers SET word = CAST(x'5a656cff' AS TEXT) WHERE word = 'zelda'",
        "UPDATE written SET seen = 'often'",
        "UPDATE recent SET words = CAST(words AS BLOB)",
    ],
)
def test_a_row_that_the_kit_never_wrote_is_damage(
    rot: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "own.sqlite"
    counted_file(path)
    database = sqlite3.connect(path)
    database.execute(rot)
    database.commit()
    database.close()
    journal, learning = started(path)
    offered(learning)
    learning.turn(ASK_AGAIN_NS)
    settled(learning, ASK_AGAIN_NS)
    learning.turn(2 * ASK_AGAIN_NS)
    assert journal.asked[-1].number == 0
    assert "Zel" not in caplog.text


def test_where_a_damaged_file_cannot_be_begun_anew_writing_goes_on_and_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.sqlite"
    path.write_bytes(b"not a database " * 100)

    def denied(*_given: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as rights:
        rights.setattr(Path, "unlink", denied)
        journal, learning = started(path)
        offered(learning)
        assert "Permission denied" in learning.trouble
        assert journal.asked == []
    learning.turn(ASK_AGAIN_NS)
    settled(learning, ASK_AGAIN_NS)
    learning.turn(2 * ASK_AGAIN_NS)
    assert learning.trouble == ""
    assert len(journal.asked) == 1


# --- a full disk ----------------------------------------------------------------------------------------------


def full(*_given: object) -> bool:
    raise database.OperationalError("database or disk is full")


TAKEN_BACK = (*SAID, SAID[1], m.Sentence(text=SAID[0].text, spoken=False))


def test_what_cannot_be_swept_is_not_counted_again_and_swept_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    with monkeypatch.context() as disk:
        disk.setattr(CountsFile, "compact", full)
        journal.tell(learning, *TAKEN_BACK, number=12)
        for turn in range(1, 30):
            learning.turn(turn * ASK_AGAIN_NS)
            settled(learning, turn * ASK_AGAIN_NS)
    assert len(journal.asked) == 1
    assert learning.trouble == "database or disk is full"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    learning.turn(40 * ASK_AGAIN_NS)
    settled(learning)
    assert learning.trouble == ""
    assert learning.personal.file.followers(("i",)) == {"am": 2}
    learning.close()
    assert b"elda" not in b"".join(part.read_bytes() for part in tmp_path.iterdir())


def test_what_cannot_be_counted_is_asked_for_again_later_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    with monkeypatch.context() as disk:
        disk.setattr(CountsFile, "change", full)
        journal.tell(learning, *SAID, number=9)
        learning.turn(ASK_AGAIN_NS - 1)
        assert len(journal.asked) == 1
        learning.turn(ASK_AGAIN_NS)
        journal.tell(learning, *SAID, number=9)
    assert learning.trouble == "database or disk is full"
    assert len(caplog.records) == 1
    learning.turn(2 * ASK_AGAIN_NS)
    journal.tell(learning, *SAID, number=9)
    assert learning.trouble == ""
    assert learning.personal.file.followers(("zelda",)) == {"keeps": 1}


def test_a_sudden_end_before_the_sweep_is_made_good_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    file = CountsFile(path)
    file.change([Change(SAID[0].text), Change(SAID[1].text)], Mark("s", 9))
    file.change([Change(SAID[0].text, said=False)], Mark("s", 12))
    assert file.owes_sweep
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for part in tmp_path.glob("own.sqlite*"):  # as the disk has it when the power goes
        (crashed / part.name).write_bytes(part.read_bytes())
    file.close()
    assert b"elda" in b"".join(part.read_bytes() for part in crashed.iterdir())
    journal, learning = started(crashed / path.name)
    assert journal.asked[0].number == 12
    assert b"elda" not in b"".join(part.read_bytes() for part in crashed.iterdir())
    learning.close()


def test_another_record_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    journal, learning = started(tmp_path / "own.sqlite")
    journal.tell(learning, SAID[0], number=9)
    learning.spoke()
    learning.turn(0)
    journal.tell(learning, SAID[1], number=2, anew=True)
    assert b"elda" not in b"".join(part.read_bytes() for part in tmp_path.iterdir())
    learning.close()


def test_the_sweep_writes_into_no_folder_of_others(tmp_path: Path) -> None:
    file = CountsFile(tmp_path / "own.sqlite")
    assert file._database.execute("PRAGMA temp_store").fetchone() == (2,)  # memory
    file.close()


def test_counts_of_every_language_are_forgotten_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CountsFile(tmp_path / "own-words-ru.sqlite").close()
    _, learning = started(tmp_path / "own-words-en.sqlite")
    synced: list[Path] = []
    monkeypatch.setattr(small_files, "sync_folder", synced.append)
    learning.forget()
    learning.turn(0)
    assert not learning.is_to_forget
    assert not (tmp_path / "own-words-ru.sqlite").exists()
    assert synced == [tmp_path]  # a power cut does not bring them back
    learning.close()
