"""What the other person said, typed by them: from the command to the screen, and never into the record."""

import subprocess
import sys
from pathlib import Path

from processes.stage import Hands, Kit, hands, kit
from processes.test_writing import spell
from vybor.contracts.messages import Role, Saving

ASKED = "How was your day?"
NO_TEXT = b"\xf6".decode("utf-8", "surrogateescape")
"""A byte of another encoding, as Python hands it to a program."""


def partner(running: Kit, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vybor", "partner", *words, "--runtime", str(running.runtime)]
    return subprocess.run(
        command,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
        timeout=60,
    )


def shown(person: Hands) -> str | None:
    return person.screen.partner if person.screen else None


def test_what_they_said_is_shown_until_it_is_answered_and_is_never_recorded(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        done = partner(running, "How", "was", "your", "day?")
        assert (done.returncode, done.stdout) == (0, "it stands on the screen until the answer is spoken\n")
        person.until(lambda: shown(person) == ASKED)
        spell(person, "hi")
        assert shown(person) == ASKED
        person.choose(Role.SPEAK)
        person.until(lambda: shown(person) == "")
        assert partner(running, "Really?").returncode == 0
        person.until(lambda: shown(person) == "Really?")
        cleared = partner(running, "", typed="this is not read\n")
        assert (cleared.returncode, cleared.stdout) == (0, "nothing of what they said stands on the screen now\n")
        person.until(lambda: shown(person) == "")
        assert partner(running, "Really?").returncode == 0
        person.until(lambda: shown(person) == "Really?")
        assert partner(running, "--clear").stdout == "nothing of what they said stands on the screen now\n"
        person.until(lambda: shown(person) == "" and person.screen is not None)
        person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED)
        assert running.stop() == {"core": 0, "journal": 0}
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        held = [file.name for file in files if any(w in file.read_bytes() for w in (b"your day", b"Really"))]
        assert held == []


def test_a_conversation_is_typed_line_by_line(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        done = partner(running, typed="Are you cold?\n" + "long " * 60 + "\nShall I close the window?\n")
        told = done.stdout.splitlines()
        assert (done.returncode, len(told)) == (0, 3)
        assert told[1] == "what the partner said has 299 letters, of which 200 fit; type it shorter"
        person.until(lambda: shown(person) == "Shall I close the window?")


def test_bytes_that_are_no_text_are_replaced_and_end_no_conversation(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        done = partner(running, typed=f"Es ist sch{NO_TEXT}n.\nAre you cold?\n")
        assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (0, 2, "")
        person.until(lambda: shown(person) == "Are you cold?")
        done = partner(running, f"Sch{NO_TEXT}n?")
        assert (done.returncode, done.stderr) == (0, "")
        person.until(lambda: shown(person) == "Sch?n?")


def test_what_cannot_be_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    silent = Kit(tmp_path)
    done = partner(silent, "Hello")
    assert (done.returncode, len(done.stderr.splitlines())) == (69, 1)
    assert "no kit runs in" in done.stderr
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        done = partner(running, "long " * 60)
        assert (done.returncode, done.stdout) == (69, "")
        assert done.stderr == ("vybor: what the partner said has 299 letters, of which 200 fit; type it shorter\n")
        assert shown(person) == ""
        assert partner(running, "--clear", "Hello").returncode == 2
