"""Phrases by command and by choosing, what was not meant, and incognito: over the bus, the record and restarts."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from processes.stage import Hands, Kit, hands, kit
from vybor.contracts.messages import Role, Saving

SUNDAY = "See you on Sunday."


def phrases(running: Kit, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vybor", "phrases", *words, "--runtime", str(running.runtime)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def listed(running: Kit, line: str) -> bool:
    """Whether the command says so, within the seconds that learning takes."""
    for _ in range(40):
        if phrases(running, "list").stdout.splitlines() == [line]:
            return True
        time.sleep(0.25)
    return False


def to_phrases(person: Hands) -> None:
    for role in (Role.MENU, Role.TOOLS, Role.PHRASES):
        person.choose(role)


def saved(person: Hands) -> bool:
    return person.screen is not None and person.screen.saving is Saving.SAVED


def test_a_phrase_is_kept_said_counted_and_counted_out_when_it_was_not_meant(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        assert phrases(running).stdout.startswith("no phrases are kept")
        assert phrases(running, "add", "See", "you", "on", "Sunday.").returncode == 0
        to_phrases(person)
        person.choose(Role.PHRASE, SUNDAY)
        person.choose(Role.SPEAK)
        person.until(lambda: saved(person))
        assert listed(running, f"{SUNDAY}  (said: 1)")
        person.choose(Role.MENU)
        person.choose(Role.NOT_MEANT)
        person.until(lambda: person.text() == SUNDAY and saved(person))
        assert listed(running, f"{SUNDAY}  (said: 0)")
        person.choose(Role.UNDO)
        person.until(lambda: person.text() == "" and saved(person))
        assert listed(running, f"{SUNDAY}  (said: 1)")
        running.kill("core")
        running.start("core")
        assert listed(running, f"{SUNDAY}  (said: 1)")
        refused = phrases(running, "remove", "Never", "kept.")
        assert (refused.returncode, len(refused.stderr.splitlines())) == (69, 1)
        assert phrases(running, "remove", *SUNDAY.split()).stdout == "removed\n"
        assert phrases(running).stdout.startswith("no phrases are kept")


def test_bytes_that_are_no_text_go_into_no_message(tmp_path: Path) -> None:
    typed = b"caf\xe9".decode("utf-8", "surrogateescape")  # as Python hands it to a program
    with kit(tmp_path, "core") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        assert (phrases(running, "add", typed).returncode, phrases(running).stdout) == (0, "caf?  (said: 0)\n")
        assert phrases(running, "remove", typed).stdout == "removed\n"


@pytest.mark.slow
def test_a_text_is_kept_and_removed_by_choosing(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        to_phrases(person)
        person.choose(Role.PHRASE, "Thank you.")
        to_phrases(person)
        person.choose(Role.KEEP)
        person.until(lambda: person.screen is not None and Role.FORGET in {t.role for t in person.screen.tiles})
        assert phrases(running).stdout == "Thank you.  (said: 0)\n"
        person.choose(Role.FORGET)
        person.choose(Role.FORGET, "Thank you.")
        person.until(lambda: person.screen is not None and Role.KEEP in {t.role for t in person.screen.tiles})
        assert phrases(running).stdout.startswith("no phrases are kept")
        assert person.text() == "Thank you."


def test_incognito_outlives_a_restart_and_the_text_comes_back_unlearned(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        assert phrases(running, "add", SUNDAY).returncode == 0
        for role in (Role.MENU, Role.TOOLS, Role.INCOGNITO):
            person.choose(role)
        to_phrases(person)
        person.choose(Role.PHRASE, SUNDAY)
        person.until(lambda: person.text() == SUNDAY and saved(person))
        running.kill("core")
        running.start("core")
        person.screen = None
        person.until(lambda: person.text() == SUNDAY)
        assert person.screen is not None
        assert person.screen.incognito
        person.choose(Role.SPEAK)
        for role in (Role.MENU, Role.TOOLS, Role.LEARNING):
            person.choose(role)
        person.until(lambda: saved(person) and person.screen is not None and not person.screen.incognito)
        to_phrases(person)
        person.choose(Role.PHRASE, "Thank you.")
        person.choose(Role.SPEAK)
        person.until(lambda: saved(person))
        learned = b"".join(file.read_bytes() for file in running.state.glob("own-words-*"))
        for _ in range(40):
            if b"thank" in learned:
                break
            time.sleep(0.25)
            learned = b"".join(file.read_bytes() for file in running.state.glob("own-words-*"))
        assert b"thank" in learned
        assert b"sunday" not in learned
        assert phrases(running).stdout == f"{SUNDAY}  (said: 0)\n"


def test_without_a_kit_it_is_said(tmp_path: Path) -> None:
    done = phrases(Kit(tmp_path), "list")
    assert (done.returncode, len(done.stderr.splitlines())) == (69, 1)
    assert "no kit runs in" in done.stderr
