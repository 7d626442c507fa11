"""What the workstation sends, in real processes: worn while somebody writes, good, rolled back, and killed."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from processes.test_generator import Core, core
from vybor.bundles.bundle import Files
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.foundation.bus import Answered
from world import grown, tiny_adapter

EVIDENCE = m.Evidence(channel=m.Channelled.SWITCH, posterior=1, posterior_without_prior=1, gaze_age_ms=0)
SETTINGS = "[generator]\ntrial_choices = 10\ntrial_starts = 1\n"
KILLS = 100


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    tiny_adapter.write(folder / "model")
    return folder


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files]:
    folder = tmp_path_factory.mktemp("adapters")
    return grown.files(folder / "one"), grown.files(folder / "two", seed=10)


class Life:
    """Whoever writes with a kit that is paired, and hears the model answer."""

    def __init__(self, running: Kit, asking: Core) -> None:
        self.kit, self.core = running, asking
        self.number = self.decisions = 0
        told = self.asked("journal", m.Leave(request=self.request(), pair=grown.DESK))
        assert isinstance(told, m.Leaving)
        self.number_of_kit = told.kit

    def request(self) -> str:
        return self.core._bus.new_request()

    def asked(self, who: str, command: m.AnyCommand) -> m.AnyReply:
        self.core._bus.ask(who, command)
        end_s = time.perf_counter() + 20
        while time.perf_counter() < end_s:
            for arrival in self.core._bus.receive(0.05):
                if isinstance(arrival, Answered) and arrival.reply.request == command.request:
                    return arrival.reply
            self.core._bus.tend()
        raise AssertionError(command)

    def model(self) -> str:
        """Which model answers now."""
        self.number += 1
        self.core.ask(self.number, f"I like {self.number}")
        self.core.until(lambda: bool(self.core.heard) and self.core.heard[-1].prompt == self.number)
        return self.core.heard[-1].model

    def until_worn(self, before: str) -> str:
        """Write on until another model answers."""
        end_s = time.perf_counter() + 30
        while (now := self.model()) == before:
            assert time.perf_counter() < end_s, self.kit.log("generator")
        return now

    def take(self, model: str, count: int, *, undo: bool = False) -> None:
        """Take words of the model, and take each of them back if wished so."""
        tile = m.OfferedTile(
            slot=0, role=m.Role.CANDIDATE, label="it", grey="", source=m.Source.MODEL, p=0.1, gaze_ms=0.0
        )
        for action in (Action.TAKE, Action.UNDO)[: 1 + undo] * count:
            self.decisions += 1
            decision = m.Decision(
                at_ns=0,
                session="s",
                number=self.decisions,
                action=action,
                slot=0,
                written="it",
                text_before="",
                text_after="it",
                offer=self.decisions,
                shown=(tile,),
                evidence=EVIDENCE,
                model=model,
            )
            self.asked("journal", m.Record(request=self.request(), decision=decision))

    def send(self, serial: int, content: Files) -> None:
        grown.sent(self.kit.state / "arrived", serial, dict(content), kit=self.number_of_kit)

    def listed(self, *words: str) -> str:
        command = [sys.executable, "-m", "vybor", "model", *words, "--runtime", str(self.kit.runtime)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    def until_listed(self, words: str) -> str:
        """Write on until it is told: the record is read soon after an answer, else once a minute."""
        end_s = time.perf_counter() + 40
        while words not in (found := self.listed()):
            assert time.perf_counter() < end_s, found
            self.model()
        return found


@contextmanager
def life(folder: Path, share: Path) -> Iterator[Life]:
    names = ("journal", "generator")
    with kit(folder, *names, share=share, settings=SETTINGS) as running, core(running.runtime) as asking:
        yield Life(running, asking)


def test_one_is_worn_while_somebody_writes_and_is_good(
    share: Path, files: tuple[Files, Files], tmp_path: Path
) -> None:
    with life(tmp_path, share) as person:
        plain = person.model()
        assert person.listed().startswith("* factory")
        person.take(plain, 5)
        person.send(3, files[0])
        worn = person.until_worn(plain)
        assert worn.startswith(f"{plain}+")
        assert "*       3  on trial" in person.listed("list")
        person.take(worn, 12)
        assert "*       3  good" in person.until_listed("good")
        assert "* factory" in person.listed("use", "factory")
        assert person.model() == plain
        told = person.asked("generator", m.WearGrown(request=person.request(), serial=3))
        assert isinstance(told, m.GrownTold)
        assert (told.model, person.model()) == (worn, worn)
        assert "somebody rolled it back" in person.listed("rollback")
        assert person.model() == plain
        assert "Traceback" not in person.kit.log("generator") + person.kit.log("journal")


def test_an_end_that_was_asked_for_is_not_held_against_what_is_on_trial(
    share: Path, files: tuple[Files, Files], tmp_path: Path
) -> None:
    with life(tmp_path, share) as person:
        plain = person.model()
        person.send(3, files[0])
        worn = person.until_worn(plain)
        for _ in range(2):
            assert person.kit.stop()["generator"] == 0
            person.kit.start("journal", "generator")
            assert person.model() == worn
        assert "*       3  on trial" in person.listed("list")


@pytest.mark.slow
def test_one_whose_words_are_taken_back_is_rolled_back_and_one_that_ends_the_process_as_well(
    share: Path, files: tuple[Files, Files], tmp_path: Path
) -> None:
    with life(tmp_path, share) as person:
        plain = person.model()
        person.take(plain, 40)
        person.send(3, files[0])
        worn = person.until_worn(plain)
        person.take(worn, 31, undo=True)
        assert "rolled back" in person.until_listed("of its words were taken back at once")
        assert person.model() == plain
        person.core.until(lambda: m.Trouble.GROWN_UNDONE in {one.trouble for one in person.core.troubles or ()})
        person.send(4, files[1])
        person.until_worn(plain)
        for _ in range(2):
            person.kit.kill("generator")
            person.kit.start("generator")
            answered = person.model()
        assert answered == plain
        assert "ended without warning while it was worn" in person.listed()


@pytest.mark.slow
def test_a_hundred_kills_while_versions_come_leave_the_old_one_or_the_new_one(
    share: Path, files: tuple[Files, Files], tmp_path: Path
) -> None:
    """Each time a newer one lies there; after each kill the kit answers, with what was there or what came."""
    chance = random.Random(7)
    with life(tmp_path, share) as person:
        known = {person.model()}
        for serial in range(1, KILLS + 1):
            person.send(serial, files[serial % 2])
            time.sleep(chance.uniform(0, 2.5))
            person.kit.kill("generator")
            person.kit.start("generator")
            known.add(person.model())
        assert len(known) <= 3  # none, the one, the other
        found = person.listed()
        assert found.count("*") == 1
        assert "Traceback" not in person.kit.log("generator")
