"""Practice in a running kit: begun by command, done on the screen, and nothing of it in record, voice or model."""

import itertools
import subprocess
import sys
from pathlib import Path

from processes.stage import Hands, Kit, hands, kit
from processes.test_voice_asked import ear
from processes.test_writing import kept, learned
from unit.practice_steps import steps
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role, Saving
from vybor.foundation.bus import Bus, Heard


def practice(running: Kit) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vybor", "practice", "--runtime", str(running.runtime)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def take(person: Hands, role: Role, label: str) -> None:
    """Choose a tile; with a label, the one that has it, or letters that hold it."""
    assert person.screen is not None
    fits = (t.label for t in person.screen.tiles if t.role is role and label in ("", t.label, *t.label.split()))
    person.choose(role, next(fits))


def is_saved(person: Hands) -> bool:
    return person.screen is not None and person.screen.saving is Saving.SAVED


def test_nothing_of_practice_is_said_recorded_learned_or_asked_of_the_model_and_true_help_rings(
    tmp_path: Path,
) -> None:
    """Begun by command, through the spoken sentence, to a call for help that is only practised, then meant.

    Twelve choices take their time: what this shows is that nothing slips past the decision.
    """
    with (
        kit(tmp_path, "core", "journal") as running,
        hands(running.runtime) as person,
        ear(person, running.runtime) as voice,
    ):
        model = Bus("generator", running.runtime, person.clock, [m.Prompt, m.Ahead])
        person.until(lambda: bool(person.screen and person.screen.tiles))
        person.choose(Role.PHRASES)
        person.choose(Role.PHRASE, "Thank you.")
        done = practice(running)
        assert (done.returncode, done.stderr) == (0, "")
        person.until(lambda: person.text() == "")
        for role, label in itertools.takewhile(lambda step: step[0] is not Role.MENU, steps("en")):
            take(person, role, label)
        person.choose(Role.MENU)
        person.choose(Role.HELP)
        person.until(lambda: is_saved(person) and voice.listen())
        asked = [heard.message for heard in model.receive(0.2) if isinstance(heard, Heard)]
        model.close()
        assert {prompt.text for prompt in asked if isinstance(prompt, m.Prompt)} <= {"", "Thank you."}
        assert voice.heard == []
        assert [(d.action, d.text_after) for d in kept(running.state)] == [
            (Action.PAGE, ""),
            (Action.TAKE, "Thank you."),
        ]
        assert learned(running.state) == {}
        person.choose(Role.HELP)
        assert isinstance(voice.next(), m.CallHelp)
        assert person.screen is not None
        assert (person.screen.practice, person.screen.text) == (None, "Thank you.")
        refused = practice(running)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (69, 1)
        assert "calls for help" in refused.stderr


def test_without_a_kit_it_says_so(tmp_path: Path) -> None:
    refused = practice(Kit(tmp_path))
    assert refused.returncode == 69
    assert "no kit runs" in refused.stderr
