"""The whole kit in its world: whatever is killed or stopped, the others go on, and the person goes on writing."""

import itertools
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from world import kills
from world.bodies import EyesAlone
from world.person import Person
from world.play import World, decisions
from world.watch import Watch

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
pytestmark = pytest.mark.skipif(
    not SHARE, reason="deploy/test builds the model and the words; run it through that"
)

CLOCK = SystemClock()
NAMES = list(channels.EVERY_PROCESS)
WRITING = ["core", "display", "gaze", "generator", "journal", "voice"]
"""Those by which a sentence is written, kept and said."""
SENTENCES = ["I am here.", "Thank you."]


class Stage:
    """A world with its kit, its person and somebody who watches."""

    def __init__(self, world: World, person: Person, watch: Watch) -> None:
        self.world, self.person, self.watch = world, person, watch
        self.said: list[str] = []

    def write(self, sentence: str) -> None:
        """The person writes and says it."""
        assert self.person.write(sentence).said == sentence
        self.said.append(sentence)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    world = World(tmp_path_factory.mktemp("k"), Path(SHARE))
    with world.running() as (camera, _):
        bus, watch = Bus("person", world.runtime, CLOCK, [m.Shown]), Watch(world.runtime, CLOCK)
        try:
            person = Person(bus, EyesAlone(camera, CLOCK), CLOCK, print)
            stage = Stage(world, person, watch)
            stage.write("Yes.")
            watch.until(lambda: set(watch.pids()) == set(NAMES))
            yield stage
        finally:
            bus.close()
            watch.bus.close()
            print(world.log())


def test_a_carer_can_have_the_dots_shown_again(stage: Stage) -> None:
    command = [sys.executable, "-m", "vybor", "gaze", "calibrate", "--runtime", str(stage.world.runtime)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asked:
        stage.person.calibrate(30)
        assert asked.stdout is not None
        told = asked.stdout.read()
        assert told.startswith("calibrated: 9 dots were looked at calmly; ")
        assert "tiles you can use: " in told
    assert asked.returncode == 0


def test_without_headband_and_model_eyes_and_word_list_write(stage: Stage) -> None:
    watch = stage.watch
    stopped = {name: watch.pids()[name] for name in ("headband", "generator")}
    for pid in stopped.values():
        os.kill(pid, signal.SIGSTOP)
    try:
        watch.until(lambda: watch.silent() == set(stopped))
        stage.write("I am.")
    finally:
        for pid in stopped.values():
            os.kill(pid, signal.SIGCONT)
    watch.until(lambda: watch.silent() == set())


@pytest.mark.parametrize("names", [WRITING, pytest.param(NAMES, marks=pytest.mark.slow)], ids=["writing", "all"])
def test_kills_at_random_moments_lose_nothing_and_stop_nobody_else(names: list[str], stage: Stage) -> None:
    """Each process once and one once more, in the middle of sentences: `deploy/bench kills` does it 200 times."""
    chance = random.Random(3)
    victims = [*chance.sample(names, len(names)), *chance.sample(names, 1)]
    killer = kills.Killer(stage.watch, CLOCK, chance, victims)
    piece = kills.suffer(stage.person, killer, stage.world.state, itertools.cycle(SENTENCES), CLOCK, print)
    assert (piece.lost, piece.doubled, piece.unfinished) == ([], [], [])
    assert (piece.unmeant, piece.dragged) == ([], [])
    assert len(piece.back_s) == len(piece.killed) == len(victims) == len(names) + 1
    assert piece.sentences > 0
    stage.said += itertools.islice(itertools.cycle(SENTENCES), piece.sentences)


def test_what_was_said_is_what_the_journal_has(stage: Stage) -> None:
    stage.watch.screen = None  # what was heard of it last is older than the last choice
    stage.watch.until(lambda: stage.watch.screen is not None and stage.watch.screen.saving is m.Saving.SAVED)
    said = [decision.text_before for decision in decisions(stage.world.state) if decision.action is m.Action.SPEAK]
    assert said == stage.said
    assert stage.person.unmeant == []
