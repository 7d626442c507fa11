"""Core and journal with a key: nothing bare on the disk; without the key it is said, and writing goes on."""

from pathlib import Path

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
        texts = [store._decision.decode(record).text_after for record in store.records(opened)]
    assert (texts[-1], "Hummus" in texts) == ("O", True)
    kept = [entry for entry in running.state.iterdir() if entry.suffix == ".sqlite"]
    assert {entry.name for entry in kept} == {"journal.sqlite", "own-words-en.sqlite"}
    assert {database.state_of(entry) for entry in kept} == {State.SEALED}
    assert not any(b"hummus" in entry.read_bytes().lower() for entry in running.state.iterdir())
