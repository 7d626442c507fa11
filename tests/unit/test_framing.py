"""What makes sentences from key words comes beside what the person taught: each goes its own way."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from unit.versions_kit import Bus
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.generator.candidates import Proposer
from vybor.generator.framing import FramesDesk, Framing
from vybor.generator.grown.desk import GrownDesk
from vybor.generator.grown.on_trial import Trial
from vybor.generator.network import bundle
from vybor.generator.wardrobe import Wardrobe
from vybor.grown import shelf
from vybor.grown.counting import FRAMES
from vybor.grown.folder import Folder
from vybor.grown.versions import Version
from world import grown, tiny_adapter

WORDS = m.Prompt(at_ns=0, number=1, text="I like", count=5)
SENTENCES = m.Prompt(at_ns=0, number=2, text="", count=5, anchors=("tea",))
TURNS = 4000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return tiny_adapter.write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return grown.files(tmp_path_factory.mktemp("adapters") / "one")


class Kit:
    """One start of the generator's two desks."""

    def __init__(self, folder: Path, made: bundle.Bundle, bus: Bus, boot: str = "boot-a") -> None:
        self.proposer = Proposer(made, threads=1)
        self.bus, self.now_ns = bus, seconds(100)
        self.arrived = folder / "arrived"
        trial = Trial(choices=50, starts=2)
        places = [Folder(folder / name) for name in ("grown", "frames")]
        self.own = GrownDesk(bus, places[0], self.arrived, trial, boot, made.folder)  # type: ignore[arg-type]
        self.frames = FramesDesk(bus, places[1], self.arrived, trial, boot, made.folder)  # type: ignore[arg-type]
        self.framing = Framing(self.frames, folder / "by-hand")
        self.framing.stand_beside(self.own)
        self.wardrobe = Wardrobe(folder, self.own)

    def turn(self) -> None:
        busy = any(desk._trying or desk._installing.is_busy for desk in (self.own, self.frames))
        self.now_ns += seconds(0.005 if busy else 0.5)
        if busy:
            time.sleep(0.005)  # a real process or thread is waited for
        for desk in (self.own, self.frames):
            desk.turn(self.proposer.base, self.now_ns)
        for reply in self.bus.replies():
            self.own.answered_by_journal(reply, self.now_ns)
            self.framing.answered_by_journal(reply, self.now_ns)
        self.wardrobe.look(self.proposer, self.now_ns)
        self.framing.look(self.proposer, self.now_ns)

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(TURNS):
            self.turn()
            if holds():
                return
        raise AssertionError((self.own.shelf, self.frames.shelf))

    def told(self) -> dict[int, tuple[str, bool]]:
        return self.asks(m.TellGrown(request="r"))

    def asks(self, command: m.AnyCommand) -> dict[int, tuple[str, bool]]:
        """What is answered: how far each is, and whether it is for sentences."""
        before = len(self.bus.answers)
        self.own.asked(Asked(b"", command), self.now_ns)
        self.until(lambda: len(self.bus.answers) > before)
        reply = self.bus.answers[-1]
        assert isinstance(reply, m.GrownTold), reply
        return {one.became.serial: (one.became.state.value, one.kind is Learned.FRAMES) for one in reply.grown}

    def refusal(self, wish: m.WearGrown) -> str:
        self.own.asked(Asked(b"", wish), self.now_ns)
        reply = self.bus.answers[-1]
        return reply.reason if isinstance(reply, m.Refused) else ""


