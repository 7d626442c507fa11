"""The whole kit in its world: whatever is killed or stopped, the others go on, and the person goes on writing."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from world.bodies import EyesAlone
from world.person import Person
from world.play import World, decisions

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
pytestmark = pytest.mark.skipif(
    not SHARE, reason="deploy/test builds the model and the words; run it through that"
)

CLOCK = SystemClock()
NAMES = list(channels.EVERY_PROCESS)


class Watch:
    """Hears how every process fares."""

    def __init__(self, runtime: Path) -> None:
        self.bus = Bus("watch", runtime, CLOCK, [m.Health, m.Screen])
        self.health: dict[str, m.Health] = {}
        self.screen: m.Screen | None = None

    def pids(self) -> dict[str, int]:
        return {name: health.pid for name, health in self.health.items()}

    def until(self, holds: Callable[[], bool], limit_s: float = 30.0) -> None:
        deadline_ns = CLOCK.now_ns() + seconds(limit_s)
        while not holds():
            assert CLOCK.now_ns() < deadline_ns, f"it did not come: {self.health} {self.screen}"
            self.hear(0.05)

    def hear(self, wait_s: float) -> None:
        for arrival in self.bus.receive(wait_s):
            match arrival:
                case Heard(message=m.Health() as health):
                    self.health[health.process] = health
                case Heard(message=m.Screen() as screen):
                    self.screen = screen
        self.bus.tend()

    def silent(self) -> set[str]:
        notices = self.screen.notices if self.screen else ()
        return {notice.process for notice in notices if notice.trouble is m.Trouble.PROCESS_SILENT}

    def speaks_lately(self, name: str) -> bool:
        return name in self.health and CLOCK.now_ns() - self.health[name].at_ns < seconds(1.5)


class Stage:
    """A world with its kit, its person and somebody who watches."""

    def __init__(self, world: World, person: Person, watch: Watch) -> None:
        self.world, self.person, self.watch = world, person, watch


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    world = World(tmp_path_factory.mktemp("k"), Path(SHARE))
    with world.running() as (camera, _):
        bus, watch = Bus("person", world.runtime, CLOCK, [m.Shown]), Watch(world.runtime)
        try:
            person = Person(bus, EyesAlone(camera), CLOCK, print)
            person.write("Yes.")
            watch.until(lambda: set(watch.pids()) == set(NAMES))
            yield Stage(world, person, watch)
        finally:
            bus.close()
            watch.bus.close()
            print(world.log())


def test_a_carer_can_have_the_dots_shown_again(stage: Stage) -> None:
    command = [sys.executable, "-m", "vybor", "calibrate", "--runtime", str(stage.world.runtime)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asked:
        stage.person.calibrate(30)
        assert asked.stdout is not None
        assert asked.stdout.read() == "calibrated\n"
    assert asked.returncode == 0


def test_without_headband_and_model_eyes_and_word_list_write(stage: Stage) -> None:
    watch = stage.watch
    stopped = {name: watch.pids()[name] for name in ("headband", "generator")}
    for pid in stopped.values():
        os.kill(pid, signal.SIGSTOP)
    try:
        watch.until(lambda: watch.silent() == set(stopped))
        assert stage.person.write("I am.").said == "I am."
    finally:
        for pid in stopped.values():
            os.kill(pid, signal.SIGCONT)
    watch.until(lambda: watch.silent() == set())


def test_each_process_may_be_killed_in_any_order_and_the_others_go_on(stage: Stage) -> None:
    watch = stage.watch
    order = NAMES.copy()
    random.Random(7).shuffle(order)
    for name in order:
        watch.until(lambda: all(watch.speaks_lately(other) for other in NAMES))
        before = watch.pids()
        os.kill(before[name], signal.SIGKILL)
        watch.until(lambda: watch.pids()[name] != before[name])  # noqa: B023  (called at once)
        assert {other: pid for other, pid in watch.pids().items() if other != name} == {
            other: pid for other, pid in before.items() if other != name
        }
    assert stage.person.write("No.").said == "No."


def test_what_was_said_is_what_the_journal_has(stage: Stage) -> None:
    stage.watch.screen = None  # what was heard of it last is older than the last choice
    stage.watch.until(lambda: stage.watch.screen is not None and stage.watch.screen.saving is m.Saving.SAVED)
    said = [decision.text_before for decision in decisions(stage.world.state) if decision.action is m.Action.SPEAK]
    assert said == ["Yes.", "I am.", "No."]
    assert stage.person.unmeant == []
