"""A person at the kit whom browsers ask what they may read, with the real desk of the deciding process."""

import msgspec

from unit.test_deciding import MENU, RULES, Writer, slot_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Readable, Role
from vybor.core.decision.readers import LEASE_NS
from vybor.core.desks.reading_desk import NOT_ALLOWED, ReadingDesk
from vybor.foundation.bus import Asked

HERE, ELSEWHERE = "a", "b"


class Bus:
    """Keeps what is asked and answered."""

    def __init__(self) -> None:
        self.replies: list[m.AnyReply] = []
        self.asks: list[tuple[str, m.AnyCommand]] = []
        self.number = 0

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        assert reply.request == asked.command.request
        self.replies.append(reply)

    def ask(self, receiver: str, command: m.AnyCommand) -> None:
        self.asks.append((receiver, command))

    def take_back(self, receiver: str, request: str) -> None:
        self.asks = [each for each in self.asks if each[1].request != request]

    def new_request(self) -> str:
        self.number += 1
        return f"core-{self.number}"


class Kit(Writer):
    """A person at the kit, and browsers that ask to read."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = Bus()
        self.desk = ReadingDesk(self.bus)  # type: ignore[arg-type]
        self.request = 0
        self.browsers = [HERE, ELSEWHERE]
        """Those of which the panel says all the while that they are there."""

    def ask(self, command: m.AnyCommand) -> m.AnyReply:
        self.send(command)
        return self.bus.replies[-1]

    def send(self, command: m.AnyCommand) -> None:
        self.request += 1
        command = msgspec.structs.replace(command, request=str(self.request))
        assert self.desk.asked(Asked(b"panel", command), self.state, self.now_ns)
        self.turn()

    def turn(self) -> None:
        self.state = self.desk.turn(self.state, RULES, self.now_ns)

    def wish(self, what: Readable | None = None, browser: str = HERE, *, leaves: bool = False) -> m.ReadTold:
        told = self.ask(m.AskToRead(request="", browser=browser, what=what, leaves=leaves))
        assert isinstance(told, m.ReadTold)
        return told

    def mirror(self, browser: str = HERE) -> m.Mirror | None:
        reply = self.ask(m.ReadMirror(request="", browser=browser))
        assert isinstance(reply, m.Mirror) or (isinstance(reply, m.Refused) and reply.reason == NOT_ALLOWED)
        return reply if isinstance(reply, m.Mirror) else None

    def choose(self, slot: int) -> None:
        before = len(self.decided)
        super().choose(slot)
        for decided in self.decided[before:]:
            self.state = self.desk.chose(self.state, decided, RULES, self.now_ns)
        self.turn()
        for browser in self.browsers:
            self.wish(browser=browser)

    def role(self, *roles: Role) -> None:
        for role in roles:
            self.choose(slot_of(self, role))

    def says(self, answer: Role) -> None:
        """The wearer opens the question and answers it."""
        self.choose(MENU)
        self.role(Role.READ_ASKED, answer)

    def granted(self, what: Readable, answer: Role = Role.READ_YES) -> "Kit":
        """HERE asks, and the wearer says yes."""
        self.wish(what)
        self.says(answer)
        assert [grant.what for grant in self.wish().grants] == [what]
        return self

    def later(self, by_ns: int) -> None:
        """Time passes, and the panel says all the while that the browsers are there."""
        while by_ns > 0:
            step_ns = min(by_ns, LEASE_NS)
            self.now_ns += step_ns
            by_ns -= step_ns
            for browser in self.browsers:
                self.wish(browser=browser)

    def speak(self, *slots: int) -> str:
        for slot in slots or (0,):
            self.choose(slot)
        said = self.state.writing.text
        self.role(Role.SPEAK)
        return f"{said}."
