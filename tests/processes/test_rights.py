"""What the wearer deletes is gone from every file of the kit: real processes, by choosing and by command."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import BRISK, Hands, Kit, hands, kit
from processes.test_generator import FOLLOWS
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Saving, Scope
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import today
from vybor.generator.network import adapter
from vybor.grown.folder import Folder
from vybor.grown.versions import Shelf, Version
from vybor.segments import rows
from world import tiny_model

PHRASE, OTHER = "Zelda hid the marmalade.", "Come and look here."
SECRETS = (b"elda", b"marmalade")


def log(running: Kit, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vybor", "log", *words, "--runtime", str(running.runtime)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, input=typed)


def holders(running: Kit, *secrets: bytes) -> list[str]:
    """Files under the state folder, logs of databases too, that hold any of these bytes."""
    files = [path for path in running.state.rglob("*") if path.is_file()]
    held = {path.name: path.read_bytes().lower() for path in files}
    return sorted(name for name, content in held.items() if any(secret.lower() in content for secret in secrets))


@contextmanager
def playing(folder: Path, settings: str = BRISK) -> Iterator[tuple[Kit, Hands]]:
    tiny_model.bigrams(folder / "share" / "model", FOLLOWS)
    names = ("core", "journal", "generator")
    with (
        kit(folder, *names, share=folder / "share", settings=settings) as running,
        hands(running.runtime) as person,
    ):
        person.until(lambda: bool(person.screen and person.screen.tiles))
        yield running, person


def learned(state: Path) -> None:
    """Lay a version there that was grown from what was said."""
    version = Version(serial=1, kit="5" * 32, base=tiny_model.BASE, place=(1, 1), state=m.GrownState.GOOD)
    folder = Folder(state / "grown")
    folder.files(1).mkdir(parents=True)
    (folder.files(1) / adapter.WEIGHTS).write_bytes(b"weights of zelda")
    folder.note(version)
    folder.write(Shelf(identity="id", versions=(version,), worn=1, highest=1))


def say(person: Hands, phrase: str) -> None:
    for role in (Role.MENU, Role.TOOLS, Role.PHRASES):
        person.choose(role)
    person.choose(Role.PHRASE, phrase)
    person.choose(Role.SPEAK)
    person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED)


def delete(person: Hands, scope: Scope) -> None:
    for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.ERASE):
        person.choose(role)
    person.choose(Role.ERASE, scope)
    person.choose(Role.ERASE)


def told(person: Hands, trouble: m.Trouble) -> bool:
    return person.screen is not None and trouble in {one.trouble for one in person.screen.notices}


def _has(running: Kit, files: tuple[str, ...]) -> bool:
    held = holders(running, *SECRETS)
    return all(any(name.startswith(file) for name in held) for file in files)


@pytest.mark.slow
def test_what_was_said_last_is_deleted_by_choosing_it(tmp_path: Path) -> None:
    with playing(tmp_path) as (running, person):
        for phrase in (OTHER, PHRASE):
            phrases = [sys.executable, "-m", "vybor", "phrases", "add", phrase, "--runtime", str(running.runtime)]
            subprocess.run(phrases, check=True, timeout=60, capture_output=True)
        say(person, OTHER)
        say(person, PHRASE)
        person.until(lambda: _has(running, ("journal", "own-words", "topics")), 20)
        assert PHRASE in log(running, "show").stdout
        removed = [sys.executable, "-m", "vybor", "phrases", "remove", PHRASE, "--runtime", str(running.runtime)]
        subprocess.run(removed, check=True, timeout=60, capture_output=True)
        delete(person, Scope.LAST)
        person.until(lambda: told(person, m.Trouble.ERASED), 20)
        assert holders(running, *SECRETS) == []
        assert person.screen is not None
        assert (person.screen.said, person.screen.text) == (OTHER, "")  # as if the other one had never been said
        person.choose(Role.UNDO)
        assert "marmalade" not in (person.text() or "")
        person.until(lambda: holders(running, b"come and look") != [], 20)
        shown = log(running, "show").stdout
        assert OTHER in shown
        assert PHRASE not in shown
        exported = rows.read(log(running, "export").stdout.encode())
        assert {row.kind for row in exported} == set(rows.Kind) - {rows.Kind.MODEL}
        handed_on = tmp_path / "said.txt"
        assert log(running, "export", "--format", "txt", "--out", str(handed_on)).returncode == 0
        assert OTHER in handed_on.read_text(encoding="utf-8")
        assert handed_on.stat().st_mode & 0o777 == 0o600
        say(person, OTHER)
        first = log(running, "show").stdout.split()[2]
        done = log(running, "delete", first, "--yes")
        assert done.stdout.startswith("deleted: sentences spoken: 1"), done.stderr
        assert log(running, "show").stdout.count(OTHER) == 1
        running.kill("core")
        running.kill("generator")
        running.start("core", "generator")
        time.sleep(1)
        assert holders(running, *SECRETS) == []
        assert "Traceback" not in running.log("core") + running.log("generator") + running.log("journal")


def test_today_and_everything_by_command_with_the_draft_phrases_and_looks(tmp_path: Path) -> None:
    learned(tmp_path / "state")
    with playing(tmp_path, BRISK + '[gaze]\nsource = "pointer"\n') as (running, person):
        assert holders(running, b"zelda") == [adapter.WEIGHTS]
        looks = running.state / "looks" / "000001.npz"
        looks.parent.mkdir()
        looks.write_bytes(b"looks")
        (running.state / "own-words-ru.sqlite").write_bytes(b"zelda")
        (running.state / "phrases-ru.txt").write_text("Zelda\n")
        phrases = [sys.executable, "-m", "vybor", "phrases", "add", PHRASE, "--runtime", str(running.runtime)]
        subprocess.run(phrases, check=True, timeout=60, capture_output=True)
        say(person, PHRASE)
        for role in (Role.MENU, Role.TOOLS, Role.PHRASES):
            person.choose(role)
        person.choose(Role.PHRASE, PHRASE)
        person.until(lambda: _has(running, ("journal", "own-words-en", "topics")), 20)
        named = log(running, "delete", "last", typed="no\n")
        assert f"to be deleted for ever: “{PHRASE}”" in named.stderr
        kept = log(running, "delete", "--day", today().isoformat(), typed="no\n")
        assert (kept.returncode, kept.stdout) == (1, "nothing was deleted\n")
        assert "to be deleted for ever" in kept.stderr
        done = asked(person, running, "delete", "--day", today().isoformat(), "--yes")
        assert done.startswith("deleted: sentences spoken: 1")
        assert holders(running, *SECRETS) == ["phrases-en.txt", "phrases-given-en.txt", "phrases-ru.txt"]
        assert person.text() == ""
        assert looks.exists()
        say(person, PHRASE)
        person.gaze.close()  # whose name the process takes
        person.gaze = Bus("nobody", running.runtime, person.clock)
        running.start("gaze")
        (running.state / "engagement.json").write_bytes(b"{}")
        running.start("headband")
        everything = log(running, "delete", "--everything", typed="yes\n")
        assert everything.stdout.startswith("deleted: sentences spoken: 1"), everything.stderr
        assert holders(running, *SECRETS) == []
        assert not looks.exists()
        assert not (running.state / "engagement.json").exists()
        assert log(running).stdout == "nothing was said yet\n"
        refused = log(running, "delete", "nobody:1")
        assert (refused.returncode, len(refused.stderr.splitlines())) == (69, 1)


def test_a_deletion_goes_on_whoever_ends_in_the_midst_of_it(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        delete(person, Scope.EVERYTHING)  # nobody is there who could forget what was learned
        person.until(lambda: told(person, m.Trouble.ERASING))
        person.until(lambda: b'"erased":{' in (running.state / "owed.json").read_bytes())
        running.kill("core")
        for name in ("own-words-ru.sqlite", "phrases-ru.txt", ".phrases-ru.txt.77"):
            (running.state / name).write_bytes(b"zelda")
        person.screen = person.place = None
        others = ("nobody", "generator", "headband")
        gaze, generator, headband = (Bus(name, running.runtime, person.clock) for name in others)
        person.gaze, gaze = gaze, person.gaze
        running.start("core")
        answered: set[type[m.Command]] = set()

        def all_answered() -> bool:
            for other in (gaze, generator, headband):
                for arrival in other.receive(0):
                    if isinstance(arrival, Asked):
                        answered.add(type(arrival.command))
                        other.answer(arrival, m.Done(request=arrival.command.request))
                other.tend()
            return told(person, m.Trouble.ERASED)

        person.until(all_answered, 20)
        gaze.close()
        generator.close()
        headband.close()
        assert answered == {m.CountAnew, m.ForgetLooks, m.ForgetUsual}
        assert {path.name for path in running.state.iterdir()} & {"owed.json", ".phrases-ru.txt.77"} == set()
        assert holders(running, b"zelda") == []


def asked(person: Hands, running: Kit, *words: str) -> str:
    """The command, while the person goes on looking."""
    command = [sys.executable, "-m", "vybor", "log", *words, "--runtime", str(running.runtime)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        person.until(lambda: child.poll() is not None, 40)
        assert child.stdout is not None
        return child.stdout.read()
