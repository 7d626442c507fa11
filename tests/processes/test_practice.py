"""Practice in a running kit: begun by command, done on the screen, and nothing of it in record, voice or model."""

import itertools
import subprocess
import sys
from pathlib import Path

import zmq

from processes.stage import Hands, Kit, hands, kit
from processes.test_voice_asked import ear
from processes.test_writing import kept, learned
from unit.practice_steps import steps
from vybor.contracts import messages as m
from vybor.contracts import wire
from vybor.contracts.messages import Action, Role, Saving


def practice(running: Kit) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vybor", "practice", "--runtime", str(running.runtime)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


class Asked:
    """Every question to the model, and not the newest alone, as the model's own reader takes them."""

    def __init__(self, runtime: Path) -> None:
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.SUB)
        self._socket.setsockopt(zmq.RCVHWM, 0)
        for kind in (m.Prompt, m.Ahead):
            self._socket.setsockopt(zmq.SUBSCRIBE, wire.topic_of(kind))
        self._socket.connect(f"ipc://{runtime / 'core'}")

    def texts(self) -> set[str]:
        """What they were asked behind."""
        found: set[str] = set()
        while self._socket.poll(200):
            match wire.unpack(self._socket.recv()).message:
                case m.Prompt(text=text):
                    found.add(text)
                case m.Ahead(prompts=prompts):
                    found |= {prompt.text for prompt in prompts}
        self._socket.close()
        return found


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
        person.until(lambda: bool(person.screen and person.screen.tiles))
        person.choose(Role.PHRASES)
        person.choose(Role.PHRASE, "Thank you.")
        model = Asked(running.runtime)
        done = practice(running)
        assert (done.returncode, done.stderr) == (0, "")
        person.until(lambda: person.text() == "")
        for role, label in itertools.takewhile(lambda step: step[0] is not Role.MENU, steps("en")):
            take(person, role, label)
        person.choose(Role.MENU)
        person.choose(Role.HELP)
        person.until(lambda: is_saved(person) and voice.listen())
        asked = model.texts()
        assert any(asked), "what was written before is on the wire when somebody begins to listen"
        assert not [text for text in asked if text and not text.startswith("Thank you.")]
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
