"""Core and journal as real processes: what is chosen is written, saved, and there again after a kill."""

import signal
import sqlite3  # noqa: TID251  (as a stranger opens it)
from contextlib import closing
from pathlib import Path

import msgspec

from processes.stage import Hands, hands, kit
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Saving
from vybor.journal import store


def turn_to_letters(person: Hands) -> None:
    """To the page where each letter is chosen exactly."""
    person.choose(Role.MENU)
    person.choose(Role.TOOLS)
    person.choose(Role.LETTERS)


def spell(person: Hands, word: str) -> None:
    """Write a word letter by letter, as on an empty kit without any words to offer."""
    turn_to_letters(person)
    for letter in word:
        assert person.screen is not None
        group = next(t.label for t in person.screen.tiles if t.role is Role.GROUP and letter in t.label)
        person.choose(Role.GROUP, group)
        person.choose(Role.LETTER, letter)
    person.choose(Role.SPELLED)


def kept(state: Path) -> list[m.Decision]:
    opened = sqlite3.connect(f"file:{state / 'journal.sqlite'}?mode=ro", uri=True)
    records = store.records(opened)
    opened.close()
    return [msgspec.msgpack.decode(record, type=m.Decision) for record in records]


def saving(person: Hands) -> Saving | None:
    return person.screen.saving if person.screen else None


def test_what_is_chosen_is_written_saved_and_restored(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        spell(person, "hi")
        person.until(lambda: person.text() == "Hi" and saving(person) is Saving.SAVED)
        assert [d.action for d in kept(running.state)][-1] is m.Action.TAKE
        running.kill("core")
        running.start("core")
        person.screen = None
        person.until(lambda: person.text() == "Hi")
        person.choose(Role.UNDO)
        person.until(lambda: person.text() == "")
    assert [d.number for d in kept(tmp_path / "state")] == [1, 2, 3, 4, 5, 6, 7, 8, 1]


def test_what_is_spoken_is_learned_once_and_taken_back_by_undo_whatever_is_killed(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        spell(person, "hum")
        person.choose(Role.SPEAK)
        person.until(lambda: learned(running.state) == {"hum": 1})
        running.kill("core")
        running.start("core")
        person.screen = None
        person.until(lambda: person.screen is not None)
        spell(person, "hi")
        running.kill("journal")
        person.choose(Role.SPEAK)
        running.start("journal")
        person.until(lambda: learned(running.state) == {"hum": 1, "hi": 1})
        person.choose(Role.UNDO)
        person.until(lambda: learned(running.state) == {"hum": 1})
        running.kill("core")
        (running.state / "own-words-en.sqlite").write_bytes(b"worn out")
        running.start("core")
        person.until(lambda: learned(running.state) == {"hum": 1})


def learned(state: Path) -> dict[str, int]:
    """The person's own words, as anybody with the file could read them."""
    try:
        opened = sqlite3.connect(f"file:{state / 'own-words-en.sqlite'}?mode=ro", uri=True)
        with closing(opened):
            return dict(opened.execute("SELECT word, seen FROM followers WHERE before = ''"))
    except sqlite3.Error:  # not there yet
        return {}


def test_a_stalled_journal_stalls_nobody_and_loses_nothing(tmp_path: Path) -> None:
    """A disk that hangs: the journal is stopped in the middle, as by a slow fsync."""
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        turn_to_letters(person)
        person.until(lambda: saving(person) is Saving.SAVED)
        running.signal("journal", signal.SIGSTOP)
        person.choose(Role.GROUP, "g h i j k l m")
        person.choose(Role.LETTER, "h")
        assert saving(person) is Saving.SAVING
        person.choose(Role.SPELLED)
        assert person.text() == "H"
        person.until(lambda: saving(person) is Saving.NOT_SAVING)
        running.signal("journal", signal.SIGCONT)
        person.until(lambda: saving(person) is Saving.SAVED)
        assert [d.number for d in kept(running.state)] == [1, 2, 3, 4, 5, 6]


def test_a_killed_journal_is_said_and_catches_up(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        turn_to_letters(person)
        running.kill("journal")
        person.choose(Role.GROUP, "g h i j k l m")
        person.choose(Role.LETTER, "h")
        person.until(lambda: saving(person) is Saving.NOT_SAVING)
        person.until(lambda: m.Trouble.PROCESS_SILENT in troubles(person))
        running.start("journal")
        person.until(lambda: saving(person) is Saving.SAVED)
        assert [d.number for d in kept(running.state)] == [1, 2, 3, 4, 5]


def test_a_damaged_journal_is_set_aside_and_writing_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/journal.sqlite").write_bytes(b"no database " * 1000)
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.choose(Role.MENU)
        person.until(lambda: saving(person) is Saving.SAVED)
        person.until(lambda: person.screen is not None and bool(troubles(person) & {m.Trouble.JOURNAL_SET_ASIDE}))
        assert (running.state / "journal.damaged-1.sqlite").exists()


def test_a_journal_that_cannot_be_opened_is_said_and_writing_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state/journal.sqlite").mkdir(parents=True)
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        turn_to_letters(person)
        person.choose(Role.GROUP, "a b c d e f '")
        person.until(lambda: saving(person) is Saving.NOT_SAVING)
        assert m.Trouble.JOURNAL_FAILED in troubles(person)
        (running.state / "journal.sqlite").rmdir()
        person.until(lambda: saving(person) is Saving.SAVED)
        assert [d.number for d in kept(running.state)] == [1, 2, 3, 4]


def test_stale_gaze_selects_nothing(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        person.look_at(person.tile(Role.MENU))
        person.place = None  # the camera stands still
        person.until(lambda: person.clock.now_ns() - person._looked_ns > 1_000_000_000)
        assert person.screen is not None
        offer = person.screen.offer
        person.press()
        began_ns = person.clock.now_ns()
        person.until(lambda: person.clock.now_ns() - began_ns > 700_000_000)
        assert person.screen.offer == offer


def test_all_end_cleanly_when_asked(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        assert running.stop() == {"core": 0, "journal": 0}


def troubles(person: Hands) -> set[m.Trouble]:
    return {notice.trouble for notice in person.screen.notices} if person.screen else set()
