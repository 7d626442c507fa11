"""*Don't learn this* outlives an end before the record heard of it; an open sentence stays open."""

from pathlib import Path

import msgspec
import pytest

from unit.test_private import knows, learned
from unit.test_wishes import Room
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.core.decision.wishes import NOTHING_ON, Wishes
from vybor.foundation import small_files
from vybor.journal.story import story_of


def not_learned_while_the_record_is_late(folder: Path) -> list[m.Decision]:
    """A sentence that the record has, and then *Don't learn this*, which it does not get before the kit ends."""
    room = Room(folder, [])
    room.unlock()
    room.person.write("boat", "sail")
    room.follow()
    room.is_locked = True
    room.person.tools(Role.UNLEARN)
    room.follow()
    assert all(one.learn for one in room.record)
    assert room.person.record[-1].action is Action.PRIVACY
    return room.record


def test_what_is_not_to_be_learned_outlives_an_end_before_the_record_took_it(tmp_path: Path) -> None:
    record = not_learned_while_the_record_is_late(tmp_path)
    for _ in range(2):  # and another end before anything was chosen
        after = Room(tmp_path, record)
        after.unlock()
        assert (after.person.screen().text, after.person.screen().private) == ("Boat sail", True)
        assert story_of(record).private == {"Boat", "Boat sail"}
    after.person.take(Role.SPEAK)
    after.follow()
    (spoken,) = [one for one in record if one.action is Action.SPEAK]
    assert (spoken.learn, spoken.shown, spoken.said) == (False, (), "")
    assert [one for one in record if one.action is Action.PRIVACY and one.learn] == []
    after.person.decided = [msgspec.structs.replace(after.person.decided[0], decision=one) for one in record]
    assert not knows(learned(after.person, tmp_path), "boat")
    assert after.file.kept == NOTHING_ON


def test_also_where_the_person_has_begun_before_the_record_came_and_the_kit_ends_again(tmp_path: Path) -> None:
    record = not_learned_while_the_record_is_late(tmp_path)
    after = Room(tmp_path, record)
    after.follow()
    after.person.write("bread")
    after.follow()
    assert after.file.kept.private
    after.unlock()
    assert (after.person.screen().text, after.person.screen().private) == ("Bread", False)
    again = Room(tmp_path, record)
    again.unlock()
    for text, private in (("", False), ("Boat sail", True), ("Boat", True)):
        again.person.take(Role.UNDO)
        assert (again.person.screen().text, again.person.screen().private) == (text, private)


def test_a_private_sentence_that_was_spoken_and_not_recorded_comes_back_private(tmp_path: Path) -> None:
    room = Room(tmp_path, not_learned_while_the_record_is_late(tmp_path))
    room.unlock()
    room.is_locked = True
    room.person.take(Role.SPEAK)
    room.follow()
    assert room.file.kept.private  # though the line is empty
    after = Room(tmp_path, room.record)
    after.unlock()
    assert (after.person.screen().text, after.person.screen().private) == ("Boat sail", True)


def test_an_open_sentence_is_learned_after_any_start(tmp_path: Path) -> None:
    """What was private before it, and is recorded so, says nothing of it."""
    room = Room(tmp_path, [])
    room.unlock()
    room.person.write("boat")
    room.person.tools(Role.UNLEARN)
    room.person.take(Role.SPEAK)
    room.person.write("bread")
    room.follow()
    assert room.file.kept == NOTHING_ON
    after = Room(tmp_path, room.record)
    after.unlock()
    assert (after.person.screen().text, after.person.screen().private) == ("Bread", False)


def test_the_file_is_written_once_for_a_private_sentence_and_once_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the disk, and the screen for it."""
    room = Room(tmp_path, [])
    room.unlock()
    written: list[bytes] = []
    put = small_files.write_bytes
    monkeypatch.setattr(
        small_files,
        "write_bytes",
        lambda path, content, *how, **more: (written.append(content), put(path, content, *how, **more)),
    )
    room.person.write("boat")
    room.follow()
    room.person.tools(Role.UNLEARN)
    room.follow()
    for word in ("sail", "bread", "boat"):
        room.person.write(word)
        room.follow()
    room.person.take(Role.SPEAK)
    room.follow()
    room.person.write("boat")
    room.follow()
    assert [msgspec.json.decode(each, type=Wishes) for each in written] == [Wishes(private=True), NOTHING_ON]
