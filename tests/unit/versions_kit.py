"""A generator's desk of versions with a tiny model, a record that answers at once, and a folder of arrivals."""

import functools
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.bundles.numbers import FORMS
from vybor.contracts import messages as m
from vybor.contracts.numbers import Numbers
from vybor.foundation.bus import Asked
from vybor.foundation.clock import seconds
from vybor.generator.candidates import Proposer
from vybor.generator.grown.desk import GrownDesk
from vybor.generator.grown.on_trial import Trial
from vybor.generator.grown.parts import Parts
from vybor.generator.network.bundle import BundleError, open_bundle
from vybor.generator.wardrobe import Wardrobe
from vybor.grown.folder import Folder
from world import grown

PROMPT = m.Prompt(at_ns=0, number=1, text="I like", count=5)
TURNS = 4000


class Bus:
    """The record answers what it is asked, unless it is silent."""

    def __init__(self) -> None:
        self.paired = m.Paired(
            request="", kit=grown.KIT, workstation=grown.DESK, deletions=0, oldest=(1, 1), newest=(1, 100)
        )
        self.decisions: list[m.Decision] = []
        self.kept: dict[str, m.Became] = {}
        self.answers: list[m.AnyReply] = []
        self.waiting: list[m.AnyCommand] = []
        self.is_silent = False
        self._requests = 0

    def new_request(self) -> str:
        self._requests += 1
        return f"r{self._requests}"

    def ask(self, receiver: str, command: m.AnyCommand) -> None:
        assert receiver == "journal"
        self.waiting.append(command)

    def take_back(self, receiver: str, request: str) -> None:
        self.waiting = [command for command in self.waiting if command.request != request]

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        assert reply.request == asked.command.request
        self.answers.append(reply)

    def replies(self) -> list[m.AnyReply]:
        asked, self.waiting = ([] if self.is_silent else self.waiting), self.waiting if self.is_silent else []
        return [self._reply(command) for command in asked]

    def _reply(self, command: m.AnyCommand) -> m.AnyReply:
        match command:
            case m.TellPaired(request=request):
                return msgspec.structs.replace(self.paired, request=request)
            case m.KeepBecame(request=request, name=name, became=became):
                self.kept[name] = became
                return m.Done(request=request)
            case m.TellDecisions(request=request, session=session, number=number):
                mark = f"s@{self.paired.deletions}"
                is_anew = session not in ("", mark)
                later = [one for one in self.decisions if is_anew or one.number > number][:100]
                return m.Decisions(request=request, decisions=tuple(later), anew=is_anew, session=mark)
        raise AssertionError(command)


class Kit:
    """One start of the generator; `again` is the next."""

    def __init__(self, folder: Path, proposer: Proposer, bus: Bus, model: Path, boot: str = "boot-a") -> None:
        self.folder, self.proposer, self.bus, self.model = folder, proposer, bus, model
        self.factory, self.serial = proposer, 0
        self.now_ns = seconds(100)
        self.state, self.arrived = folder / "generator", folder / "arrived"
        self.state.mkdir(exist_ok=True)
        self.has: dict[Kind, Numbers] = {}
        """The numbers that are worn."""
        folder_of_versions, trial = Folder(self.state / "grown"), Trial(choices=50, starts=2)
        wear = {kind: functools.partial(self.has.__setitem__, kind) for kind in FORMS}
        self.desk = GrownDesk(
            bus,  # type: ignore[arg-type]
            folder_of_versions,
            self.arrived,
            trial,
            boot,
            model,
            Parts(wear, folder_of_versions, bus, trial, boot),  # type: ignore[arg-type]
        )
        self.wardrobe = Wardrobe(self.state, self.desk)
        self.desk.by_hand = self.wardrobe.by_hand
        proposer.wear(None)

    def again(self, boot: str = "boot-a", *, ended: bool = False) -> "Kit":
        if ended:
            self.desk.ended()
            self.desk.close()
        return Kit(self.folder, self.factory, self.bus, self.model, boot)

    def turn(self, *, answers: bool = True) -> None:
        is_beside = self.desk._trying or self.desk._installing.is_busy
        self.now_ns += seconds(0.005 if is_beside else 0.5)
        if is_beside:
            time.sleep(0.005)  # a real process or thread is waited for
        self.desk.turn(self.proposer.base, self.now_ns)
        self.load()
        for reply in self.bus.replies():
            self.desk.answered_by_journal(reply, self.now_ns)
        self.wardrobe.look(self.proposer, self.now_ns)
        if answers:
            self.desk.answered(self.now_ns)

    def load(self) -> None:
        """As the generator does where another model is to be loaded."""
        while self.desk.model != self.serial:
            self.serial = self.desk.begin_model(self.now_ns)
            self.wardrobe.let_go()
            try:
                there = Proposer(open_bundle(self.desk.place), threads=1) if self.serial else self.factory
            except BundleError as error:
                self.desk.model_lost(str(error), self.now_ns)
            else:
                self.proposer = there
                there.wear(None)

    def until(self, holds: Callable[[], bool], *, answers: bool = True) -> None:
        for _ in range(TURNS):
            self.turn(answers=answers)
            if holds():
                return
        raise AssertionError(self.desk.shelf)

    def state_of(self, serial: int) -> str:
        version = self.desk.shelf.version(serial)
        return version.state.value if version else ""

    def ask(self, command: m.AnyCommand) -> m.AnyReply:
        before = len(self.bus.answers)
        asked = Asked(b"", command)
        if isinstance(command, m.CountAnew):
            self.desk.forget(asked, self.now_ns)
        else:
            assert self.desk.asked(asked, self.now_ns)
        self.until(lambda: len(self.bus.answers) > before)
        return self.bus.answers[-1]

    def says(self) -> tuple[m.Candidate, ...]:
        found = self.proposer.propose(PROMPT, lambda: True)
        assert found
        return found

    def told(self, serial: int) -> m.Became:
        """What is told of a version, of whatever kind."""
        return next(one.became for one in self.desk.told("").grown if one.became.serial == serial)

    def troubles(self) -> set[str]:
        return {notice.trouble.value for notice in self.desk.troubles()}

    def reasons(self) -> dict[int, str]:
        return {one.became.serial: one.became.reason for one in self.desk.told("").grown}
