"""Core and journal with a key: nothing bare on the disk; without the key it is said, and writing goes on."""

from pathlib import Path

import msgspec

from processes.stage import Kit, hands
from processes.test_writing import saving, spell, troubles
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Saving
from vybor.foundation import database, keys
from vybor.foundation.database import State
from vybor.journal import store

MASTER = keys.Key(bytes(range(32)))


def test_locked_is_said_and_what_is_written_meanwhile_is_kept_once_it_is_unlocked(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    running = Kit(tmp_path)
    given = {keys.FOLDER: str(credentials)}
    try:
        (credentials / keys.CREDENTIAL).write_text(keys.written(MASTER.secret))
        running.start("core", "journal", **given)
        with hands(running.runtime) as person:
            spell(person, "hummus")  # a shorter word stands in noise of this length now and then
            person.choose(Role.SPEAK)
            person.until(lambda: saving(person) is Saving.SAVED and person.text() == "")
            running.kill("journal")
            (credentials / keys.CREDENTIAL).write_text("locked: nobody has typed the passphrase yet\n")
            running.start("journal", **given)
            person.until(lambda: m.Trouble.JOURNAL_LOCKED in troubles(person))
            spell(person, "o")
            assert saving(person) is not Saving.SAVED
            running.kill("journal")
            (credentials / keys.CREDENTIAL).write_text(keys.written(MASTER.secret))
            running.start("journal", **given)
            person.until(
                lambda: saving(person) is Saving.SAVED and not troubles(person) & {m.Trouble.JOURNAL_LOCKED}
            )
            person.until(lambda: person.text() == "O")
    finally:
        running.stop()
    path = running.state / "journal.sqlite"
    with database.reading(path, keys.derived(MASTER, "journal")) as opened:
        texts = [msgspec.msgpack.decode(record, type=m.Decision).text_after for record in store.records(opened)]
    assert (texts[-1], "Hummus" in texts) == ("O", True)
    kept = [entry for entry in running.state.iterdir() if entry.suffix == ".sqlite"]
    assert {entry.name for entry in kept} == {"journal.sqlite", "own-words-en.sqlite"}
    assert {database.state_of(entry) for entry in kept} == {State.SEALED}
    assert not any(b"hummus" in entry.read_bytes().lower() for entry in running.state.iterdir())


def test_learn_nothing_holds_while_a_kit_that_was_turned_on_waits_for_its_key(tmp_path: Path) -> None:
    """Also where core's own file is gone, and only the record knows: nothing of what waited is learned."""
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    key = credentials / keys.CREDENTIAL
    key.write_text(keys.written(MASTER.secret))
    running = Kit(tmp_path)
    given = {keys.FOLDER: str(credentials)}
    running.start("core", "journal", **given)
    try:
        with hands(running.runtime) as person:
            for role in (Role.MENU, Role.TOOLS, Role.INCOGNITO):
                person.choose(role)
            person.until(lambda: saving(person) is Saving.SAVED)
            for word, is_known in (("h", True), ("i", False)):
                running.kill("core")
                running.kill("journal")
                key.write_text("locked: nobody has typed the passphrase yet\n")
                if not is_known:
                    (running.state / "wishes.json").unlink()
                person.screen = None
                running.start("core", "journal", **given)
                person.until(lambda: m.Trouble.JOURNAL_LOCKED in troubles(person))
                assert person.screen is not None
                assert person.screen.incognito == is_known
                spell(person, word)
                person.choose(Role.SPEAK)
                running.kill("journal")
                key.write_text(keys.written(MASTER.secret))
                running.start("journal", **given)
                person.until(lambda: saving(person) is Saving.SAVED)
                assert person.screen.incognito
    finally:
        running.stop()
    with database.reading(running.state / "journal.sqlite", keys.derived(MASTER, "journal")) as opened:
        kept = [msgspec.msgpack.decode(record, type=m.Decision) for record in store.records(opened)]
    assert [one.text_before for one in kept if one.action is m.Action.SPEAK] == ["H", "I"]
    since = next(number for number, one in enumerate(kept) if one.action is m.Action.PRIVACY)
    assert all(one.incognito and not one.learn for one in kept[since:])
