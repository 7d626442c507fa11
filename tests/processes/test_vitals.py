"""Battery and heat in the kit itself: what the kernel tells reaches the wearer, the voice and the model."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Hands, Kit, hands, kit
from processes.test_generator import FOLLOWS
from processes.test_voice_asked import ear
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Thrift, Trouble
from vybor.foundation.bus import Bus, Heard
from vybor.vitals.process import CALLS
from world import tiny_model
from world.sysfs import Sysfs

PATIENCE_S = 30.0


class Listener:
    """Hears what the kit says of itself, and what its model proposes."""

    def __init__(self, person: Hands, runtime: Path) -> None:
        self._bus = Bus("panel", runtime, person.clock, [m.Vitals, m.Health, m.Proposals])
        self.vitals: m.Vitals | None = None
        self.health: dict[str, m.Health] = {}
        self.answers = 0

    def listen(self) -> bool:
        """Take in what came; always True, for waiting."""
        for arrival in self._bus.receive(0):
            match arrival:
                case Heard(message=m.Vitals() as vitals):
                    self.vitals = vitals
                case Heard(message=m.Health() as health):
                    self.health[health.process] = health
                case Heard(message=m.Proposals() as proposals):
                    self.answers = proposals.prompt
        return True

    def troubles(self, process: str) -> set[Trouble]:
        return {notice.trouble for notice in self.health[process].troubles} if process in self.health else set()

    def thrift(self) -> Thrift | None:
        return self.vitals.thrift if self.vitals else None

    def close(self) -> None:
        self._bus.close()


@contextmanager
def listener(person: Hands, runtime: Path) -> Iterator[Listener]:
    made = Listener(person, runtime)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def machine(folder: Path, tiny: Path) -> Iterator[tuple[Kit, Sysfs]]:
    shutil.copytree(tiny, folder / "share" / "model")
    told = Sysfs(folder / "sys")
    told.battery(80)
    told.heat(50)
    with kit(folder, "core", "generator") as running:
        running.start("vitals", VYBOR_SYSFS=str(told.folder))
        yield running, told


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.bigrams(tmp_path_factory.mktemp("model") / "tiny", FOLLOWS)


def labels(person: Hands) -> list[str]:
    assert person.screen is not None
    return [tile.label for tile in person.screen.tiles if tile.role is Role.PHRASE]


def test_a_battery_runs_out_and_is_plugged_in(tiny: Path, tmp_path: Path) -> None:
    with (
        machine(tmp_path, tiny) as (running, told),
        hands(running.runtime) as person,
        listener(person, running.runtime) as heard,
        ear(person, running.runtime) as voice,
    ):

        def until(thrift: Thrift) -> None:
            person.until(lambda: heard.listen() and voice.listen() and heard.thrift() is thrift, PATIENCE_S)

        def shown() -> set[Trouble]:
            return {notice.trouble for notice in person.screen.notices} if person.screen else set()

        until(Thrift.NOTHING)
        person.until(lambda: heard.listen() and heard.answers > 0, PATIENCE_S)

        told.battery(18)
        until(Thrift.CANDIDATES)
        person.until(lambda: Trouble.BATTERY_LOW in shown())
        assert voice.heard == []

        told.battery(9)
        until(Thrift.MODEL)
        person.until(lambda: heard.listen() and heard.troubles("generator") == {Trouble.MODEL_RESTS})
        person.until(lambda: voice.listen() and len(voice.heard) == 1)
        assert [alert.text for alert in voice.heard if isinstance(alert, m.Alert)] == [CALLS["en"]]
        before = heard.answers
        person.choose(Role.PHRASES)
        person.choose(Role.PHRASE, "Thank you.")
        assert person.text() == "Thank you."
        person.choose(Role.SPEAK)

        told.battery(4)
        until(Thrift.WORDS)
        person.until(lambda: len(labels(person)) == 3)
        person.choose(Role.PHRASE, labels(person)[1])
        assert person.text() not in ("", None)
        assert heard.listen()
        assert heard.answers == before, "the model has rested all the time"

        told.battery(4, "Charging")
        until(Thrift.NOTHING)
        person.until(lambda: heard.listen() and heard.answers > before, PATIENCE_S)
        person.until(lambda: not shown() & {Trouble.BATTERY_LOW, Trouble.BATTERY_EMPTY})
        assert heard.troubles("generator") == set()


def test_a_process_that_is_killed_says_all_of_it_again(tiny: Path, tmp_path: Path) -> None:
    with (
        machine(tmp_path, tiny) as (running, told),
        hands(running.runtime) as person,
        listener(person, running.runtime) as heard,
    ):
        told.battery(9)
        person.until(lambda: heard.listen() and heard.thrift() is Thrift.MODEL, PATIENCE_S)
        running.kill("vitals")
        heard.vitals = None
        running.start("vitals", VYBOR_SYSFS=str(told.folder))
        person.until(lambda: heard.listen() and heard.thrift() is Thrift.MODEL, PATIENCE_S)
        assert "Traceback" not in running.log("vitals")


def test_a_machine_without_battery_or_sensors_is_no_trouble(tiny: Path, tmp_path: Path) -> None:
    with machine(tmp_path, tiny) as (running, _), hands(running.runtime) as person:
        running.kill("vitals")
        running.start("vitals", VYBOR_SYSFS=str(tmp_path / "nowhere"))
        with listener(person, running.runtime) as heard:
            person.until(lambda: heard.listen() and heard.thrift() is Thrift.NOTHING, PATIENCE_S)
            person.until(lambda: heard.listen() and "vitals" in heard.health)
            assert heard.vitals is not None
            assert (heard.vitals.battery_percent, heard.vitals.temperature_c) == (None, None)
            assert heard.troubles("vitals") == set()