def test_it_is_worn_for_sentences_alone_and_told_as_such(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    bus = Bus()
    kit = Kit(tmp_path, made, bus)
    words = kit.proposer.propose(WORDS, lambda: True)
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    kit.until(lambda: kit.frames.worn == 3)
    kit.turn()
    assert FRAMES in kit.proposer.identity_for(SENTENCES)
    assert kit.proposer.propose(WORDS, lambda: True) == words
    assert kit.own.shelf.versions == () == kit.own.shelf.passed
    assert kit.told() == {3: ("on_trial", True)}
    kit.until(lambda: [one.state.value for one in bus.kept.values()] == ["trying", "on_trial"])
    again = Kit(tmp_path, made, bus)
    again.turn()
    assert FRAMES not in again.proposer.identity_for(SENTENCES), "it had not answered once when that process ended"


def test_one_goes_back_from_it_and_to_it_by_itself(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    kit = Kit(tmp_path, made, Bus())
    frames = Learned.FRAMES
    assert kit.refusal(m.WearGrown(request="r", back=True, kind=frames)).startswith("nothing is worn")
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    grown.sent(kit.arrived, 4, files)
    kit.until(lambda: (kit.own.worn, kit.frames.worn) == (4, 3))
    kit.frames._kept.now = shelf.good(kit.frames.shelf)
    grown.sent(kit.arrived, 5, files, kind=Kind.FRAMES)
    kit.until(lambda: kit.frames.worn == 5)
    told = kit.asks(m.WearGrown(request="r", back=True, kind=frames))
    assert told == {3: ("good", True), 4: ("on_trial", False), 5: ("rolled_back", True)}
    assert (kit.own.worn, kit.frames.worn, kit.proposer.frames.is_worn) == (4, 3, True)
    kit.asks(m.WearGrown(request="r", kind=frames))
    assert (kit.own.worn, kit.frames.worn, kit.proposer.frames.is_worn) == (4, 0, False)
    assert kit.asks(m.WearGrown(request="r", serial=5))[5] == ("on_trial", True)
    assert (kit.own.worn, kit.frames.worn, kit.proposer.frames.is_worn) == (4, 5, True)
    kit.asks(m.WearGrown(request="r"))
    assert (kit.own.worn, kit.frames.worn) == (0, 5)
    assert "there is no version 9" in kit.refusal(m.WearGrown(request="r", serial=9, kind=frames))


def test_after_an_answer_it_is_worn_again_at_the_next_start(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    kit = Kit(tmp_path, made, Bus())
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    kit.until(lambda: kit.proposer.frames.is_worn)
    kit.framing.answered(kit.now_ns)
    kit.framing.ended()
    kit.framing.close()
    again = Kit(tmp_path, made, kit.bus)
    again.turn()
    assert again.proposer.frames.is_worn
    again.framing.model_failed("the network failed", again.now_ns)
    again.framing.answered(again.now_ns)
    assert not again.framing.troubles() or again.frames.worn in (0, 3)


def test_what_is_for_words_goes_the_other_way(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    kit = Kit(tmp_path, made, Bus())
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    grown.sent(kit.arrived, 4, files)
    kit.until(lambda: (kit.own.worn, kit.frames.worn) == (4, 3))
    assert kit.told() == {4: ("on_trial", False), 3: ("on_trial", True)}


def test_what_is_wrong_with_it_is_said_once_and_by_whom_it_concerns(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    kit = Kit(tmp_path, made, Bus())
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES, base="ab" * 32)
    grown.sent(kit.arrived, 4, files, kind=Kind.FRAMES, key=grown.STRANGER)
    kit.until(lambda: bool(kit.own.shelf.passed and kit.frames.shelf.passed))
    (other_base,), (unsigned,) = kit.frames.shelf.passed, kit.own.shelf.passed
    assert (other_base.serial, unsigned.serial) == (3, 4)
    assert other_base.reason.startswith("the bundle wants the weights abababababab")
    assert unsigned.reason.startswith("the bundle was not signed by the workstation")


def test_deletions_are_nothing_to_it(tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]) -> None:
    bus = Bus()
    bus.paired = m.Paired(
        request="", kit=grown.KIT, workstation=grown.DESK, deletions=7, oldest=(0, 0), newest=(0, 0)
    )
    kit = Kit(tmp_path, made, bus)
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    kit.until(lambda: kit.frames.worn == 3)
    version = kit.frames.shelf.version(3)
    assert version is not None
    assert not version.is_stale


def test_neither_tries_anything_while_the_other_does(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    kit = Kit(tmp_path, made, Bus())
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    grown.sent(kit.arrived, 4, files)
    both: list[bool] = []

    def are_worn() -> bool:
        both.append(kit.own.is_busy and kit.frames.is_busy)
        return (kit.own.worn, kit.frames.worn) == (4, 3)

    kit.until(are_worn)
    assert not any(both)


def test_it_stands_aside_for_a_model_of_other_weights_and_is_worn_again_behind_it(
    tmp_path: Path, made: bundle.Bundle, files: dict[str, bytes]
) -> None:
    kit = Kit(tmp_path, made, Bus())
    assert kit.own.for_sentences() == ""
    grown.sent(kit.arrived, 3, files, kind=Kind.FRAMES)
    kit.until(lambda: kit.proposer.frames.is_worn)
    assert kit.own.for_sentences() == kit.proposer.base
    sent = Version(serial=5, kit=grown.KIT, base=grown.OTHER_BASE, kind=Kind.MODEL)
    own = kit.own._kept
    own.now = msgspec.structs.replace(own.now, versions=(sent,), model=5)
    assert kit.frames.begin(grown.OTHER_BASE, kit.now_ns) is None
    assert [(one.is_worn, one.became.state) for one in kit.frames.these()] == [(False, m.GrownState.ON_TRIAL)]
    again = Kit(tmp_path, made, kit.bus)
    assert again.frames.worn == 3, "a process that ended meanwhile was not its fault"
    again.turn()
    assert again.proposer.frames.is_worn
